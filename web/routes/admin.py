"""The clinic's records as pages: looked at, changed in two steps, with the bookings that a change breaks in between."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from solver.rules import CATALOGUE
from tools.context import Permission
from tools.edits.drafting import VersionConflict
from tools.errors import ToolError
from web.api.proposals import words_of
from web.desk import AtDesk, Desk, formats_of
from web.errors import STATUS
from web.fields import Form, Typed
from web.kept import GROUPS, about_rule, broken, known_ids, slug, summaries
from web.language import _
from web.pages import page
from web.person import needs
from web.values import Values

router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[needs(Permission.FACTS)])

SINGLE = ("clinic", "ranking")
OWN = ("reason", "from_date", "version", "op", "step", "payload", "proposal", "key", "seen", "id")
"""What the page's form has beside the fields of the record, which stand under "body."."""


async def _posted(request: Request) -> dict[str, str]:
    form = await request.form(max_fields=4000)
    return {name: value for name, value in form.items() if isinstance(value, str)}


@router.get("")
def index(desk: AtDesk) -> Response:
    """The kinds of records, and the other pages of whoever keeps them."""
    kinds = {one["kind"]: one for one in desk.call("list_records", {})["kinds"] if _may(desk) or one["facts"]}
    groups = [
        (name, [kinds[kind] | {"text": text} for kind, text in members if kind in kinds])
        for name, members in GROUPS
    ]
    state = desk.call("logic_map", {})["state"]
    return _page(
        desk, "admin.html", {"title": _("Admin"), "groups": groups, "may": _may(desk), "state": state}
    )


@router.get("/{kind}")
def listed(desk: AtDesk, kind: str) -> Response:
    """The records of a kind; straight to the record where there is only one."""
    about = _kind(desk, kind)
    if kind in SINGLE:
        return RedirectResponse(f"/admin/{kind}/{kind}", 303)
    records = desk.call("list_records", {"kind": kind})["records"]
    if kind == "rules":
        held = {one["id"]: one for one in records}
        blank = {"version": 0, "body": {}}
        records = [
            held.get(id_, blank) | {"id": id_, "name": rule.title, "level": str(rule.default_level)}
            for id_, rule in CATALOGUE.items()
        ]
    told = summaries(kind, records, _values(desk))
    context = {"title": about["title"], "kind": kind, "records": told, "may": _may(desk)}
    return _page(desk, "admin_kind.html", context)


@router.get("/{kind}/{record}")
def shown(desk: AtDesk, kind: str, record: str, saved: bool = False) -> Response:
    """The record as a form, with who changed it; `-` is a new one."""
    return _record(desk, kind, record, None, {"said": _("Saved.") if saved else ""})


@router.post("/{kind}/{record}")
def change(desk: AtDesk, kind: str, record: str, posted: dict[str, str] = Depends(_posted)) -> Response:
    """First what the change would break; then, confirmed, exactly that change."""
    if posted.get("step") == "more":
        return _record(desk, kind, record, posted, {})
    try:
        if posted.get("step") == "confirm":
            return _confirmed(desk, kind, record, posted)
        payload = _payload(desk, kind, record, posted)
        return _preview(desk, kind, record, posted, payload)
    except VersionConflict as stale:
        both_ = _values(desk).compared(_body(stale.current), _body(stale.yours))
        return _record(desk, kind, record, posted, {"fault": stale, "both": both_}, 409)
    except ToolError as fault:
        return _record(desk, kind, record, posted, {"fault": fault}, STATUS.get(fault.code, 422))


