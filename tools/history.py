"""Why it fitted yesterday: the book as it was, from the audit trail, and the change after which a slot was gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from solver.answer import check
from solver.clinic import Case, Clinic, TeamMember
from solver.grid import Calendar
from solver.request import Checked, Request
from solver.snapshot import Snapshot
from tools import contract
from tools.asking import solver_request
from tools.clinic_file import load
from tools.clinic_file.times import unclear
from tools.context import Context, Permission
from tools.contract import Output
from tools.edits.drafting import held_records
from tools.errors import ToolError
from tools.records.documents import file_values
from tools.records.trail import Entry
from tools.registry import tool

Records = Mapping[tuple[str, str], Any]


class WhyChanged(contract.CheckRequest):
    """One exact slot, and since when it is asked what took it."""

    since: dt.datetime = Field(description="Clinic wall time, like 2026-03-04T09:00.")


class ChangeOut(Output):
    """A change of the book or the records, without any patient."""

    seq: int
    at: str
    role: str
    action: str
    objects: list[str]


class WhyChangedResult(Output):
    """`fits`: it still does. `never-fitted`: not then either. `taken`: by `change`. `time`: only time has passed."""

    status: Literal["fits", "never-fitted", "taken", "time"]
    summary: str
    change: ChangeOut | None = None
    reasons: list[str] = Field(
        [], description="What stands against the slot then, in the rules' own sentences."
    )


@dataclass(frozen=True)
class _Book:
    """The clinic's records and cases at one moment."""

    records: Records
    cases: Mapping[str, Case]

    def clinic(self) -> Clinic:
        """The clinic as the solver reads it."""
        base = load(file_values((kind, id_, body) for (kind, id_), body in self.records.items())).clinic
        return replace(base, cases=tuple(self.cases.values()))


@tool(permission=Permission.FIND, effect="read")
def why_changed(ctx: Context, body: WhyChanged) -> WhyChangedResult:
    """Says what took a slot that was free at an earlier time: which booking or change, when, and by which role.

    The book is rebuilt from the audit trail and the slot verified before and after every change. It names no patient.
    """
    now = ctx.store.clinic()
    calendar = Calendar(now.timezone)
    since = _moment(body.since, now.timezone, ctx.now())
    request = solver_request(body, now, calendar.of(ctx.now()), body.at)
    today = check(Snapshot.of(now, calendar.of(ctx.now())), request)
    if today.offer:
        return WhyChangedResult(status="fits", summary="This slot still passes every rule.")
    books = list(_backwards(ctx, since))
    first = check(Snapshot.of(books[-1][1].clinic(), calendar.of(since)), request)
    if not first.offer:
        return _told("never-fitted", "It didn't fit then either.", first)
    return _first_loss(books, request, calendar, since) or _told(
        "time",
        "No change of the book took it: time has passed, and rules about the present forbid it now.",
        today,
    )


def _first_loss(
    books: Sequence[tuple[Entry | None, _Book]], request: Request, calendar: Calendar, since: dt.datetime
) -> WhyChangedResult | None:
    """The oldest change after which the slot didn't fit any more; `books` are the newest first."""
    for at in range(len(books) - 2, -1, -1):
        entry, after = books[at + 1][0], books[at][1]
        found = check(Snapshot.of(after.clinic(), calendar.of(since)), request)
        if found.offer is None and entry is not None:
            wall = calendar.wall(calendar.of(entry.at))
            said = f"It fit until {wall:%A, %B} {wall.day}, {wall:%H:%M}: {entry.action} of {', '.join(entry.objects)}"
            change = ChangeOut(
                seq=entry.seq,
                at=wall.isoformat(),
                role=entry.role,
                action=entry.action,
                objects=list(entry.objects),
            )
            return _told("taken", f"{said} by a {entry.role.replace('-', ' ')}.", found, change)
    return None


def _told(
    status: Literal["never-fitted", "taken", "time"],
    said: str,
    found: Checked,
    change: ChangeOut | None = None,
) -> WhyChangedResult:
    texts = [each.text for each in found.violations]
    return WhyChangedResult(status=status, summary=said, change=change, reasons=texts)


def _moment(wall: dt.datetime, zone: str, now: dt.datetime) -> dt.datetime:
    if reason := unclear(wall, zone):
        raise ToolError("invalid", f"since: {reason}.", "since")
    since = wall if wall.tzinfo else wall.replace(tzinfo=ZoneInfo(zone))
    if since >= now:
        raise ToolError(
            "invalid", f"since {wall:%Y-%m-%dT%H:%M} is not in the past. Maybe an earlier time.", "since"
        )
    return since


def _backwards(ctx: Context, since: dt.datetime) -> Iterator[tuple[Entry | None, _Book]]:
    """The book now, and before each change since then, the newest first, each with the change that came after it."""
    book = _Book(_records(ctx), {case.id: case for case in ctx.store.clinic().cases})
    yield None, book
    for entry in reversed([each for each in ctx.store.audit_entries() if each.at > since]):
        book = _before(book, entry, Calendar(ctx.store.clinic().timezone))
        yield entry, book


def _records(ctx: Context) -> Records:
    return {key: held.body for key, held in held_records(ctx.store).items()}


def _before(book: _Book, entry: Entry, calendar: Calendar) -> _Book:
    """The book as it was before a change; what an entry doesn't tell stays as it is."""
    if isinstance(entry.before, Mapping) and "records" in entry.before:
        return replace(book, records=_former(book.records, entry.before["records"]))
    cases = dict(book.cases)
    after = entry.after.get("cases", ()) if isinstance(entry.after, Mapping) else entry.after or ()
    ids = [str(each["id"]) for each in after if isinstance(each, Mapping)] or list(entry.objects)
    olds = entry.before if isinstance(entry.before, list) else [entry.before] * len(ids)
    for id_, old in zip(ids, olds, strict=False):
        if id_ not in cases:
            continue
        if old is None:
            del cases[id_]
        else:
            cases[id_] = _restored(cases[id_], old, calendar)
    return replace(book, cases=cases)


def _former(records: Records, changed: Mapping[str, Any]) -> Records:
    """The records with those that were changed as they were; a key is "kind/id", and None wasn't there."""
    old = {(key.partition("/")[0], key.partition("/")[2]): body for key, body in changed.items()}
    return {key: body for key, body in {**records, **old}.items() if body is not None}


def _restored(case: Case, old: Mapping[str, Any], calendar: Calendar) -> Case:
    """The case with what the trail has of it."""
    if "start" not in old:
        return replace(case, status=str(old.get("status", case.status)))
    start, end = (calendar.of(dt.datetime.fromisoformat(old[edge])) for edge in ("start", "end"))
    team = tuple(TeamMember(member["role"], member["resource"]) for member in old["team"])
    return replace(
        case, surgeon=old["surgeon"], room=old["room"], start=start, minutes=end - start, team=team,
        anesthesia=old["anesthesia"], status=old["status"],
    )  # fmt: skip
