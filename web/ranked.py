"""Why this one above that one: the terms of two offers in words, with the one that decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from tools.errors import ToolError
from web.desk import Desk, formats_of
from web.format import Formats
from web.language import N_, _

TERMS = {
    "day": N_("Days after the first day asked for"),
    "overtime": N_("Minutes past the surgeon's block"),
    "gap": N_("Idle minutes too short for another case"),
    "utilisation": N_("Minutes outside block or prime time that has room for it"),
    "preference": N_("Preferences of the surgeon that it goes against"),
    "scarce": N_("Scarce equipment of the room left unused, in points"),
    "start": N_("Wheels in"),
    "overrun": N_("Minutes that a long case would run over"),
    "swaps": N_("People of other cases exchanged"),
}
"""The terms of the ranking; smaller is better in each."""


def compared(
    desk: Desk, offers: Sequence[Mapping[str, Any]], above: str, below: str
) -> dict[str, Any] | None:
    """Two of the answer's offers by their ranks, with every term; None where nothing was asked."""
    if len(offers) < 2:
        return None
    by_rank = {str(offer["rank"]): str(offer["id"]) for offer in offers}
    first, second = above or "1", below or "2"
    if first not in by_rank or second not in by_rank or first == second:
        said = _("There are no two slots %(first)s and %(second)s here. Maybe choose two of the list.")
        raise ToolError("invalid", said % {"first": first[:9], "second": second[:9]}, "above")
    found = desk.call("compare_offers", {"first": by_rank[first], "second": by_rank[second]})
    terms = [_row(term, formats_of(desk)) for term in found["terms"]]
    deciding = [term for term in terms if term["decides"]]
    return {
        "above": first, "below": second, "ranks": list(by_rank), "terms": terms,
        "said": _said(found["higher"], by_rank, (first, second), deciding),
    }  # fmt: skip


def _row(term: Mapping[str, Any], formats: Formats) -> dict[str, Any]:
    known = TERMS.get(term["term"])
    sides = [_shown(term["term"], term[side], formats) for side in ("first", "second")]
    return {
        "name": _(known) if known else str(term["term"]), "level": term["level"],
        "first": sides[0], "second": sides[1], "decides": term["decides"],
    }  # fmt: skip


def _shown(term: str, value: float, formats: Formats) -> str:
    """The number; the start, which is minutes after midnight, as a time of day."""
    if term != "start":
        return f"{value:g}"
    wall = dt.datetime(2026, 1, 1, *divmod(int(value), 60), tzinfo=formats.zoneinfo)
    return formats.time(wall)


def _said(
    higher: str | None,
    by_rank: Mapping[str, str],
    ranks: tuple[str, str],
    deciding: Sequence[Mapping[str, Any]],
) -> str:
    if higher is None:
        return _("All terms are equal; the earlier start stands first, then the room.")
    winner = next(rank for rank, id_ in by_rank.items() if id_ == higher)
    loser = next(rank for rank in ranks if rank != winner)
    names = ", ".join(str(term["name"]).lower() for term in deciding)
    return _("Slot %(winner)s stands above slot %(loser)s for this: %(names)s.") % {
        "winner": winner, "loser": loser, "names": names,
    }  # fmt: skip
