"""How far long work has come, for whoever watches it: nobody, unless a surface says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

Watcher = Callable[[str, int, int], None]
"""Told the stage, how many are done, and of how many."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)
_STEPS = 100


@contextmanager
def watched(by: Watcher) -> Iterator[None]:
    """Tells `by` of the work in this block."""
    token = _watcher.set(by)
    try:
        yield
    finally:
        _watcher.reset(token)


def over(stage: str, items: Sequence[T]) -> Iterator[T]:
    """The items, one by one, telling the watcher a hundred times at most."""
    watcher, step = _watcher.get(), max(1, len(items) // _STEPS)
    for done, item in enumerate(items):
        if watcher and done % step == 0:
            watcher(stage, done, len(items))
        yield item
    if watcher:
        watcher(stage, len(items), len(items))
