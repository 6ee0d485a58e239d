"""The day as a picture of letters: a row a room, hours as columns, offers under their numbers.

Geometry is that of the board on the page (`web.board.Day`), so a day of 23 or 25 hours is as wide as it is long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.text import Text

from web.geometry import STEPS_AN_HOUR, USUAL_HOURS, Day, Span

if TYPE_CHECKING:
    from web.terminal.page import Page

Cell = tuple[str, str]
"""One letter and its Rich style."""

SCALES = (6, 4, 3, 2, 1)
"""Columns an hour, widest first; all divide an hour into whole steps of five minutes."""
SHADES = {"closed": ("░", "dim"), "open": ("·", "dim"), "block": ("▒", "dim yellow"), "case": ("█", "blue")}
ASCII = {"░": "/", "·": ".", "▒": ":", "█": "#", "═": "="}
OFFER = "bold green"


@dataclass(frozen=True)
class Slot:
    """An offered slot: the number that it is drawn with, and where it lies."""

    number: str
    room: str
    start: str
    end: str


def slots_of(offers: Iterable[Mapping[str, Any]]) -> list[Slot]:
    """A slot for each case of each offer, under the offer's label."""
    return [
        Slot(offer["label"], case["room"], case["start"], case["end"])
        for offer in offers
        for case in offer["cases"]
    ]


def picture(page: Page, date: dt.date, offers: Iterable[Mapping[str, Any]], width: int) -> list[Text]:
    """The lines of the picture, at most `width` wide, with the legend last."""
    slots = [slot for slot in slots_of(offers) if page.formats.local(slot.start).date() == date]
    return _Picture(page, date, slots, width).lines()


class _Picture:
    """One day's picture."""

    def __init__(self, page: Page, date: dt.date, slots: Sequence[Slot], width: int) -> None:
        self.book = page.schedule(date)
        self.day = Day.of(date, page.formats)
        self.title = page.formats.day(date, page.words.today)
        self.slots = slots
        self.margin = max((len(room["name"]) for room in self.book["rooms"]), default=0) + 3
        self.view = self._view()
        hours = (self.view[1] - self.view[0]) // STEPS_AN_HOUR
        self.scale = next((s for s in SCALES if self.margin + hours * s <= width), SCALES[-1])

    def lines(self) -> list[Text]:
        rows = [self._row(room) for room in self.book["rooms"]]
        return [Text(f" {self.title}", style="bold"), self._hours(), *rows, self._legend()]

    def _view(self) -> Span:
        """Whole hours that hold the rooms' hours and everything booked or offered."""
        windows = [tuple(window) for room in self.book["rooms"] for window in room["hours"]]
        lying = [(case["start"], case["end"]) for case in self.book["cases"]]
        spans = self._spans([*windows, *lying, *((slot.start, slot.end) for slot in self.slots)])
        if not spans:
            return USUAL_HOURS[0] * STEPS_AN_HOUR, USUAL_HOURS[1] * STEPS_AN_HOUR
        low, high = min(start for start, _ in spans), max(end for _, end in spans)
        return low // STEPS_AN_HOUR * STEPS_AN_HOUR, -(-high // STEPS_AN_HOUR) * STEPS_AN_HOUR

    def _spans(self, windows: Iterable[tuple[str, ...]]) -> list[Span]:
        return [span for window in windows if (span := self.day.span(window[0], window[1]))]

    def _hours(self) -> Text:
        """The hours over their columns; every second one where they would touch."""
        labels = [
            (step, self.day.formats.hour(self.day.at(step)))
            for step in range(self.view[0], self.view[1], STEPS_AN_HOUR)
        ]
        every = next((n for n in (1, 2, 3, 4) if max(len(text) for _, text in labels) < n * self.scale), 6)
        line = [" "] * self._column(self.view[1])
        for _, (step, text) in list(enumerate(labels))[::every]:
            line[self._column(step) : self._column(step) + len(text)] = text
        return Text(" " * self.margin + "".join(line).rstrip(), style="dim")

    def _column(self, step: int) -> int:
        return (step - self.view[0]) * self.scale // STEPS_AN_HOUR

    def _columns(self, span: Span) -> range:
        """The columns that a span touches, at least one."""
        low, high = max(span[0], self.view[0]), min(span[1], self.view[1])
        last = -(-(high - self.view[0]) * self.scale // STEPS_AN_HOUR)
        return range(self._column(low), max(last, self._column(low) + 1))

    def _row(self, room: Mapping[str, Any]) -> Text:
        cells: list[Cell] = [SHADES["closed"]] * self._column(self.view[1])
        for span in self._spans(tuple(window) for window in room["hours"]):
            _fill(cells, self._columns(span), SHADES["open"])
        for kind in ("block", "closed"):
            for bar in self._of(room["id"], [b for b in self.book["blocked"] if b["kind"] == kind]):
                _fill(cells, self._columns(bar[0]), SHADES[kind])
        for span, case in self._of(room["id"], self.book["cases"]):
            _write(cells, self._columns(span), _who(case), SHADES["case"])
        for span, slot in self._of(room["id"], [vars(slot) for slot in self.slots]):
            _write(cells, self._columns(span), slot["number"], ("═", OFFER))
        line = Text(f" {room['name']}".ljust(self.margin))
        for letter, style in cells:
            line.append(letter, style)
        return line

    def _of(self, room: str, bars: Iterable[Mapping[str, Any]]) -> list[tuple[Span, Mapping[str, Any]]]:
        here = [(self.day.span(bar["start"], bar["end"]), bar) for bar in bars if bar["room"] == room]
        return [(span, bar) for span, bar in here if span]

    def _legend(self) -> Text:
        kinds = {bar["kind"] for bar in self.book["blocked"]}
        said = [(f"{self.slots[0].number}═", "offered", OFFER)] if self.slots else []
        said += [("█", "booked", "blue"), ("·", "open", "dim"), ("░", "closed", "dim")]
        said += [("▒", "block time", "dim yellow")] if "block" in kinds else []
        line = Text(" " * self.margin)
        for mark, meaning, style in said:
            line.append(mark, style).append(f" {meaning}   ", "dim")
        line.rstrip()
        return line


def _fill(cells: list[Cell], columns: range, cell: Cell) -> None:
    for column in columns:
        cells[column] = cell


def _write(cells: list[Cell], columns: range, text: str, fill: Cell) -> None:
    """A bar with its text from the left; the last column stays the bar's own, so that its end can be seen."""
    shown = text[: max(len(columns) - 1, 0)].rstrip()
    for column, letter in zip(columns, shown.ljust(len(columns), "\0"), strict=True):
        cells[column] = (fill[0] if letter == "\0" else letter, fill[1])


def _who(case: Mapping[str, Any]) -> str:
    """ "Smith Knee scope": as much of it is shown as the bar is wide."""
    return f"{str(case['surgeon_name']).rpartition(' ')[2]} {case['short']}"


def in_ascii(line: Text) -> Text:
    """The line for a stream that has no block letters."""
    plain = line.copy()
    plain.plain = "".join(ASCII.get(letter, letter) for letter in line.plain)
    return plain
