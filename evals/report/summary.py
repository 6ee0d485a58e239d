"""A run as one JSON object: by suite and metric, with intervals, and every conversation turn by turn."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
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


def _pass_hat(outcomes: Mapping[str, Sequence[bool]], k: int) -> dict[str, Any]:
    """pass^k with Wilson's interval over the conversations that ran often enough: runs of one aren't independent."""
    share, of = pass_hat(outcomes, k), sum(len(runs) >= k for runs in outcomes.values())
    return {"share": share, "of": of, "interval": wilson(share * of, of)}


def together(results: Sequence[Result], models: Sequence[str]) -> dict[str, dict[str, str]]:
    """Each conversation with each model: how many of its runs passed; faults apart."""
    found: dict[str, dict[str, str]] = {}
    for result in results:
        found.setdefault(result.id, {})
    for id_, row in found.items():
        for model in models:
            mine = [each for each in results if each.id == id_ and each.model == model]
            judged = [each.ok for each in mine if each.fault is None]
            row[model] = f"{sum(judged)} of {len(judged)}" if judged else ("fault" if mine else "")
    return found


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
        "pass_hat": {str(n): _pass_hat(by_id, n) for n in range(1, k + 1)},
        "interval": wilson(sum(result.ok for result in judged), len(judged)),
        "suites": _suites(judged),
        "metrics": _metrics(judged),
        "seconds": _spread(judged, "seconds"),
        "spreads": _spreads(judged),
        "together": together(results, models),
        "conversations": [_conversation(result) for result in results],
    }


def _model(results: Sequence[Result]) -> dict[str, Any]:
    """One model's part of the run, to be set beside another's."""
    right = sum(result.ok for result in results)
    return {
        "passed": right, "of": len(results), "interval": wilson(right, len(results)),
        "metrics": _metrics(results), "seconds": _spread(results, "seconds"), "spreads": _spreads(results),
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
    ("explanation precision: members shown that are true", "members true", ("members shown",)),
    ("explanation recall: members of the true reason shown", "members true", ("members of the true reason",)),
    ("reasons that forbid every start", "reasons complete", ("reasons judged",)),
    ("reasons as short as any", "reasons shortest", ("reasons judged",)),
    ("ways out that open a slot", "ways out that open one", ("ways out judged",)),
    ("faults of a checked start that are true", "faults true", ("faults shown",)),
    ("faults of a checked start that are told", "faults found", ("faults there",)),
    ("clarification precision: questions that were needed", "asked", ("asked", "asked needlessly")),
    ("clarification recall: needed questions asked", "asked", ("asked", "not asked though needed")),
    ("deeds as confirmed", "deeds right", ("deeds judged",)),
    ("identities hidden from models", "identities hidden", ("identities judged",)),
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
    found |= {name: {"count": total.get(name, 0)} for name in COUNTED}
    if not total.get("tokens without a price"):
        found["cost in millionths"] = {"count": total.get("cost in millionths", 0)}
    return found


COUNTED = (
    "offers judged", "refusals judged", "refusals not judged", "boards judged", "ungrounded", "turns", "rounds",
    "calls", "questions", "tokens", "tokens without a price",
)  # fmt: skip
"""What is counted and has no share."""


def _spread(results: Sequence[Result], key: str) -> dict[str, float]:
    """The middle and the 95th of 100 of a turn's figure."""
    turns = sorted(float(turn[key]) for result in results for turn in result.turns)
    if len(turns) < 2:
        return {"p50": turns[0] if turns else 0.0, "p95": turns[0] if turns else 0.0}
    cuts = quantiles(turns, n=20, method="inclusive")
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3)}


def _spreads(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    return {key: _spread(results, key) for key in ("seconds", "rounds", "tokens")}


def _conversation(result: Result) -> dict[str, Any]:
    return dataclasses.asdict(result)


def compared(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, list[str]]:
    """Conversations that broke, were mended, go otherwise, are new or are gone since another run; and the figures."""
    new, old = _outcomes(now), _outcomes(before)
    both = new.keys() & old.keys()
    return {
        "broken": sorted(each for each in both if old[each] and not new[each]),
        "mended": sorted(each for each in both if new[each] and not old[each]),
        "new": sorted(new.keys() - old.keys()),
        "gone": sorted(old.keys() - new.keys()),
        "otherwise": sorted(_otherwise(now, before)),
        "figures": [
            f"{model}: {line}"
            for model, one in (now.get("models") or {}).items()
            for line in _figures(
                one["metrics"], ((before.get("models") or {}).get(model) or {}).get("metrics", {})
            )
        ],
    }


def _outcomes(run: Mapping[str, Any]) -> dict[str, bool]:
    """Whether every run of a conversation passed; a fault of the surroundings is none."""
    found: dict[str, bool] = {}
    for each in run["conversations"]:
        if not each.get("fault"):
            found[_name(each)] = found.get(_name(each), True) and bool(each["ok"])
    return found


def _otherwise(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """Conversations whose turns end or call otherwise than before, with the first difference."""
    old = {_name(each): each.get("turns") or [] for each in before["conversations"]}
    new = {_name(each): each.get("turns") or [] for each in now["conversations"]}
    for name in new.keys() & old.keys():
        for turn, was in zip(new[name], old[name], strict=False):
            one, other = _way(was), _way(turn)
            if one != other:
                yield f"{name}, turn {turn['turn']}: {one} before, {other} now"
                break


def _way(turn: Mapping[str, Any]) -> str:
    calls = " ".join(call["tool"] for call in turn["calls"]) or "no call"
    return f"{turn['outcome']} ({calls}, {turn['offers']} offers)"


def _figures(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    for name in now.keys() & before.keys():
        one, other = (
            f"{m['right']:g} of {m['of']:g}" if "of" in m else f"{m['count']:g}"
            for m in (before[name], now[name])
        )
        if one != other:
            yield f"{name}: {one} before, {other} now"


def _name(each: Mapping[str, Any]) -> str:
    """The conversation, with its model where that isn't the usual one."""
    model = each.get("model", "offline")
    return str(each["id"]) if model == "offline" else f"{each['id']} ({model})"
