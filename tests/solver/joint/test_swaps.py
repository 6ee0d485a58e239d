"""Swaps: people of other booked cases are exchanged only when asked for, as few as can be, never of a locked case."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from solver.clinic import Case, Clinic, frozen
from solver.request import Status, Swap
from solver.reserve import assigned
from solver.search import Search, search
from solver.verify import verify
from tests.solver.clinics import ask, booked, small_clinic, snapshot, with_cases

ASK = ask(surgeon="dr-smith", start_from=8 * 60, start_until=8 * 60, allow_swaps=True)


def taken_scrub(**more: object) -> Clinic:
    """A wrist case has the only scrub certified for arthroscopy; the other scrub could do the wrist."""
    clinic = small_clinic()
    plain = replace(clinic.staff["scrub-1"], certifications=(), roles_also=())
    clinic = replace(clinic, staff=frozen({**clinic.staff, "scrub-1": plain}))
    return with_cases(clinic, booked("07:45", "or-2", "wrist-orif", length=90, **more))  # type: ignore[arg-type]


def found(clinic: Clinic, **more: object) -> Search:
    """What the knee at eight comes to."""
    return search(snapshot(clinic), replace(ASK, **more))  # type: ignore[arg-type]


def test_nobody_is_exchanged_unless_asked() -> None:
    """Without the permission the answer is a proven no."""
    assert found(taken_scrub(), allow_swaps=False).status is Status.INFEASIBLE


def test_one_swap_frees_the_certified_scrub() -> None:
    """The scrubs change places; one swap is the fewest over the day, and the offer shows it."""
    result = found(taken_scrub())
    offer = result.offers[0]
    (case,) = (case.id for case in taken_scrub().cases)
    assert offer.plan.swaps == (Swap(case, "scrub", "scrub-2", "scrub-1"),)
    assert (offer.terms["swaps"], result.fewest_swaps) == (1, "day")
    assert "1 person exchanged, the fewest over the day" in offer.reasons


def test_direct_comes_first() -> None:
    """Where the book has room as it stands nobody is exchanged."""
    assert not found(small_clinic()).offers[0].plan.swaps


@pytest.mark.parametrize("lock", [{"pinned": True}, {"status": "held"}, {"status": "done"}])
def test_locked_cases_keep_their_people(lock: dict[str, object]) -> None:
    """A pinned, held or done case is not touched, and no other way is a proven no."""
    assert found(taken_scrub(**lock)).status is Status.INFEASIBLE


def test_the_freeze_window_locks() -> None:
    """Inside the freeze window nothing is exchanged."""
    clinic = taken_scrub()
    assert found(replace(clinic, settings=replace(clinic.settings, freeze_hours=24 * 14))).offers == ()


def test_the_day_that_comes_out_is_verified_whole() -> None:
    """The verifier refuses a plan whose swap puts someone unqualified, or busy, into another case."""
    snap = snapshot(taken_scrub())
    plan = search(snap, ASK).offers[0].plan
    assert not verify(plan, snap.facts)
    bad = replace(plan, swaps=(replace(plan.swaps[0], after="anesthesiologist-1"),))
    assert {v.rule for v in verify(bad, snap.facts)} & {"scrub", "person-occupancy"}


def crowded() -> Clinic:
    """Three cases at once; the certified scrub and circulator are both taken elsewhere."""
    clinic = taken_scrub()
    plain = replace(clinic.staff["circulator-1"], certifications=())
    return replace(clinic, staff=frozen({**clinic.staff, "circulator-1": plain}))


def fewest_by_hand(clinic: Clinic) -> int | None:
    """The fewest swaps of the one booked case with which some team passes the verifier: the naive twin."""
    snap = snapshot(clinic)
    offer = found(clinic).offers[0]
    (case,) = clinic.cases
    held = {key: who for key, who in assigned(case, clinic).items() if who and who in clinic.staff}
    roles = {key: key.split("@")[0] for key in held if key != "surgeon"}
    counts = []
    for people in product(sorted(clinic.staff), repeat=len(roles)):
        swaps = tuple(
            Swap(case.id, role, str(held[key]), who)
            for (key, role), who in zip(roles.items(), people, strict=True)
            if who != held[key]
        )
        if len(swaps) <= 2 and not verify(replace(offer.plan, swaps=swaps), snap.facts):
            counts.append(len(swaps))
    return min(counts, default=None)


def test_the_fewest_are_what_brute_force_finds() -> None:
    """Two people have to change places, no fewer, as trying every team of the other case shows."""
    offer = found(crowded()).offers[0]
    assert len(offer.plan.swaps) == 2 == fewest_by_hand(crowded())


def test_swaps_are_the_same_every_time() -> None:
    """Two searches from fresh snapshots give the same offers to the letter."""
    assert repr(found(crowded())) == repr(found(crowded()))


def test_a_chain_reaches_beyond_the_cases_at_the_same_time() -> None:
    """Who is freed may come from a case that doesn't meet the new one, when all of the day is looked at."""
    clinic = taken_scrub()
    busy = replace(clinic.staff["scrub-1"], max_minutes_day=100)
    clinic = replace(clinic, staff=frozen({**clinic.staff, "scrub-1": busy}))
    later: Case = booked("13:00", "or-3", "wrist-orif", length=90, staff="1")
    result = found(with_cases(clinic, later))
    assert len(result.offers[0].plan.swaps) == 2
    assert result.fewest_swaps == "day"
