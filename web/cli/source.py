"""Which clinic a command works on, whose hands are on it, and what time it is there."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tools.context import Context, Principal, Role
from tools.errors import ToolError
from web.cli.answer import complain, quiet_logs
from web.cli.files import read_text
from web.cli.options import Source

if TYPE_CHECKING:
    from tools.clinic_file import Loaded
    from tools.records.store import Store

Clock = Callable[[], dt.datetime]

NO_CLINIC = "No clinic is named. Maybe add --demo, or --clinic FILE, or --db URL (or set SLOTWRIGHT_DB)."
NO_USER = "This database has users, and no one is named. Maybe add --as USER (or set SLOTWRIGHT_USER)."
NAMED = 3
"""How many clashing cases one warning names."""


def opened(source: Source, role: Role = Role.SCHEDULER) -> Context:
    """What a tool call runs in: the clinic's store, the person at this terminal, and the clock.

    `role` is the terminal's on a demo, on a file and on a database without users; else the named user's own counts.
    Raises `ToolError`: "invalid" unless exactly one clinic is named and can be read, "forbidden" for no user.
    """
    quiet_logs()
    kind = chosen(source)
    if source.acting and kind != "db":
        raise ToolError(
            "invalid", "--as names a user of a database. Maybe leave it out, or add --db URL.", "as"
        )
    make = {"demo": _demo, "clinic": _file, "db": _database}[kind]
    store, now = make(source)
    terminal = Principal("terminal", "The person at this terminal", role)
    alone = kind != "db" or store.demo  # what ends with the process, and the demo, have no users
    return Context(store, terminal if alone else _person(store, source.acting, terminal), now)


def _person(store: Store, named: str | None, terminal: Principal) -> Principal:
    """Who acts on a real clinic: a user by name. Until there is any user, whoever has the database and its key.

    The key opens the book to whoever holds it, so no password is asked here; the name is what the trail keeps.
    """
    from tools.accounts.users import has_users, user

    name = named or os.environ.get("SLOTWRIGHT_USER")
    if not name:
        if has_users(store):
            raise ToolError("forbidden", NO_USER, "as")
        return terminal
    known = user(store, name)
    if not known.active:
        raise ToolError("forbidden", f"{known.name} has no access any more. Maybe ask an admin.", "as")
    return known.principal


def chosen(source: Source) -> str:
    """ "demo", "clinic" or "db"; the environment's database counts only when no option names a clinic."""
    named = [name for name in ("demo", "clinic", "db") if getattr(source, name)]
    if len(named) > 1:
        raise ToolError(
            "invalid", f"--{named[0]} and --{named[1]} name two clinics. Maybe leave one out.", named[1]
        )
    if not named and not os.environ.get("SLOTWRIGHT_DB"):
        raise ToolError("invalid", NO_CLINIC, "db")
    return named[0] if named else "db"


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
        raise ToolError(
            "invalid", f"--now {text[:60]!r} is not a time. Maybe 2026-03-05T09:00.", "now"
        ) from None
    if not 1971 <= read.year <= 9997:
        raise ToolError("invalid", f"--now {text[:60]!r} is outside the calendar. Maybe this century.", "now")
    if reason := unclear(read, timezone):
        raise ToolError("invalid", f"--now {reason}.", "now")
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(timezone))


def _demo(source: Source) -> tuple[Store, Clock]:
    """The demo clinic around the date that it is there."""
    from tools.records.demo import demo_clinic
    from tools.records.demo.records import clinic_records
    from tools.records.store import Store

    zone = clinic_records()["clinic"]["timezone"]
    now = clock(source.now, zone)
    return Store.memory(demo_clinic(now().astimezone(ZoneInfo(zone)).date())), now


def _file(source: Source) -> tuple[Store, Clock]:
    """A file's clinic. Real books hold old clashes: searching a file takes them as they are, and says so."""
    from tools.clinic_file import load
    from tools.records.store import Store

    text = read_text(str(source.clinic), "clinic")
    loaded = load(text)
    now = clock(source.now, loaded.clinic.timezone)
    checked = load(text, as_of=now(), accept_existing=True)
    _warn_of_clashes(loaded, checked)
    return Store.memory(checked, demo=False), now


def _warn_of_clashes(before: Loaded, after: Loaded) -> None:
    pairs = zip(before.clinic.cases, after.clinic.cases, strict=True)
    clashing = [new.id for old, new in pairs if new.exceptions != old.exceptions]
    if clashing:
        more = f" and {len(clashing) - NAMED} more" if len(clashing) > NAMED else ""
        complain(f"Booked against the rules, and kept as exceptions: {', '.join(clashing[:NAMED])}{more}.")


def _database(source: Source) -> tuple[Store, Clock]:
    """The database that --db or SLOTWRIGHT_DB names; with --now it only reads."""
    from web.cli.database import ReadOnly, open_database

    store = open_database(source.db or os.environ["SLOTWRIGHT_DB"])
    now = clock(source.now, store.clinic().timezone)
    return (store if source.now is None else ReadOnly(store)), now
