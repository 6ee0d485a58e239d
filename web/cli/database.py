"""The database that a command names: opened with its key, made for the first time, or read without a trace."""

from __future__ import annotations

import base64
import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tools.clinic_file import Loaded
from tools.errors import ToolError
from tools.records.keys import VARIABLE, Keys
from tools.records.store import Store, StoredOffer
from tools.records.writer import Writer
from web.cli.answer import complain
from web.cli.files import read_text

T = TypeVar("T")

READS_ONLY = "--now on a database allows reads only, and this would write to it. Maybe leave --now out."
HOW = "Maybe set it to the output of: python3 -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())'"


class ReadOnly(Store):
    """A store for another time than now: it refuses every write, and its offers are forgotten with it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.engine, store.clinic_id, store.keys, store.demo)
        self._kept: dict[str, StoredOffer] = {}

    def write(self, work: Callable[[Writer], T]) -> T:  # noqa: ARG002 - no work is done
        """Raises `ToolError("forbidden")`."""
        raise ToolError("forbidden", READS_ONLY, "now")

    def save_offers(self, offers: Sequence[StoredOffer]) -> None:
        """Keeps them for this conversation alone."""
        self._kept |= {offer.id: offer for offer in offers}

    def offer(self, offer_id: str) -> StoredOffer:
        """A kept offer; raises `ToolError("not-found")`."""
        return self._kept.get(offer_id) or super().offer(offer_id)

    def next_letter(self, conversation: str | None) -> str:
        """The letter after those that were kept here."""
        letters = {
            o.label.rstrip("0123456789") for o in self._kept.values() if o.conversation == conversation
        }
        return super().next_letter(conversation) if not letters else chr(ord(max(letters)) + 1)


def open_database(url: str) -> Store:
    """The clinic in a database that exists; raises `ToolError` in one plain sentence."""
    place = file_of(url)
    if place and not place.exists():
        raise ToolError(
            "not-found",
            f"There is no database at {place}. Maybe make one: slotwright load FILE --db {url}",
            "db",
        )
    return Store.open(url, key_of(url))


def file_of(url: str) -> Path | None:
    """The file of a SQLite address; None for a server, or what is no address at all."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    named = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if named else None


def key_of(url: str) -> str | None:
    """The key from the environment, or from the file beside a SQLite database."""
    place = key_file_of(url)
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    return place.read_text(encoding="ascii").strip() if place and place.exists() else None


def create_database(url: str, loaded: Loaded, at: dt.datetime) -> Store:
    """A new database for a clinic. A SQLite file without SLOTWRIGHT_KEY gets a key of its own, beside it."""
    known, place = key_of(url), key_file_of(url)
    if known is not None:
        return Store.create(url, loaded, at=at, key=known)
    if place is None:
        raise ToolError(
            "unavailable", f"{VARIABLE} is not set, and patients' names are sealed with it. {HOW}.", "db"
        )
    fresh = base64.b64encode(Keys.fresh()).decode()
    try:
        _write_key(place, fresh)
        store = Store.create(url, loaded, at=at, key=fresh)
    except ToolError:
        place.unlink(missing_ok=True)
        raise
    complain(
        f"{VARIABLE} is not set, so a key was made: {place}. Patients' names can't be read without it. "
        "Maybe keep it somewhere else than the database."
    )
    return store


@contextmanager
def restored_key(url: str, key_file: str | None) -> Iterator[str | None]:
    """The key of a backup that is restored here: from a file, the environment, or none for a demo's.

    A SQLite file gets it beside it, where it is no longer the environment's; both are gone again if restoring fails.
    """
    place, target = file_of(url), key_file_of(url)
    if place and place.exists():
        raise ToolError(
            "conflict", f"There is a database at {place} already. Maybe name another place.", "db"
        )
    key = read_text(key_file, "key-file").strip() if key_file else os.environ.get(VARIABLE)
    made = [] if place is None else [place]
    if target is not None and key_file is not None:
        _write_key(target, str(key))
        made.append(target)
    try:
        yield key
    except BaseException:
        for each in made:
            each.unlink(missing_ok=True)
        raise


@contextmanager
def replaced_key(place: Path, text: str) -> Iterator[None]:
    """A new key in the file once the block is done; until then it waits beside it, so that it can't be lost."""
    waiting = place.with_name(f"{place.name}.new")
    waiting.unlink(missing_ok=True)
    _write_key(waiting, text)
    try:
        yield
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    waiting.replace(place)


def _write_key(place: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
    except OSError as error:
        raise unusable(place.parent, error) from None


def unusable(folder: Path, error: OSError) -> ToolError:
    """The error for a folder in which no database can be made."""
    reason = (error.strerror or type(error).__name__).lower()
    return ToolError(
        "unavailable", f"{folder} can't hold a database: {reason}. Maybe name another place with --db.", "db"
    )


def key_file_of(url: str) -> Path | None:
    """Where a SQLite database's own key is kept; None for a server."""
    place = file_of(url)
    return place.with_name(f"{place.name}.key") if place else None
