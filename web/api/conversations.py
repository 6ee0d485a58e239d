"""A person's own conversations, to go on with after a reload or a restart."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from web.api.chat import unrepeated, with_cards
from web.api.proposals import words_of
from web.cards import Words
from web.desk import AtDesk, Desk
from web.structured import replayed

router = APIRouter(prefix="/api/conversations", tags=["chat"])


@router.get("")
def conversations(desk: AtDesk) -> dict[str, Any]:
    """The latest first: `{"conversations": [{id, begun_at, saved_at, expires_at, turns}]}`."""
    return desk.call("my_conversations", {})


@router.get("/{conversation}")
def conversation(conversation: str, desk: AtDesk) -> dict[str, Any]:
    """What was said and shown: `{"conversation", "turns": [{said, at, status, model, calls, events, ...}]}`."""
    return kept(desk, conversation)


def kept(desk: Desk, conversation: str) -> dict[str, Any]:
    """A conversation with its cards as they are drawn today, oldest turn first."""
    told = desk.call("read_conversation", {"conversation": conversation})
    words = words_of(desk)
    turns = [
        {**turn, **replayed(turn, words), "events": _drawn(turn["events"], words)} for turn in told["turns"]
    ]
    return {"conversation": told["conversation"], "turns": turns}


def _drawn(events: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    heading, found = "", []
    for event in events:
        found.append(unrepeated(with_cards(event, words), heading))
        heading = found[-1].get("heading", heading)
    return found
