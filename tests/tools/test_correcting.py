"""A misspelt patient is corrected under the same record number, on purpose and on record; in silence never."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.tools.records.scan import everything
from tests.tools.test_proposals import PATIENT, Clock, Desk
from tests.tools.test_proposals_changes import HAND, done
from tools.audit import AuditQuery, audit_trail
from tools.context import Context, Principal, Role
from tools.correction import Correction
from tools.errors import Conflict, ToolError
from tools.proposals import confirm
from tools.proposals.contract import Confirmed, Proposal
from tools.records.identities import known_names
from tools.records.store import Store
from tools.registry import default, staffed

RIGHT = {"name": "Joanna Exemplar", "mrn": "T1000001", "birth_date": "1980-03-02"}


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A scheduler at a demo clinic in a database of either engine."""
    own = f"sqlite:///{tmp_path}/demo.db"
    url = own if request.param == "sqlite" else str(request.getfixturevalue("pg_url"))
    clock = Clock()
    store = Store.create_demo(url, clock.now.date())
    yield Desk(Context(store, Principal("ann", "Ann", Role.SCHEDULER), lambda: clock.now, "talk"), clock)
    store.close()


def proposed(desk: Desk, case: str, **patient: Any) -> Proposal:
    """The correction of a case's patient."""
    body = {"case": case, "patient": patient, "reason": "misread at the door"}
    made: Any = staffed().call("correct_patient", desk.ctx, body)
    assert isinstance(made, Proposal)
    return made


def two_cases(desk: Desk) -> tuple[str, str]:
    """Two cases of one patient."""
    first = desk.book().case
    second = done(desk, offer=desk.offer(**HAND), patient=PATIENT, laterality="left").case
    assert first is not None
    assert second is not None
    return first.id, second.id


def of(desk: Desk, case: str) -> tuple[Any, ...]:
    """Who a case's patient is."""
    known = desk.ctx.store.patient(desk.ctx.store.clinic().cases_by_id[case].patient or "")
    assert known is not None
    return known.name, known.mrn, str(known.birth_date)


def as_corrected(desk: Desk, case: str) -> Confirmed:
    """The correction, confirmed."""
    return confirm(desk.ctx, proposed(desk, case, **RIGHT).id, "a-key-of-its-own")


def test_a_correction_is_of_all_cases_of_the_patient(desk: Desk) -> None:
    """Name and birth date change, the number and the reference stay, and other cases are named by their id alone."""
    first, second = two_cases(desk)
    ref = desk.ctx.store.clinic().cases_by_id[first].patient
    proposal = proposed(desk, first, **RIGHT)
    assert of(desk, first)[0] == "Jo Example"
    assert {(each.kind, each.id) for each in proposal.touches} == {("edit", first), ("case", second)}
    assert not {"Jo", "Joanna", "Exemplar", "T1000001"} & set(proposal.model_dump_json().split())
    assert "Exemplar" not in proposal.model_dump_json()
    told = confirm(desk.ctx, proposal.id, "a-key-of-its-own")
    assert {case.id for case in told.cases} == {first, second}
    assert of(desk, first) == of(desk, second) == ("Joanna Exemplar", "T1000001", "1980-03-02")
    assert desk.ctx.store.clinic().cases_by_id[second].patient == ref


def test_the_card_shows_before_and_after_to_those_who_may(desk: Desk) -> None:
    """Whoever may see identities sees both, which is entered; a machine may not even ask."""
    first, _ = two_cases(desk)
    proposal = proposed(desk, first, **RIGHT)
    shown: Any = staffed().call("patient_correction", desk.ctx, {"proposal": proposal.id})
    assert isinstance(shown, Correction)
    assert (shown.before.name, shown.after.name) == ("Jo Example", "Joanna Exemplar")
    machine = replace(desk.ctx, principal=Principal("emr", "EMR", Role.INTEGRATION))
    for tool, body in (
        ("correct_patient", {"case": first, "patient": RIGHT}),
        ("patient_correction", {"proposal": proposal.id}),
    ):
        with pytest.raises(ToolError, match="may not see patients"):
            staffed().call(tool, machine, body)
    assert {"correct_patient", "patient_correction"}.isdisjoint(each.name for each in default().tools())


