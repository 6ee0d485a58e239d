"""A run as one page that needs nothing else: no script, no address, everything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from evals.report.summary import compared

_BARS = 24


def page(run: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> str:
    """The report; with an earlier run, what broke and what was mended since."""
    pages = Environment(loader=PackageLoader("evals", "report"), undefined=StrictUndefined, autoescape=True)
    pages.filters["percent"] = lambda share: f"{100 * share:.1f} %"
    return pages.get_template("page.html.j2").render(
        run=run,
        difference=compared(run, before) if before else None,
        charts=[{"title": title, **bars(_of_turns(run, key))} for key, title in CHARTS.items()],
    )


CHARTS = {"seconds": "Seconds a turn", "rounds": "Model rounds a turn", "tokens": "Tokens a turn"}


def _of_turns(run: Mapping[str, Any], key: str) -> list[float]:
    return [float(turn[key]) for each in run["conversations"] for turn in each["turns"]]


def bars(values: Sequence[float]) -> dict[str, Any]:
    """A histogram: bars as x, height and the span they count, for an SVG of 24 by 100."""
    top = max(values, default=0.0) or 1.0
    counts = [0] * _BARS
    for value in values:
        counts[min(_BARS - 1, int(value / top * _BARS))] += 1
    most = max(counts) or 1
    return {
        "top": top,
        "most": most,
        "bars": [
            {"x": n, "height": round(100 * count / most, 1), "count": count,
             "from": round(n * top / _BARS, 3), "to": round((n + 1) * top / _BARS, 3)}
            for n, count in enumerate(counts)
        ],
    }  # fmt: skip
