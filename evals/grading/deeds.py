"""What a person confirmed against what the book says right after: the slot, the side, the patient, the hold's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from evals.grading.checks import Graded
from evals.grading.turns import same
from evals.heard import Heard, Offer, Played


def done(result: Graded, played: Played) -> None:
    """Every confirmed deed is in the book as it was proposed, and touches nothing that its card didn't name."""
    offers: dict[str, Offer] = {}
    for turn, heard in played.turns:
        for shown in (*heard.offers, *(near["offer"] for near in heard.alternatives)):
            offers[str(shown["id"])] = shown
        if heard.confirmed is None or heard.book is None:
            continue
        asked: Mapping[str, Any] = next(
            (call["input"] for call in reversed(heard.calls) if _made(call, heard)), {}
        )
        wrong = list(_wrong(asked, heard, offers))
        result.count("deeds judged")
        result.count("deeds right", not wrong)
        result.add(f"the book has what was {heard.outcome}", turn, not wrong, "; ".join(wrong))
        result.add("pressing Confirm again changes nothing", turn, not heard.again, "; ".join(heard.again))


def _made(call: Mapping[str, Any], heard: Heard) -> bool:
    return bool(
        call["tool"] == "propose" and call["output"].get("id") == (heard.confirmed or {}).get("proposal")
    )


def _wrong(asked: Mapping[str, Any], heard: Heard, offers: Mapping[str, Offer]) -> Iterator[str]:
    action, book = str(asked.get("action", "book")), heard.book or {}
    case = str(asked.get("case") or "")
    if action == "cancel" and case in book:
        yield f"{case} is still there"
    if action == "move" and case not in book:
        yield f"{case} is gone"
    offer = offers.get(str(asked.get("offer"))) or {}
    for wanted in offer.get("cases", ()):
        mine = [row for row in book.values() if _at(wanted, row)]
        if not mine:
            yield f"no case is at {wanted['start']} in {wanted['room']}"
        for row in mine:
            yield from _details(action, {**asked, **heard.form}, row, heard)
    if action == "move" and case in book and offer and not _at(offer["cases"][0], book[case]):
        yield f"{case} is still at {book[case]['start']} in {book[case]['room']}"


def _at(wanted: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """The same operation by the same surgeon, there and then, as long."""
    if any(wanted[key] != row.get(key) for key in ("procedure", "surgeon", "room")):
        return False
    start, end = (dt.datetime.fromisoformat(wanted[key]) for key in ("start", "end"))
    return same(str(row["start"])[:16], wanted["start"]) and (end - start) == dt.timedelta(
        minutes=row["minutes"]
    )


def _details(action: str, asked: Mapping[str, Any], row: Mapping[str, Any], heard: Heard) -> Iterator[str]:
    if action == "book" and asked.get("laterality") != row.get("laterality"):
        yield f"{asked.get('laterality')} was said, {row.get('laterality')} is in the book"
    status = {"book": "booked", "hold": "held"}.get(action, row.get("status"))
    if row.get("status") != status:
        yield f"it is {row.get('status')}, not {status}"
    if action == "hold" and not row.get("held_until"):
        yield "it is held without an end"
    given = asked.get("patient") if action == "book" else None
    if isinstance(given, Mapping) and "name" in heard.form.get("patient", {}):
        other = [key for key in ("name", "mrn", "birth_date") if given.get(key) and not _is(given, row, key)]
        if other:
            yield f"another patient's {', '.join(other)}"


def _is(given: Mapping[str, Any], row: Mapping[str, Any], key: str) -> bool:
    return str(given[key]) == str((row.get("patient") or {}).get(key))
