"""More faults to plant: in what is written, in the guard's single assertions, in privacy, in rules' figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from assistant.guard import assertions

Mutant = Callable[[], AbstractContextManager[None]]


def patched(target: str, value: Any) -> Mutant:
    """One name of the product stands for something else."""

    @contextmanager
    def planted() -> Iterator[None]:
        with patch(target, value):
            yield

    return planted


def unclaimed(*kinds: str) -> Mutant:
    """The guard doesn't hear some kinds of claim any more."""
    claims = assertions.claims
    return patched(
        "assistant.guard.assertions.claims",
        lambda said: (each for each in claims(said) if each[0] not in kinds),
    )


def _asked_otherwise(tool: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Mutant:
    """The tool does something else than what it was asked."""

    @contextmanager
    def planted() -> Iterator[None]:
        from tools.registry import Registry

        call = Registry.call

        def changed(self: Registry, called: str, ctx: Any, payload: Mapping[str, Any]) -> Any:
            return call(self, called, ctx, change(dict(payload)) if called == tool else payload)

        with patch.object(Registry, "call", changed):
            yield

    return planted


def _other_side(payload: dict[str, Any]) -> dict[str, Any]:
    other = {"left": "right", "right": "left"}.get(str(payload.get("laterality")))
    return payload | ({"laterality": other} if other else {})


def _other_patient(payload: dict[str, Any]) -> dict[str, Any]:
    patient = payload.get("patient")
    return payload | (
        {"patient": {**patient, "name": "Wrong Person"}} if isinstance(patient, Mapping) else {}
    )


def _other_block_day(payload: dict[str, Any]) -> dict[str, Any]:
    if payload.get("action") != "release-block":
        return payload
    return payload | {"date": str(dt.date.fromisoformat(str(payload["date"])) + dt.timedelta(days=7))}


def _week_late(move: Any) -> Any:
    """A search a week after the one that was meant."""
    keys = {"date_from", "date_to", "at"} & getattr(move, "payload", {}).keys()
    if not keys:
        return move
    later = {key: _plus_week(move.payload[key]) for key in keys if move.payload[key]}
    return replace(move, payload={**move.payload, **later})


def _plus_week(value: Any) -> str:
    moment = dt.datetime.fromisoformat(str(value)) + dt.timedelta(days=7)
    return moment.isoformat(timespec="minutes") if "T" in str(value) else moment.date().isoformat()


@contextmanager
def _weeks_off() -> Iterator[None]:
    """The interpreter takes every day for the one a week after."""
    from assistant.models.offline.dialogue import hear

    with patch("assistant.models.offline.model.hear", lambda *given: _week_late(hear(*given))):
        yield


@contextmanager
def _cancels_another() -> Iterator[None]:
    """Not the case on the card is cancelled, but the next in the book."""
    from tools.proposals.cancelling import Cancel

    carry_out = Cancel.carry_out

    def other(self: Cancel, ctx: Any, writer: Any, proposal: Any) -> Any:
        cases = writer.clinic().cases
        named = next(each for each in cases if each.id == proposal.content["case"])
        case = next(each for each in cases if each.start > named.start and each.status == "booked")
        content = {"case": case.id, "version": writer.version(case.id)}
        return carry_out(self, ctx, writer, replace(proposal, content=content))

    with patch.object(Cancel, "carry_out", other):
        yield


@contextmanager
def _undoes_nothing() -> Iterator[None]:
    """Undo says that it did, and leaves everything as it is."""
    from tools.proposals.action import Done
    from tools.proposals.undoing import Undo

    with patch.object(Undo, "carry_out", lambda *_: Done()):
        yield


@contextmanager
def _moves_nothing() -> Iterator[None]:
    """A move books the new place and leaves the old one standing."""
    from tools.proposals.moving import Move
    from tools.records.writer import Writer

    carry_out = Move.carry_out

    def twice(self: Writer, changed: Any) -> None:
        fresh = [(replace(case, id=f"{case.id}-again"), side) for case, side in changed]
        for case, side in fresh:
            self.add_case(case, side, 0)

    def copying(self: Move, ctx: Any, writer: Any, proposal: Any) -> Any:
        with patch.object(Writer, "put_cases", twice):
            return carry_out(self, ctx, writer, proposal)

    with patch.object(Move, "carry_out", copying):
        yield


@contextmanager
def _stands_alone() -> Iterator[None]:
    """Nobody stands by for a model that can't be asked."""
    from assistant import agent

    with patch.object(agent, "_answered", lambda turn: agent._next(turn, 0.0)):
        yield


@contextmanager
def _markers_crossed() -> Iterator[None]:
    """A marker is rendered with another offer's words, under its own label."""
    from assistant import facts

    text = facts.offer_text

    def crossed(offer: Mapping[str, Any], *rest: Any) -> str:
        cases = [{**case, **_hours_on(case)} for case in offer["cases"]]
        return text({**offer, "cases": cases}, *rest)

    with patch.object(facts, "offer_text", crossed):
        yield


def _hours_on(case: Mapping[str, Any]) -> dict[str, str]:
    late = dt.timedelta(hours=2)
    return {key: (dt.datetime.fromisoformat(case[key]) + late).isoformat() for key in ("start", "end")}


@contextmanager
def turnover_short() -> Iterator[None]:
    """Rooms are ready five minutes before they are."""
    from solver.rules import CATALOGUE

    made = (
        type(CATALOGUE["turnover"]) if not isinstance(CATALOGUE["turnover"], type) else CATALOGUE["turnover"]
    )
    gap = made.gap  # type: ignore[attr-defined]
    with patch.object(made, "gap", lambda self, *given: max(0, gap(self, *given) - 5)):
        yield


@contextmanager
def _anyone_waives() -> Iterator[None]:
    """Everybody may waive what only some may."""
    from solver.rules.waivers import Waiver

    with patch.object(Waiver, "grants", lambda *_: True):
        yield


@contextmanager
def _taken_is_told() -> Iterator[None]:
    """What took the place is told with the patient's name."""
    from tools.errors import Conflict

    made = Conflict.__init__

    def telling(self: Any, message: str, *rest: Any, **more: Any) -> None:
        made(self, f"{message} It is for Quentin Planted.", *rest, **more)

    with patch.object(Conflict, "__init__", telling):
        yield


@contextmanager
def _sentence_of_another() -> Iterator[None]:
    """The sentence of a reason names somebody else."""
    from tools.render import Renderer

    reason = Renderer.reason

    def told(self: Renderer, *given: Any, **named: Any) -> Any:
        made = reason(self, *given, **named)
        return made.model_copy(update={"text": "Dr. Nobody is not there."})

    with patch.object(Renderer, "reason", told):
        yield


def wrong_reason(conflict: list[Any]) -> list[Any]:
    """Another rule is blamed."""
    return [conflict[0].model_copy(update={"rule": "holiday", "subject": "clinic"})]


WRITING: Mapping[str, Mutant] = {
    "side-swapped": _asked_otherwise("propose", _other_side),
    "patient-swapped": _asked_otherwise("propose", _other_patient),
    "block-day-wrong": _asked_otherwise("propose", _other_block_day),
    "cancels-another": _cancels_another,
    "undo-empty": _undoes_nothing,
    "move-copies": _moves_nothing,
    "hold-endless": patched("tools.records.holds.note", lambda *_: None),
    "conflict-tells": _taken_is_told,
    "anyone-waives": _anyone_waives,
    "replays-forgotten": patched("tools.records.proposing.replayed", lambda *_: None),
    "still-free-blind": patched("tools.freshness._reason", lambda *_: ""),
    "sentence-of-another": _sentence_of_another,
}


def _nothing(*_given: Any, **_named: Any) -> None:
    """A judge that looks away."""


def _unheld(self: Any, name: str, turn: int, ok: bool, said: Any = "") -> None:
    """Every check is noted as one that held."""
    from evals.grading.checks import Check

    del ok, said
    self.checks.append(Check(name, turn, ok=True))


JUDGING: Mapping[str, Mutant] = {
    "grades-all-well": patched("evals.grading.checks.Graded.add", _unheld),
    "outcome-unjudged": patched("evals.grading.turns.outcome", _nothing),
    "calls-unjudged": patched("evals.grading.turns.calls", _nothing),
    "fields-unjudged": patched("evals.grading.turns.same", lambda *_: True),
    "says-unjudged": patched("evals.grading.turns.says", _nothing),
    "question-unjudged": patched("evals.grading.turns.question", _nothing),
    "explanation-unjudged": patched("evals.grading.turns.explanation", _nothing),
    "offers-unjudged": patched("evals.grading.offers.expected", _nothing),
    "oracle-off": patched("evals.grading.proofs.proven", _nothing),
    "oracle-blind": patched("evals.oracle.oracle.World.judge_all", lambda *_, **__: []),
    "second-reading-off": patched("evals.grading.claims.grounded", _nothing),
    "identities-unjudged": patched("evals.grading.private.hidden", _nothing),
    "reads-unjudged": patched("evals.grading.state.reads", _nothing),
    "state-unjudged": patched("evals.grading.state.final", _nothing),
    "writes-unjudged": patched("evals.grading.state.writes", _nothing),
    "sentences-unjudged": patched("evals.grading.sentences.named", _nothing),
    "deeds-unjudged": patched("evals.grading.deeds.done", _nothing),
    "boards-unjudged": patched("evals.grading.boards.shown", _nothing),
    "answers-unjudged": patched("evals.grading.turns.answers", _nothing),
    "ways-unjudged": patched("evals.grading.proofs.opened", _nothing),
    "near-unjudged": patched("evals.grading.proofs.near", _nothing),
    "records-unjudged": patched("evals.grading.state.records", _nothing),
}
"""Faults of the grading itself, which the suite `grading` must feel."""
SPEAKING: Mapping[str, Mutant] = {
    "guard-free-off": unclaimed("free"),
    "guard-none-off": unclaimed("none"),
    "guard-deed-off": unclaimed("done"),
    "guard-bare-off": unclaimed("yes", "no"),
    "guard-figures-off": patched("assistant.grounding.unsaid", lambda *_: set()),
    "guard-values-off": patched("assistant.guard.citing._of_values", lambda *_: []),
    "guard-names-off": patched("assistant.grounding.unfounded", lambda *_: []),
    "guard-counts-off": patched("assistant.guard.vocabulary.miscounted", lambda *_: []),
    "guard-order-off": patched("assistant.guard.relations.misordered", lambda *_: []),
    "guard-traits-off": patched("assistant.guard.traits.untrue", lambda *_: []),
    "guard-world-off": patched("assistant.guard.statements.unvouched", lambda *_: []),
    "guard-markers-off": patched("assistant.grounding._foreign_markers", lambda *_: []),
    "markers-raw": patched("assistant.grounding.render", lambda text, *_: text),
    "markers-crossed": _markers_crossed,
    "handles-off": patched("assistant.privacy.Handles.hide", lambda _self, text, *_, **__: text),
    "weeks-off": _weeks_off,
    "standby-off": _stands_alone,
}
