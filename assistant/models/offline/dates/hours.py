"""Times of day as said: "7:30", "3p", "0730", "half past seven", "ten forty five", "8 in the morning"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from assistant.models.offline.dates.numbers import Hit, spelled
from assistant.models.offline.dates.tokens import Line, by_first
from assistant.models.offline.dates.words import MEASURES, WEEKDAYS, weekday_of, word_set

Meridiem = Literal["am", "pm"]


@dataclass(frozen=True)
class Hour:
    """A time of day. Without a meridiem an hour of 1 to 11 may be either; `sure`: a time without any cue."""

    hour: int
    minute: int = 0
    meridiem: Meridiem | None = None
    sure: bool = False

    def readings(self) -> tuple[int, ...]:
        """The minutes of the day that this may mean, morning first."""
        base = self.hour * 60 + self.minute
        if self.meridiem == "am":
            return (base % 720,) if self.hour <= 12 else (base,)
        if self.meridiem == "pm":
            return (base % 720 + 720,) if self.hour <= 12 else (base,)
        if self.hour == 12 or not 1 <= self.hour <= 11:
            return (base,)
        return (base, base + 720)


# What may follow a bare number that is an hour: anything else makes it a count of that thing.
_FOLLOWERS = word_set(
    "or and but if for with on in to - , . ; ? ! ) : next this tomorrow today tonight of at until till "
    "through please pls by before after except not only ideally preferably o'clock works work is dr dr. "
    "instead every each works? every any between sharp latest earliest end ending finish finished finishing done out "
    "start starting"
)


def hour_at(line: Line, i: int, cue: bool) -> Hit[Hour] | None:
    """The time of day at i. `cue`: something before it ("at", a date) says that a bare number is an hour."""
    hit = _named(line, i) or _written(line, i) or _numbered(line, i, cue) or _worded(line, i, cue)
    if hit is None:
        return None
    return _with_part(line, hit)


def _named(line: Line, i: int) -> Hit[Hour] | None:
    for words in _NAMED.get(line.low(i), ()):
        if line.says(i, *words):
            hour = _NAMED_HOUR[words]
            return Hit(Hour(hour, 0, "pm" if hour == 12 else None, True), i + len(words))
    return _past_or_to(line, i)


NAMED = (
    (("12", "noon"), 12), (("twelve", "noon"), 12), (("noon",), 12), (("midday",), 12), (("mid", "day"), 12),
    (("12", "midday"), 12), (("midnight",), 0),
)  # fmt: skip
_NAMED_HOUR = dict(NAMED)
_NAMED = by_first(_NAMED_HOUR)
_FRACTIONS = {"half": 30, "quarter": 15, "ten": 10, "twenty": 20, "five": 5}


def _past_or_to(line: Line, i: int) -> Hit[Hour] | None:
    """ "half past 7", "quarter to eight"."""
    i += line.low(i) == "a"
    side = line.low(i + 1)
    if line.low(i) == "half" and (hour := _half_hour(line, i + 1)) is not None:
        return hour
    counted = (
        line.at(i).kind == "number" and 0 < line.at(i).value < 60 and side == "past" and not line.labelled(i)
    )
    minutes = line.at(i).value if counted else _FRACTIONS.get(line.low(i))
    if minutes is None or side not in {"past", "to", "before", "after", "til"}:
        return None
    if minutes not in {15, 30} and side not in {"past", "to"}:
        return None
    base = _numbered(line, i + 2, True) or _worded(line, i + 2, True) or _noon(line, i + 2)
    if base is None or base.value.minute:
        return None
    if side in {"past", "after"}:
        return Hit(replace(base.value, minute=minutes, sure=True), base.end)
    return Hit(
        replace(base.value, hour=(base.value.hour - 1) % 12 or 12, minute=60 - minutes, sure=True), base.end
    )


def _half_hour(line: Line, i: int) -> Hit[Hour] | None:
    """ "half eight" is half past eight, where "half 8 hours" would be a length."""
    hour = _numbered(line, i, True) or _worded(line, i, True)
    plain = hour is not None and not hour.value.minute and hour.end == i + 1 and 1 <= hour.value.hour <= 12
    if hour is None or not plain or line.low(hour.end) in MEASURES:
        return None
    return Hit(replace(hour.value, minute=30, sure=True), hour.end)


def _noon(line: Line, i: int) -> Hit[Hour] | None:
    return Hit(Hour(12, 0, "pm", True), i + 1) if line.low(i) in {"noon", "midday"} else None


def _written(line: Line, i: int) -> Hit[Hour] | None:
    """ "7:30", "15h", "12h15", "8.30pm", with or without am or pm."""
    token = line.at(i)
    if token.kind not in {"clock", "hour"} or line.labelled(i):
        return None
    parts = token.low.replace("h", ":").replace(".", ":").strip(":").split(":")
    numbers = [int(part) for part in parts if part]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    leading_zero = token.text[0] == "0" and hour > 0
    return _with_meridiem(line, Hour(hour % 24, minute, "am" if leading_zero else None, True), i + 1)


def _numbered(line: Line, i: int, cue: bool) -> Hit[Hour] | None:
    """ "7 pm", "7p", "330 p.m.", "0730", "7 o'clock"; with a cue also "7" and "1430"."""
    token = line.at(i)
    if token.kind != "number" or line.labelled(i):
        return None
    digits, after = len(token.text), line.low(i + 1)
    if digits <= 2 and token.value <= 24:
        return _one_or_two_digits(line, i, cue)
    if digits not in {3, 4} or token.value // 100 > 23 or token.value % 100 > 59:
        return None
    hour = Hour(token.value // 100, token.value % 100, None, True)
    if line.at(i + 1).kind == "meridiem" and 1 <= hour.hour <= 12:
        return _with_meridiem(line, hour, i + 1)
    year = 2000 <= token.value < 2100
    military = after in {"hrs", "hours", "hour"} and digits == 4
    if digits == 4 and (token.text[0] == "0" or military or (cue and not year and may_follow(line, i + 1))):
        return Hit(replace(hour, meridiem="am" if hour.hour < 12 else "pm"), i + 1 + military)
    return Hit(replace(hour, sure=False), i + 1) if cue and digits == 3 and may_follow(line, i + 1) else None


def _one_or_two_digits(line: Line, i: int, cue: bool) -> Hit[Hour] | None:
    value, after = line.at(i).value, line.low(i + 1)
    gap = line.low(i + 1) == "." and line.at(i + 2).kind == "meridiem"
    if line.at(i + 1 + gap).kind == "meridiem" and 1 <= value <= 12:
        return _with_meridiem(line, Hour(value, 0, None, True), i + 1 + gap)
    if after == "o'clock" and 1 <= value <= 12:
        return _with_meridiem(line, Hour(value, 0, None, True), i + 2)
    if after == "ish" and 1 <= value <= 12:
        return _with_meridiem(line, Hour(value, 0, None, True), i + 2)
    minutes = line.at(i + 1)
    spaced = (
        cue and minutes.kind == "number" and len(minutes.text) == 2 and minutes.value <= 59 and value <= 23
    )
    if spaced and (line.at(i + 2).kind == "meridiem" or may_follow(line, i + 2)):
        return _with_meridiem(line, Hour(value, minutes.value), i + 2)
    bare = cue and 1 <= value <= 12 and may_follow(line, i + 1)
    if bare or (1 <= value <= 12 and _part_after(line, i + 1)):
        return Hit(Hour(value), i + 1)
    return None


def _worded(line: Line, i: int, cue: bool) -> Hit[Hour] | None:
    """ "seven", "ten am", "nine fifty nine", "seven thirty five pm"."""
    first = spelled(line, i)
    if first is None or not 1 <= first.value <= 12 or line.labelled(i):
        return None
    second = spelled(line, first.end)
    if second is not None and 10 <= second.value <= 59 and line.low(second.end) not in MEASURES - {"in"}:
        return _with_meridiem(line, Hour(first.value, second.value, None, True), second.end)
    after = line.at(first.end)
    if after.kind == "meridiem" or after.low == "o'clock":
        return _with_meridiem(line, Hour(first.value, 0, None, True), first.end + (after.low == "o'clock"))
    if (cue and may_follow(line, first.end)) or _part_after(line, first.end):
        return Hit(Hour(first.value), first.end)
    return None


def _with_meridiem(line: Line, hour: Hour, i: int) -> Hit[Hour]:
    """Take "pm", "p.m.", "in the pm" and a stray "o'clock" that follow a time."""
    i += line.low(i) == "o'clock" and hour.minute == 0
    i += line.low(i) == "ish"
    skip = 2 if line.says(i, "in", "the") and line.at(i + 2).kind == "meridiem" else 0
    token = line.at(i + skip)
    if token.kind == "meridiem" and hour.hour <= 12:
        meridiem: Meridiem = "am" if token.low == "am" else "pm"
        return Hit(replace(hour, meridiem=meridiem, sure=True), i + skip + 1)
    return Hit(hour, i)


_PART_MERIDIEM: dict[str, Meridiem] = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "pm"}


def _part_after(line: Line, i: int) -> bool:
    """Whether "in the morning" (or "in the pm") follows."""
    skip = 2 if line.says(i, "in", "the") else 1 if line.low(i) in {"at", "this", "tomorrow"} else 0
    word = line.at(i + skip)
    return (skip == 2 and (word.low in _PART_MERIDIEM or word.kind == "meridiem")) or (
        skip == 1 and word.low in _PART_MERIDIEM
    )


def _with_part(line: Line, hit: Hit[Hour]) -> Hit[Hour]:
    """ "8 in the morning": the part of the day settles am or pm and is taken along."""
    hour, i = hit.value, hit.end
    skip = 2 if line.says(i, "in", "the") else 0
    word = line.low(i + skip)
    if not skip or hour.hour > 12:
        return hit
    if line.at(i + skip).kind == "meridiem":
        return Hit(replace(hour, meridiem="am" if word == "am" else "pm", sure=True), i + skip + 1)
    if word in _PART_MERIDIEM:
        if hour.meridiem not in {None, _PART_MERIDIEM[word]}:
            return hit
        return Hit(replace(hour, meridiem=_PART_MERIDIEM[word], sure=True), i + skip + 1)
    return hit


def may_follow(line: Line, i: int) -> bool:
    """Whether the token at i may stand after a bare hour: the end, a mark, a small word, a day."""
    token = line.at(i)
    if token.kind == "end" or token.low in WEEKDAYS or weekday_of(token.low):
        return True
    if token.low == "-" and line.low(i + 1) in MEASURES:
        return False
    if token.low in {",", "in"} and line.low(i + 1) in {"mm", "cm"}:
        return False
    return token.low in _FOLLOWERS
