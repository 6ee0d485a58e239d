"""Spreadsheets by a page: tried dry with every fault listed at once, then imported whole or not at all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response

from tools.context import Permission
from tools.errors import ToolError
from web.desk import AtDesk, Desk, formats_of
from web.errors import STATUS
from web.language import N_, _
from web.pages import page
from web.person import needs

router = APIRouter(prefix="/admin/import", include_in_schema=False, dependencies=[needs(Permission.EDIT)])

KINDS = (
    ("staff", N_("Staff")), ("shifts", N_("Shifts")), ("certifications", N_("Certifications and privileges")),
    ("rooms", N_("Rooms")), ("procedures", N_("Procedures")), ("bookings", N_("Bookings")),
)  # fmt: skip
DATES = (("", N_("as the file shows")), ("mdy", N_("month, day, year")), ("dmy", N_("day, month, year")))


@router.get("")
def empty(desk: AtDesk) -> Response:
    """The form."""
    return _page(desk, {})


@router.post("")
def tried(
    desk: AtDesk,
    kind: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form()] = "",
    dates: Annotated[str, Form(max_length=3)] = "",
    step: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """A dry run; with `step` "apply" the import itself. What was pasted stays in the form."""
    typed = {"kind": kind, "text": text, "dates": dates}
    try:
        result = desk.call("import_csv", typed | {"dates": dates or None, "dry_run": step != "apply"})
    except ToolError as fault:
        return _page(desk, {"typed": typed, "problem": fault.message}, STATUS.get(fault.code, 422))
    return _page(desk, {"typed": typed, "result": result}, 422 if result["status"] == "refused" else 200)


def _page(desk: Desk, extra: dict[str, Any], status: int = 200) -> Response:
    context = {
        "title": _("Import a spreadsheet"), "clinic": desk.clinic().name,
        "zone": formats_of(desk).zone_line(desk.now()),
        "kinds": KINDS, "orders": DATES, "typed": {"kind": "", "text": "", "dates": ""}, "problem": "", "result": None,
    }  # fmt: skip
    return page("import.html", context | extra, status)
