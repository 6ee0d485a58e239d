"""eval run: conversations played and graded, and the run written down for programs and for people."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.errors import ToolError
from web.cli import cassettes
from web.cli.answer import Answer, quiet_logs
from web.cli.files import read_text
from web.cli.options import Command

if TYPE_CHECKING:
    from evals.loading import Script
    from evals.run import Job, Result

RED = 1
"""Exit code of a run in which a conversation failed."""


def run(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Conversation files; all that ship if left out."),
    ] = None,
    suite: Annotated[str | None, typer.Option(metavar="NAME", help="Only this suite.")] = None,
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME,...",
            help="offline, replay (cassettes), live (the configured model); or a baseline: null, always-ask, "
            "refuse-all, first-offer. Several, with commas, are set side by side.",
        ),
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
    shelf: Annotated[
        str | None,
        typer.Option(
            "--cassettes", metavar="DIR", help="Where to replay from; else ours, or beside the file."
        ),
    ] = None,
) -> Answer:
    """Replay conversations offline and grade them.

    Exit code 0 when all passed, 1 when one failed, 2 for a file that can't be read.
    """
    from evals import loading
    from evals.report.text import complaint, text
    from evals.usable import usable

    quiet_logs()
    models = _models(model)
    before = _earlier(against) if against else None
    scripts = loading.scripts(files or (), suite)
    usable(scripts)
    if mutants:
        return _mutants(scripts, models[0], workers)
    found = _run(_jobs(scripts, models, k, shelf), models, k, workers)
    _written(found, before, log, junit, html)
    return Answer(
        found, text(found, before), RED if found["red"] else 0, complaint(found) if found["red"] else None
    )


def _models(named: str) -> list[str]:
    from evals.run import MODELS

    models = [each.strip() for each in named.split(",") if each.strip()]
    unknown = next((each for each in models if each not in MODELS), None)
    if unknown or not models:
        raise ToolError(
            "invalid", f"There is no model {unknown or named!r}. Maybe one of: {', '.join(MODELS)}.", "model"
        )
    if "live" in models:
        from evals.replay.talks import live_settings

        live_settings()
    return models


def _jobs(scripts: Sequence[Script], models: Sequence[str], k: int, cassettes: str | None) -> list[Job]:
    """Each conversation with each model `k` times; what is replayed is what has a cassette."""
    from evals.run import Job

    return [
        Job(script, model, cassettes=cassettes)
        for model in models
        for script in _played_by(model, scripts, cassettes)
        for _ in range(k)
    ]


def _played_by(model: str, scripts: Sequence[Script], cassettes: str | None) -> Sequence[Script]:
    from evals.replay.cassette import path_for

    if model == "live":
        return _for_a_model(scripts)
    if model != "replay":
        return scripts
    found = [each for each in scripts if path_for(each, cassettes).exists()]
    if not found:
        raise ToolError(
            "invalid", "None of these conversations has a cassette. Maybe make one: slotwright eval record.",
            "cassettes",
        )  # fmt: skip
    return found


def _for_a_model(scripts: Sequence[Script]) -> Sequence[Script]:
    found = [each for each in scripts if each.for_a_model]
    if not found:
        raise ToolError(
            "invalid", "None of these conversations is for a live model: they bring their own script, or are "
            "wrong on purpose. Maybe --model offline.", "model",
        )  # fmt: skip
    return found


def _run(jobs: Sequence[Job], models: Sequence[str], k: int, workers: int | None) -> dict[str, Any]:
    from evals.pins import pins
    from evals.report.summary import summary
    from evals.run import run_all

    results = _with_progress(len(jobs), lambda done: run_all(jobs, workers or os.cpu_count() or 1, done))
    return summary(results, models, pins(), k)


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
    red = sorted(result.id for result in found if result.mutant is None and not result.ok)
    alive = sorted(result.id for result in found if result.mutant is None and result.ok)
    body = {"killed_by": rows, "survived": alive, "red without a fault": red}
    told = dict.fromkeys(alive, "SURVIVES every mutant") | dict.fromkeys(red, "FAILS without any fault")
    lines = [f"{id_}: {mutant or told[id_]}" for id_, mutant in rows.items()]
    right = len(rows) - len(alive) - len(red)
    said = f"{right} of {len(rows)} conversations turn red under a planted fault, and only then."
    return Answer(body, "\n".join([*lines, said]), RED if alive or red else 0, said if alive or red else None)


def _earlier(name: str) -> dict[str, Any]:
    from evals.report.summary import compared

    try:
        run: dict[str, Any] = json.loads(read_text(name, "against"))
        compared(run, run)
        return run
    except (ValueError, KeyError, TypeError, AttributeError):
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


EVAL: dict[str, Command] = {"run": run, "record": cassettes.record, "author": cassettes.author}
"""The words after `eval`; `run` may be left out."""
