"""Nothing is written without a stored proposal, and what is confirmed is verified with what is known then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from solver.request import Patient, Plan
from tools.context import Context, Principal, Role
from tools.errors import Conflict, ToolError
from tools.proposals import confirm, proposal_of
from tools.proposals.booking import detailed
from tools.proposals.contract import Confirmed, PatientIn, Proposal
from tools.records import tables as t
from tools.records.sealing import opened, sealed
from tools.records.store import Store
from tools.registry import default

PATIENT = {"name": "Jo Example", "mrn": "T1000001", "birth_date": "1980-02-03"}
OTHER = {"name": "Al Sample", "mrn": "T1000002"}
SEARCH = {
    "procedure": "knee-arthroscopy",
    "surgeon": "dr-smith",
    "date_from": "2026-03-10",
    "date_to": "2026-03-10",
}


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: dt.datetime = field(default_factory=lambda: dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC))


@dataclass
class Desk:
    """One signed-in person at the demo clinic."""

    ctx: Context
    clock: Clock

    def offer(self, **request: Any) -> str:
        """The id of the best offer."""
        found: Any = default().call("find_slots", self.ctx, SEARCH | request)
        return str(found.offers[0].id)

    def propose(self, **body: Any) -> Proposal:
        """A stored proposal."""
        made = default().call("propose", self.ctx, body)
        assert isinstance(made, Proposal)
        return made

    def book(self, key: str = "a-key-of-my-own", **body: Any) -> Confirmed:
        """Proposed and confirmed at once."""
        whole = {"offer": body.get("offer") or self.offer(), "patient": PATIENT, "laterality": "left"} | body
        return confirm(self.ctx, self.propose(**whole).id, key)

    def refused(self, work: Callable[[], Any]) -> ToolError:
        """The error of what must fail, having written nothing."""
        before = self.ctx.store.revision(), len(self.ctx.store.audit_entries())
        with pytest.raises(ToolError) as caught:
            work()
        assert (self.ctx.store.revision(), len(self.ctx.store.audit_entries())) == before
        return caught.value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A scheduler at a demo clinic in a SQLite file."""
    clock = Clock()
    store = Store.create_demo(f"sqlite:///{tmp_path}/demo.db", clock.now.date())
    ctx = Context(store, Principal("ann", "Ann", Role.SCHEDULER), lambda: clock.now, "talk")
    yield Desk(ctx, clock)
    store.close()


def test_a_booking_takes_two_steps(desk: Desk) -> None:
    """A proposal shows what it touches and writes no case; confirming puts the case into the book."""
    before = desk.ctx.store.clinic()
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    assert desk.ctx.store.clinic() is before
    assert "Knee arthroscopy, left, with Dr. Smith in OR 1" in proposal.summary
    assert {"dr-smith", "or-1", "knee-scope-set", "pacu"} <= {touched.id for touched in proposal.touches}
    assert proposal.expires_at == "2026-03-05T09:10:00-05:00"
    assert proposal_of(desk.ctx, proposal.id) == proposal
    done = confirm(desk.ctx, proposal.id, "a-key-of-my-own")
    case = desk.ctx.store.clinic().cases_by_id[done.case.id]
    assert (case.surgeon, case.room, case.status) == ("dr-smith", "or-1", "booked")
    assert desk.ctx.store.laterality(case.id) == "left"
    known = desk.ctx.store.patient(case.patient or "")
    assert known is not None
    assert (known.name, known.mrn, known.birth_date) == ("Jo Example", "T1000001", dt.date(1980, 2, 3))


