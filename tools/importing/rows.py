"""A row as the reader of a kind sees it: cells by column; every fault is kept with its line and column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from tools.importing import cells
from tools.importing.cells import CellError
from tools.importing.columns import COLUMNS, REQUIRED, column_of, plain
from tools.importing.contract import CellFault
from tools.importing.table import Sheet

T = TypeVar("T")

PRIVATE = frozenset({"patient", "patient_first", "patient_last", "mrn", "birth_date"})
"""Columns whose values are never repeated: a list of faults travels further than the file."""


WHEN = frozenset({"date", "start", "end", "from", "until"})
"""Columns that may not be guessed where two fit; of others the first counts and the second is listed as ignored."""


@dataclass
class Faults:
    """Every fault so far, by line."""

    found: list[CellFault] = field(default_factory=list)
    _told: set[tuple[int, str | None, str]] = field(default_factory=set)

    def add(self, line: int, column: str | None, value: str | None, message: str) -> None:
        """One more; a value is shown short."""
        shown = value if value is None or len(value) <= 60 else f"{value[:60]}..."
        one = CellFault(line=line, column=column, value=shown, message=message[:1].upper() + message[1:])
        key = (line, column, one.message)
        if key not in self._told:
            self._told.add(key)
            self.found.append(one)

    def sorted(self) -> list[CellFault]:
        """In the order of the file."""
        return sorted(self.found, key=lambda one: (one.line, one.column or ""))


@dataclass(frozen=True)
class Row:
    """The cells of one line that are not empty, by column."""

    line: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]
    faults: Faults
    order: str | None
    absent: frozenset[str] = frozenset()
    """Columns that the sheet lacks and needs: it is said once, of the header."""

    def has(self, column: str) -> bool:
        """Whether the cell says anything."""
        return column in self.cells

    def text(self, column: str) -> str | None:
        """The cell as it stands."""
        return self.cells.get(column)

    def read(self, column: str, how: Callable[[str], T]) -> T | None:
        """The cell through a reader; None where it is empty or at fault, which is then on record."""
        text = self.cells.get(column)
        if text is None:
            return None
        try:
            return how(text)
        except CellError as error:
            self.fault(column, str(error))
            return None

    def need(self, column: str, how: Callable[[str], T]) -> T | None:
        """The same of a cell that must be there."""
        if column not in self.cells:
            self.fault(column, f"{self.headers.get(column, column)} is missing. Maybe fill the cell.")
            return None
        return self.read(column, how)

    def date(self, column: str, *, past: bool = False) -> dt.date | None:
        """The cell as a date, in the file's order."""
        return self.read(column, lambda text: cells.date(text, self.order, past=past))

    def each(
        self, column: str, how: Callable[[str], T], split: Callable[[str], list[str]] | None = None
    ) -> list[T]:
        """The parts of a cell that lists something, through a reader each."""
        made = []
        for part in (split or cells.items)(self.cells.get(column, "")):
            try:
                if part.lower() not in cells.NONE:
                    made.append(how(part))
            except CellError as error:
                self.faults.add(self.line, self.headers.get(column), part, f"{part!r} {error}")
        return made

    def fault(self, column: str, message: str) -> None:
        """Puts a fault of the cell on record, saying its value unless it may be a patient's."""
        if column in self.absent:
            return
        value = None if column in PRIVATE else self.cells.get(column)
        about = f"{value[:60]!r}" if value is not None else "This cell"
        whole = message[:1].isupper() or column not in self.cells
        begun = message if whole else f"{about} {message}"
        self.faults.add(self.line, self.headers.get(column, column), value, begun)


@dataclass(frozen=True)
class Read:
    """A sheet by columns."""

    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    """Header -> the column that it was read as."""
    ignored: tuple[str, ...]


