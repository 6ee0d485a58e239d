"""Booking an offer: proposed with the patient and the side, verified again when it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solver.book import Facts
from solver.clinic import Case, Clinic
from solver.grid import Calendar
from solver.request import Patient, Plan
from solver.rules import CATALOGUE, Catalogue
from solver.verify import sentences, verify
from tools.clinic_file import Identity
from tools.context import Context, Permission
from tools.contract import NotChecked
from tools.errors import ToolError
from tools.find import resolve_again
from tools.proposals_actions import Broken, Done, Draft, case_out, said_case
from tools.proposals_contract import PatientIn, ProposeRequest, Touched
from tools.records.documents import pools
from tools.records.occupancy import takings
from tools.records.plans import plan_from, plan_values
from tools.records.proposing import StoredProposal
from tools.records.writer import Writer, scopes_of

TEAM_CHANGED = "The team changed since the offer was made; surgeon, room and times are as offered."


class Book:
    """Puts an offer's cases into the book for one patient."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The booking of an offer; raises `ToolError("invalid")` for what is missing, `Broken` when it is gone."""
        if body.offer is None or body.patient is None:
            missing = "offer" if body.offer is None else "patient"
            raise ToolError("invalid", f"{missing} is missing. Maybe add it: booking needs both.", missing)
        offer = ctx.store.offer(body.offer)
        clinic = ctx.store.clinic()
        _sided(offer.plan, clinic, body.laterality)
        waived = _waived(ctx, offer.request)
        plan = _detailed(offer.plan, body.patient, clinic)
        plan, changed = _verified(ctx, plan, waived)
        unchecked = [
            NotChecked(rule=rule.id, missing=missing)
            for rule in Catalogue.of(clinic).rules
            for missing in rule.unknown(_named(plan.patient))
        ]
        words = [said_case(case, clinic, body.laterality) for case in plan.cases]
        return Draft(
            summary="Book " + "; ".join(words),
            content={
                "offer": offer.id,
                "plan": plan_values(plan),
                "waived": sorted(waived),
                "laterality": body.laterality,
            },
            touches=[touch for case in plan.cases for touch in _touches(case, clinic)],
            private=body.patient.model_dump(mode="json", include={"name", "mrn", "birth_date"}),
            warnings=[TEAM_CHANGED] if changed else [],
            not_checked=unchecked,
            laterality=body.laterality,
        )

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Verifies the plan against the book as it is now and writes it; raises `Broken`."""
        content = proposal.content
        waived = _granted(ctx, frozenset(content["waived"]))
        plan = plan_from(content["plan"])
        clinic = writer.clinic()
        taken = [one for case in plan.cases for one in takings(case, clinic)]
        writer.lock(scopes_of(taken, Calendar(clinic.timezone)))
        ref = writer.patient_ref(_identity(proposal.private))
        plan, changed = _verified(ctx, _owned(plan, ref), waived)
        booked = [self._written(writer, case, content["laterality"], waived) for case in plan.cases]
        clinic = writer.clinic()
        cases = [case_out(case, clinic, content["laterality"]) for case in booked]
        after = [case.model_dump(mode="json") for case in cases]
        return Done(cases, None, after, [TEAM_CHANGED] if changed else [])

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What was asked when the offer was found."""
        return ctx.store.offer(content["offer"]).request

    @staticmethod
    def _written(writer: Writer, case: Case, laterality: str | None, waived: frozenset[str]) -> Case:
        id_, position = writer.next_case()
        case = replace(case, id=id_, status="booked", exceptions=tuple(sorted(waived)))
        writer.add_case(case, laterality, position)
        return case


def _verified(ctx: Context, plan: Plan, waived: frozenset[str]) -> tuple[Plan, bool]:
    """The plan, or the same surgeon, room and times with another team (True); raises `Broken`."""
    if plan.swaps:
        raise ToolError(
            "unavailable", "Offers with swaps can't be booked here. Maybe take one without.", "offer"
        )
    clinic = ctx.store.clinic()
    facts = Facts.of(clinic, Calendar(clinic.timezone).of(ctx.now()))
    catalogue = Catalogue.of(clinic)
    broken = verify(plan, facts, catalogue, waived)
    if not broken:
        return plan, False
    again = resolve_again(ctx, plan, waived=waived)
    if again is not None:
        pairs = zip(plan.cases, again.cases, strict=True)
        same = replace(
            plan, cases=tuple(replace(case, team=found.team) for case, found in pairs), units=again.units
        )
        if not verify(same, facts, catalogue, waived):
            return same, True
    raise Broken(sentences(broken, catalogue))


