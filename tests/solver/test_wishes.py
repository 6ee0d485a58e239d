"""What a surgeon would rather have, and time set aside that is to be filled: as terms, in words, in the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solver import rank
from solver.clinic import DEFAULT_RANKING, Block, Clinic, Preferences, RankTerm, Settings
from solver.search import search
from tests.solver.clinics import (
    ask,
    booked,
    having,
    small_clinic,
    snapshot,
    surgeon,
    window,
    with_blocks,
    with_cases,
)
from tests.solver.rules.claims import two_towers
from tests.solver.test_rank import OWNED, placed
from tools.clinic_file import exported, load
from tools.clinic_file.build import Loaded


def wishing(clinic: Clinic, who: str = "dr-smith", **said: Any) -> Clinic:
    """The clinic with a surgeon who has said what they would rather have."""
    return having(clinic, "staff", replace(clinic.staff[who], preferences=Preferences(**said)))


OWN = booked("09:00", surgeon="dr-smith")
BEFORE_WRIST = with_cases(small_clinic(), booked("12:00", "or-2", "wrist-orif", "dr-patel", length=90))
PRIME = replace(small_clinic(), settings=Settings(prime_time=window("07:30-15:00")))


@pytest.mark.parametrize(
    ("term", "where", "value"),
    [
        ("preference", placed(two_towers(), "09:00", "or-2"), 0),
        ("preference", placed(wishing(two_towers(), rooms=("or-1",)), "09:00", "or-2"), 1),
        ("preference", placed(wishing(two_towers(), rooms=("or-1",)), "09:00", "or-1"), 0),
        ("preference", placed(wishing(with_cases(small_clinic(), OWN), consecutive=True), "10:35"), 0),
        ("preference", placed(wishing(with_cases(small_clinic(), OWN), consecutive=True), "14:00"), 1),
        ("preference", placed(wishing(small_clinic(), consecutive=True), "14:00"), 0),
        ("utilisation", placed(small_clinic(), "16:00"), 0),
        ("utilisation", placed(OWNED, "10:00"), 0),
        ("utilisation", placed(OWNED, "11:30"), 30),
        ("utilisation", placed(OWNED, "13:00"), 60),
        ("utilisation", placed(OWNED, "10:00", "or-2"), 60),
        ("utilisation", placed(PRIME, "14:00"), 0),
        ("utilisation", placed(PRIME, "14:20"), 20),
        ("utilisation", placed(PRIME, "15:30"), 60),
    ],
)
def test_a_term_measures_what_it_is_named_for(term: str, where: rank.Placed, value: float) -> None:
    """A preference counts one where a slot goes against it; minutes outside own or prime time count as they are."""
    assert rank.terms(where)[term] == value


def test_a_full_block_leaves_nothing_to_fill() -> None:
    """Where no stretch of the surgeon's block could hold the case, a slot elsewhere wastes none of it."""
    full = with_cases(OWNED, booked("08:00", length=180))
    assert rank.terms(placed(full, "13:00", "or-1"))["utilisation"] == 0


def test_a_released_block_is_nobodys() -> None:
    """On a day on which the block was given back, its end and its minutes say nothing of the surgeon's cases."""
    (block,) = OWNED.blocks
    where = placed(OWNED, "11:30")
    released = replace(OWNED, blocks=(replace(block, released=(where.date,)),))
    assert (rank.terms(where)["overtime"], rank.terms(where)["utilisation"]) == (30, 30)
    again = rank.terms(placed(released, "11:30"))
    assert (again["overtime"], again["utilisation"]) == (0, 0)


@pytest.mark.parametrize(("clock", "unmet"), [("08:00", 0), ("14:00", 1)])
def test_what_comes_first_comes_before_the_others(clock: str, unmet: int) -> None:
    """Knees first: a knee before Dr. Patel's wrist of that day keeps to it, one behind it doesn't."""
    clinic = wishing(BEFORE_WRIST, "dr-patel", first=("knee-arthroscopy",))
    where = placed(clinic, clock)
    where = replace(where, mode=replace(where.mode, surgeon="dr-patel"))
    assert rank.terms(where)["preference"] == unmet


def test_a_preference_decides_between_slots_that_are_alike() -> None:
    """Of two rooms that both serve, the preferred one stands first and says so; unsaid, the first by name does."""
    assert search(snapshot(two_towers()), ask(surgeon="dr-smith")).offers[0].plan.cases[0].room == "or-1"
    clinic = wishing(two_towers(), rooms=("or-2",))
    best, *rest = search(snapshot(clinic), ask(surgeon="dr-smith")).offers
    assert best.plan.cases[0].room == "or-2"
    assert best.terms["preference"] == 0
    assert "in a room that Dr. Smith prefers" in best.reasons
    assert any("not in a room that Dr. Smith prefers" in offer.reasons for offer in rest)