def _payload(desk: Desk, kind: str, record: str, posted: Mapping[str, str]) -> dict[str, Any]:
    """What the form asks for: the keys that differ from the record that was looked at."""
    held = _held(desk, kind, record)
    form = _form(desk, kind, record)
    id_ = (posted.get("id", "").strip() or slug(posted.get("body.name", ""))) if record == "-" else record
    common = {"kind": kind, "reason": posted.get("reason", ""), "id": id_ or None}
    if posted.get("from_date"):
        common["from_date"] = posted["from_date"]
    if posted.get("op") == "end":
        return common | {"op": "end", "version": _version(posted)}
    body = form.body(_typed(posted))
    if held is None:
        return common | {"op": "create", "body": body}
    if _version(posted) != held["version"]:
        return common | {"body": body, "version": _version(posted)}
    return common | {"body": _differing(form.body(form.flat(held["body"])), body), "version": held["version"]}


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    changed = {name: new.get(name) for name in {**old, **new} if old.get(name) != new.get(name)}
    if "params" in changed:  # a rule's parameters are merged one by one
        changed["params"] = _differing(old.get("params", {}), new.get("params", {}))
    return changed


def _preview(
    desk: Desk, kind: str, record: str, posted: Mapping[str, str], payload: dict[str, Any]
) -> Response:
    facts = set(_kind(desk, kind)["facts"])
    fact = payload.get("op") != "end" and set(payload.get("body", {})) <= facts
    result = desk.call("edit_record", payload | ({"preview": True} if fact else {}))
    if result["status"] == "unchanged":
        return _record(desk, kind, record, posted, {"said": _("Nothing differs from the record as it is.")})
    waiting = {
        "payload": json.dumps(payload) if fact else "", "seen": json.dumps(result["breaks"]),
        "proposal": result["proposal"] or "", "key": secrets.token_hex(12),
    }  # fmt: skip
    about, held = _kind(desk, kind), _held(desk, kind, record)
    name = (
        held["name"]
        if held
        else str(payload.get("body", {}).get("name") or _title(kind, record, held, about))
    )
    from_day = payload.get("from_date")
    context = {
        "heading": _title(kind, record, held, about) if kind in SINGLE else f"{_(about['title'])}: {name}",
        "from_day": _values(desk).said(from_day) if from_day else "",
        "title": _("Confirm the change"), "kind": kind, "record": record, "result": result, "waiting": waiting,
        "reason": payload["reason"], "posted": [(name, posted[name]) for name in posted if name != "step"],
        "rows": _values(desk).compared(result["before"], result["after"]),
        "broken": broken(words_of(desk), result["breaks"]),
    }  # fmt: skip
    return _page(desk, "admin_confirm.html", context)


def _confirmed(desk: Desk, kind: str, record: str, posted: Mapping[str, str]) -> Response:
    if posted.get("proposal"):
        body = {"proposal": posted["proposal"], "key": posted.get("key", "")}
        result = desk.call("confirm_edit", body)
    else:
        payload = _read(posted.get("payload", ""))
        again = desk.call("edit_record", payload | {"preview": True})
        if json.dumps(again["breaks"]) != posted.get("seen"):
            return _preview(desk, kind, record, posted, payload)  # the book has moved on: look once more
        result = desk.call("edit_record", payload)
    here = f"/admin/{kind}/{quote(result['id'], safe='')}?saved=true"
    return RedirectResponse(here if result["after"] is not None else f"/admin/{kind}", 303)


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ToolError(
            "invalid", "What was shown didn't come back. Maybe look at the change anew.", "payload"
        )
    return found


def _record(
    desk: Desk,
    kind: str,
    record: str,
    posted: Mapping[str, str] | None,
    extra: Mapping[str, Any],
    status: int = 200,
) -> Response:
    about, held, form = _kind(desk, kind), _held(desk, kind, record), _form(desk, kind, record)
    fault: ToolError | None = extra.get("fault")
    typed = form.flat(held["body"] if held else {}) if posted is None else _typed(posted)
    found = _history(desk, kind, record)
    context = {
        "title": _title(kind, record, held, about), "kind": kind, "record": record,
        "about": about_rule(kind, record), "known": known_ids(desk.clinic()),
        "kind_title": about["title"], "held": held, "fields": form.fields(typed, *_where(fault)),
        "own": {name: (posted or {}).get(name, "") for name in OWN}, "version": _shown_version(held, posted, extra),
        "problem": fault.message if fault else "", "at": (fault.field or "") if fault else "", "both": None, "said": "",
        "history": found, "may": _may(desk), **{key: value for key, value in extra.items() if key != "fault"},
    }  # fmt: skip
    return _page(desk, "admin_record.html", context, status)


