"""Whether a conversation can be played at all: what it names must exist, or it could only fail or pass by accident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from assistant.events import Outcome
from assistant.toolbox import ASK_SPEC
from evals.elsewhere import faulty
from evals.grading.turns import known_tools
from evals.loading import Script
from evals.mutants import MUTANTS
from evals.play import DONE
from evals.world import opened
from tools.errors import ToolError

OUTCOMES = (*get_args(Outcome), *DONE.values(), "conflict")


def usable(scripts: Iterable[Script]) -> None:
    """Raises `ToolError("invalid")` with one sentence for the first conversation that names what there isn't."""
    clinics: set[tuple[Any, str, str]] = set()
    for script in scripts:
        said = next(_faults(script), None)
        if said is not None:
            raise ToolError("invalid", f"{script.id}: {said}", "file")
        talk = script.conversation
        key = (script.folder, talk.clinic, talk.role)
        if key not in clinics:
            _opens(script)
            clinics.add(key)


def _opens(script: Script) -> None:
    try:
        with opened(script.conversation, script.folder):
            pass
    except ToolError as refused:
        named = (
            refused.message if refused.message.startswith(script.id) else f"{script.id}: {refused.message}"
        )
        raise ToolError("invalid", named, refused.field or "clinic") from None


def _faults(script: Script) -> Iterator[str]:
    talk = script.conversation
    yield from (_unknown("tool", name, _tools()) for name in talk.reads_required if name not in _tools())
    for action in talk.writes:
        yield from (f"writes: {said}" for said in (faulty(action),) if said)
    for named in (talk.killed_by, talk.mutant):
        if named is not None and named not in MUTANTS:
            yield _unknown("mutant", named, MUTANTS)
    for number, turn in enumerate(talk.turns, 1):
        for said in _turn_faults(turn):
            yield f"turn {number}: {said}"
    yield from _script_faults(talk.model_script)


def _turn_faults(turn: Any) -> Iterator[str]:
    if turn.user is None and turn.elsewhere is None:
        yield "it has neither user nor elsewhere. Maybe add what is said."
    for key in ("elsewhere", "meanwhile"):
        action = getattr(turn, key)
        said = faulty(action) if action is not None else None
        if said:
            yield f"{key}: {said}"
    if turn.meanwhile is not None and not (turn.user and turn.confirm):
        yield "meanwhile is before a card is confirmed. Maybe add user and confirm, or say elsewhere."
    if turn.expect is None:
        return
    if turn.user is None:
        yield "it expects something, but nobody says anything. Maybe move expect to a turn with user."
    if turn.expect.outcome is not None and turn.expect.outcome not in OUTCOMES:
        yield _unknown("outcome", turn.expect.outcome, OUTCOMES)
    for call in turn.expect.calls:
        if call.tool not in known_tools():
            yield _unknown("tool", call.tool, known_tools())


def _script_faults(steps: Any) -> Iterator[str]:
    if isinstance(steps, list) and not steps:
        yield "model_script is an empty list. Maybe null, or one text."
    for step in steps if isinstance(steps, list) else [steps]:
        if not isinstance(step, str | Mapping | None):
            yield f"model_script: {step!r} is no step. Maybe a text, or {{tool, input}}."


def _tools() -> tuple[str, ...]:
    from tools.registry import default

    return (*(tool.name for tool in default().tools()), ASK_SPEC.name)


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    return f"there is no {kind} {name!r}. Maybe one of: {', '.join(dict.fromkeys(known))}."
