"""A writer killed at any moment leaves a whole book behind, on both engines."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import insert, select

from tests.load.conftest import TIMES, Desk
from tests.load.whole import faults
from tools.records import tables as t
from tools.records.store import Store

ROOT = Path(__file__).parents[2]
WRITERS = 2
KILLS = 6

pytestmark = pytest.mark.timeout(240)


def command(word: str, store: Store) -> list[str]:
    """The writer as a process."""
    url = store.engine.url.render_as_string(hide_password=False)
    return [sys.executable, "-m", "tests.load.writer", word, url]


class Writer:
    """One writer that books until it is killed."""

    def __init__(self, store: Store) -> None:
        self.process = subprocess.Popen(command("book", store), stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.confirmed: set[str] = set()
        self.ready = False
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.ready = True
                self.confirmed |= {line.strip()} - {"ready"}

    def kill(self) -> set[str]:
        """Ends it without a warning; gives the cases that it was told of."""
        assert self.process.poll() is None, "the writer ended by itself"
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self._listener.join(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.confirmed


@contextmanager
def standing_still(writers: list[Writer]) -> Iterator[None]:
    """Writers that are stopped in the middle of whatever they do, so that the book can be looked at."""
    for writer in writers:
        writer.process.send_signal(signal.SIGSTOP)
    time.sleep(0.1)  # what they had sent to the server is done
    yield
    for writer in writers:
        writer.process.send_signal(signal.SIGCONT)


def test_writers_killed_under_load_leave_a_whole_book(store: Store) -> None:
    """Two write at once, one after the other is killed at random and replaced: nothing is half-written or lost."""
    dice, confirmed = random.Random(7), set[str]()
    writers = [Writer(store) for _ in range(WRITERS)]
    for number in range(KILLS):
        writer = writers[number % WRITERS]
        while not writer.ready:
            assert writer.process.poll() is None
            time.sleep(0.02)
        time.sleep(dice.uniform(0.05, 0.6))
        confirmed |= writer.kill()
        others = [each for each in writers if each is not writer and each.process.poll() is None]
        with standing_still(others):
            assert faults(store, confirmed) == []
        if number < KILLS - WRITERS:
            writers[number % WRITERS] = Writer(store)
    assert confirmed
    assert faults(store, confirmed) == []


def test_a_booking_killed_at_any_statement_leaves_a_whole_book(store: Store) -> None:
    """Before every statement of a confirmation in turn the process dies: each booking is there whole, or not at all."""
    ran = subprocess.run(
        command("die", store), capture_output=True, text=True, check=True, cwd=ROOT, timeout=200
    )
    statements = int(ran.stdout)
    assert statements > 15
    assert faults(store) == []
    # Killed before its commit a booking isn't there; only the last, which nobody killed, is.
    assert len(store.clinic().cases) == 1


def test_who_died_is_in_nobodys_way(store: Store, desk: Desk) -> None:
    """The locks of a killed writer are gone with it: the next booking is made."""
    writer = Writer(store)
    while not writer.ready:
        time.sleep(0.02)
    writer.kill()
    free = [at for at in TIMES if at not in {case_time(store, case) for case in writer.confirmed}]
    answer = desk.confirm(desk.proposal(1, 0, free[-1]))
    assert answer.status_code in (201, 409), answer.text


def case_time(store: Store, case: str) -> str:
    """The wall time of a case's start."""
    from solver.grid import Calendar

    found = store.clinic().cases_by_id[case]
    return f"{Calendar(store.clinic().timezone).wall(found.start):%H:%M}"


@pytest.mark.parametrize("what", ["case", "reservation", "replay"])
def test_the_check_finds_what_is_half_written(store: Store, desk: Desk, what: str) -> None:
    """A case without reservations, a reservation without a case's need, an answer that isn't kept: each is found."""
    proposal = desk.proposal(1, 0, TIMES[0])
    case = desk.confirm(proposal).json()["case"]["id"]
    assert faults(store, {case}) == []
    assert faults(store, {"case-9999"}) == ["case-9999 was confirmed, and is lost"]
    with store.engine.begin() as connection:
        if what == "case":
            connection.execute(t.reservations.delete())
        elif what == "replay":
            connection.execute(t.replays.delete())
        else:
            row = connection.execute(select(t.reservations)).mappings().first()
            assert row is not None
            other = {**row, "id": 10**6, "start_at": row["end_at"], "end_at": row["end_at"] + 5}
            connection.execute(insert(t.reservations), other)
    assert len(faults(store, {case})) == 1
