"""Spreadsheets by a page: tried dry with every fault listed at once, then imported whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from tools.context import Permission
from tools.errors import ToolError
from tools.importing.columns import COLUMNS
from tools.importing.table import NotATable, decoded
from web.api.proposals import words_of
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.kept import broken
from web.language import N_, _
from web.pages import page
from web.person import needs
from web.security import LARGEST_IMPORT
from web.values import label

router = APIRouter(prefix="/admin/import", include_in_schema=False, dependencies=[needs(Permission.EDIT)])

KINDS = (
    ("staff", N_("Staff")), ("shifts", N_("Shifts")), ("certifications", N_("Certifications and privileges")),
    ("rooms", N_("Rooms")), ("procedures", N_("Procedures")), ("bookings", N_("Bookings")),
)  # fmt: skip
DATES = (("", N_("as the file shows")), ("mdy", N_("month, day, year")), ("dmy", N_("day, month, year")))
FIELDS = ("kind", "text", "dates", "step")


async def _posted(request: Request) -> dict[str, str]:
    """The form's texts; a chosen file stands in place of what was pasted."""
    async with request.form(max_files=1, max_fields=20, max_part_size=LARGEST_IMPORT) as form:
        posted = {name: value for name in FIELDS if isinstance(value := form.get(name), str)}
        file = form.get("file")
        if isinstance(file, UploadFile) and file.filename:
            try:
                posted["text"] = decoded(await file.read())
            except NotATable as error:
                posted |= {"text": "", "problem": str(error)}
    return posted


@router.get("")
def empty(desk: AtDesk) -> Response:
    """The form."""
    return _page(desk, {})


@router.post("")
def tried(desk: AtDesk, posted: dict[str, str] = Depends(_posted)) -> Response:
    """A dry run; with `step` "apply" the import itself. What was sent stays in the form."""
    typed = {name: posted.get(name, "") for name in ("kind", "text", "dates")}
    if problem := posted.get("problem"):
        return _page(desk, {"typed": typed, "problem": problem}, 422)
    if not typed["text"].strip():
        return _page(desk, {"typed": typed, "problem": _("Choose a file, or paste the spreadsheet.")}, 422)
    body = typed | {"dates": typed["dates"] or None, "dry_run": posted.get("step") != "apply"}
    try:
        result = desk.call("import_csv", body)
    except ToolError as fault:
        return _page(desk, {"typed": typed, "problem": fault.message}, STATUS.get(fault.code, 422))
    return _page(desk, {"typed": typed, "result": result}, 422 if result["status"] == "refused" else 200)


def _page(desk: Desk, extra: Mapping[str, Any], status: int = 200) -> Response:
    words = words_of(desk)
    result = extra.get("result")
    context = {
        "title": _("Import a spreadsheet"), "clinic": words.clinic.name,
        "zone": words.formats.zone_line(desk.now()), "kinds": KINDS, "orders": DATES,
        "columns": [(name, ", ".join(label(each) for each in COLUMNS[kind])) for kind, name in KINDS],
        "typed": {"kind": "", "text": "", "dates": ""}, "problem": "", "result": None,
        "broken": broken(words, result["exceptions"]) if result else [], **extra,
    }  # fmt: skip
    return page("import.html", context, status)