def test_everything_a_case_takes_is_a_row(desk: Desk) -> None:
    """The rows of a booked case are its reservations: room, people and units."""
    from tools.records.occupancy import takings

    done = desk.book()
    clinic = desk.ctx.store.clinic()
    rows = t.reservations.c
    query = select(rows.start_at, rows.end_at, rows.role).where(rows.case_id == done.case.id)
    with desk.ctx.store.reading() as connection:
        found = sorted(tuple(row) for row in connection.execute(query))
    wanted = takings(clinic.cases_by_id[done.case.id], clinic)
    assert found == sorted((one.start, one.end, one.role) for one in wanted)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({}, "offer", "offer is missing"),
        ({"offer": "x"}, "patient", "patient is missing"),
        ({"offer": "x", "patient": PATIENT}, "offer", "no offer 'x'"),
        ({"patient": {"name": "Jo"}}, "patient", "two identifiers are needed"),
        ({"patient": {"mrn": "1", "birth_date": "1980-01-01"}}, "patient.name", "missing"),
        ({"patient": PATIENT | {"name": "Jo\x1b[31m"}}, "patient.name", "control characters"),
        ({"patient": PATIENT | {"name": "J" * 201}}, "patient.name", "at most 200"),
        (
            {"patient": PATIENT | {"birth_date": "2027-01-01"}},
            "patient.birth_date",
            "after the day of surgery",
        ),
        ({"patient": PATIENT, "laterality": None}, "laterality", "the procedure is sided"),
        ({"patient": PATIENT, "laterality": "up"}, "laterality", "'left', 'right' or 'bilateral'"),
        ({"action": "hold"}, "offer", "offer is missing"),
        ({"action": "dance"}, "action", "'book'"),
        ({"action": "move"}, "case", "case is missing"),
        ({"action": "move", "case": "case-x"}, "case", "no case 'case-x'"),
        ({"action": "edit"}, "case", "case is missing"),
        ({"action": "release-block"}, "block", "block is missing"),
        ({"action": "release-block", "block": "x", "date": "2026-03-10"}, "block", "no block 'x'"),
        ({"action": "book", "offer": "a", "case": "b"}, "case", "two things"),
        ({"action": "cancel"}, "case", "case is missing"),
        ({"action": "cancel", "case": "case-x"}, "case", "no case 'case-x'"),
        ({"extra": 1}, "extra", "is not a field here"),
    ],
)
def test_what_is_missing_is_asked_for(desk: Desk, body: dict[str, Any], field: str, words: str) -> None:
    """An incomplete or impossible proposal is refused with its field, and is not stored."""
    if "patient" in body and "offer" not in body:
        body = {"offer": desk.offer(), "laterality": "left"} | body
    error = desk.refused(lambda: desk.propose(**body))
    assert error.field == field
    assert words in error.message


def test_a_side_where_there_is_none_is_refused(desk: Desk) -> None:
    """A procedure that isn't sided takes no laterality."""
    clinic = desk.ctx.store.clinic()
    plain = next(one.id for one in clinic.procedures.values() if not one.sided)
    search = {"procedure": plain, "surgeon": None, "date_to": "2026-04-10"}
    offer = desk.offer(**search)
    assert (
        "has no side"
        in desk.refused(lambda: desk.propose(offer=offer, patient=PATIENT, laterality="left")).message
    )
    assert desk.book(offer=offer, laterality=None).case.laterality is None


def test_facts_given_with_the_patient_are_verified(desk: Desk) -> None:
    """A patient beyond the site's limits is refused when the booking is proposed, in the rule's own sentence."""
    error = desk.refused(
        lambda: desk.propose(offer=desk.offer(), patient=PATIENT | {"asa": 5}, laterality="left")
    )
    assert isinstance(error, Conflict)
    assert "ASA class 5" in error.message


def test_the_birth_date_counts_as_the_age(desk: Desk) -> None:
    """A limit on age is judged by the birth date on the day of surgery."""
    infant = PATIENT | {"birth_date": "2026-02-10"}
    error = desk.refused(lambda: desk.propose(offer=desk.offer(), patient=infant, laterality="left"))
    assert "Age 0.08 is under" in error.message


def test_the_same_key_gets_the_same_answer(desk: Desk) -> None:
    """Confirming again with the same key replays the answer and books nothing more."""
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    first = confirm(desk.ctx, proposal.id, "key-number-one")
    revision = desk.ctx.store.revision()
    desk.clock.now += dt.timedelta(hours=1)  # long expired, and still the same answer
    assert confirm(desk.ctx, proposal.id, "key-number-one") == first
    assert desk.ctx.store.revision() == revision


def test_a_key_belongs_to_one_request_of_one_person(desk: Desk) -> None:
    """A key used for another proposal is refused; another person's same key is another key."""
    desk.book(key="key-number-one")
    other = desk.propose(offer=desk.offer(), patient=OTHER, laterality="left")
    error = desk.refused(lambda: confirm(desk.ctx, other.id, "key-number-one"))
    assert (error.code, error.field) == ("invalid", "Idempotency-Key")
    bob = replace(desk, ctx=replace(desk.ctx, principal=Principal("bob", "Bob", Role.SCHEDULER)))
    assert bob.book(key="key-number-one", patient=OTHER).case.status == "booked"


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_of_no_use_is_refused(desk: Desk, key: str) -> None:
    """An empty or endless key is answered in a sentence."""
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    assert "characters" in desk.refused(lambda: confirm(desk.ctx, proposal.id, key)).message


def test_a_proposal_is_carried_out_once(desk: Desk) -> None:
    """Another key does not book the same proposal again."""
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    confirm(desk.ctx, proposal.id, "key-number-one")
    assert (
        "carried out already"
        in desk.refused(lambda: confirm(desk.ctx, proposal.id, "key-number-two")).message
    )


