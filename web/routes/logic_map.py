"""The logic map as a page: read by everyone, approved by who keeps the records. Who approved what stays on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from tools.context import Permission
from tools.errors import ToolError
from web.api.proposals import words_of
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.language import N_, _
from web.pages import page
from web.person import needs
from web.values import LEVELS, Values, label

router = APIRouter(prefix="/logic-map", include_in_schema=False, dependencies=[needs(Permission.SCHEDULE)])


FAMILIES = (
    N_("Calendar"), N_("Room"), N_("Order"), N_("Cleaning"), N_("Block"), N_("Surgeon"), N_("Anesthesia"),
    N_("Nursing"), N_("Duty"), N_("Equipment"), N_("Safety"), N_("Sterile"), N_("Supplies"), N_("Recovery"),
    N_("Patient"), N_("Readiness"), N_("Policy"),
)  # fmt: skip
"""Names of the families, which the page says by their modules: kept here for translators."""


@router.get("")
def logic_map(desk: AtDesk, done: bool = False) -> Response:
    """Every rule with this clinic's values, and how it stands to the last approval."""
    return _page(
        desk, {"said": _("Approved. It is kept in the audit trail under your name.") if done else ""}
    )


@router.post("/approve")
def approve(
    desk: AtDesk,
    version: Annotated[str, Form(max_length=64)] = "",
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Sign the version off that was read; another one, or nothing new, is told on the page."""
    try:
        desk.call("approve_logic_map", {"version": version, "note": note})
    except ToolError as fault:
        return _page(desk, {"problem": fault.message, "note": note}, STATUS.get(fault.code, 422))
    return RedirectResponse("/logic-map?done=true", 303)


def _page(desk: Desk, extra: Mapping[str, Any], status: int = 200) -> Response:
    words, now = words_of(desk), desk.now()
    values, found = Values(words), desk.call("logic_map", {})
    context = {
        "title": _("Logic map"),
        "clinic": words.clinic.name,
        "zone": words.formats.zone_line(now),
        "as_of": f"{words.formats.day(words.today)}, {words.formats.time(now)}",
        "version": found["version"],
        "count": found["count"],
        "state": found["state"],
        "families": [_family(family, values) for family in found["families"]],
        "approvals": [each | {"when": values.moment(each["at"])} for each in found["approvals"]],
        "differences": [_difference(each, values) for each in found["differences"]],
        "levels": LEVELS,
        "may": desk.principal.may(Permission.EDIT),
        "mine": desk.principal.id in [each["by"] for each in takewhile(itemgetter("present"), found["approvals"])],
        "may_look": desk.principal.may(Permission.FACTS),
        "problem": "", "said": "", "note": "", **extra,
    }  # fmt: skip
    return page("logic_map.html", context, status)


def _family(family: Mapping[str, Any], values: Values) -> dict[str, Any]:
    rules = [each | {"values": list(_values(each, values))} for each in family["rules"]]
    return {"name": family["name"], "text": family["text"], "rules": rules}


def _values(rule: Mapping[str, Any], values: Values) -> Iterable[str]:
    """Each parameter with what holds here, and what was delivered where that differs."""
    for name in dict.fromkeys([*rule["params"], *rule["clinic_params"]]):
        delivered = values.said(rule["params"].get(name))
        if name in rule["clinic_params"]:
            here = values.said(rule["clinic_params"][name])
            yield _("%(name)s: %(here)s (as delivered: %(delivered)s)") % {
                "name": label(name), "here": here, "delivered": delivered,
            }  # fmt: skip
        else:
            yield f"{label(name)}: {delivered}"
    for each in rule["dated"]:
        yield _("From %(day)s on: %(values)s") % {
            "day": values.said(each["from"]), "values": values.said(each["params"]),
        }  # fmt: skip


def _difference(each: Mapping[str, Any], values: Values) -> dict[str, Any]:
    parts = [(label(name), values.said(old), values.said(new)) for name, old, new in each["parts"]]
    return {"rule": each["rule"], "title": each["title"], "parts": parts}
