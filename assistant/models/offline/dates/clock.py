"""Windows of the day: "after 2pm", "7-9", "between 8 and 10", "done by 3", "late morning", "first thing"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from assistant.models.offline.dates.hours import Hour, hour_at, may_follow
from assistant.models.offline.dates.numbers import Hit
from assistant.models.offline.dates.tokens import Line, by_first
from assistant.models.offline.dates.words import word_set

Bound = Literal["at", "from", "until", "between", "end-by", "part", "any"]


@dataclass(frozen=True)
class Clock:
    """A window of the day as said; hours may still be morning or evening. `part` names a part of the day."""

    bound: Bound
    first: Hour | None = None
    last: Hour | None = None
    part: str = ""
    side: Literal["", "before", "after", "not"] = ""
    around: bool = False
    position: Literal["first", "last"] | None = None


FROM = (
    ("no", "earlier", "than"), ("not", "earlier", "than"), ("not", "before"), ("no", "sooner", "than"),
    ("as", "early", "as"), ("nothing", "before"), ("nothing", "earlier", "than"),
    ("earliest", "start", "at"), ("earliest", "start"),
    ("at", "or", "after"), ("on", "or", "after"), ("later", "than"), ("starting", "after"), ("start", "after"),
    ("any", "time", "after"), ("anytime", "after"), ("sometime", "after"), ("beginning", "at"),
    ("starting", "from"), ("starting", "at"), ("from",), ("after",), ("past",), ("since",), (">",),
)  # fmt: skip
UNTIL = (
    ("no", "later", "than"), ("not", "later", "than"), ("not", "after"), ("at", "or", "before"),
    ("as", "late", "as"), ("nothing", "after"), ("nothing", "later", "than"), ("nothing", "past"),
    ("latest", "start", "at"), ("latest", "start"), ("latest",), ("last", "start", "at"), ("last", "start"),
    ("earlier", "than"), ("prior", "to"), ("start", "by"), ("starting", "by"), ("start", "before"),
    ("starting", "before"), ("in", "by"), ("any", "time", "before"), ("anytime", "before"), ("sometime", "before"),
    ("wheels", "in", "by"), ("before",), ("until",), ("<",),
)  # fmt: skip
FINISHING = word_set(
    "done finished finish finishes finishing out end ends ended ending over complete completed wrapped wrap leave "
    "leaving off closed up"
)
AT = (
    ("exactly", "at"), ("wheels", "in", "at"), ("wheels", "in"),
    ("start", "at"), ("starts", "at"), ("right", "at"), ("at", "exactly"), ("at",), ("@",),
    ("for",),
)  # fmt: skip
AROUND = (
    ("at", "around"), ("at", "about"), ("at", "approximately"), ("around", "about"), ("around",), ("about",),
    ("approximately",), ("approx", "."), ("approx",), ("roughly",), ("circa",), ("~",), ("near",), ("close", "to"),
)  # fmt: skip
_SUGGESTING = frozenset({"what", "how"})
_TO = frozenset({"to", "-", "until", "through", "and", "til", "till"})


Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""Phrases by their first word."""
_FROM, _UNTIL, _AT, _AROUND = (by_first(phrases) for phrases in (FROM, UNTIL, AT, AROUND))


def clock_at(line: Line, i: int, after_day: bool) -> Hit[Clock] | None:
    """The window of the day that begins at i, if one does. `after_day`: a day was read just before i."""
    rules = (_finishing, _between, _bounded, _around, _at)
    hits = [hit for rule in rules if (hit := rule(line, i)) is not None]
    bare = _bare(line, i, after_day)
    part = part_at(line, i, after_day)
    return max(
        [*hits, *([bare] if bare else []), *([part] if part else [])], key=lambda hit: hit.end, default=None
    )


def _leading(line: Line, i: int, phrases: Phrases) -> int | None:
    return next((i + len(words) for words in phrases.get(line.low(i), ()) if line.says(i, *words)), None)


def _finishing(line: Line, i: int) -> Hit[Clock] | None:
    """ "done by 3", "out before noon", "finished no later than 4", and "by 3" alone."""
    finishing = line.low(i) in FINISHING
    j = i + finishing
    j += finishing and line.low(j) in {"up", "of", "with"}
    start = j + 1 if line.low(j) == "by" else _leading(line, j, _UNTIL) if finishing else None
    if start is None and line.says(i, "wheels", "out"):
        start = i + 3 if line.low(i + 2) in {"by", "before"} else None
    if start is None:
        return None
    hour = hour_at(line, start, True)
    return Hit(Clock("end-by", last=hour.value), hour.end) if hour else None


