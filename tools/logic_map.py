"""The logic map: every rule of the catalogue in words with the clinic's own values, and who approved which version.

A version is what the map says, so any change of a rule, a level or a parameter makes another one. An approval is an
entry of the audit trail: signed, and never taken out again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from solver.grid import Calendar
from tools.context import Context, Permission
from tools.contract import Input, Output
from tools.errors import ToolError
from tools.records import trail
from tools.records.keys import canonical
from tools.records.searching import Sought, found
from tools.records.store import Store
from tools.records.writer import Writer
from tools.registry import tool
from tools.render import plain

if TYPE_CHECKING:
    from solver.clinic import Clinic
    from solver.rules.base import BaseRule

APPROVED = "logic-map-approved"
SHOWN = 50
"""How many approvals the map shows, the newest."""


class RuleShown(Output):
    """One rule as the map shows it; `params` holds defaults, `clinic_params` what one clinic changed."""

    id: str
    title: str
    text: str
    family: str
    level: str
    default_level: str
    owner: str
    waivable_by: str | None
    scope: str
    couples: list[str]
    params: dict[str, Any]
    clinic_params: dict[str, Any]
    dated: list[dict[str, Any]] = Field(
        description='Parameters that hold from a day of surgery on: {"from": date, "params": {...}}.'
    )


class FamilyShown(Output):
    """Rules about one thing."""

    name: str
    text: str
    rules: list[RuleShown]


def families(clinic: Clinic | None) -> list[FamilyShown]:
    """All rules in the catalogue's order; of a clinic, with its own values."""
    from solver.rules import FAMILIES

    return [
        FamilyShown(
            name=_name(module), text=_about(module), rules=[_rule(rule, clinic) for rule in module.RULES]
        )
        for module in FAMILIES
    ]


def version_of(shown: Sequence[FamilyShown]) -> str:
    """What stands for all that the map says: it changes with every word and number of it."""
    return hashlib.sha256(canonical([each.model_dump() for each in rules_of(shown)])).hexdigest()[:12]


def rules_of(shown: Sequence[FamilyShown]) -> Iterator[RuleShown]:
    """The rules of all families, in their order."""
    return (rule for family in shown for rule in family.rules)


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _about(module: ModuleType) -> str:
    """The module's own first sentence, without the word that names the family again."""
    return " ".join((inspect.getdoc(module) or "").split("\n\n")[0].split())


def _rule(rule: type[BaseRule], clinic: Clinic | None) -> RuleShown:
    own = clinic.rules.get(rule.id) if clinic else None
    return RuleShown(
        id=rule.id,
        title=rule.title,
        text=" ".join((inspect.getdoc(rule) or "").split()),
        family=rule.__module__.rpartition(".")[2],
        level=own.level if own and own.level else str(rule.default_level),
        default_level=str(rule.default_level),
        owner=rule.owner,
        waivable_by=rule.waivable_by,
        scope=str(rule.scope),
        couples=list(rule.couples),
        params=plain(rule.defaults),
        clinic_params=plain(own.params) if own else {},
        dated=[{"from": str(each.first), "params": plain(each.params)} for each in own.dated] if own else [],
    )


class Approval(Output):
    """Who approved which version, when, and what they noted."""

    version: str
    at: str
    by: str
    name: str
    role: str
    note: str
    present: bool = Field(description="Whether the map still says exactly what was approved.")


class Difference(Output):
    """A rule that isn't what it was when the map was last approved."""

    rule: str
    title: str
    parts: list[tuple[str, Any, Any]] = Field(description="What differs, what it was, what it is.")


class LogicMap(Output):
    """The rules, their version, and how that stands to the last approval."""

    version: str
    count: int
    state: Literal["approved", "changed", "never"]
    families: list[FamilyShown]
    approvals: list[Approval]
    differences: list[Difference] = Field(description="Since the last approval.")


