"""A client at the golden desk, as the demo's own browser would send."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from starlette.testclient import TestClient

from tests.web.golden import GoldenDesk
from web.app import create_app
from web.desk import Settings

HOME = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _plain_logs() -> None:
    """The command line's tests leave the log at a stream that is closed by now."""
    structlog.reset_defaults()


@pytest.fixture
def desk() -> GoldenDesk:
    """The golden desk of one test."""
    return GoldenDesk()


@pytest.fixture
def client(desk: GoldenDesk) -> Iterator[TestClient]:
    """A program on this machine, at the demo."""
    app = create_app(desk, Settings(demo=True))
    with TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def stranger() -> Iterator[TestClient]:
    """A client of a real database, where nobody can sign in."""
    with TestClient(create_app(None), base_url=HOME, raise_server_exceptions=False) as client:
        yield client
