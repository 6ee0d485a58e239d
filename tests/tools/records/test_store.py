"""The store keeps a clinic, the same on both engines, and loses nothing."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from solver.request import Patient, Plan
from tests.tools.records.conftest import KEY, NOW
from tools.clinic_file import Identity, Loaded, exported, load
from tools.context import Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store, StoredOffer
from tools.records.writer import Writer, scopes_of

ANN = Principal("ann", "Ann", Role.SCHEDULER)


def test_what_was_loaded_comes_back(store: Store, loaded: Loaded) -> None:
    """A clinic read from a database equals the one that was written, and exports the same file."""
    assert store.clinic() == loaded.clinic
    assert store.export(patients=True) == exported(loaded, patients=True)
    assert "patients" not in store.export()


def test_reopening_loses_nothing(url: str, store: Store, loaded: Loaded) -> None:
    """Another process with the key reads the same clinic, patients and trail."""
    again = Store.open(url, KEY)
    assert again.clinic() == loaded.clinic
    assert again.patient("patient-1") == loaded.patients[0]
    assert again.audit_broken_at() is None
    assert [entry.action for entry in again.audit_entries()] == ["load"]
    again.close()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (None, "Maybe set SLOTWRIGHT_KEY"),
        (base64.b64encode(b"x" * 32).decode(), "not the key"),
        ("short", "not base64"),
        (base64.b64encode(b"short").decode(), "has 5 bytes; 32 are needed"),
    ],
)
def test_no_key_no_start(url: str, store: Store, key: str | None, words: str) -> None:
    """A real clinic opens only with the key that it was made with."""
    with pytest.raises(ToolError, match=words):
        Store.open(url, key)


def test_the_clinic_is_the_same_object_until_it_changes(store: Store, loaded: Loaded) -> None:
    """Reading twice gives one object; a new case gives another that shares all but the cases."""
    first = store.clinic()
    assert store.clinic() is first
    case = replace(loaded.clinic.cases[0], id="case-9", start=loaded.clinic.cases[0].start + 10080)
    store.write(lambda writer: writer.add_case(case, "right", 9))
    assert store.revision() == 2
    assert store.clinic() is not first
    assert store.clinic().procedures is first.procedures
    assert store.clinic().cases == (*first.cases, case)
    assert store.laterality("case-9") == "right"


def test_a_crash_in_between_leaves_nothing(store: Store, loaded: Loaded) -> None:
    """An error after half of a booking was written rolls all of it back, the trail included."""
    case = replace(loaded.clinic.cases[0], id="case-9", start=loaded.clinic.cases[0].start + 10080)

    def half(writer: Writer) -> None:
        writer.lock({"2026-03-17"})
        writer.add_case(case, None, 9)
        writer.patient_ref(Identity("", "New Patient", "T9", None))
        writer.audit(ANN, NOW, "book", ["case-9"], None, {})
        assert "case-9" in writer.clinic().cases_by_id
        raise RuntimeError("the power failed")

    with pytest.raises(RuntimeError):
        store.write(half)
    assert store.clinic() == loaded.clinic
    assert store.revision() == 1
    assert len(store.audit_entries()) == 1
    with store.engine.connect() as connection:
        assert len(connection.execute(select(t.patients)).all()) == 1
        assert connection.execute(select(t.scopes)).all() == []


def test_patients_are_unreadable_in_the_tables(store: Store) -> None:
    """No row of any table holds a patient's name or record number in clear."""
    with store.engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert "Test Patient" not in str(row)
                assert "T0000001" not in str(row)


def test_a_patient_is_found_again_by_either_identifier(store: Store) -> None:
    """The record number, or the name with the birth date, gives the patient on record; neither makes a new one."""
    born = dt.date(1970, 1, 1)

    def ref(*identifiers: object) -> str:
        return store.write(lambda writer: writer.patient_ref(Identity("", *identifiers)))  # type: ignore[arg-type]

    assert ref("Test  PATIENT", "t0000001", None) == "patient-1"
    assert ref("Test Patient", None, born) == "patient-1"
    assert ref("Test Patient", "T0000002", born) != "patient-1"
    with pytest.raises(ToolError, match="another name or birth date"):
        ref("Other Person", "T0000001", None)


def test_an_offer_means_the_same_after_a_restart(url: str, store: Store, loaded: Loaded) -> None:
    """A kept offer comes back with its plan from another connection, and letters count its lists."""
    plan = Plan((loaded.clinic.cases[0],), ((),), (), Patient(age=40, flags=frozenset({"latex"})), "urgent")
    offers = [
        StoredOffer(f"offer-{n}", f"A{n}", "ann", "talk", 1, NOW, {"procedure": "knee"}, {"id": "x"}, plan)
        for n in (1, 2)
    ]
    store.save_offers(offers)
    again = Store.open(url, KEY)
    assert again.offer("offer-2") == offers[1]
    assert again.next_letter("talk") == "B"
    assert again.next_letter("another talk") == "A"
    again.close()
    with pytest.raises(ToolError, match="no offer 'offer-3'"):
        store.offer("offer-3")