def test_a_proposal_expires(desk: Desk) -> None:
    """Ten minutes later nothing is written any more."""
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    desk.clock.now += dt.timedelta(minutes=10)
    assert desk.refused(lambda: confirm(desk.ctx, proposal.id, "key-number-one")).code == "expired"


def test_a_proposal_belongs_to_one_person(desk: Desk) -> None:
    """Somebody else's proposal is answered like one that doesn't exist."""
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    bob = replace(desk.ctx, principal=Principal("bob", "Bob", Role.DIRECTOR))
    assert desk.refused(lambda: confirm(bob, proposal.id, "key-number-one")).code == "not-found"
    assert desk.refused(lambda: proposal_of(bob, proposal.id)).code == "not-found"


def test_a_machine_proposes_and_a_person_confirms(desk: Desk) -> None:
    """An integration may not confirm even its own proposal, and an auditor may not propose."""
    robot = replace(desk, ctx=replace(desk.ctx, principal=Principal("emr", "EMR", Role.INTEGRATION)))
    proposal = robot.propose(offer=robot.offer(), patient=PATIENT, laterality="left")
    assert robot.refused(lambda: confirm(robot.ctx, proposal.id, "key-number-one")).code == "forbidden"
    auditor = replace(desk, ctx=replace(desk.ctx, principal=Principal("aud", "Aud", Role.AUDITOR)))
    assert auditor.refused(lambda: auditor.propose(action="cancel", case="case-0001")).code == "forbidden"


def test_what_was_changed_behind_its_back_is_not_carried_out(desk: Desk) -> None:
    """A proposal whose stored content was edited is refused, even by somebody with the key: it isn't what was shown."""
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    store, c = desk.ctx.store, t.proposals.c
    with store.engine.begin() as connection:
        held = opened(store.keys, t.proposals, connection.execute(select(t.proposals)).one())
        other = sealed(
            store.keys, t.proposals, vars(held), {"content": {**held.content, "laterality": "right"}}
        )
        connection.execute(t.proposals.update().where(c.id == proposal.id).values(other))
    error = desk.refused(lambda: confirm(desk.ctx, proposal.id, "key-number-one"))
    assert "changed after it was shown" in error.message


