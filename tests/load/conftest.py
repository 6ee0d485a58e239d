"""A clinic with room for many at once, served over HTTP from either engine, and a crowd that comes at the same time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import httpx2
import pytest

from tests.tools.records.conftest import KEY
from tests.web.serving import served
from tools.clinic_file import load
from tools.records.store import Store
from web.serve import app_of
from web.settings import environment

T = TypeVar("T")

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
CROWD = 64
TIMES = ("07:30", "08:45", "10:00", "11:15", "12:30", "13:45", "15:00", "16:15")
PATIENCE = 60.0
"""Seconds after which a client counts as hanging."""


def clinic_text(rooms: int = 8) -> str:
    """Surgeons who each have a room of their own, and share the recovery bays."""
    lines = [
        "format: 1",
        'clinic: {id: crowd, name: Crowd, timezone: America/New_York, hours: {tue: "06:30-20:00"}}',
        "rooms:",
        *(f'  or-{n}: {{name: OR {n}, hours: {{tue: "07:00-19:00"}}}}' for n in range(rooms)),
        "bays:",
        '  pacu: {name: PACU, units: 16, hours: {tue: "07:00-20:00"}}',
        "staff:",
        *(
            f'  dr-{n}: {{name: Dr. {n}, role: surgeon, shifts: {{tue: "06:30-19:00"}}, '
            f"privileges: [{{procedure: carpal-tunnel}}]}}"
            for n in range(rooms)
        ),
        "procedures:",
        "  carpal-tunnel:",
        "    name: Carpal tunnel release",
        "    minutes: {default: {median: 30, p80: 35}}",
        "    anesthesia: {default: local, options: [local]}",
        "    recovery: {bay: pacu, minutes: {local: 60}}",
        "    team: []",
    ]
    return "\n".join(lines)


@dataclass
class Desk:
    """The clinic over HTTP."""

    store: Store
    http: httpx2.Client

    def proposal(self, number: int, room: int, at: str) -> str:
        """The id of a proposal to book a slot for a patient of its own."""
        asked = {
            "procedure": "carpal-tunnel", "surgeon": f"dr-{room}", "room": f"or-{room}",
            "date_from": "2026-03-10", "date_to": "2026-03-10", "at": f"2026-03-10T{at}",
        }  # fmt: skip
        offer = self.http.post("/api/check", json=asked).json()["offer"]
        patient = {"name": f"Test Patient{number}", "mrn": f"T{number:07}", "birth_date": "1970-01-01"}
        body = {"action": "book", "offer": offer["id"], "patient": patient}
        answer = self.http.post("/api/proposals", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def confirm(self, proposal: str) -> httpx2.Response:
        """What confirming answers."""
        return self.http.post(f"/api/proposals/{proposal}/confirm", headers={"idempotency-key": proposal})


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The clinic on either engine."""
    url = (
        f"sqlite:///{tmp_path}/crowd.db"
        if request.param == "sqlite"
        else str(request.getfixturevalue("pg_url"))
    )
    made = Store.create(url, load(clinic_text()), at=NOW, key=KEY)
    made.demo = True  # so that the crowd needn't sign in
    yield made
    made.close()


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """The clinic, served."""
    app = app_of(store, lambda: NOW, "http://127.0.0.1:8000", True, environment())
    limits = httpx2.Limits(max_connections=CROWD, max_keepalive_connections=CROWD)
    with served(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE, limits=limits) as http:
        yield Desk(store, http)


def at_once(work: Sequence[Callable[[], T]]) -> list[T]:
    """Runs all of it, each in a thread that waits until the last is ready."""
    barrier = Barrier(len(work))

    def one(each: Callable[[], T]) -> T:
        barrier.wait(30)
        return each()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def codes(answers: Sequence[Any]) -> Counter[int]:
    """How often each status came."""
    return Counter(answer.status_code for answer in answers)
