"""What an action is: it drafts a proposal, and later carries out exactly that, with what is known by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from tools.clinic_file import Identity
from tools.context import Context
from tools.contract import NotChecked, TeamOut
from tools.proposals.contract import CaseOut, Laterality, ProposeRequest, Touched
from tools.records.proposing import StoredProposal
from tools.records.writer import Writer


class Broken(Exception):
    """What was proposed isn't possible, or not any more; `reasons` are sentences without any patient in them."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class Draft:
    """What a proposal shows and binds. `content` holds no identity, `private` is sealed at rest."""

    summary: str
    content: Mapping[str, Any]
    touches: Sequence[Touched]
    private: Any = None
    warnings: Sequence[str] = ()
    not_checked: Sequence[NotChecked] = ()
    laterality: Laterality | None = None


@dataclass(frozen=True)
class Change:
    """A case before and after, each with its side; `before` is None for a new one."""

    before: Case | None
    after: Case
    side_before: str | None = None
    side: str | None = None


@dataclass(frozen=True)
class Done:
    """What an action wrote: cases, the chosen one first, and what else it changed."""

    changes: Sequence[Change] = ()
    before: Any = None
    after: Any = None
    warnings: Sequence[str] = ()
    blocks: Mapping[str, Any] | None = None
    """Of a release: block, date, and whether it is released now."""
    corrected: tuple[Identity, Identity] | None = None
    """Of a correction: the patient before and after."""


class Action(Protocol):
    """One way to change the book; the table in `tools.proposals` is all there are."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """What would be done; raises `ToolError` or `Broken`."""
        ...

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Does it inside the transaction of `writer`, which is also the store of `ctx`; raises `Broken`."""
        ...

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The search to make again when it is broken, as JSON; None where there is none to make."""
        ...


def case_out(case: Case, clinic: Clinic, laterality: Laterality | None) -> CaseOut:
    """A case as the answer shows it."""
    calendar = Calendar(clinic.timezone)
    return CaseOut(
        id=case.id,
        procedure=case.procedure,
        additional_procedures=list(case.additional_procedures),
        surgeon=case.surgeon,
        room=case.room,
        start=calendar.wall(case.start).isoformat(),
        end=calendar.wall(case.end).isoformat(),
        anesthesia=case.anesthesia,
        team=[TeamOut(role=member.role, resource=member.resource) for member in case.team],
        laterality=laterality,
        status=case.status,
    )


def said_case(case: Case, clinic: Clinic, laterality: str | None) -> str:
    """A case in words: "Knee arthroscopy, left, with Dr. Smith in OR 1, Tue, Mar 10, 2026, 7:30 AM to 8:25 AM"."""
    calendar = Calendar(clinic.timezone)
    start, end = calendar.wall(case.start), calendar.wall(case.end)
    what = " and ".join(clinic.name_of(procedure) for procedure in case.procedures)
    side = f", {laterality}," if laterality else ""
    who = f"with {clinic.name_of(case.surgeon)} in {clinic.name_of(case.room)}"
    day = f"{start:%a}, {start:%b} {start.day}, {start.year}"
    return f"{what}{side} {who}, {day}, {_times(start, end, clinic.settings.clock)}"


def _times(start: dt.datetime, end: dt.datetime, clock: str) -> str:
    if clock == "24h":
        return f"{start:%H:%M} to {end:%H:%M}"
    first, last = (
        f"{each.hour % 12 or 12}:{each:%M} {'AM' if each.hour < 12 else 'PM'}" for each in (start, end)
    )
    return f"{first} to {last}"
