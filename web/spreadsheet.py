"""CSV whose cells no spreadsheet runs: what begins like a formula gets an apostrophe before it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fastapi.responses import Response

if TYPE_CHECKING:
    from tools.audit import AuditEntry

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula, in full width too."""
AUDIT = ("seq", "at", "principal", "role", "action", "objects", "before", "after")


def inert(cell: str) -> str:
    """A cell that a spreadsheet shows as it is."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def csv_text(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table with its heads; with CRLF, as RFC 4180 has it: a CR in a cell is quoted then."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_file(name: str, text: str) -> Response:
    """The answer that a browser keeps as a file."""
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def csv_of(entries: Iterable[AuditEntry]) -> str:
    """Entries of the audit trail; values as JSON."""
    return csv_text(AUDIT, (_cells(entry) for entry in entries))


def _cells(entry: AuditEntry) -> Iterator[str]:
    values: dict[str, Any] = entry.model_dump(mode="json")
    values["objects"] = " ".join(values["objects"])
    for column in AUDIT:
        value = values[column]
        if value is None:
            yield ""
        else:
            yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
