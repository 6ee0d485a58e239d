"""Tool results as events: cards are drawn from what a tool returned, and never from a model's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from assistant import events, facts
from tools.contract import Explanation, Reason

_STAGES: Mapping[str, tuple[Any, str]] = {
    "find_slots": ("searching", "Searching the schedule"),
    "check_slot": ("checking", "Checking that slot against every rule"),
    "explain": ("checking", "Working out the reason"),
    "why_changed": ("checking", "Reading back what was changed"),
    "get_schedule": ("looking", "Looking at the schedule"),
    "propose": ("preparing", "Preparing the booking"),
}


def working(tool: str) -> events.StatusEvent:
    """The status line while `tool` runs."""
    stage, text = _STAGES.get(tool, ("looking", "Looking it up"))
    return events.StatusEvent(stage=stage, text=text)


def shown(tool: str, output: dict[str, Any], heading: str) -> list[events.Event]:
    """The events that draw one tool result."""
    if tool == "get_schedule":
        return [events.ScheduleEvent(schedule=output)]
    if tool.startswith("propose"):
        return [events.ConfirmEvent(proposal=output)]
    drawn: list[events.Event] = []
    if facts.offers_of(output):
        own = output.get("offers") or ([output["offer"]] if output.get("offer") else [])
        drawn.append(
            events.OffersEvent(heading=heading, offers=own, alternatives=output.get("alternatives") or [])
        )
    return drawn + _explained(tool, output)


def _explained(tool: str, output: Mapping[str, Any]) -> list[events.Event]:
    explanation = output if tool == "explain" and "conflict" in output else output.get("explanation")
    status = output.get("status")
    if status not in ("infeasible", "not_proven") or not (explanation or facts.reasons_of(output)):
        return []
    return [
        events.ExplanationEvent(
            status=status,
            reasons=[Reason.model_validate(reason) for reason in facts.reasons_of(output)],
            explanation=Explanation.model_validate(explanation) if explanation else None,
        )
    ]


def status_of(tool: str, output: Mapping[str, Any], before: events.Outcome) -> events.Outcome:
    """How the turn stands after this result; a later result replaces an earlier one's outcome."""
    if tool.startswith("propose"):
        return "proposed"
    if tool == "why_changed":
        return "not_proven" if output.get("status") == "not_proven" else "answered"
    outcomes: dict[str, events.Outcome] = {name: name for name in get_args(events.Outcome)}
    return outcomes.get(str(output.get("status")), before)
