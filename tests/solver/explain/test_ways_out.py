"""Every rule of the catalogue has a way out, shown to open a slot where that rule alone is broken, or says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from solver.changes import OverrideRule, asked
from solver.clinic import Clinic, Leave, frozen
from solver.explain import explain, overlaid
from solver.request import Correction, Patient, Request
from solver.rules import CATALOGUE
from solver.search import search
from solver.snapshot import Snapshot
from solver.verify import verify
from tests.solver.clinics import NEW_YORK, having, snapshot
from tests.solver.rules.claims import Attempt, Claim
from tests.solver.rules.test_catalogue import CLAIMS


def request_of(attempt: Attempt) -> Request:
    """The planned case as a request for exactly its place."""
    case = attempt.case
    patient = attempt.patient or (Patient(ref=case.patient) if case.patient else None)
    day = NEW_YORK.date(case.start)
    return Request(
        procedure=case.procedure, additional_procedures=case.additional_procedures, date_from=day, date_to=day,
        surgeon=case.surgeon, room=case.room, at=case.start, duration_minutes=case.minutes,
        anesthesia=case.anesthesia, patient=patient, extra_equipment=case.extra_equipment,
        after_case=case.follows, arrangement=case.arrangement,
    )  # fmt: skip


def only_these(clinic: Clinic, attempt: Attempt) -> Clinic:
    """The clinic with everyone on leave that day who could stand in for the people of the planned team."""
    day, team = NEW_YORK.date(attempt.case.start), {m.resource for m in attempt.case.team}
    for person in clinic.staff.values():
        if person.role != "surgeon" and person.id not in team:
            clinic = having(clinic, "staff", replace(person, leave=(Leave(day, day),)))
    return clinic


def without_the_missing(clinic: Clinic, attempt: Attempt) -> Clinic:
    """The clinic without anyone who holds a role that the planned team leaves open."""
    filled = {member.role for member in attempt.case.team} | {"surgeon"}
    wanted = [clinic.procedures[name] for name in attempt.case.procedures]
    asked_for = {need.role for procedure in wanted for need in procedure.team}
    used = [clinic.equipment[item].operator for procedure in wanted for item in procedure.equipment]
    asked_for |= {operator.role for operator in used if operator}
    held = {id_: who for id_, who in clinic.staff.items() if not any(map(who.has_role, asked_for - filled))}
    return replace(clinic, staff=frozen(held))


def corrections(each: Claim) -> Iterator[tuple[Snapshot, Request, Correction]]:
    """The corrections of the planned case that are about its rule and nothing else, with what they are laid over."""
    request = request_of(each.bites)
    tried = (each.clinic, only_these(each.clinic, each.bites), without_the_missing(each.clinic, each.bites))
    for clinic in tried:
        held = snapshot(clinic)
        if not search(held, request).offers:
            for correction in explain(held, request).corrections:
                if {atom.rule for atom in correction.atoms} == {each.rule}:
                    yield held, request, correction


PLANTED = [claim for claim in CLAIMS if not CATALOGUE[claim.rule].unopened]


@pytest.mark.parametrize("each", PLANTED, ids=lambda each: str(each.rule))
def test_a_planted_cause_has_a_correction_that_opens_the_slot(each: Claim) -> None:
    """Where a rule alone keeps a case out, typed changes end it, and what they open passes the verifier."""
    found = [entry for entry in corrections(each) if entry[2].opens]
    assert found, f"nothing opens {each.rule}"
    for held, request, correction in found:
        changed = overlaid(held, correction.changes, request)
        assert correction.example is not None
        waived = changed.catalogue.waived(asked(request, correction.changes))
        assert not verify(
            correction.example.plan, Snapshot.of(changed.clinic, held.facts.as_of).facts, None, waived
        )
        assert CATALOGUE[each.rule].waivable_by is not None or not any(
            isinstance(change, OverrideRule) for change in correction.changes
        )


def alike(clinic: Clinic, attempt: Attempt) -> Clinic:
    """The clinic with every room equipped and built as the planned case's."""
    own = clinic.rooms[attempt.case.room]
    for room in clinic.rooms.values():
        alike = replace(room, equipment=own.equipment, features=own.features)
        clinic = having(clinic, "rooms", alike)
    return clinic


@pytest.mark.parametrize("each", CLAIMS, ids=lambda each: str(each.rule))
def test_a_planted_cause_is_told_whichever_of_several_rooms_it_bites_in(each: Claim) -> None:
    """With rooms alike, a case at that time in any of them has a slot or a reason, each member with a sentence."""
    clinic, minute = alike(each.clinic, each.bites), NEW_YORK.wall(each.bites.case.start)
    start = minute.hour * 60 + minute.minute
    request = replace(
        request_of(each.bites), room=None, at=None, start_from=start, start_until=start + 30, after_case=None,
    )  # fmt: skip
    for staffed in (clinic, only_these(clinic, each.bites)):
        held = snapshot(staffed)
        if not search(held, request).offers:
            told = explain(held, request)
            assert told.conflict
            assert all(reason.text.endswith(".") for reason in told.conflict)


@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_rule_has_a_way_out_or_says_why_it_has_none(rule: str) -> None:
    """Every rule names what opens it, is planted above, and what nobody may waive is never overridden."""
    made = CATALOGUE[rule](snapshot(CLAIMS[0].clinic).clinic)
    if made.unopened:
        assert made.unopened.endswith(".")
        assert not made.remedies
    else:
        assert made.opened_by
        assert rule in {claim.rule for claim in PLANTED}
    assert made.waivable_by is not None or "override-rule" not in made.opened_by
