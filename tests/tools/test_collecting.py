"""Garbage in cycles: looked for seldom while a process stays, and not needed to let a snapshot go."""

from __future__ import annotations

import gc
from weakref import ref

from solver.answer import find
from tests.solver.clinics import ask, small_clinic
from tests.solver.clinics import snapshot as compiled
from tools.collecting import THRESHOLDS, seldom


def test_what_is_there_is_left_alone_and_all_is_as_before_afterwards() -> None:
    """On entry everything is set apart and the thresholds rise; on exit both are undone."""
    before = gc.get_threshold()
    with seldom():
        assert gc.get_threshold() == THRESHOLDS
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_a_snapshot_nobody_holds_is_gone_at_once() -> None:
    """With its masks, teams and explanations worked out it holds no cycle: nothing has to be looked for."""
    gc.disable()
    try:
        held = compiled(small_clinic())
        find(held, ask(), ways_out=True)
        find(held, ask("wrist-orif", surgeon="dr-smith"), ways_out=True)
        days, clinic = [ref(day) for day in held.days.values()], ref(held)
        assert days
        del held
        assert clinic() is None
        assert not [day for day in days if day() is not None]
    finally:
        gc.enable()
