"""What-ifs: the changes supposed, tried on the request said or on the last one."""

from __future__ import annotations

from datetime import date

from assistant.models.offline import finding
from assistant.models.offline.finding import Talk
from assistant.models.offline.moves import Move
from assistant.models.offline.reading import Issue, Patch, Reading
from solver.clinic import DAYS


def what_if(talk: Talk, r: Reading) -> Move:
    """Try the changes on the request said, or on the last one."""
    if "changes" not in r.fields and all(issue.slot != "change" for issue in r.issues):
        r.issues.insert(0, Issue("change", UNCLEAR))
    _complete(talk, r)
    return finding.find(talk, r, "what_if")


def _complete(talk: Talk, r: Reading) -> None:
    """Changes that name no day are about the request's own; where it has several, it is asked."""
    first = r.fields.get("date_from") or talk.state.frame.get("date_from")
    last = r.fields.get("date_to") or talk.state.frame.get("date_to")
    day = date.fromisoformat(first) if first and first == last else None
    changes = [_dated(talk, change, day) for change in r.fields.get("changes") or ()]
    if None in changes:
        r.fields.pop("changes")
        r.issues.insert(
            0, Issue("change", "On which day would that be? Maybe say the change with its weekday or date.")
        )
    elif changes:
        r.fields["changes"] = changes


def _dated(talk: Talk, change: Patch, day: date | None) -> Patch | None:
    if change["type"] == "add-staff" and "date" not in change:
        hours = talk.lexicon.book.open.get(day.weekday()) if day else None
        window = {"start": _clock(hours[0][0]), "end": _clock(hours[-1][1])} if hours else None
        return {**change, "date": day.isoformat(), **window} if day and window else None
    if change["type"] != "set-hours":
        return change
    weekday = DAYS.index(change["day"]) if change["day"] else day.weekday() if day else None
    return (
        None
        if weekday is None
        else {**_window(talk, change["resource"], weekday), **change, "day": DAYS[weekday]}
    )


def _window(talk: Talk, room: str, weekday: int) -> Patch:
    """The hours that the room has now; the clinic's where it has none that day."""
    book = talk.lexicon.book
    windows = book.hours[room].get(weekday) or book.open.get(weekday) or ((450, 1020),)
    return {"start": _clock(windows[0][0]), "end": _clock(windows[-1][1])}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


UNCLEAR = (
    "Which change shall I try? I can suppose one more unit of equipment or of a tray set, equipment in another "
    "room, a released block, or longer room hours."
)
