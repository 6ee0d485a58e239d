"""eval: conversations replayed offline, graded, and written down for programs and for people."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.errors import ToolError
from web.cli.answer import Answer, quiet_logs
from web.cli.source import read_text

if TYPE_CHECKING:
    from evals.loading import Script
    from evals.run import Result

RED = 1
"""Exit code of a run in which a conversation failed."""


def eval_(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Conversation files; all that ship if left out."),
    ] = None,
    suite: Annotated[str | None, typer.Option(metavar="NAME", help="Only this suite.")] = None,
    model: Annotated[
        str, typer.Option(metavar="NAME", help="offline; or null, always-ask, refuse-all, first-offer.")
    ] = "offline",
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=100, help="Times each is run.")] = 1,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Plant faults: each conversation must turn red under one.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=64, help="Processes; one a core if left out.")
    ] = None,
    log: Annotated[str | None, typer.Option(metavar="FILE", help="The whole run as JSON.")] = None,
    junit: Annotated[str | None, typer.Option(metavar="FILE", help="The run as JUnit XML.")] = None,
    html: Annotated[str | None, typer.Option(metavar="FILE", help="The run as one page.")] = None,
    against: Annotated[
        str | None, typer.Option(metavar="FILE", help="An earlier run's JSON, to compare with.")
    ] = None,
) -> Answer:
    """Replay conversations offline and grade them.

    Exit code 0 when all passed, 1 when one failed, 2 for a file that can't be read.
    """
    from evals import loading
    from evals.run import MODELS

    quiet_logs()
    if model not in MODELS:
        raise ToolError(
            "invalid", f"There is no model {model!r}. Maybe one of: {', '.join(MODELS)}.", "model"
        )
    before = _earlier(against) if against else None
    scripts = loading.scripts(files or (), suite)
    if mutants:
        return _mutants(scripts, model, workers)
    run = _run(scripts, model, k, workers)
    _written(run, before, log, junit, html)
    red = bool(run["failed"] or run["void"])
    return Answer(run, _said(run, before), RED if red else 0, _complaint(run) if red else None)


def _run(scripts: Sequence[Script], model: str, k: int, workers: int | None) -> dict[str, Any]:
    from evals.pins import pins
    from evals.report.summary import summary
    from evals.run import run_all

    jobs = [(script, model, None) for script in scripts for _ in range(k)]
    results = _with_progress(len(jobs), lambda done: run_all(jobs, workers or os.cpu_count() or 1, done))
    return summary(results, heading(model, len(scripts)), pins(), k)


def heading(model: str, number: int) -> str:
    """What was run; no word of it may be read as a live model's achievement."""
    who = "the offline interpreter" if model == "offline" else f"the baseline {model!r}, which must fail"
    return f"{number} conversations with {who}; scripted ones with their authored scripts. No live model was asked."


def _with_progress(total: int, work: Any) -> list[Result]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Replaying", total=total)
        results: list[Result] = work(lambda _result: bar.advance(task))
    return results


def _mutants(scripts: Sequence[Script], model: str, workers: int | None) -> Answer:
    """Which planted fault each conversation finds; one that finds none judges nothing."""
    from evals.run import kill_all

    found = _with_progress(
        len(scripts), lambda done: kill_all(scripts, model, workers or os.cpu_count() or 1, done)
    )
    rows = {result.id: result.mutant for result in found}
    alive = sorted(id_ for id_, mutant in rows.items() if mutant is None)
    body = {"killed_by": rows, "survived": alive}
    lines = [f"{id_}: {mutant or 'SURVIVES every mutant'}" for id_, mutant in rows.items()]
    said = f"{len(rows) - len(alive)} of {len(rows)} conversations turn red under a planted fault."
    return Answer(body, "\n".join([*lines, said]), RED if alive else 0, said if alive else None)


def _earlier(name: str) -> dict[str, Any]:
    try:
        run = json.loads(read_text(name, "against"))
        return {"conversations": [{"id": each["id"], "ok": each["ok"]} for each in run["conversations"]]}
    except (ValueError, KeyError, TypeError):
        raise ToolError("invalid", f"{name} is no run. Maybe one that --log wrote.", "against") from None


def _written(
    run: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    log: str | None,
    junit: str | None,
    html: str | None,
) -> None:
    from evals.report import junit as junit_report
    from evals.report import page

    if log:
        _write(log, json.dumps(run, indent=1, default=str))
    if junit:
        _write(junit, junit_report.junit(run))
    if html:
        _write(html, page.page(run, before))


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ToolError(
            "invalid", f"{name} can't be written: {reason}. Maybe another folder.", "log"
        ) from None


def _said(run: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    from evals.report.summary import compared

    lines = [run["heading"], ""]
    lines += [f"{name}: {one['passed']} of {one['of']}" for name, one in run["suites"].items()]
    lines += [""] + [_metric(name, metric) for name, metric in run["metrics"].items()]
    for talk in run["conversations"]:
        failed = [check for check in talk["checks"] if not check["ok"]]
        lines += [f"FAILED {talk['id']}"] if failed else []
        lines += [f"  turn {check['turn']}: {check['name']}: {check['said']}" for check in failed]
        lines += [f"  not judged: {', '.join(talk['not_judged'])}"] if talk["not_judged"] else []
    if before:
        lines += [f"{name}: {', '.join(ids) or 'none'}" for name, ids in compared(run, before).items()]
    return "\n".join(
        [*lines, f"{run['passed']} passed, {run['failed']} failed, {run['faults']} not counted."]
    )


def _metric(name: str, metric: Mapping[str, Any]) -> str:
    if "count" in metric:
        return f"{name}: {metric['count']:g}"
    if not metric["of"]:
        return f"{name}: none were counted"
    low, high = metric["interval"]
    return f"{name}: {metric['right']:g} of {metric['of']:g} (95 %: {100 * low:.1f} to {100 * high:.1f} %)"


def _complaint(run: Mapping[str, Any]) -> str:
    if run["void"]:
        return f"Void: {run['faults']} runs met a fault of their surroundings."
    return f"{run['failed']} of {run['passed'] + run['failed']} conversations failed."
