"""bench: how fast the solver answers on seeded clinics, with the machine named."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tools.errors import ToolError
from web.cli.answer import Answer, quiet_logs

PAGE = Path("docs/bench.md")
KINDS = {
    "cold": "top 5 with teams, cold", "warm": "top 5 with teams, warm", "explanation": "explanation with ways out",
    "swaps": "none directly: with swaps",
}  # fmt: skip


def bench(
    size: Annotated[str, typer.Option(metavar="SIZE", help="S, M, L or XL; several with commas.")] = "S",
    requests: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="Requests a size.")] = 200,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed, another clinic.")] = 1,
    peers: Annotated[
        str,
        typer.Option(metavar="NAMES", help="Peer models to compare with: all, none, or names with commas."),
    ] = "all",
    peer_seconds: Annotated[
        float, typer.Option(metavar="S", min=0.1, max=600, help="A peer's time a request.")
    ] = 10.0,
    peer_requests: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Requests put to each peer; all unless told.")
    ] = None,
    results: Annotated[
        str | None,
        typer.Option(metavar="FILES", help="Kept --json results to tell, with commas, instead of a run."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Put the table into docs/bench.md.")] = False,
) -> Answer:
    """Measure the solver on seeded clinics.

    Occupancy and the share of impossible requests are verified first; a seed that misses them is refused.
    """
    from evals.bench.clinics import SIZES

    quiet_logs()
    gc.enable()  # this command stays, and its memory is one of its figures
    names = [name.strip().upper() for name in size.split(",")]
    unknown = [name for name in names if name not in SIZES]
    if unknown:
        raise ToolError(
            "invalid", f"There is no size {unknown[0]!r}. Maybe one of: {', '.join(SIZES)}.", "size"
        )
    against = _peers(peers)
    if results is None:
        runs = [_run(name, requests, seed, against, peer_seconds, peer_requests) for name in names]
    else:
        runs = [run for file in results.split(",") for run in _kept(Path(file.strip()))]
    text = table(runs)
    if write:
        _write(text)
    return Answer({"runs": runs}, text)


def _peers(named: str) -> list[str]:
    from evals.bench.peers import PEERS

    if named in ("all", "none"):
        return list(PEERS) if named == "all" else []
    names = [name.strip() for name in named.split(",")]
    for name in names:
        if name not in PEERS:
            known = ", ".join(["all", "none", *PEERS])
            raise ToolError("invalid", f"There is no peer {name!r}. Maybe one of: {known}.", "peers")
    return names


def _run(
    name: str, number: int, seed: int, peers: list[str], seconds: float, beside: int | None
) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import Progress

    from evals.bench.beside import QUESTIONS
    from evals.bench.clinics import SIZES
    from evals.bench.measure import bench as measured

    steps = number + min(number, beside or number) * len(peers) * len(QUESTIONS)
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(f"Size {name}", total=steps)
        return measured(SIZES[name], number, seed, lambda: bar.advance(task), peers, seconds, beside)


def _kept(file: Path) -> list[dict[str, Any]]:
    """The runs of a result printed with --json."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))["runs"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ToolError(
            "invalid", f"{file} holds no result of a bench. Maybe keep one with: slotwright bench --json > {file}",
            "results",
        ) from None  # fmt: skip
    return list(kept)


def table(runs: list[dict[str, Any]]) -> str:
    """The runs as Markdown: a row a kind of work."""
    head = "| size | booked | no slot | what | count | CPU p50 | CPU p95 | CPU max | wall p50 | wall p95 | wall max |"
    rows = [head, "|---" * 11 + "|"]
    rows += [_row(run, kind) for run in runs for kind in KINDS if run["times"][kind]["count"]]
    notes = [_note(run) for run in runs]
    made = runs[0]["machine"]
    commits = ", ".join(dict.fromkeys(run["machine"]["commit"] for run in runs))
    on = (
        f"{made['cpu']}, {made['cores']} cores, {made['system']}, Python {made['python']}, ortools {made['ortools']}, "
        f"pyjobshop {made['pyjobshop']}; {made['date']}, commit {commits}"
    )
    said = (
        "Milliseconds, one worker. Cold is the first search of a clinic just loaded. "
        "Prefer CPU to wall time where the machine is shared."
    )
    return "\n".join([*rows, "", said, *notes, *_beside(runs), f"Machine: {on}."])


