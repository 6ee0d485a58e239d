"""Who is signed in: found out once a request, before any route, and known to routes and templates alike."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from fastapi import Depends, Request
from fastapi.params import Depends as Needed

from tools.context import Permission, Principal
from tools.errors import ToolError
from web.language import N_

ROLES = (
    N_("scheduler"), N_("charge nurse"), N_("director"), N_("admin"), N_("auditor"), N_("integration"),
)  # fmt: skip
SCOPES = (N_("find"), N_("see the schedule"), N_("propose a change to the book"))
"""Words of `tools.context` that pages show: kept here for translators."""


@dataclass(frozen=True)
class Person:
    """A signed-in person or machine. `seconds_left` until idleness signs out; None where nothing does."""

    principal: Principal
    token: str | None = None
    seconds_left: int | None = None

    @property
    def id(self) -> str:
        """The principal's id."""
        return self.principal.id

    @property
    def name(self) -> str:
        """What to call them."""
        return self.principal.name

    @property
    def role(self) -> str:
        """The role in words, like "charge nurse"."""
        return str(self.principal.role).replace("-", " ")

    def may(self, permission: str) -> bool:
        """Whether they may do it, by the permission's name, like "PEOPLE": for links that lead somewhere."""
        return self.principal.may(Permission[permission])


_CURRENT: ContextVar[Person | None] = ContextVar("signed-in", default=None)
set_current = _CURRENT.set
reset_current = _CURRENT.reset


def signed_in() -> Person | None:
    """Who is signed in, in this request."""
    return _CURRENT.get()


def needs(permission: Permission) -> Needed:
    """A route's or router's demand: `dependencies=[needs(Permission.PEOPLE)]`; answers 403 to whoever may not."""

    def check(request: Request) -> None:
        person: Person | None = request.scope.get("slotwright.person")
        if person is None or not person.principal.may(permission):
            who = f"{person.name} is signed in as {person.role}" if person else "Nobody is signed in"
            said = f"{who}, which may not {permission}. Maybe ask a person who may, or sign in as one."
            raise ToolError("forbidden", said)

    needed: Needed = Depends(check)
    return needed
