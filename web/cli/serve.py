"""serve: the chat panel and the board, from one process."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from tools.collecting import seldom
from tools.errors import ToolError
from web.cli.answer import Answer, announce, quiet_logs, serving_logs
from web.cli.options import Source
from web.cli.source import Clock, chosen, clock, opened

if TYPE_CHECKING:
    from tools.records.store import Store

DEFAULT = "sqlite:///var/slotwright.db"
SAMPLE = "Dr. Smith, knee scope, next Tuesday"


def serve(
    source: Source,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Where to listen; a demo only on this machine.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="0 takes a free one.")] = 8000,
) -> Answer:
    """Serve the chat panel and the OR board.

    Without options it is a demo clinic, kept in var/slotwright.db. Any other clinic's people sign in; the first start
    prints a link that makes the first admin.
    """
    from web.serve import CannotServe, run

    store, now = _clinic(source)
    demo = store.demo and not source.clinic  # another clinic's file isn't the demo, though it is in memory

    def ready(address: str, link: str | None) -> None:
        announce(f"Slotwright serves {store.clinic().name} at {address} (Ctrl-C stops it).")
        if link:
            announce(f"Nobody can sign in yet. This link makes the first admin, once: {link}")
        if demo:
            announce(f'Try: "{SAMPLE}"')

    serving_logs()
    try:
        with seldom():  # this command stays
            run(store, host, port, now=now, ready=ready, demo=demo)
    except CannotServe as error:
        raise ToolError("unavailable", str(error), "port") from None
    return Answer({"stopped": True}, "")


def _clinic(source: Source) -> tuple[Store, Clock]:
    """The clinic named; a database that doesn't exist yet becomes the demo clinic's."""
    if source.demo or source.clinic or source.now:
        if chosen(source) == "db":
            raise ToolError(
                "invalid", "--now would show a database at another time. Maybe add --demo.", "now"
            )
        ctx = opened(source)
        return ctx.store, ctx.now
    return database_or_demo(source.db or os.environ.get("SLOTWRIGHT_DB") or DEFAULT), clock(None, "UTC")


def database_or_demo(url: str) -> Store:
    """The clinic in a database; a SQLite file that holds none yet gets the demo clinic."""
    from tools.records.demo.records import clinic_records
    from tools.records.store import Store
    from web.cli.database import file_of, open_database

    quiet_logs()
    place = file_of(url)
    try:
        return open_database(url)
    except ToolError as error:
        if place is None or error.code != "not-found":
            raise
    _make_folder(place.parent)
    announce(f"Making the demo clinic in {place} ...")
    today = dt.datetime.now(ZoneInfo(clinic_records()["clinic"]["timezone"])).date()
    return Store.create_demo(url, today)


def _make_folder(folder: Path) -> None:
    from web.cli.database import unusable

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from None
