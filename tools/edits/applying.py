"""What an edit makes of a record: bodies in, bodies out, before anything is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from solver.rules import CATALOGUE
from tools.edits.contract import EditRequest
from tools.errors import ToolError

Body = dict[str, Any]
Key = tuple[str, str]
"""(kind, id)."""

EVER = dt.date(2199, 12, 31)
"""Until when something is gone that is gone for good: the last year that anybody may ask about."""


def applied(request: EditRequest, key: Key, bodies: Mapping[Key, Body]) -> dict[Key, Body | None]:
    """The records that the edit changes, as they would be; None for one that goes.

    `bodies` are all records as they stand. Raises `ToolError("invalid")` where the kind can't be edited so.
    """
    if request.from_date and request.op != "end" and request.kind != "rules":
        raise ToolError("invalid", NO_DATE, "from_date")
    if request.op == "end":
        return _ended(request, key, bodies)
    if request.op == "create":
        return {key: _created(request, key)}
    return {key: _changed(request, key, deepcopy(bodies[key]))}


NO_DATE = (
    "from_date is for the parameters of rules and for what ends. Maybe leave it out, or give the date inside the "
    "record, as leave, privileges and closures have it."
)


def _created(request: EditRequest, key: Key) -> Body:
    body = {name: value for name, value in (request.body | request.add).items() if value is not None}
    if request.kind == "rules" and request.from_date:
        return _dated(dict(body), {}, request.from_date)
    return body | ({"id": key[1]} if request.kind == "blocks" else {})


def _changed(request: EditRequest, key: Key, body: Body) -> Body:
    new = deepcopy(request.body)
    body = _rule(body, new, request.from_date) if request.kind == "rules" else _merged(body, new)
    for name, items in request.add.items():
        body[name] = _added(name, body.get(name, []), items)
    return body | ({"id": key[1]} if request.kind == "blocks" else {})


def _added(name: str, held: Any, items: list[Any]) -> list[Any]:
    if not isinstance(held, list):
        raise ToolError("invalid", f"{name} is no list, so nothing is added to it. Maybe use body.", "add")
    return [*held, *(item for item in items if item not in held)]


def _merged(body: Body, new: Body) -> Body:
    merged = body | new
    return {name: value for name, value in merged.items() if value is not None}


def _rule(body: Body, new: Body, first: dt.date | None) -> Body:
    if first is not None:
        return _dated(new, body, first)
    params = new.pop("params", {})
    if not isinstance(params, dict):
        return body | {"params": params}  # for the check to refuse
    merged = _merged(body, new)
    kept = _merged(body.get("params", {}), params)
    return {name: value for name, value in (merged | {"params": kept}).items() if value != {}}


def _dated(new: Body, body: Body, first: dt.date) -> Body:
    """A rule with parameters that hold from a day on; those of the same day are merged."""
    if set(new) - {"params"} or not new.get("params") or not isinstance(new["params"], dict):
        said = "From a day on, a rule changes its params alone. Maybe {params: {NAME: VALUE}}."
        raise ToolError("invalid", said, "body")
    day = first.isoformat()
    dated = list(body.get("dated", []))
    fresh: Body = {"from": day, "params": {}}
    same = next((each for each in dated if each["from"] == day), fresh)
    others = [each for each in dated if each is not same]
    params = _merged(same["params"], new["params"])
    made = [*others, {"from": day, "params": params}] if params else others
    return body | {"dated": sorted(made, key=lambda each: str(each["from"]))}


def _ended(request: EditRequest, key: Key, bodies: Mapping[Key, Body]) -> dict[Key, Body | None]:
    kind = request.kind
    if kind == "clinic":
        said = "The clinic itself can't end. Maybe close its rooms."
        raise ToolError("invalid", said, "op")
    if kind == "rules" and request.from_date:
        return {key: _default_from(deepcopy(bodies[key]), key[1], request.from_date)}
    if kind in _GOES:
        if request.from_date:
            said = f"{kind} end at once, when nothing names them any more. Maybe leave from_date out."
            raise ToolError("invalid", said, "from_date")
        return {key: None}
    if request.from_date is None:
        raise ToolError("invalid", "from_date is missing. Maybe the first day without it.", "from_date")
    if kind == "procedures":
        return _unprivileged(key[1], request.from_date, bodies)
    return {key: _ENDS[kind](deepcopy(bodies[key]), request.from_date, request.reason)}


_GOES = frozenset({"trays", "bays", "readiness", "rules", "ranking"})
"""What has no place for an end date in the clinic file."""


def _default_from(body: Body, rule: str, first: dt.date) -> Body:
    changed = set(body.get("params", {})).union(*(each["params"] for each in body.get("dated", [])))
    if not changed:
        said = f"{rule} has no parameter that ends. Maybe change its level, or leave from_date out."
        raise ToolError("invalid", said, "from_date")
    later = [each for each in body.get("dated", []) if each["from"] < first.isoformat()]
    defaults = {name: _plain(CATALOGUE[rule].defaults[name]) for name in sorted(changed)}
    return body | {"dated": [*later, {"from": first.isoformat(), "params": defaults}]}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list | frozenset) else value


def _left(body: Body, first: dt.date, reason: str) -> Body:
    """Somebody who leaves: away for good, and nothing held beyond the last day."""
    kept = [one for one in body.get("leave", []) if one["from"] < first.isoformat()]
    away = {"from": first.isoformat(), "to": EVER.isoformat(), "reason": reason[:300]}
    held = {
        name: [one for one in map(_until(first), body[name]) if one]
        for name in ("privileges", "certifications")
        if body.get(name)
    }
    return body | held | {"leave": [*kept, away]}


def _until(first: dt.date) -> Callable[[Body], Body | None]:
    last = (first - dt.timedelta(days=1)).isoformat()

    def ended(held: Body) -> Body | None:
        if held.get("from", "") > last:
            return None
        return held | {"until": min(held.get("until", last), last)}

    return ended


def _closed(name: str) -> Callable[[Body, dt.date, str], Body]:
    def ended(body: Body, first: dt.date, reason: str) -> Body:
        away = {"from": f"{first}T00:00", "to": f"{EVER}T00:00", "reason": reason[:300]}
        return body | {name: [*body.get(name, []), away]}

    return ended


def _last_day(body: Body, first: dt.date, _reason: str) -> Body:
    return body | {"until": (first - dt.timedelta(days=1)).isoformat()}


_ENDS: Mapping[str, Callable[[Body, dt.date, str], Body]] = {
    "staff": _left,
    "rooms": _closed("closures"),
    "equipment": _closed("maintenance"),
    "blocks": _last_day,
}


def _unprivileged(procedure: str, first: dt.date, bodies: Mapping[Key, Body]) -> dict[Key, Body | None]:
    """A procedure ends by nobody being privileged for it any more: its record stays for the cases that were."""
    changed: dict[Key, Body | None] = {}
    for (kind, id_), body in bodies.items():
        held = body.get("privileges", []) if kind == "staff" else []
        if any(one["procedure"] == procedure for one in held):
            ended = [_until(first)(one) if one["procedure"] == procedure else one for one in held]
            changed[kind, id_] = body | {"privileges": [one for one in ended if one]}
    if not changed:
        said = f"Nobody is privileged for {procedure}, so it has ended already. Maybe another procedure."
        raise ToolError("invalid", said, "id")
    return changed
