"""Hold, move, edit, release and undo: what each leaves in the book, who may, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.tools.test_proposals import OTHER, PATIENT, SEARCH, Clock, Desk
from tools.context import Context, Principal, Role
from tools.errors import Conflict
from tools.proposals import confirm
from tools.proposals.contract import Confirmed
from tools.records import tables as t
from tools.records.states import STEPS, step
from tools.records.store import Store
from tools.registry import default


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A scheduler at a demo clinic in a SQLite file."""
    clock = Clock()
    store = Store.create_demo(f"sqlite:///{tmp_path}/demo.db", clock.now.date())
    yield Desk(Context(store, Principal("ann", "Ann", Role.SCHEDULER), lambda: clock.now, "talk"), clock)
    store.close()


def beside(desk: Desk, id_: str = "bob", role: Role = Role.SCHEDULER) -> Desk:
    """Somebody else at the same clinic."""
    return Desk(replace(desk.ctx, principal=Principal(id_, id_.title(), role), conversation=id_), desk.clock)


HAND = {"procedure": "trigger", "surgeon": "dr-garcia", "date_from": "2026-03-26", "date_to": "2026-03-26"}
"""A short case on a day with time for another one behind it."""


def done(desk: Desk, **body: Any) -> Confirmed:
    """Proposed and confirmed, under a key of its own."""
    return confirm(desk.ctx, desk.propose(**body).id, desk.ctx.store.new_id("key"))


def starts(desk: Desk, **request: Any) -> list[str]:
    """The starts that are offered."""
    found: Any = default().call("find_slots", desk.ctx, SEARCH | request)
    return [offer.cases[0].start for offer in found.offers]


def taken(store: Store, case: str) -> int:
    """How many rows a case takes."""
    c = t.reservations.c
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).where(c.case_id == case)).scalar_one())


def statuses(desk: Desk) -> dict[str, str]:
    """Case -> status, of all."""
    return {case.id: case.status for case in desk.ctx.store.clinic().cases}


def test_a_hold_keeps_its_time_and_says_until_when(desk: Desk) -> None:
    """Nobody is offered a held slot; the board shows it as held, with its end."""
    first = starts(desk)[0]
    held = done(desk, action="hold", offer=desk.offer(), minutes=45)
    assert (held.case and held.case.status, held.case and held.case.held_until) == (
        "held",
        "2026-03-05T09:45:00-05:00",
    )
    assert first not in starts(beside(desk))
    board: Any = default().call(
        "get_schedule", desk.ctx, {"date_from": "2026-03-10", "date_to": "2026-03-10"}
    )
    bar = next(bar for bar in board.cases if held.case and bar.id == held.case.id)
    assert (bar.status, bar.held_until) == ("held", "2026-03-05T09:45:00-05:00")


def test_a_hold_that_is_over_frees_its_time(desk: Desk) -> None:
    """At its end the slot is offered again, its rows are gone, and the trail names the clock."""
    first = starts(desk)[0]
    held = done(desk, action="hold", offer=desk.offer())
    desk.clock.now += dt.timedelta(minutes=30)
    assert first in starts(desk)
    assert held.case is not None
    assert statuses(desk)[held.case.id] == "cancelled"
    assert taken(desk.ctx.store, held.case.id) == 0
    last = desk.ctx.store.audit_entries()[-1]
    assert (last.principal, last.action, last.objects) == ("clock", "hold-expired", (held.case.id,))


def test_a_hold_ends_inside_the_booking_that_needs_its_time(desk: Desk) -> None:
    """What was offered before a hold can be booked once the hold is over, though nobody looked meanwhile."""
    offer = desk.offer()
    other = beside(desk)
    done(other, action="hold", offer=other.offer(), minutes=5)
    desk.clock.now += dt.timedelta(minutes=6)
    booked = done(desk, offer=offer, patient=PATIENT, laterality="left")
    assert booked.case is not None
    assert booked.case.status == "booked"


def test_a_hold_becomes_a_booking(desk: Desk) -> None:
    """The same case, with a patient and a side, and no end any more."""
    held = done(desk, action="hold", offer=desk.offer())
    assert held.case is not None
    booked = done(desk, action="book", case=held.case.id, patient=PATIENT, laterality="left")
    desk.clock.now += dt.timedelta(hours=2)
    starts(desk)
    assert booked.case is not None
    assert (booked.case.id, statuses(desk)[held.case.id], booked.case.held_until) == (
        held.case.id,
        "booked",
        None,
    )
    assert desk.ctx.store.patient(desk.ctx.store.clinic().cases_by_id[held.case.id].patient or "") is not None


