"""Where a lane is free is where some start would put the need, whatever the step and however long it is needed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from solver.explain.days import HALF, _heavy, _lots, _open
from solver.explain.lanes import _placements
from solver.explain.table import Scene, Table
from solver.grid import Calendar, bits, merge
from solver.reserve import Kind, Need
from tests.solver.clinics import ask, small_clinic, snapshot

FRAME = Calendar("America/New_York").frame(dt.date(2026, 3, 10))
MASKS = st.integers(0, (1 << FRAME.slots) - 1) | st.sets(st.integers(0, 95)).map(
    lambda starts: sum(1 << 3 * each for each in starts)
)


@given(MASKS, st.integers(-60, 60), st.integers(1, 300), st.integers(0, 60))
def test_placements_are_those_of_every_start(mask: int, begin: int, length: int, tail: int) -> None:
    """One stretch a start, joined where they touch or overlap."""
    need = Need("x", Kind.TRAY, "x", begin, begin + length + tail, tail=tail)
    scene = cast("Scene", SimpleNamespace(day=SimpleNamespace(frame=FRAME)))
    each = ((FRAME.instant(bit) + begin, FRAME.instant(bit) + begin + length) for bit in bits(mask))
    assert _placements(scene, need, mask) == merge(each)


def _share(table: Table, bit: int) -> float:
    shares = [
        (each.against(bit) & _open(scene)).bit_count() / _open(scene).bit_count()
        for scene in table.scenes
        for lot in scene.lots
        for each in lot.candidates
    ]
    return max(shares, default=0.0)


def test_a_member_is_heavy_by_its_share_of_any_scene() -> None:
    """Every atom of a day, scene by scene and candidate by candidate, against what is looked up once for all rooms."""
    seen: set[bool] = set()
    for day in range(7):
        table = Table.of(snapshot(small_clinic()), replace(ask(), **_on(dt.date(2026, 3, 9 + day))))
        lots = _lots(table)
        for number in range(len(table.index.atoms)):
            heavy = _heavy(lots, 1 << number)
            assert heavy == (_share(table, 1 << number) >= HALF), table.index.atoms[number]
            seen.add(heavy)
    assert seen == {True, False}


def _on(date: dt.date) -> dict[str, Any]:
    return {"date_from": date, "date_to": date}
