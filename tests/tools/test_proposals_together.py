"""Many people at once: one slot is booked once, and what fits together is booked together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.tools.test_proposals import SEARCH
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.errors import Conflict
from tools.proposals import confirm
from tools.proposals.contract import Confirmed, Proposal
from tools.records import tables as t
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
CLIENTS = 16
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(params=["sqlite", "postgresql"])
def clients(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Context]]:
    """Sixteen people, each with connections of their own to one clinic."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/clinic.db" if sqlite else str(request.getfixturevalue("pg_url"))
    Store.create(url, load(demo_clinic(NOW.date())), at=NOW, key=KEY).close()
    stores = [Store.open(url, KEY) for _ in range(CLIENTS)]
    yield [
        Context(store, Principal(f"person-{n}", f"Person {n}", Role.SCHEDULER), lambda: NOW)
        for n, store in enumerate(stores)
    ]
    for store in stores:
        store.close()


def together(work: list[Callable[[], Any]]) -> list[Any]:
    """Starts all at the same moment; gives results and errors in order."""
    gate = Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return one()
        except Exception as error:  # every error is looked at by the test
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def offers(ctx: Context, **request: Any) -> list[Any]:
    """The offers of a search."""
    found: Any = default().call("find_slots", ctx, SEARCH | request)
    return list(found.offers)


def propose(ctx: Context, offer: str, number: int) -> Proposal:
    """A proposal of an offer for the patient of that number."""
    patient = {"name": f"Test Patient {number}", "mrn": f"T9{number:06d}"}
    made = default().call("propose", ctx, {"offer": offer, "patient": patient, "laterality": "left"})
    assert isinstance(made, Proposal)
    return made


def booked(ctx: Context) -> int:
    """How many cases are in the book."""
    with ctx.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(t.cases)).scalar_one())


def test_one_slot_is_booked_once(clients: list[Context]) -> None:
    """Sixteen people confirm one slot at once: one wins, fifteen get the reason, nobody gets anything else."""
    before = booked(clients[0])
    best = offers(clients[0])[0]
    proposals = [propose(ctx, best.id, n) for n, ctx in enumerate(clients)]
    results = together(
        [
            lambda ctx=ctx, made=made: confirm(ctx, made.id, "a-key-of-my-own")  # type: ignore[misc]
            for ctx, made in zip(clients, proposals, strict=True)
        ]
    )
    assert Counter(type(result) for result in results) == {Confirmed: 1, Conflict: CLIENTS - 1}, results
    assert all("OR 1" in result.message for result in results if isinstance(result, Conflict))
    assert booked(clients[0]) == before + 1
    assert clients[0].store.audit_broken_at() is None


def test_a_double_click_books_once(clients: list[Context]) -> None:
    """One proposal confirmed sixteen times at once with one key gives one booking and one answer."""
    before = booked(clients[0])
    same = [replace(ctx, principal=clients[0].principal) for ctx in clients]
    made = propose(same[0], offers(same[0])[0].id, 1)
    results = together([lambda ctx=ctx: confirm(ctx, made.id, "a-double-click") for ctx in same])  # type: ignore[misc]
    assert all(result == results[0] for result in results), results
    assert isinstance(results[0], Confirmed)
    assert booked(clients[0]) == before + 1


def test_what_fits_together_is_booked_together(clients: list[Context]) -> None:
    """People who confirm slots on different days at once all get theirs."""
    found = offers(clients[0], date_to="2026-06-30", limit=50, surgeon=None)
    days: dict[str, str] = {}
    for offer in found:
        days.setdefault(offer.cases[0].start[:10], offer.id)
    chosen = list(days.values())[:CLIENTS]
    assert len(chosen) >= 4
    proposals = [propose(ctx, offer, n) for n, (ctx, offer) in enumerate(zip(clients, chosen, strict=False))]
    results = together(
        [
            lambda ctx=ctx, made=made: confirm(ctx, made.id, "a-key-of-my-own")  # type: ignore[misc]
            for ctx, made in zip(clients, proposals, strict=False)
        ]
    )
    assert all(isinstance(result, Confirmed) for result in results), results
    assert len({result.case.id for result in results}) == len(chosen)


def test_one_new_patient_is_recorded_once(clients: list[Context]) -> None:
    """Two bookings of one new patient at once make one patient."""
    found = offers(clients[0], date_to="2026-06-30", limit=50)
    days = {offer.cases[0].start[:10]: offer.id for offer in found}
    proposals = [propose(ctx, offer, 7) for ctx, offer in zip(clients, list(days.values())[:4], strict=False)]
    results = together(
        [
            lambda ctx=ctx, made=made: confirm(ctx, made.id, "a-key-of-my-own")  # type: ignore[misc]
            for ctx, made in zip(clients, proposals, strict=False)
        ]
    )
    assert all(isinstance(result, Confirmed) for result in results), results
    clinic = clients[-1].store.clinic()
    assert len({clinic.cases_by_id[result.case.id].patient for result in results}) == 1
