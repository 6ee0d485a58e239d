"""Explanations that need no conflict between rules: the request's own bounds, its place beside others, an open end."""

from __future__ import annotations

from dataclasses import replace

from solver.explain.conflicts import free_under
from solver.explain.joint import Joint
from solver.explain.table import Table
from solver.request import Atom, Explanation, Reason, Request, Status
from solver.snapshot import Snapshot
from solver.wording import Wording


def request_itself(field: str, text: str) -> Explanation:
    """What the request says is the whole reason."""
    reason = Reason(Atom("request", field), "The request itself", text)
    return Explanation(Status.INFEASIBLE, (reason,), minimal=True, complete=True, sentences=(text,))


def no_start_left(snapshot: Snapshot, request: Request) -> Explanation:
    """The request's own bounds, or its place beside other cases, hold no start: no rule stands against it."""
    place = beside(snapshot, request)
    if place is not None and Table.of(snapshot, alone(request)).scenes:
        return request_itself(place.atom.subject, place.text)
    wall = snapshot.facts.calendar.wall(snapshot.facts.as_of)
    now = f"{wall:%H:%M} on {wall:%A}, {wall:%B} {wall.day}"
    step = snapshot.clinic.start_step_minutes
    text = (
        f"No start is left inside the times asked for: cases start every {step} minutes, "
        f"and what lies before {now} is past."
    )
    return request_itself("start_until", text)


def alone(request: Request) -> Request:
    """The request without a place beside other cases."""
    return replace(request, position=None, after_case=None, arrangement="any")


def beside(snapshot: Snapshot, request: Request) -> Reason | None:
    """The place beside other cases that a request asks for, as a reason; None where it asks for none."""
    words, clinic = Wording(snapshot.clinic), snapshot.clinic
    if request.after_case is not None:
        case = snapshot.facts.book.cases.get(request.after_case)
        if case is None:
            return _asked("after_case", f"The case to follow, {request.after_case}, is not in the book.")
        day = words.day(snapshot.facts.date(case))
        where = "in another room" if request.arrangement == "flip" else "in the same room, as the next one"
        ends = f"{words.clock(case.end)} in {clinic.name_of(case.room)} on {day}"
        text = f"The case is to follow the one that ends at {ends}: {where}."
        return _asked("after_case", text, case.id, case.room)
    if request.position is not None:
        return _asked("position", f"The case is to be the {request.position} of its room's day.")
    return None


def _asked(field: str, text: str, *resources: str) -> Reason:
    return Reason(Atom("request", field), "The request itself", text, resources=resources)


def relation_needed(table: Table, conflict: tuple[Atom, ...]) -> Reason | None:
    """The place asked for as a member of the conflict: the rules alone would leave a start elsewhere."""
    place = beside(table.snapshot, table.request)
    if place is None:
        return None
    anywhere = Table.of(table.snapshot, alone(table.request))
    found = free_under(anywhere, Joint(anywhere), anywhere.index.of(conflict))
    return place if found is not None else None


def untold(joint: Joint) -> Explanation:
    """The search has proven that there is none, and the budget ran out before the reason was found: no false claim."""
    if joint.sure or not joint.coupling:
        return Explanation(Status.NOT_PROVEN, ())
    rule = joint.coupling[0]
    text = "Every place could be filled alone, but not all of them at once with different people."
    reason = Reason(Atom(rule.id, "team"), rule.title, text)
    return Explanation(Status.INFEASIBLE, (reason,), sentences=(text,))
