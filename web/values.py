"""Values of records and of the audit trail in words: names for ids, clinic time for instants, no brackets or quotes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.context import Role
from web.cards import Words
from web.language import N_, _

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:\d{2}|Z)?")
ROLES = frozenset(map(str, Role))
FIRST = ("from", "until", "to")
NOTHING = "\u2013"
DAYS = {
    "mon": N_("Mon"), "tue": N_("Tue"), "wed": N_("Wed"), "thu": N_("Thu"), "fri": N_("Fri"), "sat": N_("Sat"),
    "sun": N_("Sun"),
}  # fmt: skip
LABELS = {
    "id": N_("Id"), "for": N_("For"), "params": N_("Parameters"), "dated": N_("From a day of surgery on"),
    "shifts": N_("Weekly shifts"), "shifts_on": N_("Shifts on single days"), "aliases": N_("Also known as"),
    "roles_also": N_("Also works as"), "max_cases_day": N_("Most cases a day"),
    "max_minutes_day": N_("Most minutes a day"), "max_minutes_week": N_("Most minutes a week"),
    "arrival_minutes": N_("Minutes to arrive when called"), "calls": N_("On call on"), "mrn": N_("MRN"),
    "cpt": N_("CPT numbers"), "mon": N_("Monday"), "tue": N_("Tuesday"), "wed": N_("Wednesday"),
    "thu": N_("Thursday"), "fri": N_("Friday"), "sat": N_("Saturday"), "sun": N_("Sunday"),
    "asa": N_("ASA class"), "bmi": N_("BMI"), "start": N_("Wheels in"), "end": N_("Wheels out"),
    "waivable by": N_("May be waived by"), "text": N_("Wording"), "quantile": N_("Share of cases within it"),
    "levels": N_("Order of the offers"), "costs": N_("Trouble of a change, in points"),
    "p80": N_("Four in five take at most"), "median": N_("Half take at most"), "sided": N_("Has a left and a right"),
    "short": N_("Short name on the board"), "count": N_("How many"), "pacu": N_("PACU"),
}  # fmt: skip
"""Names of keys, where the key itself isn't what people say."""


LEVELS = {
    "hard": (
        N_("must hold"),
        N_(
            "No slot is offered against it. Where somebody is named who may waive it: for one case, with a reason."
        ),
    ),
    "warn": (
        N_("must hold, open to override"),
        N_("The same, and setting it aside is expected now and then."),
    ),
    "soft": (N_("only ranks"), N_("A slot against it stands lower in the list.")),
    "off": (N_("off"), N_("It is not checked here.")),
}
"""What a level means: as a mark, and in a sentence."""


def label(key: str) -> str:
    """What people call a key of a record: "Lead hours" of "lead_hours"."""
    return _(LABELS[key]) if key in LABELS else key.replace("_", " ").replace("-", " ").capitalize()


def week(days: Mapping[str, Any]) -> str:
    """ "Mon, Tue 07:30-17:00; Fri 07:30-15:00": days with the same hours together."""
    found: dict[str, list[str]] = {}
    for day in filter(days.get, DAYS):
        said = days[day] if isinstance(days[day], str) else ", ".join(days[day])
        found.setdefault(said.replace("-", "\u2013"), []).append(_(DAYS[day]))
    return "; ".join(f"{', '.join(names)} {hours}" for hours, names in found.items()) or NOTHING


@dataclass(frozen=True)
class Values:
    """What turns values into words, at one clinic."""

    words: Words

    def said(self, value: Any) -> str:
        """A value as a person would write it on paper."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, Mapping):
            return self._several(value) or NOTHING
        if isinstance(value, Sequence) and not isinstance(value, str):
            return "; ".join(self.said(one) for one in value) or NOTHING
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return NOTHING if value in (None, "") else self._text(str(value))

    def _several(self, value: Mapping[str, Any]) -> str:
        """A place in a team is a name and a role; a stretch of time begins with its beginning."""
        if value and set(value) <= set(DAYS):
            return week(value)
        if set(value) == {"resource", "role"}:
            return f"{self.said(value['resource'])} ({self.said(value['role'])})"
        early = sorted(value, key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
        return ", ".join(self._part(key, value[key]) for key in early if value[key] is not None)

    def _part(self, key: Any, value: Any) -> str:
        known = self.words.name(key)
        return f"{known if known != key else label(str(key)).lower()} {self.said(value)}"

    def _text(self, text: str) -> str:
        formats, today = self.words.formats, self.words.today
        try:
            if DATE.fullmatch(text):
                return formats.short_day(dt.date.fromisoformat(text), today)
            if INSTANT.fullmatch(text):
                return self.moment(text)
        except ValueError:  # it only looks like one
            return text
        return _(text.replace("-", " ")) if text in ROLES else self.words.name(text)

    def moment(self, text: str) -> str:
        """ "Tue, Mar 10, 9:00 AM": a wall time of the clinic, or an instant with its offset."""
        formats, at = self.words.formats, dt.datetime.fromisoformat(text)
        wall = formats.local(at) if at.tzinfo else at.replace(tzinfo=formats.zoneinfo)
        return f"{formats.short_day(wall.date(), self.words.today)}, {formats.time(wall)}"

    def compared(
        self, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> list[tuple[str, str, str]]:
        """The keys that differ, with both values."""
        old, new = before or {}, after or {}
        names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        sides = [(name, *_differing(old.get(name), new.get(name))) for name in names]
        return [(label(name), self.said(was), self.said(is_)) for name, was, is_ in sides]


def _differing(old: Any, new: Any) -> tuple[Any, Any]:
    """Of two lists of rows only the rows that one of them alone has: a year of maintenance hides the one new day."""
    rows = [
        side for side in (old, new) if isinstance(side, list) and all(isinstance(x, Mapping) for x in side)
    ]
    if len(rows) < 2 or not all(rows):
        return old, new
    gone = [each for each in old if each not in new]
    come = [each for each in new if each not in old]
    return (gone, come) if gone or come else (old, new)  # the same rows in another order: whole
