"""Clinic wall time to instants and back; instants are UTC datetimes, so differences are elapsed minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[datetime, datetime]


def minutes(count: float) -> timedelta:
    """`count` minutes as a timedelta."""
    return timedelta(minutes=count)


def overlap(one: Span, other: Span) -> bool:
    """Whether two half-open spans share an instant."""
    return one[0] < other[1] and other[0] < one[1]


def as_date(value: Any) -> date:
    """A date from what YAML gives: a date, a datetime or ISO text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


class Clock:
    """The wall clock of one clinic."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)

    def at(self, day: date, clock: str) -> datetime:
        """The instant of "HH:MM" on a day; "24:00" is the next midnight, an ambiguous time its first pass."""
        hour, minute = (int(part) for part in clock.strip().split(":")[:2])
        if hour == 24:
            day, hour = day + timedelta(days=1), 0
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def instant(self, value: Any) -> datetime:
        """An instant from ISO text or a datetime; without an offset it is clinic wall time."""
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return moment.astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        """The instant in clinic wall time."""
        return instant.astimezone(self.zone)

    def fixed(self, instant: datetime) -> datetime:
        """Clinic wall time with a fixed offset: zone times in a repeated hour never equal other offsets."""
        local = self.local(instant)
        return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()), fold=0)

    def day(self, instant: datetime) -> date:
        """The clinic's date at an instant."""
        return self.local(instant).date()

    def days(self, span: Span) -> list[date]:
        """The clinic's dates that a span touches."""
        first, last = self.day(span[0]), self.day(max(span[0], span[1] - timedelta(microseconds=1)))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def window(self, day: date, text: str) -> Span:
        """The span of "HH:MM-HH:MM" on a day; one that ends at or before its start runs past midnight."""
        begin, end = text.split("-")
        opens, closes = self.at(day, begin), self.at(day, end)
        return opens, closes if closes > opens else self.at(day + timedelta(days=1), end)

    def around(self, weekly: dict[str, Any], span: Span) -> Iterator[tuple[date, Span]]:
        """The windows of a weekly calendar on the span's dates and the day either side."""
        dates = self.days(span)
        for n in range(-1, len(dates) + 1):
            day = dates[0] + timedelta(days=n)
            texts = weekly.get(WEEKDAYS[day.weekday()]) or []
            for text in [texts] if isinstance(texts, str) else texts:
                yield day, self.window(day, text)

    def covers(self, weekly: dict[str, Any], span: Span) -> bool:
        """Whether a weekly calendar is open for the whole span; touching windows count as one."""
        reached = span[0]
        for _, (opens, closes) in sorted(self.around(weekly, span), key=lambda row: row[1]):
            if opens <= reached < closes:
                reached = closes
        return reached >= span[1]

    def closures(self, rows: Iterable[dict[str, Any]] | None) -> Iterator[tuple[Span, dict[str, Any]]]:
        """Dated windows {from, to}; plain dates close whole days, both ends included."""
        for row in rows or []:
            begin, end = row["from"], row.get("to", row["from"])
            opens = self.at(as_date(begin), "00:00") if _whole_day(begin) else self.instant(begin)
            closes = self.at(as_date(end), "24:00") if _whole_day(end) else self.instant(end)
            yield (opens, closes), row


def _whole_day(value: Any) -> bool:
    return not isinstance(value, datetime) and len(str(value)) == 10
