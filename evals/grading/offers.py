"""Offers against what was asked of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from evals.conversation import Expect, ExpectedOffers
from evals.grading.checks import Graded
from evals.grading.turns import same
from evals.heard import Heard


def expected(result: Graded, turn: int, wanted: ExpectedOffers, heard: Heard) -> None:
    """How many, and what each has."""
    shown = heard.offers
    if wanted.min is not None:
        result.add("offers at least", turn, len(shown) >= wanted.min, f"{len(shown)} of {wanted.min}")
    if wanted.max is not None:
        result.add("offers at most", turn, len(shown) <= wanted.max, f"{len(shown)} of {wanted.max}")
    for offer in shown:
        wrong = _wrong(wanted, offer["cases"][0])
        result.add(f"offer {offer['label']} is as asked", turn, not wrong, wrong)
    if wanted.first:
        first = shown[0]["cases"][0] if shown else {}
        wrong = {
            key: first.get(key) for key, value in wanted.first.items() if not _begins(first.get(key), value)
        }
        result.add("the first offer is as expected", turn, not wrong, wrong)


def gone(result: Graded, turn: int, expect: Expect, heard: Heard) -> None:
    """Exactly these of the offers shown until now are greyed on the board: they can't be booked any more."""
    if expect.gone is not None:
        said = f"{', '.join(sorted(heard.gone)) or 'none'} of {', '.join(sorted(heard.standing))}"
        result.add("offers that are gone", turn, set(heard.gone) == set(expect.gone), said)


def _begins(given: Any, wanted: Any) -> bool:
    """A start may be written without its offset."""
    return same(wanted, given) or (isinstance(given, str) and given.startswith(str(wanted)))


def _wrong(wanted: ExpectedOffers, case: Mapping[str, Any]) -> dict[str, Any]:
    start = dt.datetime.fromisoformat(case["start"])
    wall = f"{start:%H:%M}"
    seen: dict[str, Any] = {
        key: case[key]
        for key in ("room", "surgeon", "procedure")
        if getattr(wanted, key) is not None and getattr(wanted, key) != case[key]
    }
    if wanted.date is not None and start.date() != wanted.date:
        seen["date"] = start.date().isoformat()
    if (wanted.start_from or "00:00") > wall or wall > (wanted.start_until or "24:00"):
        seen["start"] = wall
    return seen