def test_somebody_elses_hold_is_theirs(desk: Desk) -> None:
    """Another scheduler can't book it; a charge nurse can."""
    held = done(desk, action="hold", offer=desk.offer())
    body = {"action": "book", "case": held.case and held.case.id, "patient": PATIENT, "laterality": "left"}
    assert "held by somebody else" in beside(desk).refused(lambda: beside(desk).propose(**body)).message
    assert done(beside(desk, "cho", Role.CHARGE_NURSE), **body).case


def test_what_is_booked_cant_be_booked_as_a_hold(desk: Desk) -> None:
    """A booked case isn't held, and a held one is booked once."""
    booked = desk.book()
    body = {
        "action": "book",
        "case": booked.case and booked.case.id,
        "patient": PATIENT,
        "laterality": "left",
    }
    assert "isn't held" in desk.refused(lambda: desk.propose(**body)).message


def test_where_a_case_stands_is_no_near_miss_of_moving_it(desk: Desk) -> None:
    """On a day without a slot the near misses of a move are other places than the case's own."""
    booked = desk.book().case
    assert booked is not None
    wednesday = {"date_from": "2026-03-11", "date_to": "2026-03-11"}
    found: Any = default().call("find_slots", desk.ctx, SEARCH | wednesday | {"replaces": booked.id})
    places = [(near.offer.cases[0].room, near.offer.cases[0].start) for near in found.alternatives]
    assert found.status == "infeasible"
    assert places
    assert (booked.room, booked.start) not in places
    assert [near.offer.label[1:] for near in found.alternatives] == [
        str(n) for n in range(1, len(places) + 1)
    ]


def test_a_move_gives_the_case_another_place(desk: Desk) -> None:
    """Patient and side stay, its rows stand at the new time alone, and the old time is offered again."""
    old = starts(desk)[0]
    booked = desk.book().case
    assert booked is not None
    offers: Any = default().call(
        "find_slots", desk.ctx, SEARCH | {"replaces": booked.id, "start_from": "12:00"}
    )
    proposal = desk.propose(action="move", case=booked.id, offer=offers.offers[0].id)
    assert any("new time of arrival" in touch.text for touch in proposal.touches)
    moved = confirm(desk.ctx, proposal.id, "move-it").case
    assert moved is not None
    assert (moved.id, moved.laterality, moved.start) == (booked.id, "left", offers.offers[0].cases[0].start)
    assert old in starts(desk)
    case = desk.ctx.store.clinic().cases_by_id[booked.id]
    rows = t.reservations.c
    with desk.ctx.store.reading() as connection:
        first = connection.execute(
            select(func.min(rows.start_at)).where(rows.case_id == case.id)
        ).scalar_one()
    assert first >= case.start - 60
    assert desk.ctx.store.patient(case.patient or "") is not None


def test_a_move_takes_those_along_that_follow(desk: Desk) -> None:
    """A case booked to follow goes behind it in one transaction, is named beforehand, and its patient is to be told."""
    first = desk.book(offer=desk.offer(**HAND)).case
    assert first is not None
    follower = done(
        desk, offer=desk.offer(**HAND, after_case=first.id), patient=OTHER, laterality="right"
    ).case
    assert follower is not None
    friday = HAND | {"date_from": "2026-03-27", "date_to": "2026-03-27", "replaces": first.id}
    later: Any = default().call("find_slots", desk.ctx, friday)
    proposal = desk.propose(action="move", case=first.id, offer=later.offers[0].id)
    assert any(touch.id == follower.id and "moves along" in touch.text for touch in proposal.touches)
    moved = confirm(desk.ctx, proposal.id, "move-both")
    assert [case.id for case in moved.cases] == [first.id, follower.id]
    assert moved.cases[1].start > moved.cases[0].end
    assert moved.cases[1].start[:10] == moved.cases[0].start[:10]


def test_only_an_offer_found_for_the_case_moves_it(desk: Desk) -> None:
    """An offer of another search would judge the case against itself; such an offer can't be booked either."""
    booked = desk.book().case
    assert booked is not None
    error = desk.refused(lambda: desk.propose(action="move", case=booked.id, offer=desk.offer()))
    assert (error.field, f"replaces={booked.id}" in error.message) == ("offer", True)
    found = desk.offer(replaces=booked.id)
    assert (
        "found to move"
        in desk.refused(lambda: desk.propose(offer=found, patient=OTHER, laterality="left")).message
    )


def test_a_case_changed_since_it_was_shown_isnt_moved(desk: Desk) -> None:
    """Somebody edits it between showing and confirming: the reason, and fresh offers for the same move."""
    booked = desk.book().case
    assert booked is not None
    proposal = desk.propose(
        action="move", case=booked.id, offer=desk.offer(replaces=booked.id, start_from="12:00")
    )
    done(beside(desk), action="edit", case=booked.id, pinned=True)
    with pytest.raises(Conflict, match="changed after this was shown") as gone:
        confirm(desk.ctx, proposal.id, "too-late")
    assert gone.value.offers


