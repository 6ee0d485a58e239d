"""Faults in the rules' figures: a rule that is there, and a little off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

Mutant = Callable[[], AbstractContextManager[None]]


def _method(rule: str, name: str, changed: Callable[..., Any]) -> Mutant:
    """A rule's method answers otherwise: `changed` is given the right answer and what was asked."""

    @contextmanager
    def planted() -> Iterator[None]:
        from solver.rules import CATALOGUE

        made = CATALOGUE[rule]
        right = getattr(made, name)

        def wrong(self: Any, *given: Any) -> Any:
            return changed(right(self, *given), self, *given)

        with patch.object(made, name, wrong):
            yield

    return planted


def _half(first: int, _rule: Any, _procedures: Any, _urgency: str, as_of: int, _day: Any) -> int:
    return as_of + (first - as_of) // 2


def _a_day_early(opens: dt.date | None, *_: Any) -> dt.date | None:
    return opens and opens - dt.timedelta(days=1)


@contextmanager
def _lasting() -> Iterator[None]:
    """Who was ever privileged is for good."""
    from solver.clinic import Staff

    with patch.object(
        Staff, "privileged", lambda self, procedure, _day: procedure in {p.id for p in self.privileges}
    ):
        yield


FIGURES: Mapping[str, Mutant] = {
    "notice-half": _method("notice", "earliest", _half),
    "block-opens-early": _method("block-release", "opens", _a_day_early),
    "block-never-opens": _method("block-release", "opens", lambda *_: None),
    "privileges-last": _lasting,
}
"""Name -> what plants it."""
