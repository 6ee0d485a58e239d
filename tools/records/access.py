"""Entries of the access chain, gathered and written together: who reads is not made to wait for a writer's turn."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Callable
from threading import Lock, Timer

import structlog

from tools.records.trail import Note

_log = structlog.get_logger(__name__)

DELAY = 1.0
"""Seconds until what was gathered is written: what a power cut can cost."""
MOST = 500
"""Notes that are kept while the database can't be written; beyond them the oldest are lost."""

Enter = Callable[[list[Note]], None]


class AccessLog:
    """Gathers notes; `enter` writes them in one transaction, in a thread of its own."""

    def __init__(self, enter: Enter, delay: float = DELAY) -> None:
        self._enter, self._delay = enter, delay
        self._notes: list[Note] = []
        self._timer: Timer | None = None
        self._lock, self._writing = Lock(), Lock()
        atexit.register(_flush, weakref.ref(self))

    def note(self, note: Note) -> None:
        """Keeps a note until the batch is written, a moment later."""
        with self._lock:
            self._notes.append(note)
            if self._timer is None:
                self._timer = Timer(self._delay, self._in_time)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Writes what was gathered, now; what can't be written is kept for the next time."""
        with self._writing:
            with self._lock:
                notes, self._notes, self._timer = self._notes, [], None
            if not notes:
                return
            try:
                self._enter(notes)
            except Exception:
                with self._lock:
                    self._notes = [*notes, *self._notes][-MOST:]
                raise

    def _in_time(self) -> None:
        try:
            self.flush()
        except Exception as error:
            _log.error("access.kept", error=type(error).__name__)


def _flush(log: weakref.ref[AccessLog]) -> None:
    gathered = log()
    if gathered is not None:
        gathered.flush()
