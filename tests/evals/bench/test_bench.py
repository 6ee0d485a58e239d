"""The bench: repeatable requests, verified occupancy, everything counted, and no timing asserted."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_kept_results_are_told_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Results of several runs make one table; a file that holds none is named."""
    assert main(["bench", "--requests", "12", "--peers", "none", "--json"]) == 0
    kept = tmp_path / "S.json"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["bench", "--results", f"{kept},{kept}"]) == 0
    assert capsys.readouterr().out.count("| top 5 with teams, cold |") == 2
    assert main(["bench", "--results", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


def test_a_page_names_machine_date_and_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--write keeps the table with the machine, the day and the commit that it was measured on."""
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["bench", "--requests", "12", "--peers", "none", "--write"]) == 0
    page = (tmp_path / "docs" / "bench.md").read_text(encoding="utf-8")
    made = measure.machine()
    assert all(str(made[key]) in page for key in ("cpu", "python", "ortools", "date", "commit"))
    assert "| S |" in page
