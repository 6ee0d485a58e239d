"""What a server does by itself while it serves: every few hours it deletes what is kept no longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Event, Thread

import structlog

from tools.care.retention import Retention, forgotten_in_time
from tools.records.store import Store

_log = structlog.get_logger(__name__)

EVERY = dt.timedelta(hours=6)
SOON = dt.timedelta(minutes=1)
"""Until the first time: who has just started a server wants its pages."""


def begin(store: Store, now: Callable[[], dt.datetime], kept: Retention, stopping: Event) -> Thread:
    """Starts it in a thread that ends with `stopping`."""

    def work() -> None:
        patience = SOON
        while not stopping.wait(patience.total_seconds()):
            once(store, now(), kept)
            patience = EVERY

    thread = Thread(target=work, name="upkeep", daemon=True)
    thread.start()
    return thread


def once(store: Store, now: dt.datetime, kept: Retention) -> None:
    """Does it now; what fails is logged without a value, and tried again the next time."""
    try:
        forgotten_in_time(store, now, kept)
    except Exception as fault:
        _log.error("upkeep.failed", error=type(fault).__name__)
