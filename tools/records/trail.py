"""The audit trail: two chains of signed entries a clinic, of what was changed and of who looked.

A change's entry is written in the change's own transaction. Each entry's signature covers the entry before it, so
an edited, removed or moved one shows; that the newest ones were cut off shows only against a head kept elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from tools.context import Principal
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.keys import Keys

_START = b"\x00" * 32
_PAGE = 500


@dataclass(frozen=True)
class Chain:
    """One append-only table, and the table of its newest entry by clinic."""

    name: str
    table: Table
    heads: Table


AUDIT = Chain("audit", t.audit, t.audit_heads)
"""What was changed, with the values before and after."""
ACCESS = Chain("access", t.access, t.access_heads)
"""Who read patients' data, and what was asked of a language model."""
CHAINS = {chain.name: chain for chain in (AUDIT, ACCESS)}


@dataclass(frozen=True)
class Note:
    """What is to be entered: who did what to which objects. A patient's identity is in no value but a correction's."""

    principal: str
    role: str
    at: dt.datetime
    action: str
    objects: tuple[str, ...]
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Entry:
    """Who did what to which objects, and their values before and after."""

    seq: int
    at: dt.datetime
    principal: str
    role: str
    action: str
    objects: tuple[str, ...]
    before: Any
    after: Any


@dataclass(frozen=True)
class Head:
    """The newest entry of a chain; kept outside the database it anchors everything up to it."""

    seq: int
    mac: bytes


_BEGINNING = Head(0, _START)


def append(
    connection: Connection,
    clinic: str,
    keys: Keys,
    principal: Principal,
    at: dt.datetime,
    action: str,
    objects: Sequence[str],
    before: Any,
    after: Any,
) -> int:
    """Adds an entry to the chain of changes and gives its number; the head's row is what writers queue up at."""
    note = Note(principal.id, str(principal.role), at, action, tuple(objects), before, after)
    return append_all(connection, clinic, keys, AUDIT, [note])


def append_all(connection: Connection, clinic: str, keys: Keys, chain: Chain, notes: Sequence[Note]) -> int:
    """Adds entries to a chain in their order and gives the last one's number."""
    refuse_old_key(connection, clinic, keys)
    last = head(connection, clinic, chain, lock=True)
    seq, mac = last.seq, last.mac
    rows = []
    for note in notes:
        seq += 1
        row = _row(note, clinic, keys, chain, seq)
        mac = row["mac"] = keys.chain(mac, _signed(row, chain))
        rows.append(row)
    if rows:
        connection.execute(insert(chain.table), rows)
        _set_head(connection, clinic, chain, Head(seq, mac), first=last.seq == 0)
    return seq


def refuse_old_key(connection: Connection, clinic: str, keys: Keys) -> None:
    """Raises "unavailable" in a process that was started before the key was rotated: it must not seal under the old."""
    query = (
        select(t.meta.c.key_check).where(t.meta.c.clinic == clinic).with_for_update(read=True, key_share=True)
    )
    if connection.execute(query).scalar_one() != keys.check():
        raise ToolError("unavailable", "The key was rotated meanwhile. Maybe start again with the new one.")


def _row(note: Note, clinic: str, keys: Keys, chain: Chain, seq: int) -> dict[str, Any]:
    return {
        "clinic": clinic,
        "seq": seq,
        "at": note.at,
        "principal": note.principal,
        "role": note.role,
        "action": note.action,
        "objects": list(note.objects),
        "sealed": keys.seal({"before": note.before, "after": note.after}, chain.name, clinic, str(seq)),
    }


def _set_head(connection: Connection, clinic: str, chain: Chain, new: Head, first: bool) -> None:
    values = {"seq": new.seq, "mac": new.mac}
    if first:
        connection.execute(insert(chain.heads), {"clinic": clinic, **values})
    else:
        connection.execute(update(chain.heads).where(chain.heads.c.clinic == clinic).values(**values))


def head(connection: Connection, clinic: str, chain: Chain = AUDIT, lock: bool = False) -> Head:
    """The newest entry as the chain's own table of heads has it; number 0 for an empty chain."""
    c = chain.heads.c
    query = select(c.seq, c.mac).where(c.clinic == clinic)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return Head(row.seq, row.mac) if row else _BEGINNING


def entries(connection: Connection, clinic: str, keys: Keys, chain: Chain = AUDIT) -> Iterator[Entry]:
    """A chain from its beginning, values opened."""
    return (opened(row, clinic, keys, chain) for row in rows_of(connection, clinic, chain))


