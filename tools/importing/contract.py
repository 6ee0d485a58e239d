"""The JSON contracts of importing a spreadsheet."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.contract import Input, Output
from tools.edits.contract import BreakOut

ImportKind = Literal["staff", "shifts", "certifications", "rooms", "procedures", "bookings"]

MOST_TEXT = 4_000_000
"""Characters of one import."""


class ImportRequest(Input):
    """A spreadsheet as CSV text: commas, semicolons, tabs or bars; headers in the order and words of the site."""

    kind: ImportKind
    text: str = Field(max_length=MOST_TEXT)
    dates: Literal["mdy", "dmy"] | None = Field(
        None, description="How the file writes dates that could be two; without it those are refused."
    )
    dry_run: bool = Field(True, description="Only say what would happen; nothing is stored.")


class CellFault(Output):
    """One fault. `line` counts from 1, the header's; `column` is the header as it stands in the file."""

    line: int
    column: str | None
    value: str | None
    message: str = Field(description="What is wrong and the way out, in one or two sentences.")


class ImportResult(Output):
    """When refused, `faults` has every one, and nothing was stored; "ready" is a dry run without faults."""

    status: Literal["refused", "ready", "imported"]
    kind: str
    rows: int
    columns: dict[str, str] = Field(description="Header of the file -> what it was read as.")
    ignored: list[str] = Field(description="Headers that mean nothing here.")
    faults: list[CellFault]
    created: list[str] = Field(description="Ids of new records or cases.")
    changed: list[str] = Field(description="Ids of records that change.")
    exceptions: list[BreakOut] = Field(
        description="Clashes of bookings, flagged in the worklist when imported."
    )
    flagged: list[str] = Field([], description="Ids in the worklist.")
