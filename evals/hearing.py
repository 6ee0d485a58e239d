"""Faults between the person and the tools: who may do what, what a model is told, and what a question may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from evals.planted import Mutant, patched


@contextmanager
def _nobody_waives() -> Iterator[None]:
    """Nobody may waive what somebody may."""
    from solver.rules.waivers import Waiver

    with patch.object(Waiver, "grants", lambda *_: False):
        yield


@contextmanager
def _surnames_told() -> Iterator[None]:
    """A lone surname goes out as it was written."""
    from assistant.privacy import Handles

    with patch.object(Handles, "_without_surnames", lambda _self, text, _prose: text):
        yield


@contextmanager
def _namesakes_told() -> Iterator[None]:
    """Whoever has a surgeon's surname is taken for the surgeon."""
    from assistant.privacy import Handles

    with patch.object(Handles, "_without_namesake", lambda _self, text, *_: text):
        yield


@contextmanager
def _records_told() -> Iterator[None]:
    """The names in the clinic's records are nothing special."""
    from assistant.privacy import Handles

    names = Handles._names

    def met_alone(self: Handles, text: str) -> list[str]:
        with patch.object(self, "known", ()):
            return names(self, text)

    with patch.object(Handles, "_names", met_alone):
        yield


def _told(value: Any, *_: Any) -> Any:
    return value


HEARING: Mapping[str, Mutant] = {
    "nobody-waives": _nobody_waives,
    "overrides-ungranted": patched("tools.proposals.booking.granted", lambda _ctx, waived: waived),
    "anyones-block": patched("tools.proposals.blocks._owned", lambda *_: None),
    "surnames-told": _surnames_told,
    "namesakes-told": _namesakes_told,
    "records-told": _records_told,
    "inputs-told": patched("assistant.privacy._walk", _told),
    "questions-unguarded": patched("assistant.grounding.asked_wrongly", lambda *_, **__: []),
    "readings-unheard": patched("assistant.calling._disagreement", lambda *_: None),
}
