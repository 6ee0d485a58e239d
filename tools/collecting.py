"""How often a process that stays looks for garbage in cycles: seldom, and not in what lives as long as it does."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = 10_000, 10, 10
"""Python's are 700, 10, 10: a search makes tens of thousands of small records and next to no cycle."""


@contextmanager
def seldom() -> Iterator[None]:
    """Cycles are looked for seldom, and never in what is there on entry, such as a clinic just loaded.

    A look through a clinic of a hundred rooms takes longer than a search of it. Snapshots hold no cycle, so that
    memory comes back without it.
    """
    before = gc.get_threshold()
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