def test_an_edit_changes_what_it_names(desk: Desk) -> None:
    """Side, length, patient and pin; what isn't named stays."""
    booked = desk.book().case
    assert booked is not None
    done(desk, action="edit", case=booked.id, laterality="right", duration_minutes=65, pinned=True)
    case = desk.ctx.store.clinic().cases_by_id[booked.id]
    assert (desk.ctx.store.laterality(case.id), case.minutes, case.pinned) == ("right", 65, True)
    before = case.patient
    done(desk, action="edit", case=booked.id, patient=OTHER)
    case = desk.ctx.store.clinic().cases_by_id[booked.id]
    assert (case.patient != before, case.minutes, case.pinned) == (True, 65, True)


def test_an_edit_that_wouldnt_fit_is_refused_with_the_rule(desk: Desk) -> None:
    """A length that runs into the next case is answered with what stands against it."""
    booked = desk.book().case
    assert booked is not None
    error = desk.refused(lambda: desk.propose(action="edit", case=booked.id, duration_minutes=400))
    assert "OR 1" in error.message
    assert "Nothing is to change" in desk.refused(lambda: desk.propose(action="edit", case=booked.id)).message


def test_a_block_is_released_by_a_director_or_its_owner(desk: Desk) -> None:
    """A scheduler may not; afterwards others are offered its time, until it is reclaimed."""
    body = {"action": "release-block", "block": "patel-thu", "date": "2026-03-12"}
    assert "Maybe ask them, or a director" in desk.refused(lambda: desk.propose(**body)).message
    director = beside(desk, "dee", Role.DIRECTOR)
    released = done(director, **body)
    assert (released.case, (released.block or {})["released"]) == (None, True)
    block = next(each for each in desk.ctx.store.clinic().blocks if each.id == "patel-thu")
    assert dt.date(2026, 3, 12) in block.released
    assert "already released" in director.refused(lambda: director.propose(**body)).message
    owner = beside(desk, "dr-patel", Role.SCHEDULER)
    done(owner, **(body | {"action": "reclaim-block"}))
    block = next(each for each in desk.ctx.store.clinic().blocks if each.id == "patel-thu")
    assert dt.date(2026, 3, 12) not in block.released


def test_a_release_is_told_again_to_who_may_release(desk: Desk) -> None:
    """A director who is one no more doesn't get the answer again."""
    director = beside(desk, "dee", Role.DIRECTOR)
    proposal = director.propose(action="release-block", block="patel-thu", date="2026-03-12")
    assert confirm(director.ctx, proposal.id, "the-same-key") == confirm(
        director.ctx, proposal.id, "the-same-key"
    )
    before = beside(desk, "dee", Role.SCHEDULER)
    refused = before.refused(lambda: confirm(before.ctx, proposal.id, "the-same-key"))
    assert refused.code == "forbidden"


def test_a_block_falls_on_its_days_alone(desk: Desk) -> None:
    """Another weekday, a block that there isn't and a day that is over are refused with their field."""
    director = beside(desk, "dee", Role.DIRECTOR)
    wrong = director.refused(
        lambda: director.propose(action="release-block", block="patel-thu", date="2026-03-11")
    )
    assert (wrong.field, "doesn't fall on" in wrong.message) == ("date", True)
    over = director.refused(
        lambda: director.propose(action="release-block", block="patel-thu", date="2026-02-26")
    )
    assert "is over" in over.message


def test_a_booking_is_undone_within_a_minute(desk: Desk) -> None:
    """Its time is free again, its rows are gone, and the board is as before."""
    before = starts(desk)
    booked = desk.book().case
    assert booked is not None
    undone = done(desk, action="undo")
    assert undone.case is not None
    assert (undone.case.id, undone.case.status) == (booked.id, "cancelled")
    assert starts(desk) == before
    assert taken(desk.ctx.store, booked.id) == 0


def test_a_move_and_a_cancellation_are_undone_exactly(desk: Desk) -> None:
    """The case stands again where it stood, with its team, its side and its patient."""
    booked = desk.book().case
    assert booked is not None
    before = desk.ctx.store.clinic().cases_by_id[booked.id]
    done(desk, action="move", case=booked.id, offer=desk.offer(replaces=booked.id, start_from="12:00"))
    done(desk, action="undo")
    assert desk.ctx.store.clinic().cases_by_id[booked.id] == before
    done(desk, action="cancel", case=booked.id)
    done(desk, action="undo")
    assert desk.ctx.store.clinic().cases_by_id[booked.id] == before
    assert desk.ctx.store.laterality(booked.id) == "left"


