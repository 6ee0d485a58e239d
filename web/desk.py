"""What the web surface asks of the layers below, in one place: pages and API know a `Desk` and nothing else of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request

from assistant.events import Event
from solver.clinic import Clinic
from tools.context import Principal
from web.errors import SignInNeeded
from web.format import Formats
from web.language import locale
from web.reading import on_clock


class Desk(Protocol):
    """The clinic as one signed-in person may use it. Calls may block: run them in a thread."""

    @property
    def principal(self) -> Principal:
        """Whose desk this is."""
        ...

    def clinic(self) -> Clinic:
        """The clinic at its present revision: names, hours, settings."""
        ...

    def now(self) -> dt.datetime:
        """The clinic's clock, aware."""
        ...

    def call(self, tool: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """A tool's output, JSON-ready; ToolError when it can't be carried out."""
        ...

    def confirm(self, proposal: str, key: str, body: str = "") -> dict[str, Any]:
        """Carry out a proposal once per idempotency key; `tools.errors.Conflict` when the slot is gone."""
        ...

    def offer(self, offer: str) -> dict[str, Any]:
        """A stored offer by its id; ToolError "not-found"."""
        ...

    def proposal(self, proposal: str) -> dict[str, Any]:
        """A stored proposal by its id; ToolError "not-found"."""
        ...

    def turn(self, text: str, conversation: str | None) -> AsyncIterator[Event]:
        """One message in, typed events out; the last is always `done`."""
        ...


@dataclass(frozen=True)
class Settings:
    """How this process is reached. `public_origin` like "https://or.example.org"; a demo needs none.

    `frame_ancestors`: origins whose pages may show ours in a frame, except where something is confirmed.
    """

    demo: bool = False
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "[::1]"})
    public_origin: str | None = None
    frame_ancestors: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether people reach it by https."""
        return (self.public_origin or "").startswith("https://")


def formats_of(desk: Desk) -> Formats:
    """How this clinic writes its times, on the clock that the person chose."""
    clinic = desk.clinic()
    return Formats(clinic.timezone, on_clock(clinic.settings.clock), locale())


def _desk(request: Request) -> Desk:
    desk: Desk | None = request.app.state.desk
    if desk is not None:
        return desk
    person, accounts = request.scope.get("slotwright.person"), request.app.state.accounts
    if person is None or accounts is None:
        raise SignInNeeded
    signed_in: Desk = accounts.desk(person.principal)
    return signed_in


AtDesk = Annotated[Desk, Depends(_desk)]
"""The desk of whoever is signed in; the demo signs in by itself."""
