"""What each marker of a conversation proves, and of which slots: the tuple that a claim beside it must be about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant import facts
from assistant.facts import Names

Verdict = str
"""What a marker may stand for: "found" (a feasible slot), "near" (one, where none was as asked), "none" (proven that
there is none), "undecided", "way" (what would open one), "short" (what wouldn't by itself), "supposed" (a what-if),
"tried" (one that gave no slot), "book" (what is on the schedule), "card" (a proposal that awaits confirmation),
"done" (what a person confirmed), "error", "other"."""

FREE = frozenset({"found", "near", "way", "supposed"})
"""Verdicts beside which something may be called free."""
NONE = frozenset({"none", "near", "way", "short", "supposed", "tried", "error"})
"""Verdicts beside which something may be called impossible."""
_STATUS = {"found": "found", "infeasible": "none", "not_proven": "undecided"}
_CHANGED = {"fits": "found", "not_proven": "undecided"}
"""What took a slot: whatever it was, it isn't there now."""
_LONGEST = 62
"""Days of a window whose every date may be named beside the sentence about it."""


@dataclass(frozen=True)
class Proof:
    """A marker's verdict; `units` are whole slots, and `scope` all that may be named beside it."""

    verdict: Verdict
    units: tuple[str, ...] = ()
    scope: str = ""

    def state(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Proof:
        """What `state` gave."""
        return cls(str(state["verdict"]), tuple(state["units"]), str(state["scope"]))


def verdict_of(tool: str, result: Mapping[str, Any]) -> Verdict:
    """What the first sentence about a result stands for."""
    if tool == "what_if":
        return "supposed" if (result.get("after") or {}).get("status") == "found" else "tried"
    if tool == "get_schedule":
        return "book"
    if tool == "why_changed":
        return _CHANGED.get(str(result.get("status")), "none")
    return _STATUS.get(str(result.get("status")), "other")


def of_offers(
    asked: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str
) -> Iterator[tuple[str, Proof]]:
    """(label, proof) of every offer: near misses prove as well that there was none as asked."""
    own = [*(result.get("offers") or ()), *([result["offer"]] if result.get("offer") else ())]
    for offer in own:
        text = slot_text(offer, names, clock)
        yield (
            offer["label"],
            Proof("found", (text,), f"{text} {asked_text(asked, names)} {ranked_text(offer)}"),
        )
    for near in result.get("alternatives") or ():
        text = slot_text(near["offer"], names, clock)
        scope = f"{text} {asked_text(asked, names)} {ranked_text(near['offer'])}"
        yield near["offer"]["label"], Proof("near", (text,), scope)


def ranked_text(offer: Mapping[str, Any]) -> str:
    """Why an offer ranks where it does and what it warns of, as its card says it."""
    return " ".join([*map(str, offer.get("reasons") or ()), *map(str, offer.get("warnings") or ())])


def slot_text(offer: Mapping[str, Any], names: Names, clock: str) -> str:
    """An offer with the names of what its cases use."""
    return facts.offer_text(offer, names, clock) if offer.get("cases") else ""


def of_sentence(
    verdict: Verdict, sentence: str, asked: Mapping[str, Any], offers: Sequence[str], names: Names
) -> Proof:
    """The proof that a tool's sentence is; `offers` are the slots that were found with it."""
    scope = " ".join([sentence, asked_text(asked, names), *offers])
    units = tuple(offers) or ((sentence,) if verdict in FREE else ())
    return Proof(verdict, units, scope)


def asked_text(asked: Mapping[str, Any], names: Names) -> str:
    """What was asked for, spelt out: who, where, each day of the window, and its bounds."""
    inner = asked.get("request")
    request: Mapping[str, Any] = inner if isinstance(inner, Mapping) else asked
    named = [names(str(request[key])) for key in ("surgeon", "room", "procedure") if request.get(key)]
    clocks = [str(request[key]) for key in ("start_from", "start_until", "end_by") if request.get(key)]
    at = [str(request["at"])[11:16]] if request.get("at") else []
    return " ".join([*named, *map(facts.day_text, _days(request)), *clocks, *at])


def _days(request: Mapping[str, Any]) -> list[dt.date]:
    edges = request.get("date_from") or request.get("at"), request.get("date_to") or request.get("at")
    if not all(edges):
        return []
    first, last = (dt.date.fromisoformat(str(edge)[:10]) for edge in edges)
    excluded = [dt.date.fromisoformat(str(day)[:10]) for day in request.get("exclude_dates") or ()]
    span = min((last - first).days, _LONGEST)
    return [*(first + dt.timedelta(days=n) for n in range(span + 1)), last, *excluded]
