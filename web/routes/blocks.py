"""One day of a block: releasing it to everyone, or taking it back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from solver.clinic import Block
from tools.context import Permission
from tools.errors import ToolError
from tools.proposals.blocks import MAY
from web.api.proposals import words_of
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.format import steady
from web.language import _
from web.pages import page
from web.person import needs
from web.standing import block_at, block_told

router = APIRouter(prefix="/block", include_in_schema=False, dependencies=[needs(Permission.SCHEDULE)])


@router.get("/{block}/{date}")
def shown(desk: AtDesk, block: str, date: dt.date) -> Response:
    """The block on that day."""
    return _page(desk, block_at(desk, block, date), date)


@router.post("/{block}/{date}")
def change(
    desk: AtDesk, block: str, date: dt.date, action: Annotated[str, Form(max_length=40)],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:  # fmt: skip
    """Store the proposal and show what it touches; a fault shows the block again."""
    found = block_at(desk, block, date)
    body = {"action": action, "block": block, "date": date.isoformat()} | (
        {"reason": reason} if reason else {}
    )
    try:
        proposal = desk.call("propose", body)
    except ToolError as fault:
        return _page(desk, found, date, steady(fault.message), STATUS.get(fault.code, 422))
    return RedirectResponse(f"/proposals/{proposal['id']}?back=/block/{quote(block)}/{date}", 303)


def _page(desk: Desk, block: Block, day: dt.date, problem: str = "", status: int = 200) -> Response:
    words, who = words_of(desk), desk.principal
    theirs = who.role in MAY or who.id == block.owner
    context = {
        "title": _("A block"),
        "clinic": desk.clinic().name,
        "zone": words.formats.zone_line(desk.now()),
        "block": block_told(block, day, words),
        "may": who.may(Permission.CONFIRM) and theirs,
        "problem": problem,
    }
    return page("block.html", context, status)
