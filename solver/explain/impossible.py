"""Requests that no clinic could serve: told before any search."""

from __future__ import annotations

from dataclasses import dataclass

from solver.candidates import allowed_rooms
from solver.grid import Calendar
from solver.request import Request
from solver.reserve import modes, privileged
from solver.rules.base import listed
from solver.snapshot import Snapshot
from solver.wording import Wording


@dataclass(frozen=True)
class Impossible:
    """The field that can't hold, and the sentence that says why."""

    field: str
    text: str


def impossible(snapshot: Snapshot, request: Request) -> Impossible | None:
    """What is wrong with the request itself, whatever the book holds; None where nothing is."""
    if request.date_to < request.date_from:
        return Impossible("date_to", "The last date is before the first. Maybe they are swapped.")
    days = request.days()
    if not days:
        return Impossible(
            "weekdays" if request.weekdays is not None else "exclude_dates",
            "No date is left after the weekdays and the dates to leave out. Maybe a longer window.",
        )
    if request.after_case is not None and request.position == "first":
        return Impossible(
            "position", "A case that follows another one isn't the first. Maybe only one of the two."
        )
    if (told := _left_out(snapshot, request)) is not None:
        return told
    calendar = Calendar(snapshot.clinic.timezone)
    if all(day < calendar.date(snapshot.facts.as_of) for day in days):
        return Impossible("date_to", "Every date asked for is past. Maybe a later one.")
    return _clock(snapshot, request)


def _left_out(snapshot: Snapshot, request: Request) -> Impossible | None:
    """What the request asks for and leaves out at once, or leaves nothing of."""
    clinic, words = snapshot.clinic, Wording(snapshot.clinic)
    both = "is asked for and left out at once. Maybe only one of the two."
    if request.surgeon in request.exclude_surgeons:
        return Impossible("exclude_surgeons", f"{clinic.name_of(str(request.surgeon))} {both}")
    if request.room in request.exclude_rooms:
        return Impossible("exclude_rooms", f"{clinic.name_of(str(request.room))} {both}")
    if request.exclude_rooms and not allowed_rooms(clinic, request):
        return Impossible("exclude_rooms", "Every room is left out. Maybe allow one of them.")
    if request.exclude_surgeons and not modes(clinic, request):
        what = listed([words.named(each) for each in request.procedures])
        who = listed([clinic.name_of(each) for each in sorted(privileged(clinic, request))])
        text = f"Everyone who may do {what} here is left out: {who}" if who else "Every surgeon is left out"
        return Impossible("exclude_surgeons", f"{text}. Maybe allow one of them.")
    return None


def _clock(snapshot: Snapshot, request: Request) -> Impossible | None:
    words = Wording(snapshot.clinic)
    first, last, out = request.start_from, request.start_until, request.end_by
    if first is not None and last is not None and last < first:
        bounds = f"{words.minute(first)} or later and {words.minute(last)} or earlier"
        return Impossible("start_until", f"No case starts at {bounds}. Maybe they are swapped.")
    shortest = min((mode.minutes for mode in modes(snapshot.clinic, request)), default=0)
    if shortest > 24 * 60:
        return Impossible("duration_minutes", f"{shortest} minutes are longer than a day. Maybe two cases.")
    if out is not None and out - shortest < (first or 0):
        since = f" from {words.minute(first)}" if first else ""
        return Impossible(
            "end_by",
            f"The case takes {shortest} minutes, which don't fit{since} until {words.minute(out)}. Maybe a later end.",
        )
    return None
