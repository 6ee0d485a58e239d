"""Every offer and every no through the oracle, which reads the exported clinic file and shares no solver code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from evals.grading.checks import Graded
from evals.heard import Heard, Offer, Proof
from evals.oracle import ORACLE_RULES, World
from evals.pins import digest

MOST_KNOWN = 64
LONGEST_PROOF = 3
"""Days of the longest window whose emptiness the oracle's brute force confirms."""


def proven(result: Graded, turn: int, heard: Heard, now: dt.datetime) -> None:
    """The oracle accepts every offer, finds no start where none was said to be, and holds the reason to be one."""
    for proof in heard.proofs:
        world, moment = _world(proof, now)
        near(result, turn, proof)
        held = _exact(world, proof, moment) if proof.instead else proof
        for offer in held.offers:
            if offer["label"].startswith("W"):
                continue  # of a clinic that is only supposed
            faults = _faults(world, held, offer, moment)
            result.count("offers judged")
            result.add(f"the oracle accepts {offer['label']}", turn, not faults, "; ".join(faults[:3]))
    for proof in heard.proven_none:
        _refusal(result, turn, proof, now)


def _world(proof: Proof, now: dt.datetime) -> tuple[World, dt.datetime]:
    now = proof.now or now
    zone = ZoneInfo(proof.exported["clinic"]["timezone"])
    return World(dict(proof.exported)), now if now.tzinfo else now.replace(tzinfo=zone)


def _exact(world: World, proof: Proof, moment: dt.datetime) -> Proof:
    """What is offered in place of what was taken answers the request itself, where anything still does."""
    if not _searched(proof.request):
        return proof
    try:
        left = next(world.starts(dict(proof.request), now=moment), None)
    except ValueError:
        return proof
    return replace(proof, near=left is None)


def near(result: Graded, turn: int, proof: Proof) -> None:
    """A near miss differs in what it is said to differ in, and not in the surgeon and the day at once."""
    for number, offer in enumerate(proof.offers):
        if not proof.near or not proof.request or len(offer["cases"]) != 1:
            continue
        found = set(_differing(proof.request, offer["cases"][0]))
        told = set(proof.differs[number]) if proof.differs else found
        result.add(f"{offer['label']} differs as it is said to", turn, found == told, f"{found}, not {told}")
        result.add(f"{offer['label']} is near", turn, not found >= {"surgeon", "date"}, f"differs in {found}")


