""" "What costs us most?": the words that ask for it, and the days that have gone by which it is asked of."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from assistant.models.offline.reading import Patch, Reading
from assistant.models.offline.words import NUMBERS

DAYS = 30
"""The days up to today that are looked at where none are named."""

_ASKED = re.compile(
    r"\b(?:"
    r"(?:what|which (?:rules?|resources?|rooms?|things?))(?: \w+)?? (?:costs?|hurts?|limits?|holds?|held) "
    r"(?:us|me|the clinic|our clinic)(?: back)?(?: (?:the )?most(?: often)?)?(?: (?:slots|time|requests|cases))?"
    r"|(?:what|which (?:rules?|resources?|rooms?|things?))(?: \w+)?? (?:blocks?|blocked|stops?|stopped|loses?|lost)"
    r"(?: us)? (?:the )?most(?: (?:requests|cases|slots|time|minutes|surgery|often))*"
    r"|what (?:are|is|were|was) (?:(?:our|the|my) )?(?:(?:biggest|worst|main|top|greatest|\w+) )?(?:bottle ?necks?)"
    r"|(?:(?:show|list|rank|give)(?: me| us)? )?(?:(?:our|the|my) )?(?:(?:biggest|worst|main|top) )?bottle ?necks?"
    r"|(?:what|which)(?: \w+)?? (?:should|could|would|must) (?:we|i|the clinic) (?:buy|hire|staff|add|get more of)"
    r"(?: (?:next|first|more of))?"
    r"|(?:what|which|how many|show(?: me)?|list)(?: (?:of )?(?:our|the))? (?:requests )?"
    r"(?:unmet requests?|(?:went|were|are|have been|had been) (?:unmet|without a slot)|(?:had|got|found) no slot)"
    r")(?!\S)"
)
_PERIOD = re.compile(
    r"\b(?:(?:in|over|for|during|within|since|of) )?(?:the )?(?:"
    r"(?P<ago>last|past|previous) (?:(?P<count>\w+) )?(?P<unit>day|week|month|quarter|year)s?"
    r"|(?P<this>this|current) (?P<now>week|month|quarter|year)(?: so far| to date)?"
    r"|(?P<one>today|yesterday)"
    r")(?!\S)"
)
_LENGTH = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def read_costs(r: Reading) -> None:
    """Note that it is asked what costs most, with the days of asking: past ones, which no request for a slot has."""
    for _, i, j in [*r.utterance.find(_ASKED)][:1]:
        r.cues.add("costs")
        r.utterance.take(i, j, "cue")
        for match, k, n in [*r.utterance.find(_PERIOD)][:1]:
            first, last = _period(match, r.now.date())
            r.fields |= {"date_from": first.isoformat(), "date_to": last.isoformat()}
            r.utterance.take(k, n, "when")


def asked_of(fields: Patch, today: date) -> Patch:
    """The tool's input: the days that were named, or the last of them up to today."""
    first = (today - timedelta(days=DAYS - 1)).isoformat()
    return {"date_from": fields.get("date_from", first), "date_to": fields.get("date_to", today.isoformat())}


def _period(match: re.Match[str], today: date) -> tuple[date, date]:
    if match["one"]:
        day = today - timedelta(days=match["one"] == "yesterday")
        return day, day
    if match["this"]:
        return _begin(match["now"], today), today
    if match["count"]:
        many = int(match["count"]) if match["count"].isdecimal() else NUMBERS.get(match["count"], 1)
        days = min(_LENGTH[match["unit"]] * max(many, 1), 366)
        return today - timedelta(days=days - 1), today
    last = _begin(match["unit"], today) - timedelta(days=1)
    return _begin(match["unit"], last), last


def _begin(unit: str, day: date) -> date:
    """The first day of the week, month, quarter or year that holds `day`."""
    starts: dict[str, Callable[[], date]] = {
        "day": lambda: day,
        "week": lambda: day - timedelta(days=day.weekday()),
        "month": lambda: day.replace(day=1),
        "quarter": lambda: day.replace(month=day.month - (day.month - 1) % 3, day=1),
        "year": lambda: day.replace(month=1, day=1),
    }
    return starts[unit]()
