"""The board against the book: the cases that stand, the blocks that keep out and the closures, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from evals.grading.checks import Graded
from evals.heard import Board, Heard
from evals.oracle.book import Clinic
from evals.oracle.places import stands

ALIKE = ("room", "surgeon", "procedure", "status")
"""What a case has on the board as in the book."""


def shown(result: Graded, turn: int, heard: Heard) -> None:
    """Each schedule that was looked at in this turn shows the cases of its days, room and surgeon."""
    for board in heard.boards:
        wrong = list(_wrong(board))
        result.count("boards judged")
        result.add("the board shows the book", turn, not wrong, "; ".join(wrong[:3]))


def _wrong(board: Board) -> Iterator[str]:
    yield from _wrong_cases(board)
    bars = sorted((bar["room"], bar["kind"], *_span(bar)) for bar in board.shown["blocked"])
    there = sorted({*_blocks(board), *_closures(board)})
    yield from (f"{' '.join(bar)} isn't there" for bar in bars if bar not in there)
    yield from (f"{' '.join(bar)} is missing" for bar in there if bar not in bars)


def _wrong_cases(board: Board) -> Iterator[str]:
    on_it = {str(case["id"]): case for case in board.shown["cases"]}
    there = {id_: case for id_, case in board.book.items() if _asked(board.request, case)}
    yield from (f"{id_} is missing" for id_ in sorted(there.keys() - on_it.keys()))
    yield from (f"{id_} isn't there" for id_ in sorted(on_it.keys() - there.keys()))
    for id_ in sorted(there.keys() & on_it.keys()):
        case, bar = there[id_], on_it[id_]
        yield from (f"{id_} has {key} {bar[key]}, not {case[key]}" for key in ALIKE if bar[key] != case[key])
        if _times(case) != _span(bar):
            yield f"{id_} is at {bar['start']}, not {case['start']}"


def _asked(request: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
    """A case of the book, not a block, on the days asked for and of the room and the surgeon named."""
    if "start" not in case or not request["date_from"] <= str(case["start"])[:10] <= request["date_to"]:
        return False
    return all(request.get(key) in (None, case[key]) for key in ("room", "surgeon"))


def _times(case: Mapping[str, Any]) -> tuple[str, str]:
    start = dt.datetime.fromisoformat(str(case["start"]))
    end = start + dt.timedelta(minutes=case["minutes"])
    return f"{start:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}"


def _span(bar: Mapping[str, Any]) -> tuple[str, str]:
    return str(bar["start"])[:16], str(bar["end"])[:16]


def _days(board: Board) -> Iterator[dt.date]:
    first, last = (dt.date.fromisoformat(str(board.request[key])) for key in ("date_from", "date_to"))
    yield from (first + dt.timedelta(days=number) for number in range((last - first).days + 1))


def _blocks(board: Board) -> Iterator[tuple[str, ...]]:
    """Each day's blocks that keep others out for who books now: room, kind, from and until."""
    clinic = Clinic(dict(board.exported))
    today = clinic.clock.day(clinic.clock.instant(board.now))
    for row in clinic.blocks:
        for day in _days(board):
            there = board.request.get("room") in (None, row["room"]) and f"{day:%a}".lower() == row["day"]
            if there and stands(clinic, row, day, today):
                yield row["room"], "block", *(f"{day}T{clock}" for clock in row["hours"].split("-"))


def _closures(board: Board) -> Iterator[tuple[str, ...]]:
    first, last = board.request["date_from"], board.request["date_to"]
    for id_, room in board.exported["rooms"].items():
        for row in room.get("closures") or ():
            start, end = str(row["from"])[:16], str(row["to"])[:16]
            if board.request.get("room") in (None, id_) and start[:10] <= last and first <= end[:10]:
                yield id_, "closed", start, end
