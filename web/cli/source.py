"""Which clinic a command works on, whose it is, and what time it is there."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tools.context import Context, Principal, Role
from tools.errors import ToolError
from web.cli.answer import quiet_logs
from web.cli.options import Source

if TYPE_CHECKING:
    from tools.records.store import Store

Clock = Callable[[], dt.datetime]

NO_CLINIC = (
    "No clinic is named. Maybe add --demo, or --clinic FILE, or --db URL (SLOTWRIGHT_DB in the environment counts)."
)
READ_ONLY = "--now on a database allows reads only. Maybe leave it out."


def opened(source: Source, role: Role = Role.SCHEDULER, write: bool = False) -> Context:
    """What a tool call runs in: the clinic's store, the person at this terminal, and the clock.

    Raises `ToolError("invalid")` unless exactly one clinic is named, or when `write` meets `--now` on a database.
    """
    quiet_logs()
    named = chosen(source)
    person = Principal("terminal", "The person at this terminal", role)
    if named == "db":
        return Context(*_database(source, write), principal=person)  # placeholder
    raise NotImplementedError
