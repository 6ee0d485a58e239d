"""What another person does between two turns of a conversation."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from evals.heard import Heard, Offer
from evals.world import World
from tools import proposals
from tools.errors import ToolError
from tools.registry import default

STRANGER = {"name": "Another Example", "mrn": "T0009999"}


def act(world: World, action: Mapping[str, Any], heard: Heard | None) -> set[str]:
    """Carries out `{book: {...}}` or `{cancel: {...}}` and gives the ids of the cases changed.

    Raises `ToolError("invalid")` for an action that isn't known: a race that never happened proves nothing.
    """
    changed: set[str] = set()
    for name, given in action.items():
        if name not in ACTIONS:
            raise ToolError(
                "invalid",
                f"elsewhere: there is no action {name!r}. Maybe one of: {', '.join(ACTIONS)}.",
                "elsewhere",
            )
        changed |= ACTIONS[name](world, dict(given or {}), heard)
    return changed


def _book(world: World, given: dict[str, Any], heard: Heard | None) -> set[str]:
    """Books the slot of an offer by its label, or the one that `procedure, surgeon, room, at` name."""
    label, patient = given.pop("label", None), given.pop("patient", STRANGER)
    side = given.pop("laterality", "left")
    asked = _same_slot(label, heard) if label else given
    offer = slot(world, asked)
    body = {"action": "book", "offer": offer["id"], "patient": patient}
    return confirmed(world.elsewhere, _sided(world, offer, side) | body)


def _cancel(world: World, given: dict[str, Any], _heard: Heard | None) -> set[str]:
    return confirmed(
        world.elsewhere, {"action": "cancel", "case": given["case"], "reason": given.get("reason")}
    )


ACTIONS: Mapping[str, Callable[[World, dict[str, Any], Heard | None], set[str]]] = {
    "book": _book,
    "cancel": _cancel,
}


def confirmed(ctx: Any, body: Mapping[str, Any]) -> set[str]:
    """Proposes and confirms at once; the ids of the cases written."""
    proposal = default().call(
        "propose", ctx, {key: value for key, value in body.items() if value is not None}
    )
    done = proposals.confirm(ctx, proposal.id, secrets.token_hex(8))  # type: ignore[attr-defined]
    return {case.id for case in done.cases}


def slot(world: World, asked: Mapping[str, Any]) -> Offer:
    """The other person's own offer of exactly that slot; `ToolError` when it isn't free."""
    day = str(asked["at"])[:10]
    request = {"date_from": day, "date_to": day} | dict(asked)
    found: Any = default().call("check_slot", world.elsewhere, request)
    if found.offer is None:
        reasons = " ".join(violation.text for violation in found.violations)
        raise ToolError("conflict", f"elsewhere: {asked} is not free. {reasons}", "elsewhere")
    return dict(found.offer.model_dump(mode="json", by_alias=True))


def _same_slot(label: str, heard: Heard | None) -> dict[str, Any]:
    offers = {offer["label"]: offer for offer in (heard.offers if heard else ())}
    if label not in offers:
        raise ToolError("invalid", f"elsewhere: no offer {label!r} was shown before. Maybe A1.", "elsewhere")
    case = offers[label]["cases"][0]
    keys = ("procedure", "additional_procedures", "surgeon", "room", "anesthesia")
    return {key: case[key] for key in keys if case.get(key)} | {"at": case["start"][:16]}


def _sided(world: World, offer: Offer, side: str) -> dict[str, Any]:
    """The side, where the procedure has one."""
    procedures = world.store.clinic().procedures
    return {"laterality": side} if any(procedures[case["procedure"]].sided for case in offer["cases"]) else {}
