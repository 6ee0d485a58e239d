"""Correcting how a patient's name or birth date is spelt, under the same record number, in all of their cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from solver.request import Plan, patient_of
from solver.rules import Catalogue
from solver.verify import sentences, verify
from tools.clinic_file import Identity
from tools.context import Context, Permission
from tools.errors import ToolError
from tools.proposals.action import Broken, Change, Done, Draft
from tools.proposals.booking import age, identity
from tools.proposals.contract import PatientIn, ProposeRequest, Touched
from tools.proposals.writing import facts_of, locked, unchanged
from tools.records.documents import folded
from tools.records.proposing import StoredProposal
from tools.records.states import BEFORE_WHEELS_IN, CANCELLED
from tools.records.store import Store
from tools.records.writer import Writer

NAME = "correct-patient"


class Correct:
    """The same person, spelt right: the record number stays, and so does everything else of the cases."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The correction; raises `ToolError` for another record number, `Broken` where an age breaks a rule."""
        ctx.require(Permission.PATIENTS)
        case = _case(ctx, body.case)
        ref, before = _on_record(ctx.store, case)
        after = _spelt(before, body.patient)
        changed = [name for name in ("name", "birth_date") if getattr(before, name) != getattr(after, name)]
        if not changed:
            raise ToolError(
                "invalid", "The patient is on record so already. Maybe nothing is to do.", "patient"
            )
        theirs = _theirs(ctx.store.clinic(), ref)
        _still_fits(ctx, theirs, before, after)
        said = " and ".join(name.replace("_", " ") for name in changed)
        others = [each for each in theirs if each.id != case.id]
        return Draft(
            summary=f"Correct the {said} of {case.id}'s patient",
            content={
                "case": case.id, "version": ctx.store.version(case.id), "patient": ref, "changed": changed,
                "patient_version": ctx.store.patient_version(ref),
            },
            touches=[
                Touched(kind="edit", id=case.id, text=f"The patient's {said} changes; the record number stays"),
                *(Touched(kind="case", id=each.id, text=f"{each.id} is the same patient's") for each in others),
            ],
            private={**values_of(after), "before": values_of(before)},
        )  # fmt: skip

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Writes the identity anew, and marks each of the patient's cases as changed; raises `Broken`."""
        ctx.require(Permission.PATIENTS)
        content, ref = proposal.content, proposal.content["patient"]
        locked(writer, _theirs(writer.clinic(), ref))
        unchanged(writer, content["case"], content["version"])
        before = replace(identity(proposal.private["before"]), ref=ref)
        after = replace(identity(proposal.private), ref=ref)
        theirs = _theirs(writer.clinic(), ref)
        _still_fits(ctx, theirs, before, after)
        writer.correct_patient(after, content["patient_version"])
        return Done(marked(writer, ref, content["case"]), corrected=(before, after))

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Nothing to search for."""
        return None


def marked(writer: Writer, ref: str, first: str) -> list[Change]:
    """Every case of a patient that can be written, written as it is, so that whoever shows it looks again."""
    kept = [each for each in _theirs(writer.clinic(), ref) if each.status != CANCELLED]
    kept.sort(key=lambda each: each.id != first)
    sides = {each.id: writer.laterality(each.id) for each in kept}
    writer.put_cases([(each, sides[each.id]) for each in kept])
    return [Change(each, each, sides[each.id], sides[each.id]) for each in kept]


def values_of(patient: Identity) -> dict[str, str | None]:
    """Who it is, as it is sealed."""
    born = patient.birth_date.isoformat() if patient.birth_date else None
    return {"name": patient.name, "mrn": patient.mrn, "birth_date": born}


def _case(ctx: Context, case_id: str | None) -> Case:
    case = ctx.store.clinic().cases_by_id.get(case_id or "")
    if case is None:
        said = f"There is no case {(case_id or '')[:60]!r}. Maybe look it up in the schedule."
        raise ToolError("not-found", said, "case")
    return case


def _on_record(store: Store, case: Case) -> tuple[str, Identity]:
    known = store.patient(case.patient) if case.patient else None
    if known is None or not known.ref or known.mrn is None:
        said = f"No record number is on record for {case.id}'s patient. Maybe edit the case's patient."
        raise ToolError("conflict", said, "case")
    return known.ref, known


def _spelt(before: Identity, given: PatientIn | None) -> Identity:
    """The identity as corrected; raises `ToolError("conflict")` where another record number says it is another."""
    if given is None or given.mrn is None:
        said = "patient.mrn is missing. Maybe add it: a correction is made under the record number."
        raise ToolError("invalid", said, "patient.mrn")
    if folded(given.mrn) != folded(before.mrn or ""):
        said = "This case's patient has another record number, so it would be another person."
        raise ToolError("conflict", f"{said} Maybe edit the case's patient instead.", "patient.mrn")
    return replace(before, name=given.name, birth_date=given.birth_date or before.birth_date)


def _theirs(clinic: Clinic, ref: str) -> list[Case]:
    return [case for case in clinic.cases if case.patient == ref]


def _still_fits(ctx: Context, cases: Sequence[Case], before: Identity, after: Identity) -> None:
    """Raises `Broken` where a case to come breaks a rule at the corrected age and didn't before."""
    if after.birth_date is None or after.birth_date == before.birth_date:
        return
    clinic = ctx.store.clinic()
    catalogue, now = Catalogue.of(clinic), Calendar(clinic.timezone).of(ctx.now())
    for case in cases:
        if case.status in BEFORE_WHEELS_IN and case.start > now:
            facts, waived = facts_of(ctx, [case.id]), frozenset(case.exceptions)
            old = verify(_aged(case, before.birth_date, clinic), facts, catalogue, waived)
            known = {(one.rule, one.subject) for one in old}
            found = verify(_aged(case, after.birth_date, clinic), facts, catalogue, waived)
            fresh = [one for one in found if (one.rule, one.subject) not in known]
            if fresh:
                raise Broken([f"At that age {case.id} can't stay as it is:", *sentences(fresh, catalogue)])


def _aged(case: Case, born: dt.date | None, clinic: Clinic) -> Plan:
    patient = patient_of(case)
    if born is not None:
        patient = replace(patient, age=age(born, Calendar(clinic.timezone).date(case.start)))
    return Plan((case,), patient=patient)
