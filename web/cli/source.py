"""Which clinic a command works on, whose hands are on it, and what time it is there."""

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
    "No clinic is named. Maybe add --demo, or --clinic FILE, or --db URL (or set SLOTWRIGHT_DB)."
)
READS_ONLY = "--now on a database allows reads only, and this would write. Maybe leave --now out."


def opened(source: Source, role: Role = Role.SCHEDULER) -> Context:
    """What a tool call runs in: the clinic's store, the person at this terminal, and the clock.

    Raises `ToolError("invalid")` unless exactly one clinic is named and can be read.
    """
    quiet_logs()
    kind = chosen(source)
    if kind == "demo":
        store, now = _demo(source.now)
    else:
        store = _file(str(source.clinic)) if kind == "clinic" else database(source)
        now = clock(source.now, store.clinic().timezone)
    return Context(store, Principal("terminal", "The person at this terminal", role), now)


def chosen(source: Source) -> str:
    """ "demo", "clinic" or "db"; the environment's database counts only when no option names a clinic."""
    named = [name for name in ("demo", "clinic", "db") if getattr(source, name)]
    if len(named) > 1:
        raise ToolError("invalid", f"--{named[0]} and --{named[1]} name two clinics. Maybe leave one out.", named[1])
    if not named and not os.environ.get("SLOTWRIGHT_DB"):
        raise ToolError("invalid", NO_CLINIC, "db")
    return named[0] if named else "db"


def database(source: Source) -> Store:
    """The database that --db or SLOTWRIGHT_DB names; with --now it only reads."""
    from tools.records.store import Store
    from web.cli.reading import ReadOnly

    store = Store.open(source.db or os.environ["SLOTWRIGHT_DB"])
    return ReadOnly(store) if source.now is not None else store


def clock(now: str | None, timezone: str) -> Clock:
    """The clinic's clock: running, or standing at the wall time that --now gives."""
    if now is None:
        return lambda: dt.datetime.now(dt.UTC)
    moment = wall_time(now, timezone)
    return lambda: moment


def wall_time(text: str, timezone: str) -> dt.datetime:
    """An aware moment from wall time; one that the clocks skip or show twice is refused."""
    from tools.clinic_file.times import unclear

    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ToolError("invalid", f"--now {text!r} is not a time. Maybe 2026-03-05T09:00.", "now") from None
    if reason := unclear(read, timezone):
        raise ToolError("invalid", f"--now {reason}.", "now")
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(timezone))


def read_text(name: str, field: str) -> str:
    """A file's text; raises `ToolError("invalid")` in one plain sentence."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ToolError("invalid", f"{name} can't be read: {reason}. Maybe check the path.", field) from None
    except ValueError:
        raise ToolError("invalid", f"{name} is not UTF-8 text. Maybe it is another file.", field) from None


def _demo(now: str | None) -> tuple[Store, Clock]:
    """The demo clinic around the date that it is there."""
    from tools.records.demo import demo_clinic
    from tools.records.demo.records import clinic_records
    from tools.records.store import Store

    zone = clinic_records()["clinic"]["timezone"]
    ticking = clock(now, zone)
    today = ticking().astimezone(ZoneInfo(zone)).date()
    return Store.memory(demo_clinic(today)), ticking


def _file(name: str) -> Store:
    from tools.records.store import Store

    return Store.memory(read_text(name, "clinic"))
