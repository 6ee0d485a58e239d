"""Whether offers that stand on a screen are still free: what a board shows greyed without anybody asking anew."""

from __future__ import annotations

from pydantic import Field

from tools.context import Context, Permission
from tools.contract import Id, Input, Output
from tools.errors import ToolError
from tools.proposals.action import Broken
from tools.proposals.writing import verified
from tools.registry import tool


class Shown(Input):
    """Ids of offers on the screen."""

    offers: list[Id] = Field(max_length=60)


class Gone(Output):
    """An offer that can't be booked any more, and the rules' own sentences why."""

    offer: str
    reason: str


class Freshness(Output):
    """Those that are gone; all others still pass every rule, perhaps with another team."""

    gone: list[Gone]


@tool(permission=Permission.FIND, effect="read")
def still_free(ctx: Context, body: Shown) -> Freshness:
    """Checks offers against the book as it is now. Nothing is written, and no patient is named."""
    found = [(offer, _reason(ctx, offer)) for offer in dict.fromkeys(body.offers)]
    return Freshness(gone=[Gone(offer=offer, reason=reason) for offer, reason in found if reason])


def _reason(ctx: Context, offer_id: str) -> str:
    try:
        offer = ctx.store.offer(offer_id)
        waived = frozenset(row["rule"] for row in offer.request.get("overrides", ()))
        replaced = offer.request.get("replaces")
        verified(ctx, offer.plan, waived, [replaced] if replaced else [])
    except Broken as gone:
        return gone.reasons[0]  # what took the room comes first; that its people are there too is no news
    except ToolError as unknown:
        return unknown.message
    return ""
