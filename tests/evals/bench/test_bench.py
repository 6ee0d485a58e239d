"""The bench: repeatable requests, verified occupancy, everything counted, and no timing asserted."""

from __future__ import annotations

import json

import pytest

from evals.bench import measure
from evals.bench.clinics import SIZES, clinic_of
from evals.bench.measure import Times, bench
from evals.bench.requests import requests
from tools.errors import ToolError
from web.cli import main


def test_the_same_seed_gives_the_same_requests() -> None:
    """Two draws of one seed are equal, and another seed draws others."""
    clinic = clinic_of(SIZES["S"], 1)
    first = requests(clinic, SIZES["S"], 1, 30)
    assert first == requests(clinic, SIZES["S"], 1, 30)
    assert first != requests(clinic, SIZES["S"], 2, 30)


def test_several_procedures_in_one_case_are_asked_for() -> None:
    """Some of the requests name a second procedure."""
    drawn = requests(clinic_of(SIZES["S"], 1), SIZES["S"], 1, 100)
    assert any(request.additional_procedures for request in drawn)


def test_every_request_is_counted_once() -> None:
    """Each request ends one way; each without a slot is explained and tried with swaps."""
    run = bench(SIZES["S"], 20, 1)
    assert sum(run["ends"].values()) == 20
    none = 20 - run["ends"].get("found", 0)
    assert run["times"]["cold"]["count"] == run["times"]["warm"]["count"] == 20
    assert run["times"]["explanation"]["count"] == run["times"]["swaps"]["count"] == none
    assert run["occupancy"] >= 0.7
    assert run["infeasible"] >= 0.2


def test_a_bench_that_proves_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinic with too much free time is no bench, and the error says what was seen."""
    monkeypatch.setattr(measure, "occupancy", lambda *_: 0.4)
    with pytest.raises(ToolError, match="40% booked rooms"):
        bench(SIZES["S"], 5, 1)


def test_p95_is_a_value_that_was_seen() -> None:
    """Of a hundred values 1 to 100 the 95th is 95, the middle 50.5 and the largest 100."""
    times = Times(wall=[float(n) for n in range(1, 101)], cpu=[float(n) for n in range(1, 101)])
    assert times.told()["cpu_ms"] == {"p50": 50.5, "p95": 95.0, "max": 100.0}


def test_the_command_prints_one_object_or_one_table(capsys: pytest.CaptureFixture[str]) -> None:
    """--json is one JSON object; an unknown size is one sentence and exit code 2."""
    assert main(["bench", "--size", "S", "--requests", "12", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["runs"][0]["size"] == "S"
    assert main(["bench", "--size", "XXL"]) == 2
    assert "XXL" in capsys.readouterr().err
