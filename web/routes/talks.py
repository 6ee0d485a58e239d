"""A person's own conversations, the latest first; each opens on the schedule as it was left."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from tools.context import Permission
from web.api.proposals import words_of
from web.cards import Words
from web.desk import AtDesk
from web.language import _, plural
from web.pages import page
from web.person import needs

router = APIRouter(include_in_schema=False, dependencies=[needs(Permission.FIND)])

MOST = 20
LONGEST = 120
"""Characters of a request that are shown."""


@router.get("/conversations")
def conversations(desk: AtDesk) -> HTMLResponse:
    """When each began, what was asked first, and how many requests it has."""
    words = words_of(desk)
    found = desk.call("my_conversations", {"limit": MOST})["conversations"]
    context = {
        "title": _("Earlier conversations"),
        "clinic": desk.clinic().name,
        "zone": words.formats.zone_line(desk.now()),
        "talks": [_told(each, desk, words) for each in found],
    }
    return page("talks.html", context)


def _told(talk: dict[str, Any], desk: AtDesk, words: Words) -> dict[str, str]:
    turns = desk.call("read_conversation", {"conversation": talk["id"]})["turns"]
    first = turns[0]["said"] if turns else ""
    asked = plural("%(num)s request", "%(num)s requests", talk["turns"]) % {"num": talk["turns"]}
    return {
        "href": f"/?conversation={quote(talk['id'])}",
        "said": first if len(first) <= LONGEST else f"{first[:LONGEST].rstrip()}\u2026",
        "when": _moment(talk["saved_at"], words),
        "asked": asked,
        "until": words.formats.short_day(words.formats.local(talk["expires_at"]).date(), words.today),
    }


def _moment(text: str, words: Words) -> str:
    wall = words.formats.local(dt.datetime.fromisoformat(text))
    return f"{words.formats.short_day(wall.date(), words.today)}, {words.formats.time(wall)}"
