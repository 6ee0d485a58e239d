"""Corrections that come to light where a set of atoms leaves starts: lean ones, and such as share no atom.

Of a free start masks say, need by need, what stands against it beside the atoms in force. The starts are looked at
all at once, each need filled by whoever has the fewest atoms against them.
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.explain.corrections import Pairs, pairs
from solver.explain.joint import Joint
from solver.explain.table import Atoms, Scene, Table
from solver.grid import Mask

MOST_APART = 64
"""Corrections without a common atom that are brought to light at once."""


def apart(table: Table, joint: Joint, on: Atoms, without: Atoms = 0) -> Iterator[Atoms]:
    """Corrections with no atom of `on` and none in common but those of `without`; a few of them, or none.

    None only says that masks leave no start, or that whole teams have to be asked for.
    """
    found = 0
    for scene in table.scenes:
        free = scene.free(on)
        while free and found < MOST_APART:
            atoms, starts = _leanest(scene, free, on, without)
            if not joint.stands(scene, starts, atoms | without):
                break
            yield atoms
            found += 1
            on |= atoms & ~without
            free = scene.free(on)


def opens(table: Table, joint: Joint, off: Atoms) -> bool:
    """Whether masks are enough to say that a start is free with `off` set aside, so that `off` holds a correction."""
    return any((free := scene.free(~off)) and joint.stands(scene, free, off) for scene in table.scenes)


def _leanest(scene: Scene, free: Mask, on: Atoms, without: Atoms) -> tuple[Atoms, Mask]:
    """The fewest atoms, not counting `without`, that go with some of the free starts, and those starts."""
    layers: Pairs = {0: free}
    for lot in scene.lots:
        layers = _filled(layers, [each for each in pairs(lot).items() if not each[0] & on])
    return min(layers.items(), key=lambda layer: (layer[0] & ~without).bit_count())


def _filled(layers: Pairs, fewest_first: list[tuple[Atoms, Mask]]) -> Pairs:
    """The layers after one more need: every start is still in one."""
    filled: Pairs = {}
    for atoms, starts in layers.items():
        left = starts
        for more, theirs in fewest_first:
            both = left & theirs
            if both:
                filled[atoms | more] = filled.get(atoms | more, 0) | both
                left ^= both
                if not left:
                    break
    return filled
