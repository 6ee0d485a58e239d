"""Who asks, in which clinic, at what time: what every tool is given beside its input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from tools.errors import ToolError

if TYPE_CHECKING:
    from tools.records.store import Store


class Role(StrEnum):
    """What a principal is to the clinic; what it may do follows from `GRANTS` alone."""

    SCHEDULER = "scheduler"
    CHARGE_NURSE = "charge-nurse"
    DIRECTOR = "director"
    ADMIN = "admin"
    AUDITOR = "auditor"
    INTEGRATION = "integration"


class Permission(StrEnum):
    """One thing that may be allowed. What no role is granted, nobody may do."""

    FIND = "find"
    SCHEDULE = "see the schedule"
    PATIENTS = "see patients' identities"
    PROPOSE = "propose a change to the book"
    CONFIRM = "confirm a change to the book"
    OVERRIDE = "override a rule"
    FACTS = "record outages, leave and closures"
    EDIT = "edit the clinic's records"
    EXPORT = "export the clinic's records"
    PEOPLE = "manage people's access"
    AUDIT = "read the audit trail"
    REPORTS = "read reports"
    CARE = "back up, re-key and clear the clinic's data"


_BOOKING = {
    Permission.FIND, Permission.SCHEDULE, Permission.PATIENTS, Permission.PROPOSE, Permission.CONFIRM,
}  # fmt: skip

GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType({
    Role.SCHEDULER: frozenset(_BOOKING),
    Role.CHARGE_NURSE: frozenset(_BOOKING | {Permission.OVERRIDE, Permission.FACTS, Permission.REPORTS}),
    Role.DIRECTOR: frozenset(
        _BOOKING
        | {Permission.OVERRIDE, Permission.FACTS, Permission.EDIT, Permission.EXPORT, Permission.REPORTS}
    ),
    Role.ADMIN: frozenset({
        Permission.FIND, Permission.SCHEDULE, Permission.FACTS, Permission.EDIT, Permission.EXPORT,
        Permission.PEOPLE, Permission.CARE, Permission.REPORTS,
    }),
    Role.AUDITOR: frozenset({Permission.SCHEDULE, Permission.AUDIT}),
    # A machine may prepare a booking; a person confirms it.
    Role.INTEGRATION: frozenset({Permission.FIND, Permission.SCHEDULE, Permission.PROPOSE}),
})  # fmt: skip
"""The one table of who may do what: deny by default."""


@dataclass(frozen=True)
class Principal:
    """A person or a machine that acts under its own name."""

    id: str
    name: str
    role: Role
    scopes: frozenset[Permission] | None = None
    """What an API key is narrowed to; None for all that the role is granted. It never adds anything."""

    def may(self, permission: Permission) -> bool:
        """Whether the principal's role is granted `permission`, and its scopes leave it."""
        granted = permission in GRANTS.get(self.role, frozenset())
        return granted and (self.scopes is None or permission in self.scopes)


@dataclass(frozen=True)
class Context:
    """What a call runs in. `now` supplies an aware datetime; `conversation` ties offers to a chat."""

    store: Store
    principal: Principal
    now: Callable[[], dt.datetime]
    conversation: str | None = None

    def require(self, permission: Permission) -> None:
        """Raises `ToolError("forbidden")` unless the principal may do it."""
        if self.principal.may(permission):
            return
        able = [str(role) for role, grants in GRANTS.items() if permission in grants]
        raise ToolError(
            "forbidden",
            f"{self.principal.name} is signed in as {self.principal.role}, which may not {permission}. "
            f"Maybe ask {_one_of(able)}.",
        )


def _one_of(roles: list[str]) -> str:
    """ "an auditor", "a charge nurse, a director or an admin"."""
    if not roles:
        return "nobody"
    said = [f"{'an' if role[0] in 'aeiou' else 'a'} {role.replace('-', ' ')}" for role in roles]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"
