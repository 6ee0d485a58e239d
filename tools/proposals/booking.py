"""Booking: an offer or a held case, with the patient and the side, verified again when it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from solver.request import Patient, Plan, patient_of
from tools.clinic_file import Identity
from tools.context import Context, Permission
from tools.contract import NotChecked
from tools.errors import ToolError
from tools.proposals.action import Broken, Change, Done, Draft, said_case
from tools.proposals.contract import PatientIn, ProposeRequest
from tools.proposals.writing import (
    TEAM_CHANGED,
    exchanged,
    granted,
    locked,
    override_touches,
    standing,
    swap_touches,
    touches,
    unchanged,
    unchecked,
    verified,
)
from tools.records import holds
from tools.records.plans import plan_from, plan_values
from tools.records.proposing import StoredProposal
from tools.records.states import BOOKED, HELD
from tools.records.writer import Writer, same_number


class Book:
    """Puts an offer's cases, or a held case, into the book for one patient."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The booking; raises `ToolError("invalid")` for what is missing, `Broken` when it is gone."""
        if body.offer is None and body.case is None:
            raise ToolError("invalid", "offer is missing. Maybe add it, or the case that is held.", "offer")
        if body.offer is not None and body.case is not None:
            raise ToolError("invalid", "offer and case are two things to book. Maybe leave one out.", "case")
        if body.patient is None:
            raise ToolError(
                "invalid", "patient is missing. Maybe add it: booking needs who it is.", "patient"
            )
        source = held_source(ctx, body.case) if body.case else offer_source(ctx, str(body.offer))
        clinic = ctx.store.clinic()
        sided(source.plan.cases, clinic, body.laterality)
        if known := ctx.store.known_patient(given := identity(private(body.patient))):
            same_number(given, known)  # a mistyped number is told before the card, not when it is confirmed
        plan = detailed(source.plan, body.patient, clinic)
        plan, changed = verified(ctx, plan, source.waived, source.without)
        words = [said_case(case, clinic, body.laterality) for case in plan.cases]
        return Draft(
            summary="Book " + "; ".join(words),
            content=source.content | {"plan": plan_values(plan), "laterality": body.laterality},
            touches=[
                *(touch for case in plan.cases for touch in touches(case, clinic)),
                *swap_touches(plan, clinic),
                *override_touches(source.waived),
            ],
            private=private(body.patient),
            warnings=[TEAM_CHANGED] if changed else [],
            not_checked=not_checked(clinic, named(plan.patient)),
            laterality=body.laterality,
        )

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Verifies the plan against the book as it is now and writes it; raises `Broken`."""
        content = proposal.content
        waived = granted(ctx, frozenset(content["waived"]))
        plan = plan_from(content["plan"])
        swaps = exchanged(ctx, plan)
        locked(writer, [*plan.cases, *(each.after for each in swaps)])
        held = content.get("case")
        if held:
            unchanged(writer, held, content["version"])
        plan = owned(plan, writer.patient_ref(identity(proposal.private)))
        plan, changed = verified(ctx, plan, waived, [held] if held else [])
        writer.put_cases([(each.after, each.side) for each in swaps])
        side = content["laterality"]
        done = [self._written(writer, case, side, waived, held) for case in plan.cases]
        changes = [*done, *swaps]
        return Done(changes, warnings=[TEAM_CHANGED] if changed else [])

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What was asked when the offer was found; of a hold it isn't known any more."""
        return ctx.store.offer(content["offer"]).request if "offer" in content else None

    @staticmethod
    def _written(
        writer: Writer, case: Case, side: str | None, waived: frozenset[str], held: str | None
    ) -> Change:
        if held:
            before = writer.case(held)
            after = replace(case, id=held, status=BOOKED)
            holds.drop(writer, held)
            writer.put_cases([(after, side)])
            return Change(before, after, writer.laterality(held), side)
        id_, position = writer.next_case()
        case = replace(case, id=id_, status=BOOKED, exceptions=tuple(sorted(waived)))
        writer.add_case(case, side, position)
        return Change(None, case, None, side)


@dataclass(frozen=True)
class Source:
    """What is to be booked: a plan, the rules it is without, the cases it takes the place of, and what binds it."""

    plan: Plan
    waived: frozenset[str]
    content: dict[str, Any]
    without: tuple[str, ...] = ()


