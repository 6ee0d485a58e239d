"""Times, days and names as sentences write them, in one clinic's habits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from solver.clinic import Clinic, Instant, Window
from solver.grid import Calendar

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Wording:
    """One clinic's words."""

    clinic: Clinic

    def named(self, resource: str) -> str:
        """A record's name inside a sentence: "Knee scope set" loses its capital, "C-arm" keeps it."""
        name = self.clinic.name_of(resource)
        return name[:1].lower() + name[1:] if name[1:2].islower() else name

    def minute(self, wall: int) -> str:
        """A wall minute: "9:30 AM", or "09:30" on a 24 h clock."""
        hour, minute = divmod(wall, 60)
        if self.clinic.settings.clock == "24h":
            return f"{hour:02}:{minute:02}"
        return f"{(hour - 1) % 12 + 1}:{minute:02}\u00a0{'AM' if hour % 24 < 12 else 'PM'}"

    def clock(self, instant: Instant) -> str:
        """The wall time of an instant."""
        wall = Calendar(self.clinic.timezone).wall(instant)
        return self.minute(wall.hour * 60 + wall.minute)

    def span(self, window: Window) -> str:
        return f"{self.minute(window[0])} to {self.minute(window[1])}"

    def day(self, date: dt.date) -> str:
        """ "Wednesday, March 11"."""
        return f"{date:%A}, {date:%B} {date.day}"

    def weekday(self, number: int) -> str:
        return _WEEKDAYS[number]