def _title(kind: str, record: str, held: Mapping[str, Any] | None, about: Mapping[str, Any]) -> str:
    if kind in SINGLE:
        return str(_(about["title"]))
    if held is None:
        return CATALOGUE[record].title if kind == "rules" else _("New: %s") % _(about["title"])
    return str(held["name"])


def _shown_version(
    held: Mapping[str, Any] | None, posted: Mapping[str, str] | None, extra: Mapping[str, Any]
) -> Any:
    """The version that the form was made from; after a conflict the present one, since both have been shown."""
    if held is None:
        return ""
    return held["version"] if posted is None or extra.get("both") else posted.get("version", "")


def _where(fault: ToolError | None) -> tuple[str, str]:
    return ((fault.field or ""), fault.message) if fault else ("", "")


def _history(desk: Desk, kind: str, record: str) -> list[dict[str, Any]]:
    try:
        changes = desk.call("list_records", {"kind": kind, "id": record, "history": True})["history"]
    except ToolError as fault:
        if fault.code != "not-found":
            raise
        return []  # a new one has none
    values = _values(desk)
    return [
        one | {
            "rows": values.compared(one["before"], one["after"]), "when": values.moment(one["at"]),
            "day": values.said(one["from_date"]) if one["from_date"] else "",
        }
        for one in changes
    ]  # fmt: skip


def _held(desk: Desk, kind: str, record: str) -> dict[str, Any] | None:
    if record == "-":
        return None
    try:
        records: list[dict[str, Any]] = desk.call("list_records", {"kind": kind, "id": record})["records"]
    except ToolError as fault:
        if fault.code == "not-found" and ((kind == "rules" and record in CATALOGUE) or kind in SINGLE):
            return None  # as the program has it, until the clinic says otherwise
        raise
    return records[0] if records else None


def _form(desk: Desk, kind: str, record: str) -> Form:
    about = _kind(desk, kind)
    schema = about["record_schema"]
    if kind == "rules" and record in CATALOGUE:
        defaults = CATALOGUE[record].defaults
        params = {name: {"hint": str(value)} for name, value in defaults.items()}
        typed = {"type": "object", "properties": params}
        schema["properties"]["params"] = typed
        schema["$defs"]["DatedParamsRecord"]["properties"]["params"] = typed
    names = [name for name in schema["properties"] if not (kind == "blocks" and name == "id")]
    return Form(schema, names if _may(desk) else [name for name in names if name in about["facts"]])


def _kind(desk: Desk, kind: str) -> dict[str, Any]:
    kinds = {one["kind"]: one for one in desk.call("list_records", {})["kinds"]}
    if kind not in kinds:
        raise ToolError("not-found", f"There are no records {kind[:40]!r}. Maybe {', '.join(kinds)}.", "kind")
    found: dict[str, Any] = kinds[kind]
    return found


def _typed(posted: Mapping[str, str]) -> Typed:
    return {name.removeprefix("body."): text for name, text in posted.items() if name.startswith("body.")}


def _version(posted: Mapping[str, str]) -> int | None:
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _values(desk: Desk) -> Values:
    return Values(words_of(desk))


def _body(side: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """One side of a conflict; None where the record was ended meanwhile."""
    return side["body"]  # type: ignore[no-any-return]


def _may(desk: Desk) -> bool:
    return desk.principal.may(Permission.EDIT)


def _page(desk: Desk, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
    zone = formats_of(desk).zone_line(desk.now())
    return page(template, {"clinic": desk.clinic().name, "zone": zone, **context}, status)