def _differing(request: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[str]:
    """In what a case isn't what was asked: surgeon, room, date, start."""
    day, wall, end = case["start"][:10], case["start"][11:16], case["end"][11:16]
    yield from (key for key in ("surgeon", "room") if request.get(key) not in (None, case[key]))
    at = str(request.get("at") or "")
    first, last = (str(request.get(key) or at[:10] or day)[:10] for key in ("date_from", "date_to"))
    weekdays = request.get("weekdays")
    listed = not weekdays or f"{dt.date.fromisoformat(day):%a}".lower() in weekdays
    if not (first <= day <= last and listed):
        yield "date"
    bounds = request.get("start_from") or "00:00", request.get("start_until") or "24:00"
    on_time = bounds[0] <= wall <= bounds[1] and at[11:16] in ("", wall)
    if not on_time or end > (request.get("end_by") or "24:00"):
        yield "start"


def _faults(world: World, proof: Proof, offer: Offer, moment: dt.datetime) -> list[str]:
    waived = {override["rule"] for override in proof.request.get("overrides") or ()}
    said = world.judge_all([dict(case) for case in offer["cases"]], now=moment, request=proof.asked())
    return [line for line in said if line.split()[0] not in waived]


def _refusal(result: Graded, turn: int, proof: Proof, now: dt.datetime) -> None:
    atoms = [(str(each["rule"]), str(each["subject"])) for each in proof.conflict]
    if not _searched(proof.request) or not {rule for rule, _ in atoms} <= ORACLE_RULES:
        result.count("refusals not judged")
        return
    world, moment = _world(proof, now)
    request = dict(proof.request)
    try:
        reasons = _reasons(world, proof, moment)
    except ValueError:
        result.count("refusals not judged")
        return
    free = "" if reasons.forbids(reasons.atoms) else str(next(world.starts(request, now=moment), ""))
    result.count("refusals judged")
    result.add("the oracle finds no start either", turn, not free, free)
    if free or request.get("additional_procedures"):
        return
    for way in proof.ways:
        opened(
            result, turn, way, reasons if "move-case" not in str(way["changes"]) else _moved(proof, way, now)
        )
    if request.get("at") and not reasons.bars:
        _off_step(result, turn, atoms, proof)
    elif request.get("at"):
        _checked(result, turn, atoms, reasons)
    elif atoms:
        _explained(result, turn, atoms, reasons)


_KNOWN: dict[str, Any] = {}
"""Every start of a clinic and a request as what bars it: many conversations ask the same of the same book."""


def _reasons(world: World, proof: Proof, moment: dt.datetime) -> Any:
    request = dict(proof.request)
    key = digest([proof.exported, request, moment])
    if key not in _KNOWN:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = world.reasons(request, now=moment)
    return _KNOWN[key]


def _searched(request: Mapping[str, Any]) -> bool:
    if request.get("overrides") or not request.get("procedure"):
        return False
    if request.get("at"):
        return bool(request.get("room") and request.get("surgeon"))
    first, last = (dt.date.fromisoformat(str(request[key])[:10]) for key in ("date_from", "date_to"))
    return (last - first).days < LONGEST_PROOF


def _explained(result: Graded, turn: int, atoms: list[tuple[str, str]], reasons: Any) -> None:
    """The reason by itself against every start: it must forbid all of them, and without any member no longer.

    Precision and recall are counted against the true minimal reason that is nearest to it.
    """
    enough, spare = reasons.forbids(atoms), reasons.spare(atoms)
    true, shortest = reasons.nearest(atoms), reasons.shortest()
    result.count("reasons judged")
    result.count("reasons complete", enough)
    result.count("reasons shortest", shortest is not None and len(set(atoms)) <= len(shortest))
    result.count("members shown", len(set(atoms)))
    result.count("members true", len(set(atoms) & true))
    result.count("members of the true reason", len(true))
    left = reasons.open(atoms)
    result.add(
        "the reason alone forbids every start", turn, enough, f"a start breaks only {_named(left or ())}"
    )
    result.add("no member of the reason is spare", turn, not (enough and spare), _named(spare))


def _moved(proof: Proof, way: Mapping[str, Any], now: dt.datetime) -> Any:
    """What bars the starts of the book in which a way out has moved its cases."""
    moves = {change["case"]: change for change in way["changes"] if change["type"] == "move-case"}
    cases = [_elsewhere(case, moves.get(case["id"], {})) for case in proof.exported["cases"]]
    there = replace(proof, exported={**proof.exported, "cases": cases})
    world, moment = _world(there, now)
    return _reasons(world, there, moment)


def _elsewhere(case: Mapping[str, Any], move: Mapping[str, Any]) -> dict[str, Any]:
    team = {member["role"]: member for member in (*(case.get("team") or ()), *(move.get("team") or ()))}
    start = str(move.get("start") or case["start"])[:16]
    return {**case, "start": start, "room": move.get("room") or case["room"], "team": [*team.values()]}


def opened(result: Graded, turn: int, way: Mapping[str, Any], reasons: Any) -> None:
    """What is said to open a slot leaves some start that nothing else bars, and changes what it sets aside."""
    relaxed = {(str(each["rule"]), str(each["subject"])) for each in way.get("relaxes") or ()}
    if not way.get("opens") or not {rule for rule, _ in relaxed} <= ORACLE_RULES:
        return
    if all(change["type"] != "add-staff" for change in way["changes"]):  # who isn't there yet bars nothing
        shut = reasons.forbids(reasons.atoms - relaxed)
        result.count("ways out judged")
        result.count("ways out that open one", not shut)
        result.add("what is said to open a slot does", turn, not shut, way["text"])
    named = {each for atom in relaxed for each in atom}
    loose = [change for change in way["changes"] if not _of(change, named)]
    result.add("a way out changes what stands in the way", turn, not loose, way["text"])


def _of(change: Mapping[str, Any], named: set[str]) -> bool:
    """Whether a change is about something that the way out sets aside; who is moved or hired is somebody else."""
    if change["type"] in ("move-case", "add-staff", "set-param", "set-record", "change-request"):
        return True
    return bool(named & {str(value) for value in change.values()})


def _off_step(result: Graded, turn: int, atoms: list[tuple[str, str]], proof: Proof) -> None:
    """A start between two steps of the clock is no start: that must be told, and is all that can be judged of it."""
    step = int(proof.exported["clinic"].get("start_step_minutes") or 5)
    hour, minute = str(proof.request["at"])[11:16].split(":")
    off = (60 * int(hour) + int(minute)) % step != 0
    told = ("start-step", "clinic") in atoms
    result.add("names no fault that isn't there", turn, off or not told, "start-step:clinic")
    result.add("names every fault that is there", turn, told or not off, "start-step:clinic")


def _checked(result: Graded, turn: int, atoms: list[tuple[str, str]], reasons: Any) -> None:
    """What a checked start breaks: nothing untrue is named, nothing that holds with any team is left out."""
    shown, always = set(atoms), set().union(*(one.own for one in reasons.bars))
    untrue, missed = shown - reasons.atoms, always - shown
    result.count("faults shown", len(shown))
    result.count("faults true", len(shown) - len(untrue))
    result.count("faults there", len(always))
    result.count("faults found", len(always) - len(missed))
    result.add("names no fault that isn't there", turn, not untrue, _named(untrue))
    result.add("names every fault that is there", turn, not missed, _named(missed))


def _named(atoms: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{rule}:{subject}" for rule, subject in sorted(atoms)) or "nothing"
