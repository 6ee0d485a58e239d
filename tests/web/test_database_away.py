"""A database that goes away while people work: told as 503 with a time to come back, and found again by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from tests.web.cli.conftest import SMALL
from tests.web.signed import PAGE, START, House
from tools.clinic_file import load
from tools.records.store import Store

KEY = "c2xvdHdyaWdodC10ZXN0LWtleS0wMTIzNDU2Nzg5YWI="


class Served:
    """A clinic on PostgreSQL whose database can be shut to it."""

    def __init__(self, url: str, admin: str) -> None:
        self._admin, self._name = admin, str(make_url(url).database)
        self.store = Store.create(url, load(SMALL), at=START, key=KEY)
        self.house = House(store=self.store).settle()

    @contextmanager
    def away(self) -> Iterator[None]:
        """No session is left, and none is let in."""
        with psycopg.connect(self._admin, autocommit=True) as admin:
            admin.execute(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS false'.encode())
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (self._name,)
            )
            yield
            admin.execute(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS true'.encode())


@pytest.fixture
def served(pg_database: Callable[[], str]) -> Iterator[Served]:
    """The small clinic on PostgreSQL."""
    url = pg_database()
    admin = make_url(url).set(drivername="postgresql", database="postgres")
    made = Served(url, admin.render_as_string(hide_password=False))
    yield made
    made.store.engine.dispose()


def offered(client: TestClient) -> str:
    """A bookable offer's id."""
    answer = client.post(
        "/api/find",
        json={
            "procedure": "knee-arthroscopy",
            "surgeon": "dr-smith",
            "date_from": "2026-03-10",
            "date_to": "2026-03-10",
        },
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["offers"][0]["id"])


def test_every_way_in_says_that_it_is_away_and_works_again_after(served: Served) -> None:
    """Page, API, sign-in and a write: 503, Retry-After and plain words; afterwards the write goes through once."""
    client = served.house.signed_in("scheduler")
    offer = offered(client)
    wish = {"action": "hold", "offer": offer}
    before = served.store.revision()
    with served.away():
        answers = [
            client.get("/", headers=PAGE),
            client.get("/api/board?date=2026-03-10"),
            client.post("/api/proposals", json=wish),
            served.house.client().post("/sign-in", data={"name": "scheduler", "password": "x"}),
        ]
        for answer in answers:
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"] == "5"
            assert "can't be reached just now, and nothing was written" in answer.text.replace("&#39;", "'")
            assert "psycopg" not in answer.text
        assert answers[1].json()["error"]["code"] == "unavailable"
    assert client.get("/", headers=PAGE).status_code == 200
    assert served.store.revision() == before
    assert client.post("/api/proposals", json=wish).status_code == 201


def test_the_chat_says_that_the_book_is_away(served: Served) -> None:
    """A turn begun while the database is away ends in the same words, and nothing internal is told."""
    client = served.house.signed_in("scheduler")
    client.get("/", headers=PAGE)
    with served.away():
        answer = client.post("/api/chat", json={"text": "knee scope, Dr. Smith, Tuesday"})
    assert answer.status_code == 503
    assert "Something went wrong" not in answer.text
