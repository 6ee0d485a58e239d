"""Faults planted in the product: a conversation that none of them turns red judges nothing.

Each is a context manager that changes one thing while it is open, in this process alone.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from evals.figures import FIGURES
from evals.hearing import HEARING
from evals.planted import JUDGING, SPEAKING, WRITING, Mutant, patched, turnover_short, wrong_reason
from evals.slips import SLIPS, false_ways, near_misnamed

RULES_OFF = (
    "surgeon-privilege", "surgeon-days", "room-equipment", "room-occupancy", "person-occupancy", "leave", "turnover",
    "block", "room-closed", "staff-shift", "notice", "tray-reprocessing", "holiday", "pacu-bay", "room-feature",
    "equipment-pool", "equipment-move", "equipment-maintenance", "facility-hours", "room-hours", "staff-certification",
    "tray-set", "staff-hours", "surgeon-limits", "start-step",
)  # fmt: skip
"""The rules of which the shipped conversations feel it when one is missing."""


def _rule_off(rule: str) -> Mutant:
    """Search, explanation and verification forget one rule."""

    @contextmanager
    def planted() -> Iterator[None]:
        from solver import rules

        rest = {id_: made for id_, made in rules.CATALOGUE.items() if id_ != rule}
        with patch.object(rules, "CATALOGUE", rest):
            yield

    return planted


@contextmanager
def _guard_off() -> Iterator[None]:
    """Whatever a model says is shown."""
    from assistant.guard.vouching import Vouched

    with (
        patch("assistant.grounding.problems", lambda *_: []),
        patch("assistant.grounding.vouched", lambda text, *_: Vouched(text)),
    ):
        yield


@contextmanager
def _reply_unchecked() -> Iterator[None]:
    """A reply is shown however it ended: refused, cut off or empty."""
    with patch("assistant.agent._faults", lambda *_: []):
        yield


@contextmanager
def _reads_anything() -> Iterator[None]:
    """Messages without a letter, and endless ones, are handed to the model."""
    with patch("assistant.agent._unreadable", lambda _text: None):
        yield


@contextmanager
def _permission_off() -> Iterator[None]:
    """Everyone may do everything."""
    with patch("tools.context.Principal.may", lambda *_: True):
        yield


@contextmanager
def _verifier_off() -> Iterator[None]:
    """Nothing is verified: neither an offer before it is shown nor a booking before it is written."""
    with (
        patch("solver.verify.verify", lambda *_, **__: []),
        patch("tools.proposals.writing.verify", lambda *_, **__: []),
    ):
        yield


@contextmanager
def _confirm_skipped() -> Iterator[None]:
    """What is proposed is written at once, without the person."""
    from tools import proposals

    run = proposals.propose.run

    def at_once(ctx: Any, body: Any) -> Any:
        proposal = run(ctx, body)
        proposals.confirm(ctx, proposal.id, secrets.token_hex(8))
        return proposal

    object.__setattr__(proposals.propose, "run", at_once)
    try:
        yield
    finally:
        object.__setattr__(proposals.propose, "run", run)


def _tool_changed(name: str, change: Callable[[Any], Any]) -> Mutant:
    """A tool whose output is changed before anyone sees it."""

    @contextmanager
    def planted() -> Iterator[None]:
        from tools.registry import Registry

        call = Registry.call

        def changed(self: Registry, called: str, ctx: Any, payload: Mapping[str, Any]) -> Any:
            output = call(self, called, ctx, payload)
            return change(output) if called == name else output

        with patch.object(Registry, "call", changed):
            yield

    return planted


def _no_offers(output: Any) -> Any:
    return output.model_copy(
        update={"offers": [], "alternatives": [], "status": "not_proven", "explanation": None}
    )


def _no_reason(output: Any) -> Any:
    if output.explanation is None:
        return output
    blank = output.explanation.model_copy(update={"conflict": [], "corrections": []})
    return output.model_copy(update={"explanation": blank})


def _short_reason(output: Any) -> Any:
    """The reason without its last member: what is left forbids less than it says."""
    return _with_conflict(output, lambda conflict: conflict[:-1])


def _padded_reason(output: Any) -> Any:
    """The reason with a member that isn't needed."""

    def padded(conflict: list[Any]) -> list[Any]:
        return [*conflict, conflict[0].model_copy(update={"rule": "leave", "subject": "nobody"})]

    return _with_conflict(output, padded)


