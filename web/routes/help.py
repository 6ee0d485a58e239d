"""Help: for each role what to type, what the marks mean, and what to do when it isn't as expected."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from solver.clinic import Clinic
from tools.context import Permission, Role
from web.api.proposals import words_of
from web.desk import AtDesk
from web.examples import examples
from web.language import N_, _
from web.links import leads_somewhere
from web.pages import page

router = APIRouter(prefix="/help", include_in_schema=False)

Reader = Literal["scheduler", "charge-nurse", "director", "admin", "auditor"]
ROLES: tuple[tuple[Reader, str], ...] = (
    ("scheduler", N_("Scheduler")),
    ("charge-nurse", N_("Charge nurse")),
    ("director", N_("Director")),
    ("admin", N_("Admin")),
    ("auditor", N_("Auditor")),
)
TYPING = {
    "scheduler": ("scheduler",),
    "charge-nurse": ("charge-nurse", "scheduler"),
    "director": ("director", "scheduler"),
    "admin": ("scheduler",),
    "auditor": (),
}
"""Whose examples each role is shown, their own first."""


@router.get("")
def help_page(request: Request, desk: AtDesk, role: Reader | None = None) -> HTMLResponse:
    """The page of one's own role, or of another that is asked for."""
    words, clinic = words_of(desk), desk.clinic()
    shown = role or _own(desk.principal.role)
    wanted = TYPING[shown]
    made = sorted(
        (each for each in examples(clinic) if each.role in wanted), key=lambda e: wanted.index(e.role)
    )
    context = {
        "title": _("Help"),
        "clinic": clinic.name,
        "zone": words.formats.zone_line(desk.now()),
        "roles": ROLES,
        "shown": shown,
        "role_name": dict(ROLES)[shown],
        "examples": made,
        "sample": _short(clinic),
        "leads": [path for path in ("/admin", "/audit", "/logic-map") if leads_somewhere(request, path)],
        "may_ask": desk.principal.may(Permission.FIND),
    }
    return page("help.html", context)


def _short(clinic: Clinic) -> str:
    """What a booking of this clinic looks like on its board."""
    return next((each.short or each.name for each in clinic.procedures.values()), _("Case"))


def _own(role: Role) -> Reader:
    known = {name: name for name, _title in ROLES}
    return known.get(str(role), "scheduler")  # type: ignore[call-overload,no-any-return]
