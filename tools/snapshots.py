"""Warm snapshots: one a store; a booking or the next minute keeps what it doesn't reach."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from solver.grid import Calendar
from solver.renewal import renewed
from solver.snapshot import Snapshot
from tools.context import Context
from tools.records.store import Store

_warm: WeakKeyDictionary[Store, Snapshot] = WeakKeyDictionary()


def snapshot_of(ctx: Context) -> Snapshot:
    """The clinic as it stands now, compiled for searching."""
    clinic = ctx.store.clinic()
    as_of = Calendar(clinic.timezone).of(ctx.now())
    held = _warm.get(ctx.store)
    if held is None:
        held = _warm[ctx.store] = Snapshot.of(clinic, as_of)
    elif held.clinic is not clinic or held.facts.as_of != as_of:
        held = _warm[ctx.store] = renewed(held, clinic, as_of)
    return held
