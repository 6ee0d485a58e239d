"""Sentences to type, in the clinic's own names: each is a request that this clinic can be asked."""

from __future__ import annotations

from dataclasses import dataclass

from solver.clinic import Clinic, Staff
from web.language import _

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Example:
    """A sentence, what it brings, and the role that types it; the sentence is what the interpreter reads: English."""

    text: str
    brings: str
    role: str = "scheduler"


def examples(clinic: Clinic) -> list[Example]:
    """Requests for each role; none where the clinic has no surgeon with privileges and days."""
    able = [
        each for each in clinic.staff.values() if each.role == "surgeon" and each.privileges and each.shifts
    ]
    if not able:
        return [Example("What is on the schedule tomorrow?", _("The cases of a day."))]
    plain = [each for each in able if "," not in clinic.name_of(each.privileges[0].id)] or able
    who, other = plain[0], plain[-1]
    day, off = _days(who)
    room = next(iter(clinic.rooms.values())).name
    what = clinic.name_of(who.privileges[0].id).lower()
    theirs = clinic.name_of(other.privileges[0].id).lower()
    asked = f"{who.name}, {what}, next {day}"
    after, free = f"next {_days(other)[0]} after 10", f"Is {room} free {day} at 10 for {who.name}, {what}?"
    best = _("The best times, each verified, as cards; the board turns to their day.")
    nearest = _("Whether just that fits; if not, why, and what is near.")
    compared = _("The same request with the change, before and after; nothing is written.")
    return [
        Example(asked, best),
        Example(f"{who.name} {what} in {room} on {day} at 10", nearest),
        Example(f"{other.name}, {theirs}, {after}", _("Only times after 10.")),
        Example(f"What is on the schedule {day}?", _("The cases of a day.")),
        Example(f"What is on in {room} tomorrow?", _("One room's day."), "charge-nurse"),
        Example(free, _("Yes with a card, or no with the reason."), "charge-nurse"),
        Example(f"Why can't {who.name} do a {what} on {off}?", _("The shortest true reason."), "director"),
        Example(f"{asked}: what if {room} stayed open until 7 PM?", compared, "director"),
    ]


def _days(who: Staff) -> tuple[str, str]:
    """A weekday on which the surgeon operates, and a working day on which they don't."""
    off = next((day for day in range(5) if day not in who.shifts), 6)
    return WEEKDAYS[min(who.shifts)], WEEKDAYS[off]