def _between(line: Line, i: int) -> Hit[Clock] | None:
    """ "between 8 and 10", "from 8 to noon", "8-10am", "10:30 until 2"."""
    lead = line.low(i) in {"between", "from", "b/w"}
    start = i + lead
    start += line.low(start) in {"at", "@"} and lead
    first = hour_at(line, start, True) or _before_joiner(line, start)
    if first is None or line.low(first.end) not in _TO:
        return None
    joiner = first.end
    if line.low(joiner) == "and" and not (lead and line.low(i) != "from"):
        return None
    last = hour_at(line, joiner + 1, True)
    if last is None or not (lead or _is_range(line, start, first.value, last)):
        return None
    return Hit(Clock("between", first.value, last.value), last.end)


def _before_joiner(line: Line, i: int) -> Hit[Hour] | None:
    token = line.at(i)
    if token.kind == "number" and 1 <= token.value <= 12 and len(token.text) <= 2 and not line.labelled(i):
        return Hit(Hour(token.value), i + 1)
    return None


def _is_range(line: Line, start: int, first: Hour, last: Hit[Hour]) -> bool:
    """Whether two joined numbers without "from" are hours: one of them is a sure time, or they stand apart."""
    if first.sure or last.value.sure:
        return True
    if line.low(start + 1) == "-" and not _plausible(line, first, last.value):
        return False
    return (
        line.low(start + 1) in {"-", "to", "until"}
        and not line.labelled(start)
        and may_follow(line, last.end)
    )


_FAR = 120
"""Minutes outside OR hours from which "3-10" is hardly a time, and may be a date."""


def _plausible(line: Line, first: Hour, last: Hour) -> bool:
    opening, close = (at.hour * 60 + at.minute for at in (line.settings.opening, line.settings.closing))
    pairs = [(a, b) for a in first.readings() for b in last.readings() if a < b]
    return any(opening - _FAR < a and b < close + _FAR for a, b in pairs)


def _bounded(line: Line, i: int) -> Hit[Clock] | None:
    """ "after 2pm", "not before 9", "before noon", "no later than 3", "3 pm or later"."""
    for phrases, bound in ((_FROM, "from"), (_UNTIL, "until")):
        start = _leading(line, i, phrases)
        hour = (
            None if start is None else hour_at(line, start + (line.low(start) in {"around", "about"}), True)
        )
        if hour is not None:
            return _sided(bound, hour)
    return _trailing(line, i)


def _sided(bound: str, hour: Hit[Hour]) -> Hit[Clock]:
    if bound == "from":
        return Hit(Clock("from", first=hour.value), hour.end)
    return Hit(Clock("until", last=hour.value), hour.end)


_AFTERWARDS = (
    ("or", "later"),
    ("or", "after"),
    ("onwards",),
    ("onward",),
    ("and", "later"),
    ("or", "thereafter"),
)
_BEFOREHAND = (("or", "earlier"), ("or", "before"), ("or", "sooner"), ("at", "the", "latest"), ("latest",))
_EARLIEST = (("at", "the", "earliest"), ("earliest",))
_LATER, _SOONER = by_first(_AFTERWARDS + _EARLIEST), by_first(_BEFOREHAND)


def _trailing(line: Line, i: int) -> Hit[Clock] | None:
    """ "2pm or later", "at 10 at the latest"."""
    start = _leading(line, i, _AT) or i
    hour = hour_at(line, start, True)
    if hour is None:
        return None
    for phrases, bound in ((_LATER, "from"), (_SOONER, "until")):
        end = _leading(line, hour.end, phrases)
        if end is not None:
            return _sided(bound, Hit(hour.value, end))
    return None


def _around(line: Line, i: int) -> Hit[Clock] | None:
    start = _leading(line, i, _AROUND)
    suggested = line.low(i) == "about" and line.low(i - 1) in _SUGGESTING
    hour = None if start is None or suggested else hour_at(line, start, True)
    return Hit(Clock("at", hour.value, around=True), hour.end) if hour else None


def _at(line: Line, i: int) -> Hit[Clock] | None:
    start = _leading(line, i, _AT)
    if start is None:
        return None
    hour = hour_at(line, start, line.low(i) != "for")
    return Hit(Clock("at", hour.value, around=line.low(hour.end - 1) == "ish"), hour.end) if hour else None


