"""Why it fitted yesterday: the change that took a slot is found in the trail, and named without a patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.test_proposals import OTHER, PATIENT, SEARCH, Clock, Desk
from tests.tools.test_proposals_changes import beside, done
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records.store import Store
from tools.registry import default, staffed

SINCE = "2026-03-05T09:00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A scheduler at a demo clinic in a SQLite file, a minute after nine."""
    clock = Clock()
    store = Store.create_demo(f"sqlite:///{tmp_path}/demo.db", clock.now.date())
    clock.now += dt.timedelta(minutes=1)
    yield Desk(Context(store, Principal("ann", "Ann", Role.SCHEDULER), lambda: clock.now, "talk"), clock)
    store.close()


def asked(desk: Desk, at: str, since: str = SINCE) -> Any:
    """What took that start in OR 1."""
    desk.clock.now += dt.timedelta(minutes=5)
    body = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-1", "at": at, "since": since}
    return staffed().call("why_changed", desk.ctx, body)


def first(desk: Desk) -> str:
    """The best start, wall time."""
    found: Any = default().call("find_slots", desk.ctx, SEARCH)
    return str(found.offers[0].cases[0].start)[:16]


def test_what_is_still_free_took_nothing(desk: Desk) -> None:
    """A slot that fits now has lost nothing."""
    assert asked(desk, first(desk)).status == "fits"


def test_the_booking_that_took_it_is_named_without_its_patient(desk: Desk) -> None:
    """Of two bookings the one that took the slot, with its role, its time and the rule; nobody's name."""
    at = first(desk)
    later = beside(desk)
    desk.clock.now += dt.timedelta(minutes=1)
    taken = done(desk, offer=desk.offer(), patient=PATIENT, laterality="left").case
    desk.clock.now += dt.timedelta(minutes=1)
    done(
        later,
        offer=later.offer(date_from="2026-03-31", date_to="2026-03-31"),
        patient=OTHER,
        laterality="left",
    )
    found = asked(desk, at)
    assert taken is not None
    assert (found.status, found.change.action, found.change.role) == ("taken", "book", "scheduler")
    assert taken.id in found.change.objects
    assert "OR 1" in " ".join(found.reasons)
    assert PATIENT["name"] not in found.model_dump_json()


def test_a_cancelled_and_rebooked_slot_is_traced_to_the_last(desk: Desk) -> None:
    """Booked, given back and booked again: it is the last booking that has it now, however far back is asked."""
    at = first(desk)
    one = done(desk, offer=desk.offer(), patient=PATIENT, laterality="left").case
    assert one is not None
    desk.clock.now += dt.timedelta(minutes=1)
    done(desk, action="cancel", case=one.id)
    desk.clock.now += dt.timedelta(minutes=1)
    between = (desk.clock.now - dt.timedelta(hours=5, seconds=30)).strftime("%Y-%m-%dT%H:%M:%S")
    two = done(desk, offer=desk.offer(), patient=OTHER, laterality="left").case
    assert two is not None
    for since in (SINCE, between):
        found = asked(desk, at, since)
        assert two.id in found.change.objects
        assert "when a scheduler booked Dr. Smith's" in found.summary


def test_what_never_fitted_is_said_so(desk: Desk) -> None:
    """A start that was taken from the beginning."""
    found = asked(desk, "2026-03-10T07:30")
    assert (found.status, found.change) == ("never-fitted", None)
    assert found.reasons


def test_since_must_be_past(desk: Desk) -> None:
    """A time to come is refused with its field."""
    with pytest.raises(ToolError, match="not in the past") as refused:
        asked(desk, "2026-03-10T07:30", "2027-01-01T09:00")
    assert refused.value.field == "since"


def director(desk: Desk) -> Desk:
    """A director at the same clinic, some minutes later."""
    desk.clock.now += dt.timedelta(minutes=3)
    return beside(desk, "dora", Role.DIRECTOR)


def call(desk: Desk, name: str, **payload: Any) -> Any:
    """Any tool."""
    return staffed().call(name, desk.ctx, payload)


def took(desk: Desk, at: str, **more: Any) -> Any:
    """What took a start of Dr. Smith, or of whoever else is named."""
    desk.clock.now += dt.timedelta(minutes=5)
    slot = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-1"} | more
    return call(desk, "why_changed", **slot, at=at, since=SINCE)


def test_an_imported_booking_took_it(desk: Desk) -> None:
    """A spreadsheet that brought a case is named as that, with how many cases came and nobody's name."""
    at = first(desk)
    sheet = "date,start,minutes,surgeon,room,procedure,side,patient,mrn\n"
    sheet += f"{at[:10]},{at[11:]},60,dr-smith,or-1,knee-arthroscopy,left,Jo Example,T9\n"
    call(director(desk), "import_csv", kind="bookings", text=sheet, dry_run=False)
    found = took(desk, at)
    assert (found.status, found.change.action) == ("taken", "import-bookings")
    assert found.summary.endswith("when a director imported bookings (1 case).")
    assert "Jo Example" not in found.model_dump_json()


def test_a_reclaimed_block_took_it(desk: Desk) -> None:
    """A day of a block given free and taken back: the slot fit in between, until the reclaim."""
    day = {"block": "patel-mon", "date": "2026-03-23"}
    slot = {"procedure": "dupuytren", "surgeon": "dr-garcia", "room": "or-1"}
    done(director(desk), action="release-block", **day)
    found = call(desk, "find_slots", **slot, date_from=day["date"], date_to=day["date"])
    done(director(desk), action="reclaim-block", **day)
    told = took(desk, str(found.offers[0].cases[0].start)[:16], **slot)
    assert (told.status, told.change.action) == ("taken", "reclaim-block")
    assert "a director took back Dr. Patel's block in OR 1 on Monday, March 23" in told.summary


