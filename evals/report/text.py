"""A run as lines for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.report.summary import compared


def text(run: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> str:
    """What was run, what it came to, what failed and why; with an earlier run, what changed since."""
    lines = [*run["heading"], "", *_counted(run)]
    lines += [f"FAILED prompt: {each['name']}: {each['said']}" for each in run["prompt"]["failed"]]
    for talk in run["conversations"]:
        lines += _talk(talk)
    lines += _stale(run["prompt"])
    if before:
        lines += ["", "Since the other run:"]
        lines += [f"{name}: {'; '.join(ids) or 'none'}" for name, ids in compared(run, before).items()]
    return "\n".join(
        [*lines, f"{run['passed']} passed, {run['failed']} failed, {run['faults']} not counted."]
    )


def complaint(run: Mapping[str, Any]) -> str:
    """Why the run is red, in one sentence."""
    if run["void"]:
        return f"Void: {run['faults']} runs met a fault of their surroundings."
    if run["failed"]:
        return f"{run['failed']} of {run['passed'] + run['failed']} conversations failed."
    return f"The prompt breaks its contract: {run['prompt']['failed'][0]['name']}."


def _counted(run: Mapping[str, Any]) -> list[str]:
    lines = []
    if len(run["models"]) > 1:
        lines += [f"{name}: {one['passed']} of {one['of']}" for name, one in run["models"].items()] + [""]
    lines += [f"{name}: {one['passed']} of {one['of']}" for name, one in run["suites"].items()]
    counted = {name: each for name, each in run["metrics"].items() if "count" in each or each["of"]}
    lines += ["", *(_metric(name, metric) for name, metric in counted.items())]
    lines += [_together(k, each) for k, each in run["pass_hat"].items() if len(run["pass_hat"]) > 1]
    return lines + [
        f"{name} a turn: {each['p50']:g} in the middle, {each['p95']:g} at the 95th of 100"
        for name, each in run["spreads"].items()
    ]


def _metric(name: str, metric: Mapping[str, Any]) -> str:
    if "count" in metric:
        return f"{name}: {metric['count']:g}"
    return f"{name}: {metric['right']:g} of {metric['of']:g} ({_interval(metric)})"


def _interval(metric: Mapping[str, Any]) -> str:
    low, high = metric["interval"]
    return f"95 %: {100 * low:.1f} to {100 * high:.1f} %"


def _together(k: str, each: Mapping[str, Any]) -> str:
    return f"pass^{k}: {100 * each['share']:.1f} % of {each['of']:g} ({_interval(each)})"


def _talk(talk: Mapping[str, Any]) -> list[str]:
    if talk["fault"]:
        return [f"FAULT {talk['id']} ({talk['model']}): {talk['fault']}"]
    failed = [check for check in talk["checks"] if not check["ok"]]
    lines = [f"FAILED {talk['id']} ({talk['model']})"] if failed else []
    lines += [f"  turn {check['turn']}: {check['name']}: {check['said']}" for check in failed]
    unread = f"not judged in {talk['id']}, since nothing reads it: {', '.join(talk['not_judged'])}"
    return lines + ([unread] if talk["not_judged"] else [])


def _stale(prompt: Mapping[str, Any]) -> list[str]:
    """The cassettes that speak of an earlier product, and how what a model is told has changed since."""
    lines = [f"stale {id_}: changed since: {', '.join(pins)}" for id_, pins in prompt["stale"].items()]
    return [*lines, *(line for change in prompt["changes"] for line in ("", *change.splitlines()))]
