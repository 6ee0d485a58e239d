"""What a search and an explanation cost on a seeded clinic: cold and warm, wall and CPU, and how each ended."""

from __future__ import annotations

import datetime as dt
import os
import platform
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from evals.bench.beside import QUESTIONS, compared
from evals.bench.clinics import MONDAY, ZONE, Size, clinic_of, occupancy
from evals.bench.peers import PEERS
from evals.bench.requests import requests
from solver.grid import Calendar
from solver.request import Request, Status
from solver.search import search
from solver.snapshot import Snapshot
from tools.collecting import seldom
from tools.errors import ToolError

FULL, IMPOSSIBLE = 0.70, 0.20
"""What a bench must hold to say anything: booked share of the rooms, share of requests without a slot."""

T = TypeVar("T")


@dataclass
class Times:
    """Milliseconds of one kind of work, wall and CPU beside each other."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def of(self, work: Callable[[], T]) -> T:
        """Runs the work and keeps what it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        self.wall.append(1000 * (time.perf_counter() - wall))
        self.cpu.append(1000 * (time.process_time() - cpu))
        return result

    def told(self) -> dict[str, Any]:
        """How many, and p50, p95 and max of each."""
        return {"count": len(self.cpu), "wall_ms": _spread(self.wall), "cpu_ms": _spread(self.cpu)}


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    at = min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)
    return {"p50": round(median(ordered), 1), "p95": round(ordered[at], 1), "max": round(ordered[-1], 1)}


def bench(
    size: Size, number: int, seed: int, done: Callable[[], None] = lambda: None, peers: Sequence[str] = (),
    seconds: float = 10.0, beside: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One run; the peers are asked the first `beside` requests, or all.

    Raises `ToolError("invalid")` where the seed's clinic isn't full or its requests aren't hard enough.
    """
    clinic = clinic_of(size, seed)
    full = occupancy(clinic, size)
    as_of = Calendar(ZONE).instant(MONDAY, 9 * 60)
    # ortools and pandas load with the first team; that belongs to a process, not to a request.
    warm = Snapshot.of(clinic, as_of)
    asked = requests(clinic, size, seed, number)
    next((True for request in asked if search(warm, request).offers), None)
    times = {name: Times() for name in ("cold", "warm", "explanation", "swaps")}
    ends, swapped = Counter[str](), Counter[str]()
    with seldom():  # as a server does, once its clinic is loaded
        for request in asked:
            _one(clinic, as_of, warm, request, times, ends, swapped)
            done()
    impossible = ends["infeasible"] / max(1, number)
    if full < FULL or impossible < IMPOSSIBLE:
        raise ToolError(
            "invalid", f"Seed {seed} gives {full:.0%} booked rooms and {impossible:.0%} impossible requests; "
            f"a bench needs {FULL:.0%} and {IMPOSSIBLE:.0%}. Maybe another --seed or more --requests.", "seed",
        )  # fmt: skip
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # before a peer takes its own
    return {
        "size": size.name, "rooms": size.rooms, "staff": size.staff, "days": size.days, "seed": seed,
        "requests": number, "occupancy": round(full, 3), "infeasible": round(impossible, 3),
        "ends": dict(ends), "swaps_ends": dict(swapped),
        "times": {name: each.told() for name, each in times.items()},
        "peak_memory_mb": peak,
        "peers": {
            name: {
                question: compared(clinic, as_of, asked[:beside], PEERS[name], seconds, done, question)
                for question in QUESTIONS
            }
            for name in peers
        },
        "machine": machine(),
    }  # fmt: skip


def _one(
    clinic: Any, as_of: int, warm: Snapshot, request: Request, times: dict[str, Times], ends: Counter[str],
    swapped: Counter[str],
) -> None:  # fmt: skip
    from solver.explain import explain

    times["cold"].of(lambda: search(Snapshot.of(clinic, as_of), request))
    search(warm, request)  # the days of its window are compiled now
    found = times["warm"].of(lambda: search(warm, request))
    ends[found.status.value] += 1
    if found.offers:
        return
    proven = found.status is Status.INFEASIBLE
    times["explanation"].of(lambda: explain(warm, request, proven=proven))
    exchanged = times["swaps"].of(lambda: search(warm, replace(request, allow_swaps=True)))
    swapped[exchanged.status.value] += 1


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cpu": _cpu(), "cores": os.cpu_count(), "python": platform.python_version(),
        "ortools": version("ortools"), "pyjobshop": _version("pyjobshop"), "system": platform.system(),
        "date": dt.datetime.now(dt.UTC).date().isoformat(), "commit": _commit(),
    }  # fmt: skip


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    """The checkout's commit; "unknown" outside one."""
    try:
        told = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
            capture_output=True, text=True, check=False, cwd=Path(__file__).parent,
        )  # fmt: skip
    except OSError:
        return "unknown"
    return told.stdout.strip() or "unknown"


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
            named = next((line for line in lines if line.startswith("model name")), "")
    except OSError:
        named = ""
    return named.partition(":")[2].strip() or platform.machine()
