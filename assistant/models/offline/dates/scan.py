"""The time phrases of a line, left to right: what each says, how it is joined, wished for or ruled out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.models.offline.dates.clock import Clock, clock_at, part_at
from assistant.models.offline.dates.hours import Hour, hour_at
from assistant.models.offline.dates.named_day import NamedDay
from assistant.models.offline.dates.names import weekday_at
from assistant.models.offline.dates.numbers import Hit, count
from assistant.models.offline.dates.resolve import is_bare_weekday
from assistant.models.offline.dates.starters import may_start
from assistant.models.offline.dates.tokens import Line, by_first
from assistant.models.offline.dates.windows import Said, said_at
from assistant.models.offline.dates.words import TOMORROW, UNITS, word_set


@dataclass(frozen=True)
class Item:
    """One phrase, tokens [begin, end). `joiner` ties it to the item before: "or", "and", ",", "" or none."""

    days: Said | None
    clock: Clock | None
    begin: int
    end: int
    joiner: str | None = None
    soft: bool = False
    excluded: bool = False


REFUSED = (("unless",), ("instead", "of"), ("rather", "than"), ("in", "place", "of"), ("as", "opposed", "to"))
EXCEPT = (
    ("except", "for"), ("except", "on"), ("except",), ("excepting",), ("but", "not", "on"), ("but", "not"),
    ("but", "no"), ("but", "never"), ("just", "not"), ("and", "not"), ("not", "on"), ("not", "in"), ("not", "the"),
    ("not",), ("no",), ("never", "on"), ("never",), ("other", "than"), ("anything", "but"), ("any", "day", "but"),
    ("apart", "from"), ("avoid",), ("avoiding",), ("besides",), ("minus",), ("skip",), ("skipping",),
    ("anytime", "but"), ("any", "time", "but"), ("any", "day", "except"), ("without",),
    ("can't", "do"), ("cant", "do"), ("cannot", "do"), ("can", "not", "do"), ("couldn't", "do"), ("won't", "do"),
    ("can't", "make"), ("cant", "make"), ("cannot", "make"), ("don't", "want"), ("dont", "want"), ("unavailable", "on"),
    ("unavailable",), ("not", "available", "on"), ("not", "available"), ("not", "free", "on"), ("doesn't", "work"),
    ("doesnt", "work"), ("don't", "work"), ("dont", "work"), ("away", "on"),
)  # fmt: skip


_REFUSED, _EXCEPT = by_first(REFUSED), by_first(EXCEPT)


def scan(line: Line) -> list[Item]:
    """All the phrases of the line in order; those after "unless" or "instead of" are left unread."""
    items: list[Item] = []
    i = 0
    while line.at(i).kind != "end":
        i = _step(line, i, items)
    return items


def _step(line: Line, i: int, items: list[Item]) -> int:
    refused = next((len(words) for words in _REFUSED.get(line.low(i), ()) if line.says(i, *words)), 0)
    if refused:
        return _past_refused(line, i + refused)
    ruled_out = _exclusion(line, i, items)
    if ruled_out is not None:
        items.extend(ruled_out.value)
        return _refused_after(line, ruled_out.value, items) if ruled_out.value else ruled_out.end
    found = _items_at(line, i, items) if may_start(line.at(i)) else []
    if not found:
        return i + 1
    items.extend(found)
    return _refused_after(line, found, items)


_UNFIT = by_first(
    [
        *(
            (*verb, *fit)
            for verb in (
                ("don't",),
                ("dont",),
                ("doesn't",),
                ("doesnt",),
                ("won't",),
                ("wont",),
                ("do", "not"),
                ("does", "not"),
                ("will", "not"),
                ("can't",),
                ("cant",),
                ("cannot",),
            )
            for fit in (("work",), ("do",), ("suit",))
        ),
        *(
            (*verb, *bad)
            for verb in (("is",), ("are",))
            for bad in (("no", "good"), ("out",), ("bad",), ("impossible",))
        ),
    ]
)


def _refused_after(line: Line, found: list[Item], items: list[Item]) -> int:
    """ "Tuesdays don't work", "Mondays and Fridays are out": the days just listed are ruled out."""
    end = found[-1].end
    length = next((len(words) for words in _UNFIT.get(line.low(end), ()) if line.says(end, *words)), 0)
    if not length or any(item.days is None for item in found):
        return end
    k = len(items) - 1
    while k > 0 and items[k].joiner in {"and", "or"} and items[k - 1].days is not None:
        k -= 1
    items[k:] = [replace(item, excluded=True) for item in items[k:]]
    items[-1] = replace(items[-1], end=end + length)
    return end + length


def _past_refused(line: Line, i: int) -> int:
    """Skip the phrase that "instead of" or "unless" governs, so that it is never read as a wish."""
    i += line.low(i) in {"it", "the", "on", "a", "for", "at", "in", "by", "from"} and not _items_at(
        line, i, []
    )
    found = _items_at(line, i, [])
    while found:
        i = found[-1].end
        joined = line.low(i) in {"or", "and"}
        found = _items_at(line, i + joined, found)
    return i


def _items_at(line: Line, i: int, items: list[Item]) -> list[Item]:
    """The phrase that begins at i: days, a window of the day, or both at once ("this morning")."""
    joiner = _joiner(line, i, items)
    after_day = bool(items) and items[-1].days is not None and joiner in {"", ","}
    after_day = after_day or _second_hour(line, i, items)
    early = _early_day(line, i, joiner)
    if early:
        return early
    both = _today_part(line, i)
    days, clock = said_at(line, i), clock_at(line, i, after_day) or _hour_before_day(line, i)
    if both and both.end >= max(days.end if days else 0, clock.end if clock else 0):
        today = Said("on", NamedDay(fixed=line.now.date()))
        return [Item(today, None, i, both.end, joiner), Item(None, both.value, i, both.end, "")]
    hours = _in_hours(line, i) or _hours_around_day(line, i)
    if hours is not None:
        return [
            Item(hours.value[0], None, i, hours.end, joiner),
            Item(None, hours.value[1], i, hours.end, ""),
        ]
    if clock is not None and (days is None or clock.end > days.end):
        return [Item(None, clock.value, i, clock.end, joiner)]
    return [Item(days.value, None, i, days.end, joiner)] if days else []


def _second_hour(line: Line, i: int, items: list[Item]) -> bool:
    """ "at 9 or 2": another hour, unless the room is meant ("OR 2")."""
    at = bool(items) and items[-1].clock is not None and items[-1].clock.bound == "at"
    return at and items[-1].end == i - 1 and line.at(i - 1).text == "or"


def _in_hours(line: Line, i: int) -> Hit[tuple[Said, Clock]] | None:
    """ "in two hours": from that moment on; after "done" or "takes" it is a length, and left alone."""
    lead = line.low(i) == "in"
    number = count(line, i + lead)
    unit = UNITS.get(line.low(number.end)) if number else None
    from_now = number is not None and line.says(number.end + 1, "from", "now")
    if (
        number is None
        or unit not in {"hour", "minute"}
        or not (lead or from_now)
        or line.low(i - 1) in _LENGTHS
    ):
        return None
    moment = line.now + timedelta(minutes=number.value * (60 if unit == "hour" else 1))
    hour = Hour(moment.hour, moment.minute, "am" if moment.hour < 12 else "pm", True)
    return Hit(
        (Said("on", NamedDay(fixed=moment.date())), Clock("from", hour)), number.end + 1 + 2 * from_now
    )


def _hours_around_day(line: Line, i: int) -> Hit[tuple[Said, Clock]] | None:
    """ "from 9 on Tuesday to 11", "between 2 tomorrow and 4": two hours of one day that stands between them."""
    lead = line.low(i) in {"from", "between"}
    first = hour_at(line, i + lead, True)
    days = said_at(line, first.end + (line.low(first.end) == "on")) if first else None
    if first is None or days is None or days.value.op != "on" or not isinstance(days.value.first, NamedDay):
        return None
    joiners = {"to", "-", "until", "through", *({"and"} if line.low(i) == "between" else ())}
    last = hour_at(line, days.end + 1, True) if line.low(days.end) in joiners else None
    if last is None or not (lead or first.value.sure or last.value.sure) or said_at(line, last.end):
        return None
    return Hit((days.value, Clock("between", first.value, last.value)), last.end)


_LENGTHS = word_set("done finished finish finishes takes take completed complete over out fits fit it")


def _early_day(line: Line, i: int, joiner: str | None) -> list[Item]:
    """ "early Tuesday", "late Friday afternoon": a day and the early or late end of it."""
    qualifier = line.low(i) if line.low(i) in {"early", "late"} else ""
    days = said_at(line, i + 1) if qualifier else None
    if days is None or days.value.op != "on" or not isinstance(days.value.first, NamedDay):
        return []
    part = part_at(line, days.end, True)
    plain = part is not None and part.value.part in {"morning", "afternoon", "evening"}
    name = (
        part.value.part
        if part is not None and plain
        else {"early": "morning", "late": "afternoon"}[qualifier]
    )
    end = part.end if part is not None and plain else days.end
    clock = Clock("part", part=f"{qualifier} {name}")
    return [Item(days.value, None, i, days.end, joiner), Item(None, clock, i, end, "")]


def _today_part(line: Line, i: int) -> Hit[Clock] | None:
    """ "this afternoon", "tonight", "later this morning"."""
    if line.low(i) == "tonight":
        return Hit(Clock("part", part="night"), i + 1)
    lead = line.low(i) if line.low(i) in {"early", "late", "later"} else ""
    start = i + bool(lead) + (line.low(i + bool(lead)) == "in")
    if line.low(start) != "this" or line.low(start + 1) not in {"morning", "afternoon", "aft", "evening"}:
        return None
    qualifier = {"later": "late"}.get(lead, lead)
    part = {"aft": "afternoon"}.get(line.low(start + 1), line.low(start + 1))
    return Hit(Clock("part", part=f"{qualifier} {part}".strip()), start + 2)


def _hour_before_day(line: Line, i: int) -> Hit[Clock] | None:
    """ "9 tomorrow", "8 this evening", "seven on the 15th", "730 tues": an hour, where nothing else is counted."""
    compact = line.at(i).kind == "number" and len(line.at(i).text) in {3, 4} and not line.labelled(i)
    if compact and (line.low(i + 1) in TOMORROW or weekday_at(line, i + 1)):
        return clock_at(line, i, True)
    if line.low(i - 1) not in {"", ",", ".", ";", "at", "on"} or line.low(i + 1) not in {
        "tomorrow",
        "this",
        "on",
        "today",
        "tonight",
    }:
        return None
    return clock_at(line, i, True)


_JOINERS = frozenset(
    {"or", "and", "but", "&", "/", ",", "then", "+", "also", "(", "either", "maybe", "-", "say"}
)


def _joiner(line: Line, i: int, items: list[Item]) -> str | None:
    """What stands between the item before and token i: "" nothing, None some other word."""
    if not items:
        return None
    between = [line.low(k) for k in range(items[-1].end, i)] if i - items[-1].end <= 3 else ["?"]
    if any(word not in _JOINERS | {"only", "on", "at", "in", "for", "of", "the"} for word in between):
        return None
    for word in ("or", "and", "&", "/", "but"):
        if word in between:
            return {"&": "and", "/": "or"}.get(word, word)
    return "," if "," in between else ""


def _exclusion(line: Line, i: int, items: list[Item]) -> Hit[list[Item]] | None:
    """ "except Fridays", "not the 14th or 15th", "any weekday but Friday", "no mornings"."""
    denied = i + (line.low(i) == "but")
    if line.low(denied) in {"not", "no", "nothing"} and _is_bound(line, denied):
        return None
    phrases = _EXCEPT.get(line.low(i), ())
    start = next((i + len(words) - (words[-1] == "the") for words in phrases if line.says(i, *words)), None)
    if (
        start is not None
        and line.low(start - 1) == "but"
        and line.low(start) in {"not", "no"}
        and _is_bound(line, start)
    ):
        return None  # "any time but not before 10"
    if start is None and line.low(i) == "but" and items and items[-1].end == i:
        said = items[-1].days
        wide = said is not None and (said.op in {"weekdays", "any"} or isinstance(said.first, tuple))
        start = i + 1 if wide else None
    if start is None:
        return None
    found: list[Item] = []
    if _excluded_at(line, start) is None and _items_at(line, start, []):
        return Hit([], _past_refused(line, start))
    while (item := _excluded_at(line, start)) is not None:
        found.append(replace(item, begin=i if not found else item.begin))
        start = _next_excluded(line, item.end)
    return Hit(found, found[-1].end) if found else None


def _is_bound(line: Line, i: int) -> bool:
    """ "not before 9", "no later than Friday", "not until Monday" say a bound, not an exclusion."""
    return line.low(i + 1) in {"before", "after", "until", "later", "earlier", "sooner", "past"}


def _excluded_at(line: Line, i: int) -> Item | None:
    i += line.low(i) == "the" and weekday_at(line, i + 1) is not None  # "but not on the Wednesday"
    skip = line.low(i) in {"on", "for", "in"} and line.low(i + 1) != "the"
    days = _weekday_alone(line, i + skip) or said_at(line, i + skip) or said_at(line, i)
    part = part_at(line, i, False)
    if (
        days is not None
        and days.value.op in {"on", "weekdays", "range"}
        and (part is None or days.end >= part.end)
    ):
        then = part_at(line, days.end, True)
        return None if then else Item(days.value, None, i, days.end, None, False, True)
    plain = part is not None and part.value.bound == "part" and not part.value.side
    return Item(None, part.value, i, part.end, None, False, True) if part and plain else None


def _weekday_alone(line: Line, i: int) -> Hit[Said] | None:
    """ "other than Tuesday through the 20th": what is ruled out ends before the bound of the whole."""
    weekday = weekday_at(line, i)
    ends = weekday is not None and line.low(weekday.end) in {"through", "until", "thru"}
    if weekday is None or not ends or weekday_at(line, weekday.end + 1):
        return None
    return Hit(Said("on", NamedDay(weekday=weekday.value[0])), weekday.end)


def _next_excluded(line: Line, i: int) -> int:
    """Where the next member of the list of exclusions begins, or the end of the line when there is none."""
    stop = len(line.tokens)
    if line.low(i) in {"or", "and", "nor", "&", "/"}:
        return i + 1
    if line.low(i) == ",":
        more = _excluded_at(line, i + 1 + (line.low(i + 1) in {"or", "and"}))
        listed = line.low(i + 1) in {"or", "and"} or (more and line.low(more.end) in {"or", "and"})
        return i + 1 + (line.low(i + 1) in {"or", "and"}) if listed else stop
    return stop


def joins_weekdays(item: Item) -> bool:
    """Whether a comma may list it: "Mon, Wed, Fri", "Tuesdays, Thursdays"."""
    said = item.days
    return said is not None and (said.op == "weekdays" or (said.op == "on" and is_bare_weekday(said.first)))
