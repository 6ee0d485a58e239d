"""Offers: what was asked of them, and each through the oracle, which shares no code with the solver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from evals.conversation import ExpectedOffers
from evals.grading.checks import Graded
from evals.grading.turns import same
from evals.heard import Heard, Offer, Proof
from evals.oracle import World

LONGEST_PROOF = 3
"""Days of the longest window whose emptiness the oracle's brute force confirms."""


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


def proven(result: Graded, turn: int, heard: Heard, now: dt.datetime) -> None:
    """The oracle accepts every offer, and finds no start where none was said to be."""
    for proof in heard.proofs:
        for offer in proof.offers:
            faults = [] if offer["label"].startswith("W") else _faults(proof, offer, now)
            result.count("offers judged")
            result.add(f"the oracle accepts {offer['label']}", turn, not faults, "; ".join(faults[:3]))
    for proof in heard.proven_none:
        starts = _missed(proof, now)
        if starts is not None:
            result.count("refusals judged")
            result.add("the oracle finds no start either", turn, not starts, starts)
            if not starts and proof.conflict:
                _explained(result, turn, proof, now)


def _faults(proof: Proof, offer: Offer, now: dt.datetime) -> list[str]:
    waived = {override["rule"] for override in proof.request.get("overrides") or ()}
    moment = _in_zone(now, proof.exported)
    said = World(dict(proof.exported)).judge_all([dict(case) for case in offer["cases"]], now=moment,
                                                 request=dict(proof.request))  # fmt: skip
    return [line for line in said if line.split()[0] not in waived]


def _explained(result: Graded, turn: int, proof: Proof, now: dt.datetime) -> None:
    """The reason by itself against every start: it must forbid all of them, and without any member no longer."""
    atoms = [(str(each["rule"]), str(each["subject"])) for each in proof.conflict]
    alone = _missed(proof, now, atoms)
    needed = [atom for atom in atoms if _missed(proof, now, [each for each in atoms if each != atom])]
    result.count("reasons complete", not alone)
    result.count("reasons judged")
    result.count("members needed", len(needed))
    result.count("members shown", len(atoms))
    result.add("the reason alone forbids every start", turn, not alone, alone)
    spare = sorted(f"{rule}:{subject}" for rule, subject in set(atoms) - set(needed))
    result.add("no member of the reason is spare", turn, not spare or bool(alone), ", ".join(spare))


def _missed(proof: Proof, now: dt.datetime, only: Iterable[tuple[str, str]] | None = None) -> str | None:
    """A start that the oracle finds for the request, "" for none; None where it doesn't search such a request."""
    request = dict(proof.request)
    if request.get("overrides") or not request.get("procedure") or request.get("at"):
        return None
    first, last = (dt.date.fromisoformat(str(request[key])[:10]) for key in ("date_from", "date_to"))
    if (last - first).days >= LONGEST_PROOF:
        return None
    found = World(dict(proof.exported)).starts(request, now=_in_zone(now, proof.exported), only=only)
    try:
        return str(next(found, ""))
    except ValueError:
        return None


def _in_zone(now: dt.datetime, exported: Mapping[str, Any]) -> dt.datetime:
    return now if now.tzinfo else now.replace(tzinfo=ZoneInfo(exported["clinic"]["timezone"]))