def _sided(plan: Plan, clinic: Clinic, laterality: str | None) -> None:
    sided = any(clinic.procedures[name].sided for case in plan.cases for name in case.procedures)
    if sided and laterality is None:
        said = "laterality is missing, and the procedure is sided. Maybe add left, right or bilateral."
        raise ToolError("invalid", said, "laterality")
    if not sided and laterality is not None:
        said = f"laterality {laterality!r} doesn't fit: the procedure has no side. Maybe leave it out."
        raise ToolError("invalid", said, "laterality")


def _waived(ctx: Context, request: Mapping[str, Any]) -> frozenset[str]:
    return _granted(ctx, frozenset(override["rule"] for override in request.get("overrides", ())))


def _granted(ctx: Context, waived: frozenset[str]) -> frozenset[str]:
    """The rules that the offer was found without; raises "forbidden" unless this principal may waive each."""
    for rule in sorted(waived):
        ctx.require(Permission.OVERRIDE)
        least = getattr(CATALOGUE.get(rule), "waivable_by", None)
        if least is None or not least.grants(ctx.principal.role):
            said = f"{rule} may be set aside by {least or 'nobody'}, not by {ctx.principal.role}."
            raise ToolError("forbidden", f"{said} Maybe take an offer that keeps it.")
    return waived


def _detailed(plan: Plan, given: PatientIn, clinic: Clinic) -> Plan:
    """The plan with the facts of this patient; what was known from the search stays unless it is given anew."""
    known = plan.patient or Patient()
    facts = given.model_dump(include={"age", "weight_kg", "bmi", "asa"}, exclude_none=True)
    if given.birth_date is not None:
        day = Calendar(clinic.timezone).date(plan.cases[0].start)
        facts["age"] = _age(given.birth_date, day)
    flags = frozenset(given.flags) if given.flags is not None else known.flags
    patient = replace(known, **facts, flags=flags)
    cases = tuple(replace(case, patient_flags=tuple(sorted(flags or ()))) for case in plan.cases)
    return replace(plan, cases=cases, patient=patient)


def _age(born: dt.date, day: dt.date) -> float:
    """Years on the day of surgery, in months for infants' sake."""
    if born > day:
        said = "it is after the day of surgery. Maybe the year is mistyped."
        raise ToolError("invalid", f"patient.birth_date: {said}", "patient.birth_date")
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return round(months / 12, 2) if months < 36 else months // 12


def _identity(private: Mapping[str, Any]) -> Identity:
    born = private["birth_date"]
    return Identity("", private["name"], private["mrn"], dt.date.fromisoformat(born) if born else None)


def _owned(plan: Plan, ref: str) -> Plan:
    cases = tuple(replace(case, patient=ref) for case in plan.cases)
    return replace(plan, cases=cases, patient=replace(plan.patient or Patient(), ref=ref))


def _named(patient: Patient | None) -> Patient:
    # Who it is is known by now; the reference comes with the confirmation.
    return replace(patient or Patient(), ref="proposed")


def _touches(case: Case, clinic: Clinic) -> list[Touched]:
    """Everything the case would take: the room, each person in their role, each pool."""
    roles = {member.resource: member.role for member in case.team} | {case.surgeon: "surgeon"}
    shared = {resource for kind, resource, _ in pools(clinic) if kind not in ("room", "person")}
    seen: dict[str, Touched] = {}
    for one in takings(case, clinic):
        name = clinic.name_of(one.resource)
        text = f"{name} ({roles[one.resource]})" if one.resource in roles else name
        kind = "pool" if one.resource in shared else str(one.kind)
        seen.setdefault(one.resource, Touched(kind=kind, id=one.resource, text=text))
    return list(seen.values())