def opened(row: Row[*tuple[Any, ...]], clinic: str, keys: Keys, chain: Chain) -> Entry:
    """The entry of a row."""
    values = keys.of_entry(chain.name, row.seq).open(row.sealed, chain.name, clinic, str(row.seq))
    return Entry(
        row.seq, row.at, row.principal, row.role, row.action, tuple(row.objects), values["before"], values["after"]
    )  # fmt: skip


def rows_of(
    connection: Connection, clinic: str, chain: Chain, after: int = 0
) -> Iterator[Row[*tuple[Any, ...]]]:
    """A chain's rows in order, a page at a time, since a trail of years outgrows memory."""
    c = chain.table.c
    query = select(chain.table).where(c.clinic == clinic).order_by(c.seq).limit(_PAGE)
    while True:
        last = after
        for row in connection.execute(query.where(c.seq > after)):
            after = row.seq
            yield row
        if after == last:
            return


def broken_at(connection: Connection, clinic: str, keys: Keys, chain: Chain = AUDIT) -> int | None:
    """The number of the first entry that was edited, removed or moved, or None for a whole chain."""
    fault = check(connection, clinic, keys, chain).fault
    return fault.seq if fault else None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a chain: the number of the first entry at fault, and a plain sentence."""

    seq: int
    text: str


@dataclass(frozen=True)
class Verdict:
    """What checking a chain has shown: how many entries are whole, its end, and the fault if there is one."""

    entries: int
    head: Head
    fault: Fault | None


def check(
    connection: Connection, clinic: str, keys: Keys, chain: Chain, anchor: Head | None = None
) -> Verdict:
    """Follows a chain from its beginning; with an anchored head, also shows that its end was cut off."""
    end = _BEGINNING
    while True:
        start, rows = end, rows_of(connection, clinic, chain, end.seq)
        end, fault = _followed(rows, start, keys, chain, anchor)
        told = head(connection, clinic, chain)
        if fault is None and told != end and end == start:  # else somebody was writing just now
            fault = Fault(end.seq + 1, f"The chain ends at entry {end.seq}, and its head names {told.seq}.")
        if fault:
            return Verdict(end.seq, end, fault)
        if told == end:
            return Verdict(end.seq, end, _cut(end, anchor) or _emptied(end, chain))


def _followed(
    rows: Iterator[Row[*tuple[Any, ...]]], start: Head, keys: Keys, chain: Chain, anchor: Head | None
) -> tuple[Head, Fault | None]:
    """The last whole entry, and what is wrong with the next."""
    end = start
    while row := _next(rows, end.seq + 1):
        fault = row if isinstance(row, Fault) else _fault(row, end, keys, chain, anchor)
        if isinstance(row, Fault) or fault:
            return end, fault
        end = Head(row.seq, row.mac)
    return end, None


def _cut(end: Head, anchor: Head | None) -> Fault | None:
    if anchor is None or anchor.seq <= end.seq:
        return None
    return Fault(end.seq + 1, f"Entries after {end.seq} were cut off: entry {anchor.seq} was anchored.")


def _emptied(end: Head, chain: Chain) -> Fault | None:
    """A clinic's first entry is its loading, so a trail of changes without any isn't whole."""
    if chain is not AUDIT or end.seq > 0:
        return None
    return Fault(1, "Every entry was removed: the first is there since the clinic was loaded.")


def _next(rows: Iterator[Row[*tuple[Any, ...]]], seq: int) -> Row[*tuple[Any, ...]] | Fault | None:
    try:
        return next(rows, None)
    except (TypeError, ValueError):  # SQLite keeps whatever is put in, text for bytes too
        return Fault(seq, f"Entry {seq} can't be read: its values are of another kind.")


def _fault(
    row: Row[*tuple[Any, ...]], last: Head, keys: Keys, chain: Chain, anchor: Head | None
) -> Fault | None:
    expected = last.seq + 1
    if row.seq != expected:
        return Fault(expected, f"Entry {expected} is missing.")
    own = keys.of_entry(chain.name, row.seq)
    readable = isinstance(row.sealed, bytes)  # SQLite gives text where text was put in
    if not readable or row.mac != own.chain(last.mac, _signed(dict(row._mapping), chain)):
        return Fault(expected, f"Entry {expected} was edited, or another was put in its place.")
    if anchor is not None and anchor.seq == expected and anchor.mac != row.mac:
        return Fault(expected, f"Entry {expected} isn't the one that was anchored.")
    return None


def _signed(row: dict[str, Any], chain: Chain) -> dict[str, Any]:
    at: dt.datetime = row["at"]
    milliseconds = (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)
    signed = {key: row[key] for key in ("clinic", "seq", "principal", "role", "action", "objects")}
    # The first chain is older than there being two: its entries carry no name.
    named = {} if chain is AUDIT else {"chain": chain.name}
    return signed | named | {"at": milliseconds, "sealed": row["sealed"].hex()}
