"""What must hold between a case and the others of its room, surgeon and patient: order, cleans, flips, stages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from .book import Case, Clinic, Finding, Record
from .clock import WEEKDAYS, Span, minutes, overlap
from .places import gap_between


def order(clinic: Clinic, case: Case, others: list[Case]) -> Iterator[Finding]:
    """Every rule about what comes before and after."""
    day = clinic.clock.day(case.begin)
    same = sorted(
        (o for o in others if o.room == case.room and clinic.clock.day(o.begin) == day), key=lambda o: o.begin
    )
    yield from _first_case(clinic, case, day)
    yield from _arrival(clinic, case, others, day)
    yield from _follows(clinic, case, others, same, day)
    yield from _flip(clinic, case, others, day)
    yield from _stages(clinic, case, others, day)
    yield from _early(clinic, case, day)
    yield from _cleans(clinic, case, [o for o in others if o.room == case.room], day)
    yield from _set_up(clinic, case, others)


def related(clinic: Clinic, case: Case, others: list[Case], request: Record) -> Iterator[Finding]:
    """Where the request says that a case stands: behind another one, first or last of its room's day."""
    day, position = clinic.clock.day(case.begin), request.get("position")
    same = [o for o in others if o.room == case.room and clinic.clock.day(o.begin) == day]
    if position == "first" and any(o.begin <= case.begin for o in same):
        yield "request", "position", "is not the first of the room's day"
    if position == "last" and any(o.end > case.begin for o in same):
        yield "request", "position", "is not the last of the room's day"
    if case.follows is None:
        return
    before = next((o for o in others if o.id == case.follows), None)
    if before is None:
        yield "request", "after_case", f"{case.follows} is not in the book"
        return
    ready = _on_step(clinic, before.end + minutes(gap_between(clinic, before, case)))
    if case.arrangement == "flip":
        apart = case.room != before.room and case.surgeon == before.surgeon
        if not apart or not before.begin < case.begin < ready:
            yield "request", "arrangement", "is no flip: another room, before this one is ready again"
    elif case.room != before.room or case.begin != ready:
        yield "request", "after_case", f"does not start as soon as {before.room} is ready"


def _on_step(clinic: Clinic, instant: datetime) -> datetime:
    local = clinic.clock.local(instant)
    return instant + minutes(-(local.hour * 60 + local.minute) % clinic.step)


def _first_case(clinic: Clinic, case: Case, day: date) -> Iterator[Finding]:
    clock = (clinic.param("first-case", "not_before", None, day) or {}).get(WEEKDAYS[day.weekday()])
    if clock and case.begin < clinic.clock.at(day, clock):
        yield "first-case", "clinic", f"nothing starts before {clock}"


def _arrival(clinic: Clinic, case: Case, others: list[Case], day: date) -> Iterator[Finding]:
    late = clinic.staff[case.surgeon].get("arrival_minutes")
    for begins, ends in _hours(clinic, case.surgeon, day):
        if not late:
            return
        there = any(o.surgeon == case.surgeon and begins <= o.begin < min(case.begin, ends) for o in others)
        if begins <= case.begin < begins + minutes(late) and not there:
            yield "surgeon-arrival", case.surgeon, f"arrives {late} minutes before the first case"


def _hours(clinic: Clinic, surgeon: str, day: date) -> list[Span]:
    """The surgeon's hours around a day; two stretches that touch, at midnight too, are one."""
    joined: list[Span] = []
    near = (day + timedelta(days=n) for n in (-1, 0, 1))
    for begins, ends in sorted(span for one in near for span in clinic.shifts_on(surgeon, one)):
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends, joined[-1][1])
        else:
            joined.append((begins, ends))
    return joined


def _follows(
    clinic: Clinic, case: Case, others: list[Case], same: list[Case], day: date
) -> Iterator[Finding]:
    by_id = {o.id: o for o in others}
    before = by_id.get(case.follows or "")
    if before and case.arrangement != "flip":
        wait = clinic.param("follows", "most_wait_minutes", None, day)
        next_ = [o for o in same if before.end <= o.begin <= case.begin]
        late = wait is not None and case.begin - before.end > minutes(wait)
        other_day = clinic.clock.day(before.begin) != day
        if before.room != case.room or case.begin < before.end or next_ or late or other_day:
            yield "follows", case.room, f"does not follow {before.id}"
    for other in same:
        first = by_id.get(other.follows or "")
        if first and first.room == other.room and first.end <= case.begin < other.begin:
            yield "follows", case.room, f"stands between {first.id} and {other.id}"
    if before and case.arrangement == "back-to-back":
        slack = clinic.param("back-to-back", "slack_minutes", 0, day)
        ready = _on_step(clinic, before.end + minutes(gap_between(clinic, before, case)))
        if case.begin > ready + minutes(slack):
            yield "back-to-back", case.room, f"leaves more than the turnover behind {before.id}"


