"""What changed in the book: asked for once, or listened to while a screen is open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, format_sse_event

from solver.clinic import Clinic
from solver.grid import Calendar
from tools.errors import ToolError
from tools.feed import Changes, days_of
from web.accounts import cookie_name
from web.desk import AtDesk, Desk

router = APIRouter(prefix="/api", tags=["schedule"])

EVERY = 1.0
"""Seconds between two looks at the revision."""
BEATS = 15
"""Looks between two signs of life; with each, whoever listens must still be signed in."""
LONGEST = 20
"""Signs of life until the stream ends by itself (five minutes); a browser comes back by itself, too."""


@router.get("/changes", response_model=None)
async def changes(
    request: Request,
    desk: AtDesk,
    since: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    accept: Annotated[str, Header()] = "",
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """What changed since a revision; as `text/event-stream`, each change when it comes.

    Without `since` nothing but the present revision. An event's id is its revision. `whole` false: draw anew.
    """
    known = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 10 else since
    listening = Listening(request, desk)
    first = await listening.look(known)
    if "text/event-stream" not in accept:
        return JSONResponse(first.model_dump(mode="json"))
    return EventSourceResponse(listening.frames(first))


@dataclass
class Listening:
    """One screen that listens: where each case stood when it was last told of."""

    request: Request
    desk: Desk
    first: Clinic | None = None
    told: dict[str, list[str]] = field(default_factory=dict)

    async def look(self, since: int | None) -> Changes:
        """What changed, each case with the days that it left, too."""
        return await anyio.to_thread.run_sync(self._look, since)

    def _look(self, since: int | None) -> Changes:
        self.first = self.first or self.desk.clinic()
        found = Changes.model_validate(self.desk.call("get_changes", {"since": since}))
        for each in found.changes:
            if each.id is not None:
                former = self._former(each.id, self.first)
                self.told[each.id] = each.days
                each.days = sorted({*each.days, *former})
        return found

    def _former(self, case: str, first: Clinic) -> list[str]:
        if case in self.told or case not in first.cases_by_id:
            return self.told.get(case, [])
        stood = first.cases_by_id[case]
        return days_of(stood.start, stood.end, Calendar(first.timezone))

    async def frames(self, told: Changes) -> AsyncIterator[bytes]:
        """The changes as events, and a sign of life between; ends with the server, the sign-in, or five minutes."""
        yield _frame(told)
        for beat in range(LONGEST * BEATS):
            if self.request.app.state.stopping.is_set():
                return
            await asyncio.sleep(EVERY)
            try:
                new = await self.look(told.revision)
                stays = beat % BEATS or await anyio.to_thread.run_sync(self._still_signed_in)
            except ToolError:  # the database is away, or this person may not look any more: they come back
                return
            if not stays:
                return
            if new.revision != told.revision:
                told = new
                yield _frame(new)
            elif not beat % BEATS:
                yield b": still here\n\n"

    def _still_signed_in(self) -> bool:
        accounts = self.request.app.state.accounts
        if accounts is None:
            return True
        cookie = cookie_name(self.request.app.settings)
        return accounts.person(self.request.headers, cookie, active=False) is not None


def _frame(told: Changes) -> bytes:
    body: dict[str, Any] = told.model_dump(mode="json")
    return format_sse_event(event="changes", id=str(told.revision), data_str=json.dumps(body))