def offer_source(ctx: Context, offer_id: str) -> Source:
    """An offer; raises "forbidden" where it sets a rule aside that this principal may not."""
    offer = ctx.store.offer(offer_id)
    if offer.request.get("replaces"):
        said = f"That offer was found to move {offer.request['replaces']}. Maybe propose a move of that case."
        raise ToolError("invalid", said, "offer")
    waived = granted(ctx, frozenset(row["rule"] for row in offer.request.get("overrides", ())))
    return Source(offer.plan, waived, {"offer": offer.id, "waived": sorted(waived)})


def held_source(ctx: Context, case_id: str) -> Source:
    """A held case; raises `Broken` for one that isn't held, "forbidden" for somebody else's hold."""
    case = standing(ctx, case_id)
    if case.status != HELD:
        raise Broken([f"{case.id} isn't held, it is {case.status}."])
    hold = holds.hold_of(ctx.store, case.id)
    if hold and hold.principal != ctx.principal.id and not ctx.principal.may(Permission.OVERRIDE):
        raise ToolError("forbidden", f"{case.id} is held by somebody else. Maybe ask a charge nurse.", "case")
    waived = granted(ctx, frozenset(case.exceptions))
    content = {"case": case.id, "version": ctx.store.version(case.id), "waived": sorted(waived)}
    return Source(Plan((case,), patient=patient_of(case)), waived, content, (case.id,))


def not_checked(clinic: Clinic, patient: Patient | None) -> list[NotChecked]:
    """What couldn't be judged for want of a fact."""
    return [NotChecked(rule=rule, missing=missing) for rule, missing in unchecked(clinic, patient)]


def private(patient: PatientIn) -> dict[str, Any]:
    """What is sealed of a patient."""
    return patient.model_dump(mode="json", include={"name", "mrn", "birth_date"})


def sided(cases: Sequence[Case], clinic: Clinic, laterality: str | None) -> None:
    """Raises `ToolError("invalid")` unless a side is given exactly where there is one."""
    with_side = any(clinic.procedures[name].sided for case in cases for name in case.procedures)
    if with_side and laterality is None:
        said = "laterality is missing, and the procedure is sided. Maybe add left, right or bilateral."
        raise ToolError("invalid", said, "laterality")
    if not with_side and laterality is not None:
        said = f"laterality {laterality!r} doesn't fit: the procedure has no side. Maybe leave it out."
        raise ToolError("invalid", said, "laterality")


def detailed(plan: Plan, given: PatientIn, clinic: Clinic) -> Plan:
    """The plan with the facts of this patient; what was known from the search stays, numbers unless given anew."""
    known = plan.patient or Patient()
    facts = given.model_dump(include={"age", "weight_kg", "bmi", "asa"}, exclude_none=True)
    if given.birth_date is not None:
        day = Calendar(clinic.timezone).date(plan.cases[0].start)
        facts["age"] = age(given.birth_date, day)
    # What the search was told of the patient is never dropped in silence: a form that ticks latex says nothing of MRSA.
    flags = known.flags if given.flags is None else frozenset(given.flags) | (known.flags or frozenset())
    patient = replace(known, **facts, flags=flags)
    cases = tuple(replace(case, patient_flags=tuple(sorted(flags or ()))) for case in plan.cases)
    return replace(plan, cases=cases, patient=patient)


def age(born: dt.date, day: dt.date) -> float:
    """Years on the day of surgery, in months for infants' sake."""
    if born > day:
        said = "it is after the day of surgery. Maybe the year is mistyped."
        raise ToolError("invalid", f"patient.birth_date: {said}", "patient.birth_date")
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return round(months / 12, 2) if months < 36 else months // 12


def identity(private: Mapping[str, Any]) -> Identity:
    """Who a proposal's sealed part names."""
    born = private["birth_date"]
    return Identity("", private["name"], private["mrn"], dt.date.fromisoformat(born) if born else None)


def owned(plan: Plan, ref: str) -> Plan:
    """The plan as that patient's."""
    cases = tuple(replace(case, patient=ref) for case in plan.cases)
    return replace(plan, cases=cases, patient=replace(plan.patient or Patient(), ref=ref))


def named(patient: Patient | None) -> Patient:
    """The patient as somebody: who it is is known by now, and the reference comes with the confirmation."""
    return replace(patient or Patient(), ref="proposed")
