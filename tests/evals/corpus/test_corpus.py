"""The corpus: sealed, reproducible, and the interpreter's figures on it held."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter

import pytest

from evals.corpus.__main__ import run
from evals.corpus.generate import half_of
from evals.corpus.grade import agrees, graded
from evals.corpus.play import Given, Player
from evals.corpus.report import figures
from evals.corpus.requests import HALVES, Request, lines_of, path_of, read
from evals.corpus.words import CLINICS, clinic_of

RECORDED = {
    "tuning": {"fields": 0.99, "whole": 0.985, "silently_wrong": 0.005, "needless": 0.01},
    "reporting": {"fields": 0.99, "whole": 0.955, "silently_wrong": 0.005, "needless": 0.05},
}
"""What was measured, less a small margin: shares at least (fields, whole), at most (the others)."""

PLAIN = Request("r", "f", "demo", "2026-03-05T09:00", (), "t", {"tool": "find_slots", "input": {
    "procedure": "lap-chole", "date_from": "2026-03-09", "date_to": "2026-03-15", "start_until": "12:00"}})  # fmt: skip


def test_the_reporting_half_is_as_it_was_sealed() -> None:
    """The reporting half hashes to what was committed before anything was tuned."""
    sealed = path_of("reporting").with_suffix(".sha256").read_text(encoding="utf-8").split()[0]
    assert hashlib.sha256(path_of("reporting").read_bytes()).hexdigest() == sealed


def test_the_halves_share_no_family() -> None:
    """A template family is in one half, and each half has over 500 requests of both clinics."""
    families = [{request.family for request in read(half)} for half in HALVES]
    assert not families[0] & families[1]
    for half in HALVES:
        counts = Counter(request.clinic for request in read(half))
        assert set(counts) == set(CLINICS)
        assert counts.total() > 500


def test_the_tuning_half_is_what_its_families_give() -> None:
    """The generator writes the tuning half as it lies here, byte for byte."""
    assert lines_of(half_of("tuning")) == path_of("tuning").read_text(encoding="utf-8")


@pytest.mark.parametrize("half", HALVES)
def test_labels_name_what_the_clinic_has(half: str) -> None:
    """Every id in an expected call is one of the clinic that it is asked in."""
    for request in read(half):
        clinic = clinic_of(request.clinic, PLAYER_DAYS[request.clinic])
        given = request.expect.get("input", {})
        asked = given.get("request", given)
        procedures = asked.get("procedure", "")
        known = procedures["any"] if isinstance(procedures, dict) else [procedures]
        assert all(not procedure or procedure in clinic.procedures for procedure in known)
        assert not isinstance(given.get("case"), str) or given["case"] in clinic.cases_by_id


PLAYER_DAYS = {request.clinic: dt.date.fromisoformat(request.now[:10]) for request in read("tuning")}


@pytest.mark.parametrize("half", HALVES)
def test_the_interpreter_holds_its_figures(half: str) -> None:
    """Fields, whole requests, silently wrong ones and needless questions stay within what was recorded."""
    found, recorded = figures(run(half)), RECORDED[half]
    assert found["fields"]["share"] >= recorded["fields"]
    assert found["whole"]["share"] >= recorded["whole"]
    assert found["silently_wrong"]["share"] <= recorded["silently_wrong"]
    assert found["needless"]["share"] <= recorded["needless"]


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (Given(tool="find_slots", input={**PLAIN.expect["input"], "count": 1}), "right"),
        (Given(tool="find_slots", input={**PLAIN.expect["input"], "start_from": "07:30"}), "right"),
        (Given(tool="find_slots", input={**PLAIN.expect["input"], "date_to": "2026-03-13"}), "right"),
        (Given(tool="find_slots", input={**PLAIN.expect["input"], "date_to": "2026-03-12"}), "wrong"),
        (Given(tool="find_slots", input={**PLAIN.expect["input"], "start_until": None}), "wrong"),
        (Given(tool="explain", input=PLAIN.expect["input"]), "wrong"),
        (Given(question="Which?"), "asked"),
        (Given(said="No."), "refused"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_right_and_nothing_else(given: Given, verdict: str) -> None:
    """Bounds that hold anyway and closed days don't count; a dropped bound, another day or another tool does."""
    assert graded(PLAIN, given).verdict == verdict


def test_any_of_several_readings_is_right() -> None:
    """A label may list the readings that are all right."""
    assert agrees({"any": ["a", None]}, None)
    assert agrees({"any": [["mon", "tue"], None]}, ["tue", "mon"])
    assert not agrees({"any": ["a", "b"]}, "c")


def test_a_call_where_a_question_was_due_is_silently_wrong() -> None:
    """Guessing is told apart from asking."""
    due = Request("r", "f", "demo", PLAIN.now, (), "scope Tuesday", {"asks": "procedure"})
    assert graded(due, Given(tool="find_slots", input={})).verdict == "wrong"
    assert graded(due, Player().play(due)).verdict == "right"