def test_leave_took_it_and_its_reason_is_nobodys_business(desk: Desk) -> None:
    """A surgeon's leave is named as a change of their record; what it is for isn't said."""
    at = first(desk)
    leave = {"leave": [{"from": at[:10], "to": at[:10], "reason": "own knee surgery"}]}
    call(
        director(desk), "edit_record", kind="staff", id="dr-smith", op="change", add=leave, reason="own knee"
    )
    found = took(desk, at)
    assert (found.status, found.change.objects) == ("taken", ["staff/dr-smith"])
    assert found.summary.endswith("when a director changed the record of Dr. Smith.")
    assert "own knee" not in found.model_dump_json()


def test_a_policy_took_it(desk: Desk) -> None:
    """A rule's parameter that was changed is named by the rule's title."""
    at = first(desk)
    dora = director(desk)
    made = call(
        dora,
        "edit_record",
        kind="rules",
        op="create",
        id="horizon",
        body={"params": {"days": 2}},
        reason="flu",
    ).model_dump()
    call(dora, "confirm_edit", proposal=made["proposal"], key="a-key-of-their-own")
    found = took(desk, at)
    assert (found.status, found.change.objects) == ("taken", ["rules/horizon"])
    assert "changed the rule" in found.summary


def test_an_undone_cancellation_took_it(desk: Desk) -> None:
    """Cancelled, so that it fit for a while, and put back: the undoing is named with the case's place."""
    at = first(desk)
    one = done(desk, offer=desk.offer(), patient=PATIENT, laterality="left").case
    assert one is not None
    desk.clock.now += dt.timedelta(minutes=2)
    done(desk, action="cancel", case=one.id)
    desk.clock.now += dt.timedelta(seconds=20)
    done(desk, action="undo")
    found = took(desk, at)
    assert (found.status, found.change.action) == ("taken", "undo")
    assert "undid a change of Dr. Smith's" in found.summary


def test_a_block_that_ran_out_and_was_booked_is_the_bookings_doing(desk: Desk) -> None:
    """Not bookable then and released by itself later, the slot is traced to whoever booked it after that."""
    slot = {"procedure": "ctr-open", "surgeon": "dr-garcia", "room": "or-2", "at": "2026-03-10T09:30"}
    desk.clock.now = dt.datetime(2026, 3, 9, 14, tzinfo=dt.UTC)
    found = call(desk, "find_slots", procedure="ctr-open", surgeon="dr-garcia", room="or-2",
                 date_from="2026-03-10", date_to="2026-03-10", start_until="12:00")  # fmt: skip
    assert found.offers
    slot["at"] = str(found.offers[0].cases[0].start)[:16]
    done(desk, offer=found.offers[0].id, patient=PATIENT, laterality="left")
    told = took(desk, **slot)
    assert (told.status, told.change.action) == ("taken", "book")


@pytest.mark.parametrize(
    "role", [Role.SCHEDULER, Role.CHARGE_NURSE, Role.DIRECTOR, Role.ADMIN, Role.INTEGRATION]
)
def test_no_role_is_told_whose_case_it_is(desk: Desk, role: Role) -> None:
    """Whoever may search gets the same words: the surgeon, the room and the hour, never the patient."""
    at = first(desk)
    done(desk, offer=desk.offer(), patient=PATIENT, laterality="left")
    told = took(beside(desk, "eve", role), at).model_dump_json()
    assert "Dr. Smith's" in told
    assert not [each for each in (PATIENT["name"], PATIENT["mrn"], "patient-") if each in told]


def test_a_model_is_given_the_tool_and_a_number_is_no_time(desk: Desk) -> None:
    """It is among a model's tools, and a time that isn't written as one is refused in words with a way out."""
    assert "why_changed" in {each.name for each in default().tools()}
    with pytest.raises(ToolError, match="Maybe") as refused:
        asked(desk, "2026-03-10T09:00", since=1772000000)  # type: ignore[arg-type]
    assert refused.value.field == "since"


NAMED = st.text(st.characters(categories=["Lu", "Ll"]), min_size=6, max_size=12).map(
    lambda name: f"Zq{name} Xw{name}"
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=NAMED, mrn=st.from_regex(r"T77[0-9]{6}", fullmatch=True), action=st.sampled_from(["book", "hold"])
)
def test_whoever_the_patient_is_they_are_not_in_the_answer(
    desk: Desk, name: str, mrn: str, action: str
) -> None:
    """No name and no number of a patient is in what is told, whatever took the slot; neither is who did it."""
    at = first(desk)
    patient = {"name": name, "mrn": mrn, "birth_date": "1980-01-02"}
    whom = {"patient": patient, "laterality": "left"} if action == "book" else {}
    one = done(desk, action=action, offer=desk.offer(), **whom).case
    assert one is not None
    told = asked(desk, at)
    text = told.model_dump_json()
    desk.clock.now += dt.timedelta(minutes=1)
    done(desk, action="cancel", case=one.id)
    desk.clock.now += dt.timedelta(minutes=1)
    assert told.status == "taken"
    assert not [each for each in (name, mrn, "1980-01-02", "Ann", *name.split()) if each in text]
