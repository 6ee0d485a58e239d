"""Warm snapshots: one a store, kept while its revision and the minute of asking stay the same."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from solver.grid import Calendar
from solver.snapshot import Snapshot
from tools.context import Context
from tools.records.store import Store

_warm: WeakKeyDictionary[Store, Snapshot] = WeakKeyDictionary()


def snapshot_of(ctx: Context) -> Snapshot:
    """The clinic as it stands now, compiled for searching."""
    clinic = ctx.store.clinic()
    as_of = Calendar(clinic.timezone).of(ctx.now())
    held = _warm.get(ctx.store)
    if held is None or held.clinic is not clinic or held.facts.as_of != as_of:
        held = _warm[ctx.store] = Snapshot.of(clinic, as_of)
    return held
