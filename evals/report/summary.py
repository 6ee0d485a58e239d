"""A run as one JSON object: by suite and metric, with intervals, and every conversation turn by turn."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Any

from evals.report import told
from evals.run import Result

VOID = 0.05
"""Share of infrastructure faults above which a run says nothing."""

Z = 1.959964
"""Of a two-sided interval of 95 %."""


def wilson(right: float, of: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a proportion; (0, 1) where nothing was counted."""
    if of <= 0:
        return 0.0, 1.0
    share, square = right / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def pass_hat(outcomes: Mapping[str, Sequence[bool]], k: int) -> float:
    """pass^k: the chance that k runs of a conversation drawn at random all pass, averaged over conversations."""
    shares = [
        math.comb(sum(runs), k) / math.comb(len(runs), k) for runs in outcomes.values() if len(runs) >= k
    ]
    return sum(shares) / len(shares) if shares else 0.0


def summary(
    results: Sequence[Result], models: Sequence[str], pins: Mapping[str, str], k: int = 1
) -> dict[str, Any]:
    """The whole run. Faults of the surroundings are counted apart and never as failures or passes."""
    judged = [result for result in results if result.fault is None]
    faults = len(results) - len(judged)
    by_id: dict[str, list[bool]] = {}
    for result in judged:
        by_id.setdefault(f"{result.model} {result.id}", []).append(result.ok)
    void, prompt = faults > VOID * len(results), told.prompt(results)
    return {
        "heading": told.heading(results, models, pins),
        "red": void or not prompt["ok"] or any(not result.ok for result in judged),
        "pins": dict(pins),
        "prompt": prompt,
        "models": {model: _model([each for each in judged if each.model == model]) for model in models},
        "void": void,
        "passed": sum(result.ok for result in judged),
        "failed": sum(not result.ok for result in judged),
        "faults": faults,
        "pass_hat": {str(n): pass_hat(by_id, n) for n in range(1, k + 1)},
        "interval": wilson(sum(result.ok for result in judged), len(judged)),
        "suites": _suites(judged),
        "metrics": _metrics(judged),
        "seconds": _seconds(judged),
        "conversations": [_conversation(result) for result in results],
    }


def _model(results: Sequence[Result]) -> dict[str, Any]:
    """One model's part of the run, to be set beside another's."""
    right = sum(result.ok for result in results)
    return {
        "passed": right, "of": len(results), "interval": wilson(right, len(results)),
        "metrics": _metrics(results), "seconds": _seconds(results),
    }  # fmt: skip


def _suites(results: Sequence[Result]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in sorted({result.suite for result in results}):
        mine = [result.ok for result in results if result.suite == name]
        found[name] = {"passed": sum(mine), "of": len(mine), "interval": wilson(sum(mine), len(mine))}
    return found


RATIOS = (
    ("fields of calls right", "fields right", ("fields",)),
    ("planted reasons found", "planted found", ("planted",)),
    ("shown reasons planted", "reasons right", ("reasons shown",)),
    ("reasons that forbid every start", "reasons complete", ("reasons judged",)),
    ("members of reasons that are needed", "members needed", ("members shown",)),
    ("needed questions asked", "asked", ("asked", "not asked though needed")),
    ("questions needed", "asked", ("asked", "asked needlessly")),
    ("replies grounded", "", ("claims checked",)),
)
"""Name, what counts for it, and what it is counted among."""


def _metrics(results: Sequence[Result]) -> dict[str, dict[str, Any]]:
    total: dict[str, float] = {}
    for result in results:
        for name, number in result.counts.items():
            total[name] = total.get(name, 0) + number
    found: dict[str, dict[str, Any]] = {}
    for name, part, whole in RATIOS:
        of = sum(total.get(each, 0) for each in whole)
        right = total.get(part, 0) if part else of - min(of, total.get("ungrounded", 0))
        found[name] = {"right": right, "of": of, "interval": wilson(right, of)}
    counted = ("offers judged", "refusals judged", "turns", "rounds", "calls", "questions", "tokens")
    return found | {name: {"count": total.get(name, 0)} for name in counted}


def _seconds(results: Sequence[Result]) -> dict[str, float]:
    turns = sorted(turn["seconds"] for result in results for turn in result.turns)
    if len(turns) < 2:
        return {"p50": turns[0] if turns else 0.0, "p95": turns[0] if turns else 0.0}
    cuts = quantiles(turns, n=20, method="inclusive")
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3)}


def _conversation(result: Result) -> dict[str, Any]:
    return dataclasses.asdict(result)


def compared(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, list[str]]:
    """Conversations that broke, were mended, are new or are gone since another run."""
    new, old = ({_name(each): each["ok"] for each in run["conversations"]} for run in (now, before))
    both = new.keys() & old.keys()
    return {
        "broken": sorted(each for each in both if old[each] and not new[each]),
        "mended": sorted(each for each in both if new[each] and not old[each]),
        "new": sorted(new.keys() - old.keys()),
        "gone": sorted(old.keys() - new.keys()),
    }


def _name(each: Mapping[str, Any]) -> str:
    """The conversation, with its model where that isn't the usual one."""
    model = each.get("model", "offline")
    return str(each["id"]) if model == "offline" else f"{each['id']} ({model})"
