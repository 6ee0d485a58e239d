"""One case or one day of a block as its page tells it: what it is, and until when a hold lasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from solver.clinic import Block, Case
from solver.grid import Calendar
from tools.errors import ToolError
from web.cards import Words, anesthesia_said, member_said, started
from web.desk import Desk
from web.initials import with_initials
from web.language import N_, _

STATUS = {
    "booked": N_("Booked"), "held": N_("Held"), "cancelled": N_("Cancelled"), "done": N_("Done"),
    "in-progress": N_("Under way"),
}  # fmt: skip


@dataclass(frozen=True)
class Times:
    """Wheels-in and wheels-out on the clinic's wall, aware."""

    start: dt.datetime
    end: dt.datetime


def case_at(desk: Desk, id_: str) -> Case:
    """The case of that id in any state; ToolError "not-found"."""
    found = desk.clinic().cases_by_id.get(id_)
    if found is None:
        said = f"There is no case {id_[:60]!r}. Maybe look for it on the board of its day."
        raise ToolError("not-found", said, "case")
    return found


def times_of(case: Case, words: Words) -> Times:
    """When it stands in the book."""
    calendar = Calendar(words.clinic.timezone)
    return Times(calendar.wall(case.start), calendar.wall(case.end))


def booked_values(case: Case, words: Words) -> dict[str, Any]:
    """The case as `Words.booked` takes it."""
    at = times_of(case, words)
    return {
        "id": case.id, "procedure": case.procedure, "surgeon": case.surgeon, "room": case.room,
        "start": at.start, "end": at.end,
    }  # fmt: skip


def told(desk: Desk, case: Case, words: Words) -> dict[str, Any]:
    """What the page of a case says of it."""
    at = times_of(case, words)
    team = [member_said(words.name(each.resource), each.role) for each in case.team]
    first = words.clinic.procedures.get(case.procedure)
    return {
        "id": case.id,
        "name": _name(case, words),
        "day": words.formats.day(at.start.date(), words.today),
        "times": words.formats.times(at.start, at.end),
        "room": words.name(case.room),
        "surgeon": words.name(case.surgeon),
        "anesthesia": started(anesthesia_said(case.anesthesia)),
        "team": ", ".join(team),
        "follows": case.follows or "",
        "followed": _name(words.clinic.cases_by_id.get(case.follows or ""), words),
        "status": _(STATUS.get(case.status, case.status)),
        "held": case.status == "held",
        "to_come": case.occupies and at.end > desk.now(),
        "minutes": case.minutes,
        "pinned": case.pinned,
        "sided": bool(first and first.sided),
        "date": at.start.date().isoformat(),
        "board": board_of(at.start.date(), case.id),
        **_held(desk, case, at, words),
        **_patient(desk, case),
    }


def _name(case: Case | None, words: Words) -> str:
    """What is done, and who does it."""
    if case is None:
        return ""
    return f"{' + '.join(words.name(each) for each in case.procedures)}, {words.name(case.surgeon)}"


def _patient(desk: Desk, case: Case) -> dict[str, str]:
    """Initials and side, for those who may know them."""
    (told,) = with_initials(desk, {"cases": [{"id": case.id}]})["cases"]
    return {"initials": told.get("initials") or "", "side": told.get("laterality") or ""}


def board_of(day: dt.date, id_: str) -> str:
    """The board's address on which that box gets the focus."""
    return f"/?date={day.isoformat()}#at-{quote(id_)}"


def _held(desk: Desk, case: Case, at: Times, words: Words) -> dict[str, Any]:
    """Until when it is held, and how many seconds are left by the clinic's clock."""
    day = at.start.date().isoformat()
    shown = (
        desk.call("get_schedule", {"date_from": day, "date_to": day})["cases"]
        if case.status == "held"
        else []
    )
    until = next((each["held_until"] for each in shown if each["id"] == case.id), None)
    if until is None:
        return {"until": "", "seconds": 0}
    left = (dt.datetime.fromisoformat(until) - desk.now()).total_seconds()
    return {"until": words.formats.time(until), "seconds": max(0, int(left))}


def block_at(desk: Desk, id_: str, day: dt.date) -> Block:
    """The block of that id, which falls on the day; ToolError "not-found"."""
    found = next((block for block in desk.clinic().blocks if block.id == id_), None)
    if found is None or not found.falls_on(day):
        said = f"There is no block {id_[:60]!r} on {day}. Maybe look for it on the board of its day."
        raise ToolError("not-found", said, "block")
    return found


def block_told(block: Block, day: dt.date, words: Words) -> dict[str, Any]:
    """What the page of a block's day says of it."""
    calendar = Calendar(words.clinic.timezone)
    start, end = (calendar.wall(each) for each in calendar.window(day, block.window))
    own = block.release_date(day)
    return {
        "id": block.id,
        "name": _("%(owner)s's block in %(room)s")
        % {"owner": words.name(block.owner), "room": words.name(block.room)},
        "day": words.formats.day(day, words.today),
        "times": words.formats.times(start, end),
        "released": day in block.released,
        "over": own is not None and own <= words.today,
        "by_itself": words.formats.day(own, words.today) if own else "",
        "past": day < words.today,
        "date": day.isoformat(),
        "board": f"/?date={day.isoformat()}",
    }


def released_on(day: dt.date, words: Words) -> list[dict[str, str]]:
    """The blocks that were released for that day: they have no bar any more, but may be taken back."""
    return [
        {
            "href": f"/block/{quote(block.id)}/{day.isoformat()}",
            "text": _("%(owner)s's block in %(room)s")
            % {"owner": words.name(block.owner), "room": words.name(block.room)},
        }
        for block in words.clinic.blocks
        if day in block.released and block.falls_on(day)
    ]


def said_after(desk: Desk, words: Words, id_: str, verb: str, day: dt.date) -> str:
    """What is said of a case or a block's day once the change was confirmed; nothing of what isn't there."""
    whole = {"date_from": day.isoformat(), "date_to": day.isoformat()}
    shown = next((each for each in desk.call("get_schedule", whole)["cases"] if each["id"] == id_), None)
    gone = desk.clinic().cases_by_id.get(id_)  # what was cancelled is on no board any more
    values = shown or (booked_values(gone, words) if gone else None)
    if values is not None:
        return words.booked(values, verb)["said"]
    block: Mapping[str, Any] | None = next(
        (
            block_told(each, day, words)
            for each in desk.clinic().blocks
            if each.id == id_ and each.falls_on(day)
        ),
        None,
    )
    return f"{verb}: {block['name']}, {block['day']}, {block['times']}." if block else ""
