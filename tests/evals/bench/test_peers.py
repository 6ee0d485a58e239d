"""The bench's peer answers the same question as Slotwright, and the comparison can tell when it doesn't."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from evals.bench.clinics import MONDAY, SIZES, ZONE, clinic_of
from evals.bench.peers import Answer, Tables, compared, domains, earliest, expressible
from evals.bench.requests import requests
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


def _run(clinic: Clinic, asked: list[Request], peer: Any) -> dict[str, Any]:
    return compared(clinic, AS_OF, asked, peer, LIMIT)


def test_the_peer_finds_the_same_earliest_start(clinic: Clinic, asked: list[Request]) -> None:
    """CP-SAT over free time proves the same earliest wheels-in as Slotwright, or like it that there is none."""
    told = _run(clinic, asked, domains)
    assert told["disagree"] == []
    assert told["equal"] == told["expressible"] == len(asked)


def test_a_later_start_is_reported(clinic: Clinic, asked: list[Request]) -> None:
    """A peer that answers five minutes late disagrees on every request that has a slot."""

    def late(given: Tables, seconds: float) -> Answer:
        right = domains(given, seconds)
        return replace(right, start=None if right.start is None else right.start + 5)

    told = _run(clinic, asked, late)
    assert told["disagree"]
    assert told["equal"] + len(told["disagree"]) == told["expressible"]
    assert all(one["ours"] != one["peer"] for one in told["disagree"])


def test_a_peer_out_of_time_is_counted_apart(clinic: Clinic, asked: list[Request]) -> None:
    """A peer that proves nothing is out of time: neither equal nor in disagreement, and in no ratio."""
    told = _run(clinic, asked, lambda given, seconds: Answer(None, False, 1.0))
    assert told["timed_out"] == told["expressible"]
    assert told["equal"] == 0
    assert told["disagree"] == []
    assert told["ratio"] == {}


def test_one_person_is_not_counted_twice() -> None:
    """Where one person is all there is for two places, the peer proves that there is no slot."""
    free = [0, 5, 10]
    given = Tables([free], {"circulator": {"nora": free}, "scrub": {"nora": free}})
    answer = domains(given, LIMIT)
    assert answer.start is None
    assert answer.proven


def test_what_the_peer_cannot_say_is_left_out(clinic: Clinic, asked: list[Request]) -> None:
    """A request for two cases isn't put to the peer."""
    snapshot = Snapshot.of(earliest(clinic), AS_OF)
    assert expressible(snapshot, asked[0])
    assert not expressible(snapshot, replace(asked[0], count=2))


def test_the_command_puts_the_peers_beside_us(capsys: pytest.CaptureFixture[str]) -> None:
    """--json counts a peer's requests under its name, none leaves it out, and an unknown one is refused by name."""
    assert main(["bench", "--requests", "12", "--peers", "domains", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["runs"][0]["peers"]["domains"]
    assert told["expressible"] == told["equal"] + len(told["disagree"]) + told["timed_out"]
    assert main(["bench", "--requests", "12", "--peers", "none", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"][0]["peers"] == {}
    assert main(["bench", "--peers", "abacus"]) == 2
    assert "abacus" in capsys.readouterr().err


def test_the_table_names_the_peer(capsys: pytest.CaptureFixture[str]) -> None:
    """The table for people has a row of the peer's own."""
    assert main(["bench", "--requests", "12"]) == 0
    assert "| S | domains | 12 |" in capsys.readouterr().out