@pytest.mark.parametrize("scrub", ["scrub-1", "scrub-2"])
def test_people_whom_the_surgeon_likes_are_asked_first(scrub: str) -> None:
    """Where a liked person is free they are in the team, and the offer says why."""
    clinic = wishing(small_clinic(), team=(scrub,))
    offer = search(snapshot(clinic), ask(surgeon="dr-smith")).offers[0]
    assert scrub in [member.resource for member in offer.plan.cases[0].team]
    assert f"with {clinic.staff[scrub].name}, as Dr. Smith prefers" in offer.reasons


def test_preferences_never_forbid() -> None:
    """A surgeon who prefers a room without what the case needs is offered the same starts."""
    asked = ask(surgeon="dr-smith")
    plain, wished = small_clinic(), wishing(small_clinic(), rooms=("or-3",), consecutive=True)
    starts = [[o.plan.cases[0].start for o in search(snapshot(c), asked).offers] for c in (plain, wished)]
    assert starts[0] == starts[1]


def test_a_block_of_a_service_is_open_to_its_surgeons() -> None:
    """A block that "ortho" owns keeps out others, not an orthopaedic surgeon, whose own block it is for the ranking."""
    block = Block("ortho-tue", "ortho", "or-1", 1, window("07:30-15:30"))
    clinic = having(
        small_clinic(), "staff", replace(surgeon("dr-smith", "knee-arthroscopy"), service="ortho")
    )
    clinic = with_blocks(clinic, block)
    (best, *_) = search(snapshot(clinic), ask(surgeon="dr-smith")).offers
    assert best.plan.cases[0].room == "or-1"
    assert "inside the surgeon's block" in best.reasons
    patel = search(snapshot(clinic), ask(surgeon="dr-patel")).offers
    assert all(offer.plan.cases[0].start >= placed(clinic, "15:30").start for offer in patel)


def test_the_file_carries_preferences_and_prime_time() -> None:
    """What a surgeon has said and the prime time come back from an exported file; unsaid, the file holds neither."""
    said = {"rooms": ["or-2"], "first": ["wrist-orif"], "consecutive": True, "team": ["scrub-1"]}
    values = exported(load(exported_of(wishing(PRIME, **{k: _plain(v) for k, v in said.items()}))))
    assert values["staff"]["dr-smith"]["preferences"] == said
    assert values["clinic"]["settings"]["prime_time"] == "07:30-15:00"
    plain = exported_of(small_clinic())
    assert "preferences" not in plain["staff"]["dr-smith"]
    assert "prime_time" not in plain["clinic"]["settings"]


def test_a_preference_names_what_there_is() -> None:
    """A preferred room that the clinic hasn't got is a fault with its place and a way out."""
    values = exported_of(wishing(small_clinic(), rooms=("or-9",)))
    with pytest.raises(Exception, match=r"preferences.*rooms.*no room \"or-9\"\. Maybe"):
        load(values)


def exported_of(clinic: Clinic) -> dict[str, Any]:
    """The clinic as a file's values."""
    return exported(Loaded(clinic))


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def test_the_terms_are_weighed_in_the_levels_by_default() -> None:
    """The default order weighs both, and a clinic that drops them ranks without."""
    weighed = {term.term for level in small_clinic().ranking for term in level}
    assert {"preference", "utilisation"} <= weighed
    deaf = replace(wishing(two_towers(), rooms=("or-2",)), ranking=((RankTerm("start"),),))
    assert search(snapshot(deaf), ask(surgeon="dr-smith")).offers[0].plan.cases[0].room == "or-1"


def test_the_page_of_the_ranking_tells_every_term_and_its_weight() -> None:
    """docs/ranking.md has a row for each term, and says of each what the default levels do with it."""
    page = (Path(__file__).parents[2] / "docs" / "ranking.md").read_text(encoding="utf-8")
    rows = {
        row.split("|")[1].strip(" `"): row.split("|")[3].strip()
        for row in page.splitlines()
        if row[:3] == "| `"
    }
    assert set(rows) == set(rank.TERMS)
    for number, level in enumerate(DEFAULT_RANKING, 1):
        for term in level:
            times = "" if term.weight == 1 else f", times {term.weight:g}"
            assert rows[term.term] == f"level {number}{times}"
