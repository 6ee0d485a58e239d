"""A scheduler's text in, the window it speaks of out, with the characters that said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assistant.models.offline.dates.join import join
from assistant.models.offline.dates.reading import TimeSettings, WhenReading
from assistant.models.offline.dates.scan import Item, scan
from assistant.models.offline.dates.tokens import Line, by_first, read_line

_WISHES = (
    ("if", "at", "all", "possible"), ("if", "possible"), ("if", "we", "can"), ("if", "you", "can"), ("if", "able"),
    ("preferably",), ("preferred",), ("ideally",), ("hopefully",), ("would", "prefer"), ("prefers",), ("prefer",),
    ("i'd", "prefer"), ("pref",), ("would", "be", "nice"), ("would", "be", "best"), ("would", "be", "ideal"),
    ("is", "best"), ("is", "preferred"), ("best",), ("would", "like"), ("if", "available"), ("if", "open"),
)  # fmt: skip
_BY_FIRST = by_first(_WISHES)
_LEADING_WORDS = frozenset(
    {"on", "for", "in", "at", "during", "sometime", "only", "over", "of", "either", "the"}
)


def read_when(
    text: str,
    now: datetime,
    settings: TimeSettings | None = None,
    taken: Sequence[tuple[int, int]] = (),
) -> WhenReading | None:
    """The window that `text` speaks of, or None when it speaks of none.

    `now` is clinic wall time. `taken` are character spans [begin, end) that mean something else (a
    surgeon called May): they are not read. Problems are to be asked about, never searched with.
    Raises nothing on any text.
    """
    line = read_line(text, now.replace(tzinfo=None), settings or TimeSettings(), tuple(taken))
    items, wishes = _with_wishes(scan(line), line)
    if all(_says_nothing(item) for item in items):
        return None
    return replace(join(items, line), spans=_spans(items, wishes, line))


def _says_nothing(item: Item) -> bool:
    """ "any time", "all day": no bound at all, worth reading only beside another phrase."""
    clock_open = item.clock is None or item.clock.bound == "any"
    return clock_open and (item.days is None or item.days.op == "any")


def _with_wishes(items: list[Item], line: Line) -> tuple[list[Item], list[tuple[int, int]]]:
    """Mark the items that "ideally" precedes or "if possible" follows, with the rest of their phrase."""
    wishes: list[tuple[int, int]] = []
    for i in range(len(line.tokens)):
        length = next((len(words) for words in _BY_FIRST.get(line.low(i), ()) if line.says(i, *words)), 0)
        if not length or any(begin <= i < end for begin, end in wishes):
            continue
        marked = _wished(items, i, i + length, line)
        if marked is not None:
            items = marked
            wishes.append((i, i + length))
    return items, wishes


def _wished(items: list[Item], begin: int, end: int, line: Line) -> list[Item] | None:
    after = end
    while line.low(after) in _LEADING_WORDS | {",", ":", "a", "to", "do"}:
        after += 1
    leads = line.low(begin) != "if" and line.low(begin) not in {"would", "is", "best", "preferred"}
    would_like = line.says(begin, "would", "like") or line.says(begin, "would", "prefer")
    if leads or would_like:
        start = next((k for k, item in enumerate(items) if end <= item.begin <= after), None)
        if start is not None:
            stop = _chain_end(items, start)
            return [replace(x, soft=True) if start <= k < stop else x for k, x in enumerate(items)]
    last = next((k for k, item in enumerate(items) if item.end == begin - (line.low(begin - 1) == ",")), None)
    if last is None or would_like:
        return None
    last = max(k for k, item in enumerate(items) if item.end == items[last].end)
    start = _chain_start(items, last)
    return [replace(x, soft=True) if start <= k <= last else x for k, x in enumerate(items)]


def _chain_end(items: list[Item], start: int) -> int:
    stop = start + 1
    if items[start].excluded:
        return stop
    while stop < len(items) and items[stop].joiner in {"", "or", "and"} and not items[stop].excluded:
        stop += 1
    return stop


def _chain_start(items: list[Item], last: int) -> int:
    start = last
    while start > 0 and items[start].joiner in {"", "or", "and"} and not items[start].excluded:
        start -= 1
    return start


def _spans(items: list[Item], wishes: list[tuple[int, int]], line: Line) -> tuple[tuple[int, int], ...]:
    """The characters read, phrases that touch or are joined by a small word made one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted([*((_widened(item, line)) for item in items), *wishes]):
        if joined and (begin <= joined[-1][1] or _only_joiners(line, joined[-1][1], begin)):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple((line.at(begin).begin, line.at(end - 1).end) for begin, end in joined)


def _widened(item: Item, line: Line) -> tuple[int, int]:
    begin, end = item.begin, item.end
    while line.low(begin - 1) in _LEADING_WORDS and line.at(begin - 1).text != "OR":
        begin -= 1
    return begin, end + (line.low(end) == "only")


def _only_joiners(line: Line, begin: int, end: int) -> bool:
    return all(
        line.low(k) in {",", "or", "and", "but", "/", "&", "(", "on", "at", "in", "-"}
        for k in range(begin, end)
    )
