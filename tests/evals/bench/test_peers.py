"""The bench's peers answer the same question as Slotwright, and the comparison can tell when they don't."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.beside import QUESTIONS, compared, earliest
from evals.bench.clinics import MONDAY, SIZES, ZONE, clinic_of
from evals.bench.peers import PEERS, Answer, Peer, domains
from evals.bench.requests import requests
from evals.bench.tables import Tables, expressible
from solver.clinic import Clinic
from solver.grid import Calendar
from solver.request import Request
from solver.snapshot import Snapshot
from web.cli import main

AS_OF = Calendar(ZONE).instant(MONDAY, 9 * 60)
LIMIT = 30.0
"""Seconds a request; only a guard against a hung test."""


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    """The clinic of size S and seed 5."""
    return clinic_of(SIZES["S"], 5)


@pytest.fixture(scope="module")
def asked(clinic: Clinic) -> list[Request]:
    """Twenty-five requests of that clinic."""
    return requests(clinic, SIZES["S"], 5, 25)


def _run(clinic: Clinic, asked: list[Request], peer: Peer, question: str = "earliest") -> dict[str, Any]:
    return compared(clinic, AS_OF, asked, peer, LIMIT, question=question)


@pytest.mark.parametrize("question", list(QUESTIONS))
@pytest.mark.parametrize("name", list(PEERS))
def test_a_peer_finds_the_same_choices(
    clinic: Clinic, asked: list[Request], name: str, question: str
) -> None:
    """Each model proves the same costs as Slotwright, the first one and all five, or like it that there are no more."""
    told = _run(clinic, asked, PEERS[name], question)
    assert told["disagree"] == []
    assert told["timed_out"] == 0
    assert told["equal"] == told["expressible"] - told["inside_openings"]
    assert told["equal"] > len(asked) // 2


def test_a_later_start_is_reported(clinic: Clinic, asked: list[Request]) -> None:
    """A peer that answers one start late disagrees on every request that has a slot."""

    def late(given: Tables, most: int, seconds: float) -> Answer:
        right = domains(given, most, seconds)
        last = len(given.axis) - 1
        return replace(right, found=tuple(min(at + 1, last) for at in right.found))

    told = _run(clinic, asked, late)
    assert told["disagree"]
    assert told["equal"] + len(told["disagree"]) == told["expressible"]
    assert all(one["ours"] != one["peer"] for one in told["disagree"])


def test_a_peer_out_of_time_is_counted_apart(clinic: Clinic, asked: list[Request]) -> None:
    """A peer that proves nothing is out of time: neither equal nor in disagreement, and in no ratio."""
    told = _run(clinic, asked, lambda given, most, seconds: Answer((), False, 1.0))
    assert told["timed_out"] == told["expressible"]
    assert told["equal"] == 0
    assert told["disagree"] == []
    assert told["ratio"] == {}


AXIS = [(0, 0, 600), (0, 0, 615), (0, 0, 630)]


@pytest.mark.parametrize("name", list(PEERS))
def test_one_person_is_not_counted_twice(name: str) -> None:
    """Where one person is all there is for two places, every peer proves that there is no slot."""
    free = [0, 1, 2]
    given = Tables(AXIS, {"room": {"or-1": free}, "circulator": {"nora": free}, "scrub": {"nora": free}})
    answer = PEERS[name](given, 1, LIMIT)
    assert answer.found == ()
    assert answer.proven


@pytest.mark.parametrize("name", list(PEERS))
def test_the_next_best_choice_is_another_room_or_start(name: str) -> None:
    """Two rooms free at one start are two choices, the later start is the third, and a fourth is proven not to be."""
    given = Tables(AXIS, {"room": {"or-1": [0], "or-2": [0, 2]}, "surgeon": {"dr-smith": [0, 1, 2]}})
    answer = PEERS[name](given, 4, LIMIT)
    assert answer.found == (0, 0, 2)
    assert answer.proven


@given(st.sets(st.integers(0, 11)), st.integers(1, 12))
def test_what_is_taken_is_what_is_not_free(free: set[int], length: int) -> None:
    """Stretches that are taken cover the axis but for what is free, and don't touch each other."""
    kept = sorted(at for at in free if at < length)
    tables = Tables([(0, 0, at) for at in range(length)], {"room": {"or-1": kept}})
    taken = tables.busy["room"]["or-1"] if kept else [(0, length)]
    assert [at for at in range(length) if not any(low <= at < high for low, high in taken)] == kept
    assert all(one[1] < other[0] for one, other in pairwise(taken))


def test_what_the_peer_cannot_say_is_left_out(clinic: Clinic, asked: list[Request]) -> None:
    """A request for two cases isn't put to the peer."""
    snapshot = Snapshot.of(earliest(clinic), AS_OF)
    assert expressible(snapshot, asked[0])
    assert not expressible(snapshot, replace(asked[0], count=2))


def test_the_command_puts_the_peers_beside_us(capsys: pytest.CaptureFixture[str]) -> None:
    """--json counts a peer's requests under its name, none leaves it out, and an unknown one is refused by name."""
    assert main(["bench", "--requests", "12", "--peers", "domains", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["runs"][0]["peers"]["domains"]["earliest"]
    assert told["expressible"] == told["equal"] + len(told["disagree"]) + told["timed_out"]
    assert main(["bench", "--requests", "12", "--peers", "none", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"][0]["peers"] == {}
    assert main(["bench", "--peers", "abacus"]) == 2
    assert "abacus" in capsys.readouterr().err


def test_the_table_names_the_peer(capsys: pytest.CaptureFixture[str]) -> None:
    """The table for people has a row of the peer's own."""
    assert main(["bench", "--requests", "12"]) == 0
    assert "| S | domains | earliest | 12 |" in capsys.readouterr().out
