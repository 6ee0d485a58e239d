"""A writer that somebody kills: run as a process of its own with a database's address.

`book` books and cancels until it is killed, and prints each case that was confirmed to it.
`die` confirms bookings, each in a process that kills itself just before another of its statements.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
import signal
import sys
from typing import Any

from sqlalchemy import event

from tests.load.conftest import NOW, TIMES
from tests.tools.records.conftest import KEY
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.proposals import confirm
from tools.records.store import Store
from tools.registry import default


def desk(url: str) -> Context:
    """A scheduler at the clinic."""
    now = NOW + dt.timedelta(seconds=1)
    return Context(Store.open(url, KEY), Principal("ann", "Ann", Role.SCHEDULER), lambda: now)


def proposed(ctx: Context, room: int, at: str, number: int) -> str:
    """A proposal to book a slot; raises `ToolError` where it is taken."""
    asked = {
        "procedure": "carpal-tunnel", "surgeon": f"dr-{room}", "room": f"or-{room}",
        "date_from": "2026-03-10", "date_to": "2026-03-10", "at": f"2026-03-10T{at}",
    }  # fmt: skip
    found: Any = default().call("check_slot", ctx, asked)
    if found.offer is None:
        raise ToolError("conflict", "taken")
    patient = {"name": f"Test Patient{number}", "mrn": f"T{number:07}", "birth_date": "1970-01-01"}
    made: Any = default().call(
        "propose", ctx, {"action": "book", "offer": found.offer.id, "patient": patient}
    )
    return str(made.id)


def say(line: str) -> None:
    """One line for whoever started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def book(url: str) -> None:
    """Books and cancels without end, saying what was confirmed."""
    ctx, dice = desk(url), random.Random()
    mine: list[str] = []
    for turn in itertools.count():
        if turn == 1:
            say("ready")  # the first turn imports the solver
        try:
            if len(mine) > 3:
                made: Any = default().call("propose", ctx, {"action": "cancel", "case": mine.pop(0)})
                confirm(ctx, made.id, made.id)
            else:
                proposal = proposed(ctx, dice.randrange(8), dice.choice(TIMES), dice.randrange(10**6))
                mine.append(confirm(ctx, proposal, proposal).case.id)
                say(mine[-1])
        except ToolError:
            continue


def die(url: str, statement: int, proposal: str) -> None:
    """One confirmation that ends before its Nth statement; transactions' beginnings and ends count as statements."""
    ctx, left = desk(url), statement

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "begin", "commit"):
        event.listen(ctx.store.engine, name, count)
    confirm(ctx, proposal, proposal)


def dying(url: str) -> None:
    """Dies at every statement of a booking in turn, each in a process of its own; says how many there were."""
    ctx = desk(url)
    slots = [(room, at) for room in range(8) for at in TIMES]
    proposals = [proposed(ctx, room, at, number) for number, (room, at) in enumerate(slots)]
    ctx.store.close()  # no connection may be shared with a child
    for statement, proposal in enumerate(proposals, start=1):
        child = os.fork()
        if child == 0:
            die(url, statement, proposal)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0, "the booking failed by itself"
            say(str(statement - 1))
            return
    raise AssertionError("a booking has no end")


if __name__ == "__main__":
    (book if sys.argv[1] == "book" else dying)(sys.argv[2])
