"""Whatever its own description lets a client send, the API never answers 500."""

from __future__ import annotations

import datetime as dt

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.web.signed import HOME
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import app_of
from web.settings import environment

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
BOUNDED = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
HOST = {"host": "127.0.0.1"}
STREAMS = "/api/changes"
"""Listens for five minutes when asked for a stream; its own tests try it."""


def test_the_demo_never_answers_500() -> None:
    """Signed in by itself, any request that fits the description of any operation gets a plain answer."""
    app = app_of(Store.memory(demo_clinic(NOW.date())), lambda: NOW, HOME, True, environment())
    api = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HOST).exclude(path=STREAMS)
    tried, seen = set[str](), set[int]()
    for found in api.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @BOUNDED
        def answered(case: schemathesis.Case) -> None:
            answer = case.call(headers=HOST)
            seen.add(answer.status_code)
            assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text}"

        answered()
        tried.add(operation.path)
    assert {200, 422} <= seen
    assert {"/api/find", "/api/proposals", "/api/schedule", "/api/chat"} <= tried