def by_columns(sheet: Sheet, kind: str, order: str | None, faults: Faults, roles: Mapping[str, str]) -> Read:
    """The rows of a sheet by column; `roles` are headers of one's own that hold people, header -> column."""
    read: dict[int, str] = {}
    ignored = []
    for at, header in enumerate(sheet.header):
        column = column_of(kind, header) or roles.get(header)
        if column is None or column in read.values():
            ignored += [header] if header else []
            _twice(sheet, header, column, faults)
        else:
            read[at] = column
    headers = {column: sheet.header[at] for at, column in read.items()}
    _no_length_lost(sheet, kind, set(headers), ignored, faults)
    absent = _complete(sheet, kind, set(headers), faults)
    rows = []
    for line, values in sheet.rows:
        if any(values[len(sheet.header) :]):
            extra = next(value for value in values[len(sheet.header) :] if value)
            faults.add(
                line, None, extra, "The row has more cells than the header. Maybe quote a cell with a comma."
            )
        found = {column: values[at] for at, column in read.items() if at < len(values) and values[at]}
        lost = _damaged(line, found, headers, faults)
        kept = {column: text for column, text in found.items() if column not in lost}
        rows.append(Row(line, kept, headers, faults, order, absent | lost))
    return Read(tuple(rows), {sheet.header[at]: column for at, column in read.items()}, tuple(ignored))


def _twice(sheet: Sheet, header: str, column: str | None, faults: Faults) -> None:
    if column in WHEN:
        said = f"{header!r} is read as {column}, as another column is. Maybe rename or remove one of them."
        faults.add(sheet.head_line, header, header, said)


def _no_length_lost(sheet: Sheet, kind: str, present: set[str], ignored: list[str], faults: Faults) -> None:
    """Where no column of lengths is read, one that looks like it is told: planned lengths aren't theirs."""
    if kind not in ("bookings", "procedures") or present & {"minutes", "end"}:
        return
    for header in ignored:
        if LENGTHS & set(plain(header).split()):
            said = f"{header!r} may say how long cases take, and isn't read. Maybe call it minutes, or remove it."
            faults.add(sheet.head_line, header, header, said)


LENGTHS = frozenset({"length", "duration", "minutes", "mins", "min", "dauer"})
DAMAGE = (
    (re.compile(r"=.*", re.DOTALL), "is a formula. Maybe hide the formulas and save the sheet again."),
    (
        re.compile(r"#{2,}"),
        "is what a column too narrow shows. Maybe widen the column and save the sheet again.",
    ),
    (
        re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|WERT!|NV|BEZUG!)"),
        "is an error of the spreadsheet. Maybe mend or empty the cell there.",
    ),
    (
        re.compile(r"\d+([.,]\d+)?[eE]\+\d\d+"),
        "is a long number that the spreadsheet cut short. Maybe format the column as text and fill it again.",
    ),
)
"""What spreadsheet programs leave in place of a value."""


def _damaged(
    line: int, found: Mapping[str, str], headers: Mapping[str, str], faults: Faults
) -> frozenset[str]:
    """Columns of cells whose value is gone, each told; nobody has such a name or number."""
    lost = set()
    for column, text in found.items():
        told = next((told for looks, told in DAMAGE if looks.fullmatch(text)), None)
        if told is not None:
            shown = None if column in PRIVATE else text
            about = "This cell" if shown is None else repr(text[:60])
            faults.add(line, headers[column], shown, f"{about} {told}")
            lost.add(column)
    return frozenset(lost)


def _complete(sheet: Sheet, kind: str, present: set[str], faults: Faults) -> frozenset[str]:
    """The columns that are needed and aren't there, each of them told."""
    absent: set[str] = set()
    for group in REQUIRED[kind]:
        if present.isdisjoint(group):
            absent.update(group)
            names = " or ".join(COLUMNS[kind][each].split("|")[0] for each in group)
            faults.add(
                sheet.head_line, None, None, f"There is no column {names}. Maybe it is called otherwise."
            )
    return frozenset(absent)
