"""Rules that no row can hold, since they are about several cases: two writers who each look right can't break them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from solver.book import Facts
from solver.grid import Calendar
from solver.request import Plan
from solver.rules import Catalogue
from solver.verify import verify
from tests.load.conftest import NOW, at_once
from tests.tools.records.conftest import KEY
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.errors import Conflict
from tools.proposals import confirm
from tools.records.store import Store
from tools.records.writer import Writer
from tools.registry import default

MEETING = 0.7
"""Seconds that a writer who has verified waits for the other before it writes: without locks they would meet."""
TUESDAY, THURSDAY = "2026-03-10", "2026-03-12"
SHIFTS = '{tue: "06:30-19:00", thu: "06:30-19:00"}'

SUPERVISED = "[{{role: anesthesiologist, supervises: true}}, {{role: crna, certification: own-{n}}}]"
CASES: dict[str, tuple[str, str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "anesthesia-supervision": (
        SUPERVISED,
        "{anesthesia-supervision: {params: {most_rooms: 1}}}",
        ((TUESDAY, "10:00"), (TUESDAY, "10:15")),
    ),
    "staggered-induction": (
        SUPERVISED,
        "{staggered-induction: {level: hard, params: {minutes: 20}}}",
        ((TUESDAY, "10:00"), (TUESDAY, "10:15")),
    ),
    "staff-hours": ("[{{role: circulator}}]", "{}", ((TUESDAY, "10:00"), (THURSDAY, "10:00"))),
}
"""Rule -> (the team, the clinic's rules, two cases of which each fits alone)."""


def clinic_text(team: str, rules: str) -> str:
    """Two of all but the anesthesiologist and the circulator, who may work fifty minutes a week."""
    surgeons = [
        f"  dr-{n}: {{name: Dr. {n}, role: surgeon, shifts: {SHIFTS}, privileges: [{{procedure: carpal-{n}}}]}}"
        for n in range(2)
    ]
    nurses = [
        f"  crna-{n}: {{name: CRNA {n}, role: crna, shifts: {SHIFTS}, certifications: [{{id: own-{n}}}]}}"
        for n in range(2)
    ]
    return "\n".join([
        "format: 1",
        f"clinic: {{id: crowd, name: Crowd, timezone: America/New_York, hours: {SHIFTS}}}",
        "rooms:",
        *(f"  or-{n}: {{name: OR {n}, hours: {SHIFTS}}}" for n in range(2)),
        "staff:",
        *surgeons,
        *nurses,
        f"  anesthesiologist-0: {{name: Anesthesiologist, role: anesthesiologist, shifts: {SHIFTS}}}",
        f"  circulator-0: {{name: Circulator, role: circulator, shifts: {SHIFTS}, max_minutes_week: 50}}",
        "procedures:",
        *(_procedure(n, team.format(n=n)) for n in range(2)),
        f"rules: {rules}",
    ])  # fmt: skip


def _procedure(number: int, team: str) -> str:
    anesthesia = "mac" if "crna" in team else "local"
    return (
        f"  carpal-{number}: {{name: Carpal tunnel {number}, minutes: {{default: {{median: 30, p80: 35}}}}, "
        f"anesthesia: {{default: {anesthesia}, options: [local, mac]}}, team: {team}}}"
    )


@contextmanager
def clinic(url: str, team: str, rules: str) -> Iterator[tuple[Context, Context]]:
    """Two desks with a connection pool each, as two processes would have."""
    first = Store.create(url, load(clinic_text(team, rules)), at=NOW, key=KEY)
    second = Store.open(url, KEY)
    who = Principal("ann", "Ann", Role.SCHEDULER)
    try:
        yield Context(first, who, lambda: NOW), Context(second, who, lambda: NOW)
    finally:
        first.close()
        second.close()


def proposed(ctx: Context, number: int, day: str, at: str) -> str:
    """A proposal to book a room and a surgeon of its own."""
    asked = {
        "procedure": f"carpal-{number}", "surgeon": f"dr-{number}", "room": f"or-{number}",
        "date_from": day, "date_to": day, "at": f"{day}T{at}",
    }  # fmt: skip
    found: Any = default().call("check_slot", ctx, asked)
    assert found.offer, found.violations
    patient = {"name": f"Test Patient{number}", "mrn": f"T{number:07}", "birth_date": "1970-01-01"}
    made: Any = default().call(
        "propose", ctx, {"action": "book", "offer": found.offer.id, "patient": patient}
    )
    return str(made.id)


def outcome(ctx: Context, proposal: str) -> str:
    """The case that was booked, or "conflict"."""
    try:
        return confirm(ctx, proposal, proposal).case.id
    except Conflict:
        return "conflict"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/clinic.db"
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture
def _at_their_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has verified its plan waits a moment for the other to have verified too."""
    meeting, add_case = Barrier(2), Writer.add_case

    def late(self: Writer, *case: Any, **more: Any) -> None:
        with suppress(BrokenBarrierError):
            meeting.wait(MEETING)
        add_case(self, *case, **more)

    monkeypatch.setattr(Writer, "add_case", late)


def both(desks: tuple[Context, Context], wanted: tuple[tuple[str, str], tuple[str, str]]) -> list[str]:
    """What two get who confirm at the same moment."""
    proposals = [proposed(ctx, n, *wanted[n]) for n, ctx in enumerate(desks)]
    pairs = zip(desks, proposals, strict=True)
    return at_once([functools.partial(outcome, ctx, each) for ctx, each in pairs])


@pytest.mark.usefixtures("_at_their_worst")
@pytest.mark.parametrize("rule", list(CASES))
def test_of_two_that_break_a_rule_together_one_is_refused(url: str, rule: str) -> None:
    """Confirmed at the same moment from two processes, one is booked, and the whole book keeps its rules."""
    team, rules, wanted = CASES[rule]
    with clinic(url, team, rules) as desks:
        told = both(desks, wanted)
        book = desks[0].store.clinic()
    assert told.count("conflict") == 1, told
    assert len(book.cases) == 1
    facts = Facts.of(replace(book, cases=()), Calendar(book.timezone).of(NOW))
    assert not verify(Plan(book.cases), facts, Catalogue.of(book))


@pytest.mark.usefixtures("_at_their_worst")
@pytest.mark.parametrize("rule", list(CASES))
def test_of_two_that_fit_together_both_are_booked(url: str, rule: str) -> None:
    """The same two in a clinic that allows both: nothing but the rule had refused one."""
    team, _, (first, second) = CASES[rule]
    rules = "{anesthesia-supervision: {params: {most_rooms: 2}}, staff-hours: {level: off}}"
    with clinic(url, team, rules) as desks:
        assert "conflict" not in both(desks, (first, second))
        assert len(desks[0].store.clinic().cases) == 2