def test_a_silent_mismatch_is_refused_with_the_way_out(desk: Desk) -> None:
    """Booking under the number of another spelling writes nothing and says where a spelling is corrected.

    That holds when it is proposed, and when the number came into the book since.
    """
    offer = desk.offer(start_from="13:00")
    earlier = desk.propose(offer=offer, patient=RIGHT, laterality="left")
    two_cases(desk)
    for attempt in (
        lambda: confirm(desk.ctx, earlier.id, "another-key"),
        lambda: desk.propose(offer=offer, patient=RIGHT, laterality="left"),
    ):
        said = desk.refused(attempt)
        assert (said.code, said.field) == ("conflict", "patient.mrn")
        assert "correct the name or birth date on the page of one of their cases" in said.message
        assert "Example" not in said.message


def test_what_is_no_correction_is_refused(desk: Desk) -> None:
    """Another number, the same spelling, a case that isn't there, facts beside the name: nothing is proposed."""
    first, _ = two_cases(desk)
    for patient, code in (
        (RIGHT | {"mrn": "T7"}, "conflict"),
        (PATIENT, "invalid"),
        (RIGHT | {"asa": 3}, "invalid"),
        ({"name": "Jo", "birth_date": "1980-03-02"}, "invalid"),
    ):
        assert desk.refused(lambda p=patient: proposed(desk, first, **p)).code == code  # type: ignore[misc]
    assert desk.refused(lambda: proposed(desk, "case-none", **RIGHT)).code == "not-found"


def test_an_age_that_breaks_a_rule_is_refused(desk: Desk) -> None:
    """A birth date after the day of surgery, or one that makes the case unfit, leaves the patient as it was."""
    first, _ = two_cases(desk)
    assert (
        desk.refused(lambda: proposed(desk, first, **RIGHT | {"birth_date": "2026-12-01"})).code == "invalid"
    )
    with pytest.raises(Conflict, match=f"At that age {first} can't stay as it is"):
        proposed(desk, first, **RIGHT | {"birth_date": "2025-12-01"})


def test_whoever_comes_second_is_refused(desk: Desk) -> None:
    """Two corrections that were shown the same patient: the second is told, and the first stands."""
    first, second = two_cases(desk)
    late = proposed(desk, second, name="Jo Late", mrn="T1000001")
    as_corrected(desk, first)
    with pytest.raises(Conflict, match="changed after this was shown"):
        confirm(desk.ctx, late.id, "late-key")
    assert of(desk, second)[0] == "Joanna Exemplar"


def test_a_correction_is_in_the_trail_sealed(desk: Desk) -> None:
    """Before and after are in the entry, encrypted; the auditor sees that there was one, and no table has a name."""
    first, _ = two_cases(desk)
    as_corrected(desk, first)
    entry = desk.ctx.store.audit_entries()[-1]
    assert (entry.action, entry.before["identity"]["name"]) == ("correct-patient", "Jo Example")
    assert entry.after["identity"]["name"] == "Joanna Exemplar"
    auditor = replace(desk.ctx, principal=Principal("au", "Au", Role.AUDITOR))
    (shown,) = audit_trail(auditor, AuditQuery(action="correct-patient")).entries
    assert (shown.before["identity"], shown.after["identity"]) == ("sealed", "sealed")
    assert shown.after["reason"] == "misread at the door"
    kept = everything(desk.ctx.store.engine)
    assert not [word for word in ("Exemplar", "Jo Example", "misread") if word in kept]


def test_the_guard_of_names_knows_the_new_spelling(desk: Desk) -> None:
    """What must keep identities in knows a patient by the corrected name at once, and no more by the old."""
    first, _ = two_cases(desk)
    assert "Jo Example" in known_names(desk.ctx.store)
    as_corrected(desk, first)
    assert {"Joanna Exemplar"} == {"Jo Example", "Joanna Exemplar"} & set(known_names(desk.ctx.store))


def test_a_correction_is_undone(desk: Desk) -> None:
    """Within a minute the patient is spelt as before; the cases stay."""
    first, second = two_cases(desk)
    cases = desk.ctx.store.clinic().cases
    as_corrected(desk, first)
    desk.clock.now += dt.timedelta(seconds=20)
    done(desk, action="undo")
    assert of(desk, first) == of(desk, second) == ("Jo Example", "T1000001", "1980-02-03")
    assert desk.ctx.store.clinic().cases == cases
