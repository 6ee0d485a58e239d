"""Why it fitted yesterday: the book as it was, from the audit trail, and the change after which a slot was gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from solver.answer import check
from solver.clinic import Clinic
from solver.explain import explain
from solver.grid import Calendar
from solver.renewal import renewed
from solver.request import Checked, Request, Status
from solver.search import search
from solver.snapshot import Snapshot
from solver.wording import Wording
from tools import contract
from tools.asking import solver_request
from tools.clinic_file.times import unclear
from tools.context import Context, Permission
from tools.contract import Output
from tools.errors import ToolError
from tools.former import Step, steps_back
from tools.records.trail import Entry
from tools.registry import tool
from tools.took import said


class WhyChanged(contract.CheckRequest):
    """One exact slot, and since when it is asked what took it."""

    since: Annotated[dt.datetime, BeforeValidator(contract.written)] = Field(
        description="When it still fit, YYYY-MM-DDTHH:MM, clinic wall time, in the past; a day ago if nobody said."
    )


Told = Literal["fits", "never-fitted", "taken", "time", "not_proven"]


class ChangeOut(Output):
    """A change of the book or the records, without any patient."""

    seq: int
    at: str
    role: str
    action: str
    objects: list[str]


class WhyChangedResult(Output):
    """`fits`: it still does. `never-fitted`: not then either. `taken`: by `change`. `time`: only time has passed.

    `not_proven`: whether it still fits wasn't decided in the time allowed.
    """

    status: Told
    summary: str
    change: ChangeOut | None = None
    reasons: list[str] = Field(
        [], description="What stands against the slot then, in the rules' own sentences."
    )


@tool(permission=Permission.FIND, effect="read")
def why_changed(ctx: Context, body: WhyChanged) -> WhyChangedResult:
    """Says what took one exact slot that was free at an earlier time: which booking or change, when, by which role.

    Returns a status and a summary: "taken" by the last change after which it was gone, with the reasons right after
    it; "fits": it still passes every rule; "never-fitted": it didn't since then either; "time": no change took it, and
    rules about the present forbid it now. The slot is verified in the book as the audit trail has it, before and after
    each change. It names no patient, and whoever made the change by role alone. Use it for "why did it fit yesterday?"
    and "what took the 9:00?", with the slot as for check_slot; ask the user for a start that isn't known. Not for why
    a request has no slot now (explain), whether a slot is free (check_slot), or what is on a day (get_schedule).
    """
    now = ctx.store.clinic()
    calendar = Calendar(now.timezone)
    since = _moment(body.since, now.timezone, ctx.now())
    request = solver_request(body, now, calendar.of(ctx.now()), body.at)
    slot = _Slot(body, calendar, Snapshot.of(now, calendar.of(ctx.now())))
    today = check(slot.snapshot, request)
    if today.offer:
        return WhyChangedResult(status="fits", summary="This slot still passes every rule.")
    if today.status is Status.NOT_PROVEN:
        return _told("not_proven", "Whether it still fits wasn't decided in the time allowed.", today)
    oldest = now
    for step in steps_back(ctx, since):
        if slot.fits(step.after.clinic(), step.entry.at):
            return _time(today)
        oldest = step.before.clinic()
        if slot.fits(oldest, step.entry.at):
            return _taken(step, request, calendar)
    if slot.fits(oldest, since):
        return _time(today)
    return _told("never-fitted", "It didn't fit then either.", _checked(slot.snapshot, request))


@dataclass
class _Slot:
    """The slot that is asked about, tried in one book after another; each is made from the one before."""

    body: WhyChanged
    calendar: Calendar
    snapshot: Snapshot

    def fits(self, clinic: Clinic, at: dt.datetime) -> bool:
        """Whether it passes every rule in a clinic at a moment; one that has no such room or person yet has no slot."""
        as_of = self.calendar.of(at)
        self.snapshot = renewed(self.snapshot, clinic, as_of)
        try:
            request = solver_request(self.body, clinic, as_of, self.body.at)
        except ToolError:
            return False
        return search(self.snapshot, request).status is Status.FOUND


def _checked(snapshot: Snapshot, request: Request) -> Checked | None:
    """All that stood against it then; None where that can't be told, since there was no such room or person yet."""
    try:
        return check(snapshot, request)
    except (KeyError, ValueError):
        return None


def _time(today: Checked) -> WhyChangedResult:
    text = "No change of the book took it: time has passed, and rules about the present forbid it now."
    return _told("time", text, today)


def _taken(step: Step, request: Request, calendar: Calendar) -> WhyChangedResult:
    """The change that took it, and what stood against it right after."""
    entry, clinic = step.entry, step.after.clinic()
    wall, words = calendar.wall(calendar.of(entry.at)), Wording(clinic)
    when = f"{words.day(wall.date())}, {words.minute(wall.hour * 60 + wall.minute)}"
    change = ChangeOut(
        seq=entry.seq, at=wall.isoformat(), role=entry.role, action=entry.action, objects=_objects(entry)
    )
    text = f"It fit until {when}, when {said(step)}."
    why = explain(Snapshot.of(clinic, calendar.of(entry.at)), request, ways_out=False)
    # Of all that may stand against it, the conflict must hold what the change made: without that it had a slot.
    reasons = why.sentences or tuple(member.text for member in why.conflict)
    return WhyChangedResult(status="taken", summary=text, change=change, reasons=list(reasons))


def _objects(entry: Entry) -> list[str]:
    """What it was about; a patient's papers go by the patient, who is named to nobody here."""
    return [each for each in entry.objects if not each.startswith("readiness/")]


def _told(status: Told, text: str, found: Checked | None) -> WhyChangedResult:
    texts = [each.text for each in found.violations] if found else []
    return WhyChangedResult(status=status, summary=text, reasons=texts)


def _moment(wall: dt.datetime, zone: str, now: dt.datetime) -> dt.datetime:
    if reason := unclear(wall, zone):
        raise ToolError("invalid", f"since: {reason}.", "since")
    since = wall if wall.tzinfo else wall.replace(tzinfo=ZoneInfo(zone))
    if since >= now:
        raise ToolError(
            "invalid", f"since {wall:%Y-%m-%dT%H:%M} is not in the past. Maybe an earlier time.", "since"
        )
    return since