def test_undoing_a_booking_of_a_hold_holds_it_again(desk: Desk) -> None:
    """The hold's own end stands again too."""
    held = done(desk, action="hold", offer=desk.offer(), minutes=60).case
    assert held is not None
    done(desk, action="book", case=held.id, patient=PATIENT, laterality="left")
    undone = done(desk, action="undo").case
    assert undone is not None
    assert (undone.status, undone.held_until) == ("held", held.held_until)


def test_a_release_is_undone(desk: Desk) -> None:
    """The day belongs to the block again."""
    director = beside(desk, "dee", Role.DIRECTOR)
    done(director, action="release-block", block="patel-thu", date="2026-03-12")
    undone = done(director, action="undo").block
    assert undone == {"block": "patel-thu", "date": "2026-03-12", "released": False}
    entry = desk.ctx.store.audit_entries()[-1]
    assert (entry.before["released"], entry.after["released"]) == (True, False)
    block = next(each for each in desk.ctx.store.clinic().blocks if each.id == "patel-thu")
    assert block.released == ()


def test_a_release_that_somebody_booked_in_isnt_undone(desk: Desk) -> None:
    """A day given free and booked by another stays free: drafted before or after the booking, undo is refused."""
    director = beside(desk, "dee", Role.DIRECTOR)
    done(director, action="release-block", block="patel-thu", date="2026-03-26")
    early = director.propose(action="undo")
    block = next(each for each in desk.ctx.store.clinic().blocks if each.id == "patel-thu")
    within = {"room": block.room, "start_from": f"{block.window[0] // 60:02d}:{block.window[0] % 60:02d}"}
    booked = done(desk, offer=desk.offer(**HAND, **within), patient=OTHER, laterality="left").case
    assert booked is not None
    refused = director.refused(lambda: director.propose(action="undo"))
    assert f"{booked.id} is booked in it by others" in refused.message
    with pytest.raises(Conflict, match="booked in it by others"):
        confirm(director.ctx, early.id, "undo-early")
    block = next(each for each in desk.ctx.store.clinic().blocks if each.id == "patel-thu")
    assert dt.date(2026, 3, 26) in block.released


def test_after_a_minute_nothing_is_undone(desk: Desk) -> None:
    """Too late, nothing to undo, and somebody else's change are all refused."""
    assert "changed nothing" in desk.refused(lambda: desk.propose(action="undo")).message
    desk.book()
    assert "changed nothing" in beside(desk).refused(lambda: beside(desk).propose(action="undo")).message
    desk.clock.now += dt.timedelta(seconds=61)
    assert "changed nothing" in desk.refused(lambda: desk.propose(action="undo")).message


def test_what_somebody_built_upon_isnt_undone(desk: Desk) -> None:
    """An edit or a follower since then keeps the case where it is."""
    booked = desk.book(offer=desk.offer(**HAND)).case
    assert booked is not None
    done(beside(desk), offer=desk.offer(**HAND, after_case=booked.id), patient=OTHER, laterality="left")
    assert f"follows {booked.id} by now" in desk.refused(lambda: desk.propose(action="undo")).message


def test_time_taken_meanwhile_stays_taken(desk: Desk) -> None:
    """A cancelled case whose time was booked by another comes back no more, with the rule that forbids it."""
    booked = desk.book().case
    assert booked is not None
    done(desk, action="cancel", case=booked.id)
    other = beside(desk)
    done(other, offer=other.offer(start_from=booked.start[11:16], start_until=booked.start[11:16]), patient=OTHER,
         laterality="left")  # fmt: skip
    proposal = desk.propose(action="undo")
    with pytest.raises(Conflict, match="OR 1"):
        confirm(desk.ctx, proposal.id, "undo-late")


def test_the_steps_of_a_case_are_those_written_down() -> None:
    """Every step that the table has passes, and every other is refused by both names."""
    for before in STEPS:
        for after in STEPS:
            if after in STEPS[before]:
                step("case-1", before, after)
            else:
                with pytest.raises(Exception, match=f"is {before} and can't become {after}"):
                    step("case-1", before, after)


@pytest.mark.parametrize("action", ["hold", "cancel", "edit"])
def test_a_machine_prepares_and_never_confirms(desk: Desk, action: str) -> None:
    """An integration's key may propose; confirming is refused whatever the action."""
    booked = desk.book().case
    assert booked is not None
    machine = beside(desk, "emr", Role.INTEGRATION)
    body = {
        "hold": {"offer": machine.offer()},
        "cancel": {"case": booked.id},
        "edit": {"case": booked.id, "pinned": True},
    }
    proposal = machine.propose(action=action, **body[action])
    assert "may not confirm" in machine.refused(lambda: confirm(machine.ctx, proposal.id, "k")).message