def test_a_naive_moment_is_refused(store: Store) -> None:
    """A datetime without a zone can't be written, whichever engine."""
    naive = NOW.replace(tzinfo=None)
    row = {"clinic": "small", "principal": "a", "route": "r", "key": "k", "digest": b"", "answer": {}}
    with pytest.raises(StatementError, match="has no time zone"), store.engine.begin() as connection:
        connection.execute(insert(t.replays), row | {"created_at": naive})


def test_a_second_clinic_is_refused(url: str, store: Store, loaded: Loaded) -> None:
    """A database that holds a clinic takes no other."""
    with pytest.raises(ToolError, match="holds the clinic 'small'"):
        Store.create(url, loaded, at=NOW, key=KEY)


def test_an_empty_database_says_what_to_do(url: str) -> None:
    """Opening a database without a clinic names the way out."""
    with pytest.raises(ToolError, match="Maybe load one"):
        Store.open(url, KEY)


@pytest.mark.parametrize(
    "address", ["nonsense", "mysql://x/y", "sqlite:////nowhere/at/all/clinic.db", "", "://"]
)
def test_a_bad_address_gets_one_sentence(address: str) -> None:
    """An address that leads nowhere is answered in a sentence with a way out, not with a traceback."""
    with pytest.raises(ToolError, match="Maybe"):
        Store.open(address, KEY)


def test_the_demo_is_durable_and_needs_no_key(tmp_path: Path) -> None:
    """The demo clinic is made once, marked as such, and opened with everything in it from then on."""
    address = f"sqlite:///{tmp_path}/demo.db"
    first = Store.create_demo(address, dt.date(2026, 3, 5))
    assert first.demo
    first.write(lambda writer: writer.patient_ref(Identity("patient-x", "New Patient", "T9", None)))
    before = first.export(patients=True)
    first.close()
    again = Store.create_demo(address, dt.date(2026, 4, 1))
    assert again.demo
    assert again.export(patients=True) == before
    again.close()
    once_more = Store.open(address)
    assert once_more.demo
    once_more.close()


def test_a_clash_is_refused_or_kept_as_an_exception(loaded: Loaded) -> None:
    """Two cases in one room load only on request, flagged, and what is free stays bookable around them."""
    case = loaded.clinic.cases[0]
    double = replace(case, id="case-2", start=case.start + 30, patient=None)
    file = exported(replace(loaded, clinic=replace(loaded.clinic, cases=(case, double))))
    with pytest.raises(ToolError, match="case-2"):
        load(file, as_of=NOW)
    store = Store.memory(file, as_of=NOW, accept_existing=True)
    assert all("room-occupancy" in case.exceptions for case in store.clinic().cases)
    with store.reading() as connection:
        lanes = connection.execute(select(t.reservations.c.lane_from, t.reservations.c.lane_to)).all()
    assert any(row.lane_from == row.lane_to for row in lanes)


def test_scopes_are_days_and_weeks_of_the_clinic(loaded: Loaded) -> None:
    """What lasts past midnight locks both days, by the clinic's clock."""
    from solver.grid import Calendar
    from tools.records.occupancy import takings

    late = replace(loaded.clinic.cases[0], start=loaded.clinic.cases[0].start + 14 * 60)
    taken = takings(late, loaded.clinic)
    assert scopes_of(taken, Calendar("America/New_York")) == {"2026-03-10", "2026-03-11", "2026-W11"}


def test_in_memory_all_threads_share_one_clinic(loaded: Loaded) -> None:
    """A database in memory is written by many threads, each in its turn."""
    from concurrent.futures import ThreadPoolExecutor

    store = Store.memory(loaded)
    with ThreadPoolExecutor(8) as pool:
        revisions = list(pool.map(lambda _: store.write(lambda writer: writer.bump()), range(40)))
    assert sorted(revisions) == list(range(2, 42))


def test_locks_are_taken_in_order(store: Store) -> None:
    """Locking scopes bumps each of them once, and keeps the clinic's own as it is."""
    store.write(lambda writer: writer.lock(["2026-W11", "2026-03-10", "2026-03-10"]))
    with store.reading() as connection:
        rows = connection.execute(text("SELECT scope, revision FROM scopes ORDER BY scope")).all()
    assert [tuple(row) for row in rows] == [("2026-03-10", 1), ("2026-W11", 1), ("clinic", 0)]


def test_a_password_in_a_bad_address_stays_out_of_sight() -> None:
    """What is no address is shown without what stands where a password would."""
    for address in ("postgresql//ann:hunter22@db.example.org/x", "mysql://ann:hunter22@db.example.org/x"):
        with pytest.raises(ToolError) as refused:
            Store.open(address, KEY)
        assert "hunter22" not in refused.value.message


def test_a_server_that_is_away_is_no_matter_of_paths() -> None:
    """Nobody listens there: the sentence speaks of the server, and keeps the password; "postgres:" is one too."""
    for scheme in ("postgresql", "postgres"):
        with pytest.raises(ToolError, match="Maybe the server is down") as refused:
            Store.open(f"{scheme}://ann:hunter22@127.0.0.1:9/x", KEY)
        assert "hunter22" not in refused.value.message
