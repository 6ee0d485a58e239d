"""Requests at the edges: days that no calendar has, brackets without end, an origin that is no address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.signed import HOME
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import app_of
from web.settings import environment

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
KNEE = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-10",
}  # fmt: skip


@pytest.fixture(scope="module")
def http() -> TestClient:
    """The demo over HTTP."""
    app = app_of(Store.memory(demo_clinic(NOW.date())), lambda: NOW, HOME, True, environment())
    return TestClient(app, base_url=HOME, raise_server_exceptions=False)


def told(answer: Any) -> dict[str, Any]:
    """The error object of a refusal."""
    error: dict[str, Any] = answer.json()["error"]
    return error


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "9998-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_has_is_refused_everywhere(http: TestClient, day: str) -> None:
    """Whoever names it, the day is told back as outside the calendar, with 422."""
    for path in (f"/api/schedule?from={day}&to={day}", f"/api/bottlenecks?from={day}&to={day}"):
        answer = http.get(path)
        assert (answer.status_code, day in told(answer)["message"]) == (422, True), answer.text
    for path in ("/api/check", "/api/explain"):
        answer = http.post(path, json=KNEE | {"at": f"{day}T00:00"})
        assert answer.status_code == 422, answer.text
        assert told(answer)["field"] in ("at", "date_to")
        assert day in told(answer)["message"]


def test_brackets_without_end_are_no_fault_of_ours(http: TestClient) -> None:
    """A body that goes deeper than can be read is another body, not a crash."""
    answer = http.post(
        "/api/proposals/x/confirm", content=b"[" * 50_000, headers={"idempotency-key": "k" * 8}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", ""])
def test_an_origin_that_is_no_address_is_a_stranger(http: TestClient, origin: str) -> None:
    """What can't be read isn't our own page."""
    assert http.post("/api/find", json=KNEE, headers={"origin": origin}).status_code == 403