def _beside(runs: list[dict[str, Any]]) -> list[str]:
    """The peers' rows, pair by pair over the requests that both decided."""
    rows = [
        _peer_row(run["size"], name, question, told)
        for run in runs
        for name, asked in run["peers"].items()
        for question, told in asked.items()
    ]
    if not rows:
        return []
    said = (
        "Peers over the same warm tables of where each resource is free; filling these is in nobody's time. "
        "`domains` is CP-SAT with free time as the domain of the start, `intervals` CP-SAT with what is taken as "
        "fixed intervals, `pyjobshop` PyJobShop with what is taken as breaks. The top 5 are found by no-good cuts "
        "over the representative starts that Slotwright chooses among. Equal: the same costs, choice by choice. "
        "Inside: Slotwright chose a start inside an opening whose edge has no team, which the tables don't hold. "
        "CPU milliseconds; a ratio is the peer's by ours, pair by pair, without those that timed out. A peer's time "
        "limit is one of the wall clock, which CP-SAT offers, so that a busy machine times it out sooner.\n\n"
        "What the ratios count. Ours is a whole search: it derives the starts from the tables, ranks them, chooses "
        "teams with CP-SAT, has every rule check each offer and says why it ranks there. A peer answers with a start, "
        "a room and people, and nothing else. `alone` counts the peer's model and its solving only. For the top 5 that "
        "leaves out what a user of the peer has to do first, which is to intersect the tables into representative "
        "starts; where there are none, that alone is the proof, and the peer is done at once with an empty axis. "
        "`with starts` adds that work to the peer's side, as long as our own code takes for it over the window. "
        "`found` is the median over the requests that have a slot."
    )
    head = (
        "| size | peer | asked for | requests | can say | equal | disagree | inside | timed out | ours p95 | peer p95 "
        "| alone p50 | alone p95 | alone, found | with starts p50 | with starts, found |"
    )
    return ["", said, "", head, "|---" * 16 + "|", *rows, ""]


def _peer_row(size: str, name: str, question: str, told: Mapping[str, Any]) -> str:
    counts = [told["asked"], told["expressible"], told["equal"], len(told["disagree"])]
    counts += [told["inside_openings"], told["timed_out"]]
    ours, peer, ratio = told["ours_cpu_ms"], told["peer_cpu_ms"], told["ratio"]
    times = [ours.get("p95", "-"), peer.get("p95", "-"), ratio.get("p50", "-"), ratio.get("p95", "-")]
    times += [told[kind].get("p50", "-") for kind in ("ratio_found", "ratio_derived", "ratio_derived_found")]
    return f"| {size} | {name} | {question} | {' | '.join(str(each) for each in [*counts, *times])} |"


def _row(run: Mapping[str, Any], kind: str) -> str:
    times = run["times"][kind]
    cpu, wall = times["cpu_ms"], times["wall_ms"]
    return (
        f"| {run['size']} | {run['occupancy']:.0%} | {run['infeasible']:.0%} | {KINDS[kind]} | {times['count']} "
        f"| {cpu['p50']} | {cpu['p95']} | {cpu['max']} "
        f"| {wall['p50']} | {wall['p95']} | {wall['max']} |"
    )


def _note(run: Mapping[str, Any]) -> str:
    ends, swaps = _ended(run["ends"]), _ended(run["swaps_ends"]) or "none"
    return (
        f"{run['size']}: {run['rooms']} rooms, {run['staff']} staff, {run['days']} days, seed {run['seed']}; {ends}; "
        f"with swaps {swaps}; peak memory {run['peak_memory_mb']} MB."
    )


def _ended(ends: Mapping[str, int]) -> str:
    """ "71 found, 29 infeasible, 100 % decided"."""
    if not ends:
        return ""
    every = sum(ends.values())
    decided = every - ends.get("not_proven", 0)
    told = ", ".join(f"{number} {name}" for name, number in sorted(ends.items()))
    return f"{told}, {decided / every:.0%} decided"


def _write(text: str) -> None:
    page = (
        "# What the solver costs\n\nWritten by `slotwright bench --write`; no test asserts a timing. "
        "Requests cover ten days.\n\n"
    )
    try:
        PAGE.write_text(f"{page}{text}\n", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ToolError(
            "invalid", f"{PAGE} can't be written: {reason}. Maybe run it in the checkout.", "write"
        ) from None