def _bare(line: Line, i: int, after_day: bool) -> Hit[Clock] | None:
    """A time without a preposition: a sure one anywhere, a bare number right after a day or "what about"."""
    cue = after_day or (line.low(i - 1) == "about" and line.low(i - 2) in _SUGGESTING)
    hour = hour_at(line, i, cue)
    if hour is None or not (hour.value.sure or cue):
        return None
    return Hit(Clock("at", hour.value, around=line.low(hour.end - 1) == "ish"), hour.end)


PARTS = {
    "morning": "morning", "mornings": "morning", "afternoon": "afternoon", "afternoons": "afternoon",
    "evening": "evening", "evenings": "evening", "night": "night", "nights": "night", "lunchtime": "lunch",
    "midmorning": "mid morning", "midafternoon": "mid afternoon", "aft": "afternoon", "morn": "morning",
}  # fmt: skip
WHOLE = (
    (("first", "thing", "in", "the", "morning"), Clock("part", part="morning", position="first")),
    (("first", "thing"), Clock("part", part="morning", position="first")),
    (("last", "thing"), Clock("part", part="afternoon", position="last")),
    (("at", "the", "end", "of", "the", "day"), Clock("part", part="day end", position="last")),
    (("end", "of", "the", "day"), Clock("part", part="day end", position="last")),
    (("end", "of", "day"), Clock("part", part="day end", position="last")),
    (("eod",), Clock("part", part="day end", position="last")),
    (("around", "lunchtime"), Clock("part", part="lunch")),
    (("over", "lunch"), Clock("part", part="lunch")),
    (("at", "lunch"), Clock("part", part="lunch")),
    (("lunch", "time"), Clock("part", part="lunch")),
    (("any", "time", "of", "day"), Clock("any")),
    (("anytime", "of", "day"), Clock("any")),
    (("all", "day"), Clock("any")),
)  # fmt: skip
_SIDES: dict[str, Literal["before", "after"]] = {"before": "before", "after": "after"}


_LEADS = by_first([("in", "the"), ("during", "the"), ("the",), ("in",), ("on", "the"), ("any",), ("a",)])
_LATER_IN = by_first([("in", "the"), ("this",)])


def part_at(line: Line, i: int, after_day: bool) -> Hit[Clock] | None:
    """ "in the morning", "late afternoon", "PM" after a day, "before lunch", "first thing", "end of day"."""
    by = line.low(i) == "by"
    for words, clock in WHOLE:
        if line.says(i + by + (by and line.low(i + 1) == "the"), *words) and (
            not by or clock.part == "day end"
        ):
            end = i + by + (by and line.low(i + 1) == "the") + len(words)
            return Hit(replace(clock, side="before", position=None) if by else clock, end)
    side = _SIDES.get(line.low(i))
    j = i + (side is not None)
    j = _leading(line, j, _LEADS) or j
    qualifier, j = _qualifier(line, j)
    if side and line.low(j) in {"lunch", "breakfast"}:
        return Hit(Clock("part", part="lunch", side=side), j + 1) if line.low(j) == "lunch" else None
    part = PARTS.get(line.low(j)) or _half_day(line, i, j, after_day)
    if part is None or (line.low(j) == "night" and line.low(i - 1) == "last"):
        return None
    return Hit(replace(Clock("part", part=f"{qualifier} {part}".strip()), side=side or ""), j + 1)


def _qualifier(line: Line, i: int) -> tuple[str, int]:
    """ "early", "later in the", "mid" before a part of the day."""
    names = {"early": "early", "earlier": "early", "late": "late", "later": "late", "mid": "mid"}
    name = names.get(line.low(i), "")
    if not name:
        return "", i
    return name, _leading(line, i + 1, _LATER_IN) or i + 1


def _half_day(line: Line, begin: int, i: int, after_day: bool) -> str | None:
    """ "AM" or "PM" for a half of the day: after a day, after "in the", or in capitals on its own."""
    token = line.at(i)
    if token.kind != "meridiem" or len(token.text.strip(".")) < 2 or line.at(i - 1).kind == "number":
        return None
    led = (begin < i and line.low(i - 1) in {"the", "early", "late"}) or line.low(i - 1) in {"to", "-"}
    if not (after_day or led or token.text in {"AM", "PM"}) or line.low(i - 1) in {"i", "m"}:
        return None
    return "morning" if token.low == "am" else "afternoon"