def test_what_another_row_holds_opens_nowhere_else(desk: Desk) -> None:
    """Sealed content is bound to its row: a proposal that was given another's is refused."""
    one, two = (desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left") for _ in range(2))
    with desk.ctx.store.engine.begin() as connection:
        copied = (
            "UPDATE proposals SET content = (SELECT content FROM proposals WHERE id = :two) WHERE id = :one"
        )
        connection.execute(text(copied), {"one": one.id, "two": two.id})
    error = desk.refused(lambda: confirm(desk.ctx, one.id, "key-number-one"))
    assert "doesn't open" in error.message


def test_a_slot_that_is_gone_gets_the_reason_and_fresh_offers(desk: Desk) -> None:
    """The second of two proposals for one slot hears which rule stands against it, and gets other offers."""
    offer = desk.offer()
    mine = desk.propose(offer=offer, patient=PATIENT, laterality="left")
    theirs = desk.propose(offer=offer, patient=OTHER, laterality="right")
    done = confirm(desk.ctx, mine.id, "key-number-one")
    error = desk.refused(lambda: confirm(desk.ctx, theirs.id, "key-number-two"))
    assert isinstance(error, Conflict)
    assert "OR 1" in error.message
    starts = [case["start"] for fresh in error.offers for case in fresh["cases"]]  # type: ignore[attr-defined]
    assert starts
    assert done.case.start not in starts
    assert not any(value in error.message for value in ("Jo Example", "T1000001", "1980"))


def test_another_team_is_found_when_only_the_team_is_gone(desk: Desk) -> None:
    """An offer keeps surgeon, room and time; somebody else stands in for one who fell ill, and it is said."""
    proposal = desk.propose(offer=desk.offer(start_from="13:00"), patient=PATIENT, laterality="left")
    clinic = desk.ctx.store.clinic()
    absent = next(touched.id for touched in proposal.touches if "(anesthesiologist)" in touched.text)
    leave(desk.ctx.store, absent, "2026-03-10")
    done = confirm(desk.ctx, proposal.id, "key-number-one")
    assert absent not in {member.resource for member in done.case.team}
    assert "The team changed" in done.warnings[0]
    assert clinic.cases_by_id.keys() < desk.ctx.store.clinic().cases_by_id.keys()


def leave(store: Store, person: str, day: str) -> None:
    """A person on leave, written as the record that it is."""
    c = t.records.c
    with store.engine.begin() as connection:
        where = (c.kind == "staff", c.id == person)
        row = connection.execute(select(t.records).where(*where)).one()
        held = opened(store.keys, t.records, row)
        new = sealed(
            store.keys, t.records, vars(held), {"body": {**held.body, "leave": [{"from": day, "to": day}]}}
        )
        connection.execute(t.records.update().where(*where).values(new))
        meta = t.meta.c
        counted = {"revision": meta.revision + 1, "records_revision": meta.records_revision + 1}
        connection.execute(t.meta.update().values(**counted))


def test_every_write_is_in_the_trail_without_the_patient(desk: Desk) -> None:
    """The trail names who booked which case with its values, and no identifier of the patient."""
    done = desk.book()
    last = desk.ctx.store.audit_entries()[-1]
    assert (last.principal, last.action, last.objects[1]) == ("ann", "book", done.case.id)
    assert last.after[0]["start"] == done.case.start
    assert desk.ctx.store.audit_broken_at() is None
    with desk.ctx.store.reading() as connection:
        for table in t.metadata.sorted_tables:
            rows = "".join(str(row) for row in connection.execute(select(table)))
            assert not any(value in rows for value in ("Jo Example", "T1000001"))


def test_cancelling_gives_the_time_back(desk: Desk) -> None:
    """A cancelled case stays on record, its rows are gone, and its slot is offered again."""
    done = desk.book()
    proposal = desk.propose(action="cancel", case=done.case.id, reason="patient called")
    assert done.case.id in proposal.summary
    gone = confirm(desk.ctx, proposal.id, "another-key")
    assert gone.case.status == "cancelled"
    assert desk.ctx.store.clinic().cases_by_id[done.case.id].status == "cancelled"
    rows = t.reservations.c
    with desk.ctx.store.reading() as connection:
        assert connection.execute(select(rows.id).where(rows.case_id == done.case.id)).all() == []
    assert desk.book(key="a-third-key").case.start == done.case.start
    assert (
        "cancelled already" in desk.refused(lambda: desk.propose(action="cancel", case=done.case.id)).message
    )


def test_what_has_begun_is_not_cancelled(desk: Desk) -> None:
    """Between the proposal and its confirmation the case began: nothing is written."""
    done = desk.book()
    desk.clock.now = dt.datetime.fromisoformat(done.case.start) - dt.timedelta(minutes=5)
    proposal = desk.propose(action="cancel", case=done.case.id)
    desk.clock.now += dt.timedelta(minutes=5)
    assert "has begun" in desk.refused(lambda: confirm(desk.ctx, proposal.id, "another-key")).message


def test_reopened_the_book_has_what_was_confirmed(desk: Desk, tmp_path: Path) -> None:
    """Another process sees the booking, and replays the key as the first one answered it."""
    proposal = desk.propose(offer=desk.offer(), patient=PATIENT, laterality="left")
    done = confirm(desk.ctx, proposal.id, "key-number-one")
    again = Store.create_demo(f"sqlite:///{tmp_path}/demo.db", dt.date(2026, 3, 6))
    assert again.clinic() == desk.ctx.store.clinic()
    assert confirm(replace(desk.ctx, store=again), proposal.id, "key-number-one") == done
    again.close()


def test_a_fact_of_the_search_is_not_dropped_in_silence(desk: Desk) -> None:
    """Who was asked for with MRSA and is booked with latex alone has both; to say nothing of flags keeps them."""
    clinic = desk.ctx.store.clinic()
    known = Plan((clinic.cases[0],), patient=Patient(flags=frozenset({"mrsa"})))
    for given, flags in (
        ({"flags": ["latex"]}, {"latex", "mrsa"}),
        ({"flags": []}, {"mrsa"}),
        ({}, {"mrsa"}),
    ):
        plan = detailed(known, PatientIn.model_validate(PATIENT | given), clinic)
        assert plan.patient is not None
        assert plan.patient.flags == flags
        assert plan.cases[0].patient_flags == tuple(sorted(flags))


def test_a_number_of_somebody_else_is_told_before_there_is_a_card(desk: Desk) -> None:
    """A mistyped record number is no proposal: nobody confirms what couldn't be written."""
    desk.book()
    refused = desk.refused(
        lambda: desk.propose(offer=desk.offer(), patient=PATIENT | {"name": "Al Sample"}, laterality="left")
    )
    assert (refused.code, refused.field) == ("conflict", "patient.mrn")
    assert "another name or birth date" in refused.message
