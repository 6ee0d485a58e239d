"""The conversation as a stream of typed events, or as one JSON list for those who can't stream."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from web.api.proposals import words_of
from web.cards import Words
from web.desk import AtDesk, Desk
from web.format import steady
from web.structured import asks_of, moved, moved_by, why_not_of

_log = structlog.get_logger(__name__)
router = APIRouter(prefix="/api", tags=["chat"])


class ChatIn(BaseModel):
    """One message; `conversation` is the id that the last `done` event gave."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=20_000)
    conversation: str | None = Field(None, max_length=200)


@router.post("/chat", response_model=None)
async def chat(body: ChatIn, desk: AtDesk, accept: Annotated[str, Header()] = "") -> Response:
    """Answer one message: `status, offers, explanation, schedule, confirm, text, question, error, done`."""
    events = drawn(desk, body.text, body.conversation)
    if "application/json" in accept and "text/event-stream" not in accept:
        return JSONResponse([event async for event in events])
    return EventSourceResponse(_frames(events))


async def drawn(desk: Desk, text: str, conversation: str | None) -> AsyncIterator[dict[str, Any]]:
    """A turn's events as JSON, with what their cards show beside them; the last is always `done`."""
    words = words_of(desk)
    heading = ""
    # Said before any work starts, so that the wait has a name from its first moment on.
    yield {"type": "status", "stage": "reading", "text": "Reading the request"}
    try:
        async for event in desk.turn(text, conversation):
            told = unrepeated(with_cards(event.model_dump(mode="json", by_alias=True), words), heading)
            heading = told.get("heading", heading)
            yield told
    except Exception as error:
        _log.error("chat.fault", kind=type(error).__name__)
        yield {
            "type": "error",
            "code": "internal",
            "message": "Something went wrong here. Nothing was booked.",
        }
        yield {
            "type": "done",
            "conversation": conversation or "",
            "turn": 0,
            "status": "error",
            "calls": [],
            "why_not": "",
            "asks": "",
            "moves": "",
            "stands": "",
        }


def unrepeated(event: dict[str, Any], heading: str) -> dict[str, Any]:
    """A text whose first line is the heading of the cards above it shows only the rest."""
    if event["type"] == "text" and event["first"] == steady(heading):
        return {**event, "first": ""}
    return event


def with_cards(event: dict[str, Any], words: Words) -> dict[str, Any]:
    """The event and, beside its contract, the words and times that the page shows."""
    if event["type"] == "offers":
        cards = words.offers(event["offers"])
        event = {**event, "heading": words.by_name(steady(event["heading"]))}
        return {**event, "cards": cards, "near": words.alternatives(event["alternatives"])}
    if event["type"] == "explanation":
        return {
            **event,
            "cards": words.explanation(event["reasons"]),
            "ways": words.ways_out(event["explanation"]),
        }
    if event["type"] == "text":
        first, _, rest = steady(event["text"]).partition("\n")
        return {**event, "first": words.by_name(first), "rest": rest}
    if event["type"] == "done":
        beside = {"why_not": why_not_of(event["calls"]), "asks": asks_of(event["calls"])}
        return {**event, **beside, **moved(moved_by(event["calls"]), words)}
    if event["type"] == "confirm":
        return {**event, "card": words.proposal(event["proposal"])}
    return event


async def _frames(events: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    async for event in events:
        yield format_sse_event(event=event["type"], data_str=json.dumps(event, ensure_ascii=False))
