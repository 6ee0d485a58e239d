"""Times and dates as people read them: in the clinic's zone, whatever the reader's machine thinks.

Inside one time stands U+00A0, so that "9:00 AM" never breaks over two lines. An hour that the clocks repeat names
its zone ("1:30 AM EDT"), since "1:30 AM" alone would be two different moments.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_name

from web.language import _
from web.reading import clock_shown, reader

NBSP = "\u00a0"
_TIME = re.compile(r"\b(\d{1,2})(?::(\d\d))?[ \u00a0](AM|PM)\b")
_TIME_24 = re.compile(r"(?<![\w:.-])([01]\d|2[0-3]):([0-5]\d)(?![\d:]|[ \u00a0][AP]M)")


@dataclass(frozen=True)
class Formats:
    """How one clinic writes time: `zone` is an IANA name, `clock` "12h" or "24h", `locale` a Babel identifier."""

    zone: str
    clock: str = "12h"
    locale: str = "en_US"

    @cached_property
    def zoneinfo(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.zone)

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(self.locale)

    def local(self, moment: dt.datetime | str) -> dt.datetime:
        """The clinic's wall clock at an instant: an aware datetime, or ISO 8601 with an offset."""
        parsed = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        if parsed.tzinfo is None:
            raise ValueError(f"{moment!r} has no offset. Maybe write it like 2026-03-10T09:00-04:00")
        return parsed.astimezone(self.zoneinfo)

    def time(self, moment: dt.datetime | str) -> str:
        """ "9:00 AM" or "09:00", with the zone where the hour happens twice."""
        wall = self.local(moment)
        text = _unbroken(
            format_skeleton("Hm" if self.clock == "24h" else "hm", wall, None, True, self._locale)
        )
        return f"{text}{NBSP}{self.zone_code(wall)}" if self._repeats(wall) else text

    def hour(self, moment: dt.datetime | str) -> str:
        """The label over a column: "9 AM" or "09:00"; minutes appear only where the clocks put them."""
        wall = self.local(moment)
        if self.clock == "24h" or wall.minute:
            return self.time(wall)
        text = _unbroken(format_skeleton("h", wall, None, True, self._locale))
        return f"{text}{NBSP}{self.zone_code(wall)}" if self._repeats(wall) else text

    def bare(self, moment: dt.datetime | str) -> str:
        """ "9:15" for places too narrow for more, under an axis that says which half of the day it is."""
        return self.time(moment).partition(NBSP)[0]

    def times(self, start: dt.datetime | str, end: dt.datetime | str) -> str:
        """ "9:00 AM to 9:55 AM"."""
        return _("%(start)s to %(end)s") % {"start": self.time(start), "end": self.time(end)}

    def day(self, day: dt.date, today: dt.date | None = None) -> str:
        """ "Tuesday, March 10", with the year when it isn't that of `today`."""
        pattern = "EEEE, MMMM d" if today and today.year == day.year else "EEEE, MMMM d, y"
        return self._dated(day, pattern)

    def short_day(self, day: dt.date, today: dt.date | None = None) -> str:
        """ "Tue, Mar 10", with the year when it isn't that of `today`; it does not break over lines."""
        pattern = "EEE, MMM d" if today and today.year == day.year else "EEE, MMM d, y"
        return self._dated(day, pattern).replace(" ", NBSP)

    def zone_line(self, moment: dt.datetime) -> str:
        """ "Eastern Time (EST, UTC-5)" at that moment, with a true minus sign."""
        wall = self.local(moment)
        name = get_timezone_name(self.zoneinfo, width="long", zone_variant="generic", locale=self._locale)
        codes = dict.fromkeys((self.zone_code(wall), _offset(wall)))
        return f"{name} ({', '.join(codes)})"

    def zone_code(self, wall: dt.datetime) -> str:
        """ "EST"; where the zone has no letters, its offset."""
        code = wall.tzname() or ""
        return code if code.isalpha() else _offset(wall)

    def _dated(self, day: dt.date, pattern: str) -> str:
        return _plain(format_date(day, pattern, locale=self._locale))

    def _repeats(self, wall: dt.datetime) -> bool:
        naive = wall.replace(tzinfo=None)
        first, second = (naive.replace(tzinfo=self.zoneinfo, fold=fold).utcoffset() for fold in (0, 1))
        return first is not None and second is not None and first > second


def _plain(text: str) -> str:
    """Babel writes U+202F inside times; one kind of unbreakable space is enough to search for."""
    return text.replace("\u202f", NBSP)


def _unbroken(text: str) -> str:
    return _plain(text).replace(" ", NBSP)


def _offset(wall: dt.datetime) -> str:
    minutes = int((wall.utcoffset() or dt.timedelta()).total_seconds() // 60)
    sign = "\u2212" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def steady(text: str) -> str:
    """A sentence from elsewhere on the person's clock, whose times don't break: U+00A0 before AM."""
    clock = reader().clock
    if clock == "24h":
        return _TIME.sub(_as_24, text)
    held = _TIME.sub(lambda found: found[0].replace(" ", NBSP), text)
    return _TIME_24.sub(_as_12, held) if clock == "12h" else held


def clocked(text: str) -> str:
    """A cell that a report writes as 07:30, on the clock of the page; a spreadsheet keeps the 24 hours."""
    return _TIME_24.sub(_as_12, text) if clock_shown() == "12h" else text


def _as_24(found: re.Match[str]) -> str:
    hour, minute = int(found[1]) % 12 + 12 * (found[3] == "PM"), found[2] or "00"
    return f"{hour:02}:{minute}"


def _as_12(found: re.Match[str]) -> str:
    hour = int(found[1])
    return f"{(hour - 1) % 12 + 1}:{found[2]}{NBSP}{'AM' if hour < 12 else 'PM'}"
