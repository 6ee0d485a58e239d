"""Runs conversations, several at once, and keeps what each was, did and failed."""

from __future__ import annotations

import gc
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from evals.grading import Check, Graded, grade
from evals.grading.state import right_book
from evals.heard import Played
from evals.loading import Script
from evals.mutants import MUTANTS
from evals.play import MakeSpeaker, NotPlayed, offline, play
from evals.speakers import BASELINES, Scripted
from evals.world import demo_on
from tools.errors import ToolError

MODELS = ("offline", "replay", "live", *BASELINES)


@dataclass
class Result:
    """One conversation's outcome; `fault` is an infrastructure error, which is no verdict."""

    id: str
    suite: str
    title: str
    model: str
    ok: bool
    checks: list[Check] = field(default_factory=list)
    counts: dict[str, float] = field(default_factory=dict)
    turns: list[dict[str, Any]] = field(default_factory=list)
    not_judged: list[str] = field(default_factory=list)
    fault: str | None = None
    mutant: str | None = None
    provenance: dict[str, Any] | None = None
    """Of the cassette, where one was replayed."""
    stale: list[str] = field(default_factory=list)
    """What has changed since the cassette was made."""
    changed: str = ""
    """What a model is told now and wasn't then, as a diff."""

    def failed(self) -> list[Check]:
        """The checks that didn't hold."""
        return [check for check in self.checks if not check.ok]


@dataclass(frozen=True)
class Job:
    """One conversation to be played by one model, perhaps with a fault planted in the product."""

    script: Script
    model: str = "offline"
    mutant: str | None = None
    cassettes: str | None = None
    """The folder of cassettes for `replay`; None for the usual one."""


def run_one(
    script: Script, model: str = "offline", mutant: str | None = None, cassettes: str | None = None
) -> Result:
    """One conversation played and graded; what breaks in the product is a failed check, not a crash."""
    talk = script.conversation
    result = Result(talk.id, talk.suite, talk.title, model, ok=False, mutant=mutant)
    try:
        if talk.clinic == "demo":
            demo_on(talk.now.date())  # before anything is planted: what is built once must be whole
        right = right_book(script)
        with _planted(talk.mutant, mutant):
            played = _played(script, model, cassettes, result)
            graded = grade(script, played, right) if played else None
    except NotPlanted:
        raise
    except ToolError as refused:
        # Only what is beyond this process can be at fault itself; offline it is the product that refused.
        result.fault = refused.message if model in ("replay", "live") else None
        result.checks = [Check("plays to its end", 0, ok=False, said=refused.message)]
        return result
    except Exception as broken:
        result.checks.append(Check("plays to its end", 0, ok=False, said=_where(broken)))
        return result
    if played is None or graded is None:
        return result
    result.checks += _turned(talk.fails, graded) if talk.fails else graded.checks
    result.ok = bool(graded.checks) and all(check.ok for check in result.checks)
    result.turns, result.not_judged = _told(played), graded.not_judged
    # What is wrong on purpose is no figure of the product.
    result.counts = {} if talk.fails else graded.counts
    return result


class NotPlanted(Exception):
    """A fault could not be planted, since what it changes isn't there any more: that is no kill."""


@contextmanager
def _planted(*mutants: str | None) -> Iterator[None]:
    with ExitStack() as planted:
        for name in dict.fromkeys(each for each in mutants if each):
            try:
                planted.enter_context(MUTANTS[name]())
            except Exception as broken:
                raise NotPlanted(f"{name} can't be planted: {broken}") from broken
        yield


def _turned(fails: Sequence[str], graded: Graded) -> list[Check]:
    """A conversation that is wrong on purpose holds when each check that must fail did."""
    red = [check.name for check in graded.checks if not check.ok]
    said = f"red was only {', '.join(red) or 'nothing'}"
    return [
        Check(f"turns red: {name}", 0, ok=ok, said="" if ok else said)
        for name in fails
        for ok in (any(each.startswith(name) for each in red),)
    ]


def _where(broken: Exception) -> str:
    """What broke, and the line of the product's code at which it did."""
    if isinstance(broken, NotPlayed):
        return str(broken)
    frames = [
        each for each in traceback.extract_tb(broken.__traceback__) if "site-packages" not in each.filename
    ]
    last = frames[-1] if frames else None
    place = f" in {Path(last.filename).name}, line {last.lineno}" if last else ""
    return f"{type(broken).__name__}{place}: {broken}"[:300]


def _played(script: Script, model: str, cassettes: str | None, result: Result) -> Played | None:
    """What was heard; None where `result` says already why nothing was played to its end."""
    if model == "replay":
        return _replayed(script, cassettes, result)
    if model == "live":
        from evals.replay.talks import live

        played = live(script)
        result.fault = next((heard.fault for _, heard in played.turns if heard.fault), None)
        return None if result.fault else played
    return play(
        script, _speaker(script, model), offline if "fault" in str(script.conversation.model_script) else None
    )


