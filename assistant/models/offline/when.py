"""The window a message speaks of, as fields of a request."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from assistant.models.offline.dates import Problem, WhenReading, read_when
from assistant.models.offline.dates.say import clock_time, full_date
from assistant.models.offline.reading import Choice, Patch, Reading
from assistant.models.offline.wish_words import beside_other_things
from solver.clinic import DAYS

HORIZON_DAYS = 14
"""How many days are searched when no end is said, today included."""
LONGEST_DAYS = 366
DAY_FIELDS = ("date_from", "date_to", "weekdays", "exclude_dates")
HOUR_FIELDS = ("start_from", "start_until", "end_by")


def read_dates(r: Reading) -> None:
    """Read the window from the words nobody has taken yet."""
    r.when = read_when(untaken(r), r.now, r.lexicon.times)
    if r.when is None:
        return
    others = list(beside_other_things(r))
    for begin, end in r.when.spans:
        r.utterance.take_characters(begin, end, "when")
    for word in (word for i, j in others for word in r.utterance.words[i:j]):
        word.taken = ""
    for problem in r.when.problems:
        r.ask("when", problem.text, _answers(r, problem))
    if not r.when.problems:
        patch = fields_of(r.when, r.now.date())
        if r.when.preference:
            hours = {key: value for key, value in patch.items() if key in (*HOUR_FIELDS, "position")}
            wished = hours if any(hours.values()) else patch
            # Of a day and an hour that are wished for together the hour gives way: the day was named, too.
            r.edits["wished_when"] = wished
            r.fields |= {key: value for key, value in patch.items() if key not in wished}
        else:
            r.fields |= patch
            if r.when.preferred is not None:
                r.edits["wished_when"] = fields_of(r.when.preferred, r.now.date())


def untaken(r: Reading) -> str:
    """The text with every word already taken as a comma: a boundary, which a short "thu" may stand beside."""
    text, words = _holidays_dated(r), r.utterance.words
    others = [(words[i].begin, words[j - 1].end) for i, j in beside_other_things(r)]
    for begin, end in (*r.utterance.taken_spans(), *others):
        text = f"{text[:begin]},{' ' * (end - begin - 1)}{text[end:]}"
    return text


def _holidays_dated(r: Reading) -> str:
    """The text with the clinic's next holiday of a name as its date, padded to the name's length."""
    text = r.utterance.text
    for name, day in r.lexicon.holidays:
        if day >= r.now.date():
            written = f"{day:%m/%d/%y}" if r.lexicon.times.date_order == "mdy" else f"{day:%d/%m/%y}"
            named = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
            text = named.sub(written.ljust(len(name)), text)
    return text


def _answers(r: Reading, problem: Problem) -> tuple[Choice, ...]:
    days = [Choice(full_date(day), one_day(day)) for day in problem.dates]
    times = [Choice(clock_time(at, r.lexicon.times.clock), _exactly(at)) for at in problem.times]
    return tuple(days + times)


def _exactly(at: time) -> Patch:
    return {"start_from": f"{at:%H:%M}", "start_until": f"{at:%H:%M}"}


def one_day(day: date) -> Patch:
    """A request for just that day."""
    return {"date_from": day.isoformat(), "date_to": day.isoformat(), "weekdays": None, "exclude_dates": None}


def fields_of(when: WhenReading, today: date) -> Patch:
    """What the window sets; days and hours that it doesn't mention are left out."""
    patch: Patch = {}
    if when.has_days or when.soonest:
        patch |= _days(when, today)
    clocks = {"start_from": when.start_from, "start_until": when.start_until, "end_by": when.end_by}
    if any(clocks.values()):
        patch |= {key: f"{at:%H:%M}" if at else None for key, at in clocks.items()}
    if when.position:
        patch["position"] = when.position
    return patch


def _days(when: WhenReading, today: date) -> Patch:
    first = when.date_from or min(today, when.date_to or today)
    last = when.date_to or first + timedelta(days=HORIZON_DAYS - 1)
    last = min(max(first, last), first + timedelta(days=LONGEST_DAYS - 1))
    weekdays = set(when.weekdays if when.weekdays is not None else range(7)) - when.exclude_weekdays
    said = [day for number, day in enumerate(DAYS) if number in weekdays]
    excluded = sorted(day.isoformat() for day in when.exclude_dates if first <= day <= last)
    return {
        "date_from": first.isoformat(),
        "date_to": last.isoformat(),
        "weekdays": said if len(said) < 7 and first != last else None,
        "exclude_dates": excluded or None,
    }
