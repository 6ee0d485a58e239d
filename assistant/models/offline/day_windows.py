"""Days that a follow-up says, inside or beside those asked for before."""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.models.offline.dates import almanac
from assistant.models.offline.dates.join_days import WIDEST_LIST_DAYS
from assistant.models.offline.reading import Patch, Reading
from solver.clinic import DAYS


def within(frame: Patch, fresh: Patch, r: Reading) -> Patch:
    """ "not Monday", "only Tuesdays" without dates: of the days asked for before, while any of those is left."""
    when = r.when
    if when is not None and when.single_day and frame.get("date_to") and _says_a_number(r):
        first, last = date.fromisoformat(frame["date_from"]), date.fromisoformat(frame["date_to"])
        day = _numbered_inside(when.single_day, first, last)
        return {**fresh, "date_from": day, "date_to": day}
    if when is None or when.soonest or when.date_from or when.date_to or not frame.get("date_to"):
        return fresh
    if when.weekdays is None and not when.exclude_weekdays and not when.exclude_dates:
        return fresh
    said = {**fresh, "date_from": frame["date_from"], "date_to": frame["date_to"]}
    weekdays = [day for day in said.get("weekdays") or DAYS if day in (frame.get("weekdays") or DAYS)]
    first, last = date.fromisoformat(said["date_from"]), date.fromisoformat(said["date_to"])
    numbered = {_numbered_inside(day, first, last) for day in r.when.exclude_dates} if r.when else set()
    out = sorted({*numbered, *(frame.get("exclude_dates") or ())})
    said |= {"weekdays": weekdays if len(weekdays) < len(DAYS) else None, "exclude_dates": out or None}
    long = (last - first).days > WIDEST_LIST_DAYS
    return said if weekdays and (long or _days_of(said)) else fresh


_A_NUMBER = re.compile(r"(?:on )?(?:the )?\d{1,2}(?:st|nd|rd|th)?", re.IGNORECASE)


def _says_a_number(r: Reading) -> bool:
    """Whether the day was said as "the 15th", without its month."""
    spans = r.when.spans if r.when else ()
    return any(_A_NUMBER.fullmatch(r.utterance.text[begin:end]) for begin, end in spans)


def _numbered_inside(day: date, first: date, last: date) -> str:
    """ "not the 15th" after "in April": the day of that number in the days asked for, where there is one."""
    same_month = almanac.make(first.year, first.month, day.day) or day
    span = (first + timedelta(days=n) for n in range(min(WIDEST_LIST_DAYS, (last - first).days) + 1))
    inside = first <= day <= last
    near = next((each for each in span if each.day == day.day), max(day, same_month))
    return (day if inside else near).isoformat()


def either_day(frame: Patch, fresh: Patch) -> Patch:
    """ "or Thursday": the days asked for before, and these as well; the days between are left out."""
    both = [_days_of(frame), _days_of(fresh)]
    if not all(both):
        return {}
    wanted = both[0] | both[1]
    first, last = min(wanted), max(wanted)
    if (last - first).days > WIDEST_LIST_DAYS:
        return {}
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    out = [day.isoformat() for day in every if day not in wanted]
    return {
        "date_from": first.isoformat(),
        "date_to": last.isoformat(),
        "weekdays": None,
        "exclude_dates": out or None,
    }


def _days_of(window: Patch) -> set[date]:
    """The days that a window allows; none where it has no end, or is too long to list."""
    if not (window.get("date_from") and window.get("date_to")):
        return set()
    first, last = (date.fromisoformat(window[edge]) for edge in ("date_from", "date_to"))
    if (last - first).days > WIDEST_LIST_DAYS:
        return set()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    weekdays, out = window.get("weekdays") or DAYS, window.get("exclude_dates") or ()
    return {day for day in days if DAYS[day.weekday()] in weekdays and day.isoformat() not in out}
