"""A half's figures with 95 % Wilson intervals: fields, whole requests, silently wrong, needless questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from evals.corpus.grade import Graded
from evals.report.summary import wilson


def figures(results: Sequence[Graded]) -> dict[str, Any]:
    """The figures of one half. `fields` counts answered calls; `fields_asked_too` holds a question against each."""
    meant = [result for result in results if "tool" in result.request.expect]
    each = [ok for result in meant for ok in result.fields.values()]
    unanswered = sum(_size(r) for r in meant if not r.fields and r.verdict != "right")
    return {
        "requests": len(results),
        "fields": share(sum(each), len(each)),
        "fields_asked_too": share(sum(each), len(each) + unanswered),
        "whole": _verdicts(results, "right"),
        "silently_wrong": _verdicts(results, "wrong"),
        "needless": share(sum(r.verdict == "asked" for r in meant), len(meant)),
        "refused": share(sum(r.verdict == "refused" for r in results), len(results)),
        "by_tool": _by(results, lambda r: str(r.request.expect.get("tool") or next(iter(r.request.expect)))),
        "by_clinic": _by(results, lambda r: r.request.clinic),
    }


def _size(result: Graded) -> int:
    given = result.request.expect["input"]
    inner = given.get("request", given)
    return 1 + len(inner) + ("changes" in given)


def share(count: int, of: int) -> dict[str, Any]:
    """A proportion with its interval."""
    return {
        "count": count,
        "of": of,
        "share": round(count / of, 4) if of else 0.0,
        "interval": wilson(count, of),
    }


def _verdicts(results: Sequence[Graded], verdict: str) -> dict[str, Any]:
    return share(sum(result.verdict == verdict for result in results), len(results))


def _by(results: Sequence[Graded], key: Callable[[Graded], str]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for result in results:
        found.setdefault(key(result), Counter())[result.verdict] += 1
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}


def table(halves: dict[str, dict[str, Any]]) -> str:
    """The figures of every half, one line each."""
    lines = [f"{'':10} {'requests':>8} {'fields':>22} {'whole':>22} {'silently wrong':>22} {'needless':>22}"]
    for half, found in halves.items():
        cells = (_cell(found[name]) for name in ("fields", "whole", "silently_wrong", "needless"))
        lines.append(f"{half:10} {found['requests']:8} " + " ".join(cells))
    return "\n".join(lines)


def _cell(found: dict[str, Any]) -> str:
    low, high = found["interval"]
    return f"{found['share']:7.1%} [{low:6.1%},{high:6.1%}]"
