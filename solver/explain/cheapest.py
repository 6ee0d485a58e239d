"""The cheapest corrections, start by start: what there is to try where all of them are too many to list.

At one start every need is filled by whoever has the fewest points against them, so one pass over the needs is enough,
and it finds the least where nothing stands against two needs at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from solver.explain.corrections import Corrections, parts
from solver.explain.hitting import Family, minimal
from solver.explain.table import Atoms, Lot, Scene, Table
from solver.grid import Mask

MOST = 24
"""Corrections that are kept."""

Weigh = Callable[[Atoms], float]
"""What it takes at least to set some atoms aside."""

Layers = list[tuple[Atoms, Mask]]
"""Violated atoms, each with starts at which nothing cheaper has to go; no start is in two."""


def with_cheapest(table: Table, found: Corrections, weigh: Weigh) -> Corrections:
    """Corrections that aren't complete, with the cheapest ones beside them."""
    places = dict(found.places)
    for atoms, where in cheapest(table, weigh).items():
        places.setdefault(atoms, where)
    kept = minimal(places)
    return Corrections({atoms: places[atoms] for atoms in kept}, found.complete)


def cheapest(table: Table, weigh: Weigh) -> dict[Atoms, list[tuple[Scene, Mask]]]:
    """The sets of atoms with the fewest points, cheapest first, each with the starts that it frees."""
    weigh = cache(weigh)
    lots: dict[int, Layers] = {}
    shared: dict[tuple[int, Mask], Layers] = {}
    found: dict[Atoms, list[tuple[Scene, Mask]]] = {}
    for scene in table.scenes:
        key = id(scene.shared), scene.wanted
        if key not in shared:
            shared[key] = _through([(0, scene.wanted)], scene.shared, lots, weigh)
        for atoms, starts in _through(shared[key], scene.own, lots, weigh):
            found.setdefault(atoms, []).append((scene, starts))
    family = Family()
    best: dict[Atoms, list[tuple[Scene, Mask]]] = {}
    for atoms in sorted(found, key=lambda atoms: (weigh(atoms), atoms)):
        if len(best) < MOST and not family.has_part(atoms):
            family.add(atoms)
            best[atoms] = found[atoms]
    return best


def _through(layers: Layers, lots: tuple[Lot, ...], known: dict[int, Layers], weigh: Weigh) -> Layers:
    """The layers after some more needs: each start is still in one."""
    for lot in lots:
        if id(lot) not in known:
            known[id(lot)] = _of_lot(lot, weigh)
        met = ((one | other, starts & more) for one, starts in layers for other, more in known[id(lot)])
        joined: dict[Atoms, Mask] = {}
        for atoms, starts in met:
            if starts:
                joined[atoms] = joined.get(atoms, 0) | starts
        layers = list(joined.items())
    return layers


def _of_lot(lot: Lot, weigh: Weigh) -> Layers:
    """Per start, the least that stands against any candidate of the need."""
    layers, left = [], lot.relevant
    for atoms, starts in sorted(parts(lot).items(), key=lambda part: (weigh(part[0]), part[0])):
        if starts & left:
            layers.append((atoms, starts & left))
            left &= ~starts
        if not left:
            break
    return layers
