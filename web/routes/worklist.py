"""The worklist as a page: cases that something has hit since they were booked, and what was done about each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tools.context import Permission
from tools.errors import ToolError
from web.api.proposals import words_of
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.flagged import by_case
from web.language import N_, _
from web.links import leads_somewhere
from web.pages import page
from web.person import needs

router = APIRouter(prefix="/worklist", include_in_schema=False, dependencies=[needs(Permission.SCHEDULE)])

MOST = 200
"""Cases of one page: an import of a whole book may flag thousands, and whoever works them off begins with the first."""
State = Literal["open", "resolved", "all"]
VIEWS = (("open", N_("To do")), ("resolved", N_("Dealt with")), ("all", N_("All")))


@router.get("")
def worklist(request: Request, desk: AtDesk, state: State = "open", done: bool = False) -> Response:
    """The cases that stand against a rule, in order of their start."""
    return _page(
        request,
        desk,
        state,
        {"said": _("Noted. The entry stays on record under Dealt with.") if done else ""},
    )


@router.post("/{entry}/resolve")
def resolve(
    request: Request, desk: AtDesk, entry: str, note: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Note what was done about an entry; a fault shows the list again with what was typed."""
    try:
        desk.call("resolve_exception", {"id": entry, "note": note})
    except ToolError as fault:
        if fault.code == "conflict" and _noted(desk, entry, note):
            return RedirectResponse("/worklist?done=true", 303)
        missing = fault.field == "note" and not note.strip()
        said = _("Say what was done about it, in a few words.") if missing else fault.message
        typed = {"entry": entry, "problem": said, "note": note}
        return _page(request, desk, "open", {"typed": typed}, STATUS.get(fault.code, 422))
    return RedirectResponse("/worklist?done=true", 303)


def _noted(desk: Desk, entry: str, note: str) -> bool:
    """Whether this person has noted just that already: a second click is no second answer."""
    items = desk.call("worklist", {"state": "resolved"})["items"]
    wanted = (entry, desk.principal.id, note.strip())
    return any((item["id"], item["resolved_by"], item["note"]) == wanted for item in items)


def _page(request: Request, desk: Desk, state: State, extra: dict[str, Any], status: int = 200) -> Response:
    words, now = words_of(desk), desk.now()
    found = desk.call("worklist", {"state": state})
    groups = by_case(found["items"], words)
    typed = extra.get("typed")
    shown = {entry["id"] for group in groups[:MOST] for entry in group["entries"]}
    context = {
        "title": _("Worklist"),
        "clinic": desk.clinic().name,
        "zone": words.formats.zone_line(now),
        "as_of": f"{words.formats.day(words.today)}, {words.formats.time(now)}",
        "state": state,
        "views": VIEWS,
        "groups": groups[:MOST],
        "more": len(groups) - MOST,
        "count": sum(len(group["entries"]) for group in groups),
        "may_resolve": desk.principal.may(Permission.CONFIRM),
        "may_explain": desk.principal.may(Permission.FIND),
        "by_page": leads_somewhere(request, "/case/x"),
        "may_move": desk.principal.may(Permission.PROPOSE),
        "said": "",
        "typed": None,
        "problem": typed["problem"] if typed and typed["entry"] not in shown else "",
        **extra,
    }
    return page("worklist.html", context, status)
