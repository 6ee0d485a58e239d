"""Looking through the audit trail: newest first, by time, by who, by what and by which object."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, select

from tools.records.keys import Keys
from tools.records.trail import AUDIT, Chain, Entry, opened


@dataclass(frozen=True)
class Sought:
    """Which entries are wanted; None is any. `since` is included, `until` isn't; `before` is a number."""

    chain: Chain = AUDIT
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    principal: str | None = None
    action: str | None = None
    object: str | None = None
    before: int | None = None


def found(
    connection: Connection, clinic: str, keys: Keys, sought: Sought, limit: int | None = None
) -> Iterator[Entry]:
    """The entries sought, newest first, values opened."""
    c = sought.chain.table.c
    query = _narrowed(select(sought.chain.table).where(c.clinic == clinic), sought)
    rows = connection.execute(query.order_by(c.seq.desc()).limit(limit))
    return (opened(row, clinic, keys, sought.chain) for row in rows)


def _narrowed(query: Select[Any], sought: Sought) -> Select[Any]:
    c = sought.chain.table.c
    # An id as JSON writes it, quotation marks and all, is found whole and nowhere else.
    named = None if sought.object is None else json.dumps(sought.object)
    wanted: list[tuple[object, Callable[[Any], ColumnElement[bool]]]] = [
        (sought.since, lambda value: c.at >= value),
        (sought.until, lambda value: c.at < value),
        (sought.principal, lambda value: c.principal == value),
        (sought.action, lambda value: c.action == value),
        (named, lambda value: cast(c.objects, Text).contains(value, autoescape=True)),
        (sought.before, lambda value: c.seq < value),
    ]
    return query.where(*(clause(value) for value, clause in wanted if value is not None))