def _with_conflict(output: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    if output.explanation is None or not output.explanation.conflict:
        return output
    changed = {"conflict": change(list(output.explanation.conflict))}
    return output.model_copy(update={"explanation": output.explanation.model_copy(update=changed)})


def _checked_free(output: Any) -> Any:
    return output.model_copy(update={"status": "not_proven", "violations": [], "offer": None})


def _late(output: Any) -> Any:
    """Every offer an hour late, as a wrong time zone would make it."""
    moved = [_shifted(offer, dt.timedelta(hours=1)) for offer in output.offers]
    return output.model_copy(update={"offers": moved})


def _shifted(offer: Any, by: dt.timedelta) -> Any:
    def later(case: Any) -> Any:
        times = {
            key: (dt.datetime.fromisoformat(getattr(case, key)) + by).isoformat() for key in ("start", "end")
        }
        return case.model_copy(update=times)

    return offer.model_copy(update={"cases": [later(case) for case in offer.cases]})


@contextmanager
def _deaf() -> Iterator[None]:
    """The interpreter hears nothing of what was said, and asks nothing."""
    from assistant.models.offline.moves import Say

    with patch("assistant.models.offline.model.hear", lambda *_: Say("Noted.")):
        yield


@contextmanager
def _forgetful() -> Iterator[None]:
    """Every message is heard as the first of its conversation."""
    from assistant.conversations import Conversation

    with patch.object(Conversation, "messages", lambda _self: []):
        yield


@contextmanager
def _talks_only() -> Iterator[None]:
    """Every tool call is answered with a fault: the assistant can only talk."""
    from tools.errors import ToolError
    from tools.registry import Registry

    def broken(*_: Any) -> Any:
        raise ToolError("unavailable", "The records can't be reached.")

    with patch.object(Registry, "call", broken):
        yield


def _next_day(output: Any) -> Any:
    return output.model_copy(
        update={"offers": [_shifted(offer, dt.timedelta(days=1)) for offer in output.offers]}
    )


def _next_room(output: Any) -> Any:
    """Every offer is said to be in another room than it is in."""

    def elsewhere(case: Any) -> Any:
        return case.model_copy(update={"room": "or-2" if case.room != "or-2" else "or-3"})

    offers = [
        offer.model_copy(update={"cases": [elsewhere(case) for case in offer.cases]})
        for offer in output.offers
    ]
    return output.model_copy(update={"offers": offers})


def _blames_another(output: Any) -> Any:
    return _with_conflict(output, wrong_reason)


def _says_none(output: Any) -> Any:
    """There are slots, and it is said that there is none, with a reason that isn't one."""
    from tools.contract import Explanation

    reason = {
        "rule": "holiday",
        "subject": "clinic",
        "title": "Holiday",
        "text": "It is a holiday.",
        "facts": {},
    }
    why = Explanation.model_validate({**_NO_REASON, "conflict": [{**reason, "resources": []}]})
    return output.model_copy(update={"status": "infeasible", "offers": [], "explanation": why})


_NO_REASON: Mapping[str, Any] = {
    "status": "infeasible", "conflict": [], "corrections": [], "days": [], "lanes": [], "minimal": True,
    "complete": True, "swaps_allowed": False,
}  # fmt: skip


def _one_fault(output: Any) -> Any:
    """A checked start is told its first fault and none of the others."""
    return output.model_copy(update={"violations": output.violations[:1]})


def _took_nothing(output: Any) -> Any:
    """Whatever took a slot, it is said to be there still."""
    return output.model_copy(update={"status": "fits", "change": None, "reasons": []})


def _another_took_it(output: Any) -> Any:
    """A booking is blamed that stood there before."""
    if output.change is None:
        return output
    return output.model_copy(
        update={"change": output.change.model_copy(update={"objects": ["case-260310-01"]})}
    )


def _empty_board(output: Any) -> Any:
    return output.model_copy(update={"cases": []})


MUTANTS: Mapping[str, Mutant] = {
    **SPEAKING,
    **WRITING,
    **SLIPS,
    **FIGURES,
    **HEARING,
    "what-if-same": _tool_changed("what_if", lambda said: said.model_copy(update={"after": said.before})),
    "resolve-sure": _tool_changed("resolve", lambda said: said.model_copy(update={"ambiguous": []})),
    "ways-false": _tool_changed("find_slots", false_ways),
    "near-misnamed": _tool_changed("find_slots", near_misnamed),
    "turnover-short": turnover_short,
    "find-next-day": _tool_changed("find_slots", _next_day),
    "find-next-room": _tool_changed("find_slots", _next_room),
    "find-says-none": _tool_changed("find_slots", _says_none),
    "find-blames-another": _tool_changed("find_slots", _blames_another),
    "explain-blames-another": _tool_changed("explain", _blames_another),
    "check-one-fault": _tool_changed("check_slot", _one_fault),
    "took-nothing": _tool_changed("why_changed", _took_nothing),
    "another-took-it": _tool_changed("why_changed", _another_took_it),
    "trail-unread": patched("tools.history.steps_back", lambda *_: iter(())),
    "board-empty": _tool_changed("get_schedule", _empty_board),
    "guard-off": _guard_off,
    "reply-unchecked": _reply_unchecked,
    "reads-anything": _reads_anything,
    "permission-off": _permission_off,
    "confirm-skipped": _confirm_skipped,
    "verifier-off": _verifier_off,
    "no-reason": _tool_changed("find_slots", _no_reason),
    "reason-short": _tool_changed("find_slots", _short_reason),
    "reason-padded": _tool_changed("find_slots", _padded_reason),
    "offers-late": _tool_changed("find_slots", _late),
    "no-offers": _tool_changed("find_slots", _no_offers),
    "check-blind": _tool_changed("check_slot", _checked_free),
    "forgetful": _forgetful,
    **{f"{rule}-off": _rule_off(rule) for rule in RULES_OFF},
    "talks-only": _talks_only,
    "deaf": _deaf,
    **JUDGING,
}
"""Name -> what plants it; the finest first, since a conversation is told the first that turns it red."""