def _replayed(script: Script, cassettes: str | None, result: Result) -> Played | None:
    """From the conversation's cassette: it must be followed to its end, and a recorded one must be fresh."""
    from evals.replay.cassette import folder_for, load, path_for
    from evals.replay.talks import replay

    cassette = load(path_for(script, cassettes))
    replayed = replay(script, cassette, folder_for(script, cassettes))
    result.provenance, result.stale = cassette.provenance.model_dump(mode="json"), list(replayed.stale)
    result.changed = replayed.changed
    fresh = cassette.provenance.kind == "authored" or not replayed.stale
    result.checks = [
        Check("follows its cassette", 0, ok=replayed.diverged is None, said=replayed.diverged or ""),
        Check("recorded is fresh", 0, ok=fresh, said=f"changed since: {', '.join(replayed.stale)}"),
    ]
    return replayed.played


def _speaker(script: Script, model: str) -> MakeSpeaker:
    """Who answers: the conversation's own scripted model, a baseline, or the offline interpreter."""
    if model in BASELINES:
        return lambda _world: BASELINES[model]()
    steps = script.conversation.model_script
    if isinstance(steps, str) and steps in BASELINES:
        return lambda _world: BASELINES[steps]()
    if steps is not None:
        return lambda _world: Scripted(steps if isinstance(steps, list) else [steps])
    return offline


def _told(played: Played) -> list[dict[str, Any]]:
    """The turns as the report shows them."""
    return [
        {
            "turn": number, "said": heard.said, "answers": heard.answers, "reply": heard.reply,
            "outcome": heard.outcome, "calls": heard.calls, "offers": len(heard.offers),
            "reasons": [f"{reason['rule']}: {reason['text']}" for reason in heard.reasons()],
            "question": [question["text"] for question in heard.questions], "conflict": heard.conflict,
            "error": heard.error, "seconds": round(heard.seconds, 3), "rounds": heard.rounds, "model": heard.model,
            "proposal": heard.proposal and heard.proposal["summary"], "tokens": heard.usage.total,
            "shown": [shown(offer) for offer in heard.offers],
            "confirmed": bool(heard.confirmed),
        }
        for number, heard in played.turns
    ]  # fmt: skip


def shown(offer: Any) -> str:
    """An offer in a line."""
    cases = [
        f"{case['start'][:16].replace('T', ' ')} to {case['end'][11:16]}, {case['room']}, {case['surgeon']}, "
        f"{case['procedure']}"
        for case in offer["cases"]
    ]
    return f"{offer['label']}: {'; '.join(cases)}"


def run_all(
    jobs: Sequence[Job], workers: int = 1, done: Callable[[Result], None] = lambda _result: None
) -> list[Result]:
    """All jobs, in their order; `done` hears of each as it ends."""
    results = []
    for result in _mapped(_job, jobs, workers):
        done(result)
        results.append(result)
    return results


def kill_all(
    scripts: Sequence[Script], model: str, workers: int, done: Callable[[Result], None] = lambda _result: None
) -> list[Result]:
    """Each conversation under the first mutant that turns it red; `mutant` is None where none does.

    One that is red without any fault comes back as it was: not `ok`, and without a mutant.
    """
    found = []
    for result in _mapped(_kill, [(script, model) for script in scripts], workers):
        done(result)
        found.append(result)
    return found


def _kill(job: tuple[Script, str]) -> Result:
    """What fails as things are finds no fault by failing under one."""
    script, model = job
    talk = script.conversation
    whole = run_one(script, model)
    if not whole.ok:
        return whole
    return killed(script, model) or Result(talk.id, talk.suite, talk.title, model, ok=True)


def _mapped(work: Callable[[Any], Result], jobs: Sequence[Any], workers: int) -> Iterator[Result]:
    if workers <= 1 or len(jobs) <= 1:
        yield from map(work, jobs)
        return
    # A fresh interpreter a worker: planted faults and caches of one never reach another.
    with ProcessPoolExecutor(
        min(workers, len(jobs)), mp_context=get_context("spawn"), initializer=_worker
    ) as pool:
        yield from pool.map(work, jobs, chunksize=1)


def _worker() -> None:
    """A fresh process: nothing but faults is logged, and to stderr, since stdout may hold one JSON object."""
    from tools.logs import configure

    gc.enable()
    configure(sys.stderr, logging.ERROR)


def _job(job: Job) -> Result:
    return run_one(job.script, job.model, job.mutant, job.cassettes)


def killed(script: Script, model: str = "offline") -> Result | None:
    """The conversation's result under the first mutant that turns it red; None where none does.

    The mutant that the file names is tried first, so that a run over all of them stays short.
    """
    named = script.conversation.killed_by
    order = [*([named] if named else []), *(name for name in MUTANTS if name != named)]
    for name in order:
        if name not in MUTANTS:
            raise ToolError(
                "invalid",
                f"{script.id}: there is no mutant {name!r}. Maybe one of: {', '.join(MUTANTS)}.",
                "killed_by",
            )
        result = run_one(script, model, name)
        if not result.ok:
            return result
    return None
