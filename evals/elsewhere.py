"""What happens between two turns of a conversation: another person's deeds, and time that passes."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from evals.heard import Offer
from evals.world import BLOCK, World
from tools import proposals
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.registry import default

STRANGER = {"name": "Another Example", "mrn": "T0009999"}
Seen = Mapping[str, Offer]
"""Label -> the offer that was shown under it."""


def act(world: World, action: Mapping[str, Any], seen: Seen) -> set[str]:
    """Carries out `{book: {...}}`, `{cancel: {...}}` and the like, and gives the ids of what was changed.

    Raises `ToolError` for what can't be done: a race that never happened proves nothing.
    """
    changed: set[str] = set()
    for name, given in action.items():
        changed |= ACTIONS[name](world, dict(given or {}), seen)
    return changed


def faulty(action: Mapping[str, Any]) -> str | None:
    """What is wrong with an action as it is written, in a sentence; None when it can be tried."""
    for name, given in action.items():
        if name not in ACTIONS:
            return f"there is no action {name!r}. Maybe one of: {', '.join(ACTIONS)}."
        if given is not None and not isinstance(given, Mapping):
            return f"{name} needs a table, not {given!r}. Maybe {{{name}: {{{NEEDED[name][0]}: ...}}}}."
        if not any(all(key in (given or {}) for key in each.split()) for each in NEEDED[name]):
            return f"{name} lacks {' or '.join(NEEDED[name])}. Maybe add it."
    return None


def _book(world: World, given: dict[str, Any], seen: Seen) -> set[str]:
    """Books the slot of an offer by its label, or the one that `procedure, surgeon, room, at` name."""
    return _at_offer(world, "book", given, seen)


def _hold(world: World, given: dict[str, Any], seen: Seen) -> set[str]:
    minutes = given.pop("minutes", None)
    return _at_offer(world, "hold", given, seen, minutes=minutes)


def _move(world: World, given: dict[str, Any], seen: Seen) -> set[str]:
    """Moves `case` to the place that `room, at` name."""
    case = world.book().get(str(given["case"]))
    if case is None:
        raise ToolError("not-found", f"elsewhere: there is no case {given['case']!r}.", "elsewhere")
    same = {key: case[key] for key in ("procedure", "surgeon", "room") if key in case}
    same |= {"replaces": str(given["case"]), "duration_minutes": case["minutes"]}
    return _at_offer(world, "move", same | given, seen, case=given["case"])


def _at_offer(world: World, action: str, given: dict[str, Any], seen: Seen, **more: Any) -> set[str]:
    label = given.pop("label", None)
    patient, side = given.pop("patient", STRANGER), given.pop("laterality", "left")
    given.pop("case", None)
    offer = slot(world, _same_slot(label, seen) if label else given)
    whom = _sided(world, offer, side) | {"patient": patient} if action == "book" else {}
    return confirmed(world.elsewhere, whom | more | {"action": action, "offer": offer["id"]})


def _cancel(world: World, given: dict[str, Any], _seen: Seen) -> set[str]:
    return confirmed(
        world.elsewhere, {"action": "cancel", "case": given["case"], "reason": given.get("reason")}
    )


def _release(world: World, given: dict[str, Any], _seen: Seen) -> set[str]:
    """A director gives a block's day free."""
    director = Context(world.store, Principal("director", "A director", Role.DIRECTOR), world.clock)
    day = str(given["date"])
    confirmed(director, {"action": "release-block", "block": given["block"], "date": day})
    return {f"{BLOCK}{given['block']}"}


def _wait(world: World, given: dict[str, Any], _seen: Seen) -> set[str]:
    """Time passes; nobody does anything."""
    world.clock.now += dt.timedelta(minutes=float(given["minutes"]))
    return set()


ACTIONS: Mapping[str, Callable[[World, dict[str, Any], Seen], set[str]]] = {
    "book": _book,
    "hold": _hold,
    "move": _move,
    "cancel": _cancel,
    "release-block": _release,
    "wait": _wait,
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "book": ("label", "procedure at"),
    "hold": ("label", "procedure at"),
    "move": ("case at",),
    "cancel": ("case",),
    "release-block": ("block date",),
    "wait": ("minutes",),
}
"""What each action must be told, in one way or another."""


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
    request = {"date_from": day, "date_to": day} | {key: _plain(value) for key, value in asked.items()}
    found: Any = default().call("check_slot", world.elsewhere, request)
    if found.offer is None:
        reasons = " ".join(violation.text for violation in found.violations)
        raise ToolError("conflict", f"elsewhere: {asked['at']} is not free. {reasons}", "elsewhere")
    return dict(found.offer.model_dump(mode="json", by_alias=True))


def _plain(value: Any) -> Any:
    """YAML reads an unquoted moment as one; the tool wants it written."""
    return f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, dt.datetime) else value


def _same_slot(label: str, seen: Seen) -> dict[str, Any]:
    if label not in seen:
        shown = ", ".join(seen) or "none"
        raise ToolError(
            "invalid", f"elsewhere: no offer {label!r} was shown before, but {shown}.", "elsewhere"
        )
    case = seen[label]["cases"][0]
    keys = ("procedure", "additional_procedures", "surgeon", "room", "anesthesia")
    length = dt.datetime.fromisoformat(case["end"]) - dt.datetime.fromisoformat(case["start"])
    asked = {"at": case["start"][:16], "duration_minutes": int(length.total_seconds() // 60)}
    return {key: case[key] for key in keys if case.get(key)} | asked


def _sided(world: World, offer: Offer, side: str) -> dict[str, Any]:
    """The side, where the procedure has one."""
    procedures = world.store.clinic().procedures
    return {"laterality": side} if any(procedures[case["procedure"]].sided for case in offer["cases"]) else {}
