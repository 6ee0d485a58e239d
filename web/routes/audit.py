"""The audit trail as a page: searched, taken out as a spreadsheet, and checked for being whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from tools.audit import AuditEntry
from tools.context import Permission
from tools.errors import ToolError
from web.api.proposals import words_of
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.language import N_, _
from web.pages import page
from web.person import needs
from web.spreadsheet import csv_file, csv_of
from web.trail import ACTIONS, LOOKS, shown
from web.values import Values

router = APIRouter(prefix="/audit", include_in_schema=False, dependencies=[needs(Permission.AUDIT)])

Typed = Annotated[str, Query(max_length=200)]
CHAINS = (("audit", N_("What was changed")), ("access", N_("Who looked")))
NAMES = dict(CHAINS)
FIELDS = ("chain", "date_from", "date_to", "principal", "action", "object", "before")
PAGE_SIZE = 50


@router.get("")
def trail(
    desk: AtDesk,
    chain: Typed = "audit",
    date_from: Typed = "",
    date_to: Typed = "",
    principal: Typed = "",
    action: Typed = "",
    object: Typed = "",  # noqa: A002 - the name of the tool's own field
    before: Typed = "",
) -> Response:
    """The entries that fit, newest first; faults of the form stand on the page."""
    sought = _sought(chain, date_from, date_to, principal, action, object, before)
    return _page(desk, sought, {})


@router.get(".csv")
def as_csv(
    desk: AtDesk,
    chain: Typed = "audit",
    date_from: Typed = "",
    date_to: Typed = "",
    principal: Typed = "",
    action: Typed = "",
    object: Typed = "",  # noqa: A002
) -> Response:
    """Every entry that fits as a spreadsheet. That somebody took them out is entered too."""
    sought = _sought(chain, date_from, date_to, principal, action, object, "")
    found = desk.call("audit_export", sought)["entries"]
    return csv_file("audit-trail", csv_of(AuditEntry.model_validate(each) for each in found))


@router.post("/verify")
def verify(
    desk: AtDesk,
    audit: Annotated[str, Form(max_length=200)] = "",
    access: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Check both chains from their beginning, against the heads that were kept where there are any."""
    kept = {"audit": audit.strip(), "access": access.strip()}
    sought = {"chain": "audit"}
    try:
        verdict = desk.call("audit_check", {"anchors": {name: text for name, text in kept.items() if text}})
    except ToolError as fault:
        extra = {"kept": kept, "anchor_problem": fault.message}
        return _page(desk, sought, extra, STATUS.get(fault.code, 422))
    return _page(desk, sought, {"kept": kept, "verdict": verdict})


def _sought(*given: str) -> dict[str, str]:
    return {name: text.strip() for name, text in zip(FIELDS, given, strict=True) if text.strip()}


def _page(desk: Desk, sought: Mapping[str, str], extra: Mapping[str, Any], status: int = 200) -> Response:
    words, now = words_of(desk), desk.now()
    found, problem = _found(desk, sought)
    filters = {name: text for name, text in sought.items() if name != "before"}
    context = {
        "title": _("Audit trail"), "clinic": words.clinic.name, "zone": words.formats.zone_line(now),
        "as_of": f"{words.formats.day(words.today)}, {words.formats.time(now)}",
        "chains": CHAINS, "names": NAMES,
        "actions": sorted((_(text), name) for name, text in (ACTIONS | LOOKS).items()),
        "sought": {name: sought.get(name, "") for name in FIELDS}, "problem": problem,
        "entries": [shown(each, Values(words)) for each in found["entries"]],
        "older": urlencode(filters | {"before": found["next"]}) if found["next"] else "",
        "query": urlencode(filters), "newest": urlencode(filters) if "before" in sought else None,
        "kept": {"audit": "", "access": ""}, "verdict": None, "anchor_problem": "", **extra,
        "checked": _checked(extra.get("verdict"), now, Values(words)),
    }  # fmt: skip
    return page("audit.html", context, 422 if problem else status)


def _found(desk: Desk, sought: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    try:
        return desk.call("audit_trail", dict(sought) | {"limit": PAGE_SIZE}), ""
    except ToolError as fault:
        return {"entries": [], "next": None}, fault.message


def _checked(verdict: Mapping[str, Any] | None, now: dt.datetime, values: Values) -> str:
    return values.moment(now.isoformat()) if verdict else ""