class LogicMapRequest(Input):
    """Nothing to ask for: the map of this clinic as it stands."""


class ApproveRequest(Input):
    """The version that was read, and what to keep with the approval."""

    version: str = Field(
        max_length=64, description="The version that was read; refused if it isn't the present one."
    )
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x08\x0e-\x1f]*$")] = ""


@tool(permission=Permission.SCHEDULE, effect="read")
def logic_map(ctx: Context, body: LogicMapRequest) -> LogicMap:  # noqa: ARG001  # every tool takes a body
    """Every rule in words with the clinic's own values, who approved which version, and what changed since."""
    clinic = ctx.store.clinic()
    shown = families(clinic)
    version, entries = version_of(shown), _approvals(ctx.store)
    approvals = [_approval(each, Calendar(clinic.timezone), version) for each in entries]
    return LogicMap(
        version=version,
        count=sum(len(family.rules) for family in shown),
        state="never" if not approvals else "approved" if approvals[0].present else "changed",
        families=shown,
        approvals=approvals,
        differences=_differences(entries[0].after["rules"], shown) if entries else [],
    )


@tool(permission=Permission.EDIT, effect="write")
def approve_logic_map(ctx: Context, body: ApproveRequest) -> LogicMap:
    """Signs the present version of the logic map off: who, when, and with which words, kept in the audit trail."""

    def work(writer: Writer) -> None:
        writer.lock(())  # nobody changes the records meanwhile
        shown = families(writer.clinic())
        version = version_of(shown)
        if version != body.version:
            raise ToolError("conflict", CHANGED, "version")
        latest = takewhile(lambda each: each.after["version"] == version, _approvals(writer))
        if any(each.principal == ctx.principal.id for each in latest):
            raise ToolError("conflict", AGAIN, "version")
        after = {
            "version": version, "name": ctx.principal.name, "note": body.note.strip(),
            "rules": {each.id: _kept(each) for each in rules_of(shown)},
        }  # fmt: skip
        writer.audit(ctx.principal, ctx.now(), APPROVED, [version], None, after)

    ctx.store.write(work)
    return logic_map(ctx, LogicMapRequest())


CHANGED = "The logic map changed while you read it, so nothing was approved. Maybe read what is new and approve that."


AGAIN = "You approved this very version already. Nothing was added."


def _approvals(store: Store) -> list[trail.Entry]:
    with store.reading() as connection:
        return list(found(connection, store.clinic_id, store.keys, Sought(action=APPROVED), SHOWN))


def _approval(entry: trail.Entry, calendar: Calendar, version: str) -> Approval:
    at: dt.datetime = calendar.wall(calendar.of(entry.at))
    return Approval(
        version=entry.after["version"],
        at=at.isoformat(),
        by=entry.principal,
        name=entry.after["name"],
        role=entry.role,
        note=entry.after["note"],
        present=entry.after["version"] == version,
    )


def _kept(entry: RuleShown) -> dict[str, Any]:
    """What an approval keeps of a rule: enough to say later what became of it."""
    return {
        "title": entry.title, "text": entry.text, "level": entry.level, "waivable by": entry.waivable_by,
        "parameters": {**entry.params, **entry.clinic_params}, "dated": entry.dated,
    }  # fmt: skip


def _differences(approved: Mapping[str, Any], shown: Sequence[FamilyShown]) -> list[Difference]:
    now = {each.id: _kept(each) for each in rules_of(shown)}
    made = []
    for rule in dict.fromkeys([*approved, *now]):
        old, new = approved.get(rule, {}), plain(now.get(rule, {}))
        parts = list(_parts(old, new))
        if parts:
            made.append(Difference(rule=rule, title=str((new or old)["title"]), parts=parts))
    return made


def _parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What differs of one rule; parameters one by one."""
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if name == "parameters" and before is not None and after is not None:
            yield from _parts(before, after)
        else:
            yield name, before, after
