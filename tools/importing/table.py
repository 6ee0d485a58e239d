"""Text to rows: whatever a spreadsheet program saved, with the line that each row stands in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS = 20_000
HEAD_WITHIN = 15
"""In how many first rows the header is looked for: sheets begin with titles and logos."""
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060"), None)


class NotATable(Exception):
    """The text is no spreadsheet that can be read, in a sentence with the way out; `line` where it is known."""

    def __init__(self, said: str, line: int = 1) -> None:
        super().__init__(said)
        self.line = line


@dataclass(frozen=True)
class Sheet:
    """The header's cells and every row below it, with the line (from 1) in which each begins."""

    head_line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def decoded(raw: bytes) -> str:
    """A file's text: UTF-8, Excel's UTF-16 or its Western code page; raises `NotATable` for a workbook."""
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotATable("This is an Excel workbook. Maybe save the sheet as CSV (UTF-8).")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(raw, "utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(raw, "cp1252")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise NotATable("This is no text. Maybe save the sheet as CSV (UTF-8).") from None


def sheet(text: str, known: Callable[[str], bool]) -> Sheet:
    """The table in `text`; `known` tells whether a cell could head a column. Raises `NotATable`."""
    if "\x00" in text:
        raise NotATable("This is no text. Maybe save the sheet as CSV (UTF-8).")
    lines, skipped = _without_mark(text.translate(_INVISIBLE))
    if not lines.strip():
        raise NotATable("There is nothing in it. Maybe another file was meant.")
    best = max((_read(lines, mark, skipped, known) for mark in _marks(text)), key=lambda found: found[0])
    if best[0] == 0:
        first = next(iter(best[1]), (1, ()))
        seen = ", ".join(repr(cell) for cell in first[1][:6])
        raise NotATable(f"No row of headers was found; the first row has {seen}.")
    _, rows, at = best
    body = [row for row in rows[at + 1 :] if any(row[1]) and row[1] != rows[at][1] and not _foot(row[1])]
    if len(body) > MOST_ROWS:
        raise NotATable(f"There are {len(body):,} rows, more than {MOST_ROWS:,}. Maybe split the file.")
    return Sheet(rows[at][0], rows[at][1], tuple(body))


def _foot(cells: tuple[str, ...]) -> bool:
    """Whether a row only sums up or ends a page."""
    said = [cell for cell in cells if cell]
    foot = r"(grand )?totals?\b.*|count:?.*|page \d+.*|printed .*|end of .*|\*+.*"
    return len(said) <= 2 and re.fullmatch(foot, said[0], re.IGNORECASE) is not None


def _without_mark(text: str) -> tuple[str, int]:
    """The text without Excel's own `sep=;` line, and how many lines that took."""
    match = re.match(r"sep=.\r?\n", text)
    return (text[match.end() :], 1) if match else (text, 0)


def _marks(text: str) -> Iterable[str]:
    match = re.match(r"\ufeff?sep=(.)\r?\n", text)
    return (match[1],) if match else DELIMITERS


Rows = list[tuple[int, tuple[str, ...]]]


def _read(text: str, mark: str, skipped: int, known: Callable[[str], bool]) -> tuple[int, Rows, int]:
    """(how many headers are known, all rows, the header's place); the best row heads the table."""
    rows = _rows(text, mark, skipped)
    scores = [len({cell for cell in cells if cell and known(cell)}) for _, cells in rows[:HEAD_WITHIN]]
    best = max(scores, default=0)
    return (best, rows, scores.index(best)) if best else (0, rows, 0)


def _rows(text: str, mark: str, skipped: int) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)
    rows: Rows = []
    before = 0
    try:
        for cells in reader:
            rows.append((before + 1 + skipped, tuple(_clean(cell) for cell in cells)))
            before = reader.line_num
    except csv.Error as error:
        line = before + 1 + skipped
        raise NotATable(
            f"Line {line} can't be read: {error}. Maybe a quotation mark is open.", line
        ) from None
    return rows


def _clean(cell: str) -> str:
    """A cell as a person reads it: `="0012"` keeps its zeros, odd spaces are plain ones."""
    text = " ".join(cell.replace("\u00a0", " ").replace("\u202f", " ").split())
    match = re.fullmatch(r'="(.*)"', text)
    return match[1] if match else text
