"""Dates and windows in words: "Dr. Smith, knee scope, next Tuesday after 2pm except Fridays" -> a window.

In order: tokens -> scan (phrases: day_grammar, periods, relative, windows, clock) -> resolve -> join -> echo.
"""

from assistant.models.offline.dates.read import read_when
from assistant.models.offline.dates.reading import Problem, TimeSettings, WhenReading

__all__ = ["Problem", "TimeSettings", "WhenReading", "read_when"]