def _flip(clinic: Clinic, case: Case, others: list[Case], day: date) -> Iterator[Finding]:
    if not any(row.get("critical") for row in clinic.procedures.values()):
        return
    elsewhere = [o for o in others if o.surgeon == case.surgeon and o.room != case.room]
    for other in elsewhere:
        flips = clinic.flips(case) and clinic.flips(other)
        if not flips and overlap(case.span, other.span):
            yield "flip-rooms", case.surgeon, f"can't leave one of this and {other.id}"
    most = int(clinic.param("flip-rooms", "max_rooms", 2, day))
    if busiest([o.span for o in elsewhere], case.span) >= most:
        yield "flip-rooms", case.surgeon, f"has {most} rooms already"


def busiest(spans: list[tuple[datetime, datetime]], within: tuple[datetime, datetime]) -> int:
    """The most spans that run at once at some moment of a stretch."""
    near = [span for span in spans if overlap(span, within)]
    moments = [within[0], *(span[0] for span in near if span[0] >= within[0])]
    return max(sum(begin <= moment < end for begin, end in near) for moment in moments)


def _stages(clinic: Clinic, case: Case, others: list[Case], day: date) -> Iterator[Finding]:
    for other in others if case.patient else ():
        both = set(case.procedures) & set(other.procedures) if other.patient == case.patient else ()
        gap = max((clinic.procedures[name].get("stage_gap_days") or 0 for name in both), default=0)
        if abs((clinic.clock.day(other.begin) - day).days) < gap:
            yield "stage-gap", "patient", f"{gap} days lie between two stages"


def _early(clinic: Clinic, case: Case, day: date) -> Iterator[Finding]:
    before = clinic.param("early-case", "before", None, day)
    early = clinic.param("early-case", "flags", ("diabetic", "child", "frail", "malignant-hyperthermia"), day)
    flags = set(case.flags) | (
        {"child"} if case.under(clinic.param("early-case", "child_under", 12, day)) else set()
    )
    if before and flags & set(early) and case.begin >= clinic.clock.at(day, before):
        yield "early-case", "patient", f"starts before {before}"


def _cleans(clinic: Clinic, case: Case, there: list[Case], day: date) -> Iterator[Finding]:
    # The neighbours of the day before and after count too: in a room open at night no night's clean lies between.
    latex = set(clinic.param("latex-first", "flags", ("latex",), day))
    if clinic.param("latex-first", "applies", False, day):
        extra = int(clinic.param("latex-first", "clean_minutes", 60, day))
        for other in there:
            mine, theirs = bool(latex & set(case.flags)), bool(latex & set(other.flags))
            behind = mine and not theirs and _too_soon(clinic, other, case, extra)
            ahead = theirs and not mine and _too_soon(clinic, case, other, extra)
            if behind or ahead:
                yield "latex-first", case.room, "the room needs an extra clean before"
    extra = int(clinic.param("infection-order", "clean_minutes", 0, day))
    for other in there if extra else ():
        behind = _dirty(clinic, other, day) and _too_soon(clinic, other, case, extra)
        ahead = _dirty(clinic, case, day) and _too_soon(clinic, case, other, extra)
        if behind or ahead:
            yield "infection-order", case.room, "the room needs an extra clean between"


def _dirty(clinic: Clinic, case: Case, day: date) -> bool:
    flags = set(clinic.param("infection-order", "flags", ("mrsa", "c-diff"), day))
    classes = set(clinic.param("infection-order", "classes", ("contaminated", "dirty"), day))
    made = {clinic.procedures[name].get("contamination", "clean") for name in case.procedures}
    return bool(flags & set(case.flags) or classes & made)


def _too_soon(clinic: Clinic, first: Case, second: Case, extra: float) -> bool:
    needed = minutes(gap_between(clinic, first, second) + extra)
    return first.begin < second.begin < first.end + needed


def _set_up(clinic: Clinic, case: Case, others: list[Case]) -> Iterator[Finding]:
    reach = timedelta(days=1)
    for other in others:
        near = overlap((case.begin - reach, case.end + reach), other.span)
        if other.room != case.room or not near:
            continue
        mine, theirs = clinic.slowest(case), clinic.slowest(other)
        if mine[0] and _too_soon(clinic, other, case, mine[0]):
            yield "robot", mine[1], f"takes {mine[0]} minutes to set up"
        if theirs[0] and _too_soon(clinic, case, other, theirs[0]):
            yield "robot", theirs[1], f"takes {theirs[0]} minutes to set up"
