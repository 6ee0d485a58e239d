"""Serving: which store gets a desk, and what is said when the address can't be had."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path

import pytest

from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import CannotServe, desk_of, listen, run

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
