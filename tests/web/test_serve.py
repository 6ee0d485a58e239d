"""Serving: which store gets a desk, and what is said when the address can't be had."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.signed import HOME
from tools.errors import ToolError
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import CannotServe, app_of, desk_of, listen, run
from web.settings import Environment, environment

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)


def test_a_busy_port_gets_one_plain_sentence() -> None:
    """A port that somebody has is named, with another to try."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=rf"Port {port} on 127.0.0.1 is already in use. Maybe .*--port"):
            listen("127.0.0.1", port)


def test_a_demo_serves_this_machine_only() -> None:
    """A demo signs everyone in, so it refuses to listen to the network."""
    store = Store.memory(demo_clinic(NOW.date()))
    with pytest.raises(CannotServe, match="this machine only"):
        run(store, "0.0.0.0", 0, now=lambda: NOW)
    store.close()


def test_only_a_demo_signs_in_by_itself(tmp_path: Path) -> None:
    """A database marked as demo gets the demo's own scheduler; any other gets nobody."""
    demo = Store.create_demo(f"sqlite:///{tmp_path / 'demo.db'}", NOW.date())
    desk = desk_of(demo, lambda: NOW)
    assert desk
    assert desk.clinic().rooms
    demo.demo = False
    assert desk_of(demo, lambda: NOW) is None
    demo.close()


def test_a_real_clinic_is_served_beyond_this_machine_by_https_only(tmp_path: Path) -> None:
    """Without a public https address passwords would travel in clear, so another host is refused."""
    store = Store.memory(demo_clinic(NOW.date()))
    store.demo = False
    with pytest.raises(CannotServe, match="SLOTWRIGHT_PUBLIC_ORIGIN"):
        run(store, "0.0.0.0", 0, now=lambda: NOW, env=Environment())
    store.close()


def test_the_solver_is_brought_in_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serving loads CP-SAT beside the first requests, so that no search pays for it."""
    loaded, store = threading.Event(), Store.memory(demo_clinic(NOW.date()))

    def served(server: Any, sockets: list[socket.socket]) -> None:
        assert loaded.wait(60)
        server._stopping.set()
        sockets[0].close()

    monkeypatch.setattr("web.serve.assign.load", loaded.set)
    monkeypatch.setattr("web.serve._Server.run", served)
    run(store, port=0, now=lambda: NOW)
    store.close()


def test_another_clinics_file_has_no_sign_in_of_its_own() -> None:
    """A store in memory that isn't said to be the demo asks people to sign in."""
    store = Store.memory(demo_clinic(NOW.date()))
    for demo, status in ((True, 200), (False, 401)):
        with TestClient(app_of(store, lambda: NOW, HOME, demo, Environment()), base_url=HOME) as client:
            assert client.get("/api/me").status_code == status
    store.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PUBLIC_ORIGIN", "http://or.example.org"), ("PUBLIC_ORIGIN", "https://or.example.org/path"),
     ("FRAME_ANCESTORS", "*"), ("IDLE_MINUTES", "0"), ("SESSION_HOURS", "soon"), ("LOCKOUT_FAILURES", "-1")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The refusal names the variable, in one sentence."""
    monkeypatch.setenv(f"SLOTWRIGHT_{name}", value)
    with pytest.raises(ToolError, match=f"^SLOTWRIGHT_{name}: "):
        environment()


def test_settings_become_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes and hours of the environment are those of the sign-in."""
    monkeypatch.setenv("SLOTWRIGHT_IDLE_MINUTES", "5")
    monkeypatch.setenv("SLOTWRIGHT_SESSION_HOURS", "8")
    policy = environment().policy
    assert (policy.idle, policy.absolute) == (dt.timedelta(minutes=5), dt.timedelta(hours=8))
