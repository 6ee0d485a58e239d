"""What a report says of its models: who answered, who was never asked, and which recordings are stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evals.prompt import contract
from evals.replay.cassette import CASSETTES, load, shelf
from evals.replay.unplayed import staled
from evals.run import Result


def heading(results: Sequence[Result], models: Sequence[str], pins: Mapping[str, str]) -> list[str]:
    """One sentence a model; nothing may be read as a live model's achievement that wasn't one."""
    lines = [_sentence(model, [each for each in results if each.model == model]) for model in models]
    lines.append(shelved())
    if "live" not in models:
        lines.append(
            "No live model was asked: its behaviour is untested with this prompt "
            f"({pins['prompt']}) and these tools ({pins['tools']})."
        )
    return lines


def shelved() -> str:
    """Where what ships as cassettes comes from, in every heading, replayed or not."""
    kinds = Counter(load(path).provenance.kind for path in shelf(CASSETTES))
    if not kinds:
        return "No cassette ships."
    if kinds["recorded"] == 0:
        return f"All {kinds['authored']} cassettes that ship are authored: written by hand, no model's achievement."
    return f"Of the cassettes that ship {kinds['authored']} are authored by hand and {kinds['recorded']} recorded."


def _sentence(model: str, results: Sequence[Result]) -> str:
    number = len({result.id for result in results})
    said = "1 conversation" if number == 1 else f"{number} conversations"
    if model == "offline":
        return f"{said} with the offline interpreter; scripted ones with their authored scripts."
    if model == "replay":
        return f"{said} replayed from cassettes: {_kinds(results)}."
    if model == "live":
        return f"{said} with the configured live model."
    return f"{said} with the baseline {model!r}, which must fail."


def _kinds(results: Sequence[Result]) -> str:
    kinds = [(result.provenance or {}).get("kind") for result in results]
    authored, recorded = kinds.count("authored"), kinds.count("recorded")
    said = []
    if authored:
        said.append(f"{authored} authored, whose replies were written by hand and by no model")
    if recorded:
        said.append(f"{recorded} recorded from a model")
    return "; ".join(said) or "none could be read"


def prompt(results: Sequence[Result]) -> dict[str, Any]:
    """The prompt's contract, the cassettes that are stale, and each different change since they were made."""
    failed = [{"name": check.name, "said": check.said} for check in contract() if not check.ok]
    replayed = {result.id for result in results if result.provenance}
    unplayed = dict(staled()) if not replayed else {}
    stale = {result.id: result.stale for result in results if result.stale}
    changes = {result.changed for result in results if result.changed} | {
        change for _, change in unplayed.values()
    }
    return {
        "ok": not failed,
        "failed": failed,
        "stale": stale | {name: pins for name, (pins, _) in unplayed.items()},
        "changes": sorted(changes - {""}),
    }
