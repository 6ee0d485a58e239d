"""Conversations with a model: replayed from a cassette, recorded onto one, or live."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from assistant.choosing import handles_for
from assistant.models import anthropic as claude
from assistant.models.breaker import Breaker
from assistant.models.protocol import Speaker
from assistant.settings import ModelSettings, is_own, model_settings
from assistant.turns import Budget
from evals.heard import Played
from evals.loading import Script
from evals.pins import digest
from evals.play import UNHURRIED, MakeSpeaker, offline, play
from evals.replay.cassette import Cassette, Provenance, load, shelf
from evals.replay.player import playing
from evals.replay.recorder import Recorder, refuse_identities
from evals.replay.requests import told_difference
from evals.world import World, opened
from solver import assign
from tools.errors import ToolError


@dataclass(frozen=True)
class Replayed:
    """A conversation played from a cassette, and how far that cassette still speaks of this product."""

    played: Played | None
    diverged: str | None
    """What the product asked for that was not recorded; nothing was played to the end then."""
    stale: tuple[str, ...]
    """The pins that have changed since."""
    changed: str
    """What a model is told now and wasn't then, as a diff; empty where that is the same."""


def replay(script: Script, cassette: Cassette, folder: Path) -> Replayed:
    """Play it with the recorded responses in the real SDK's hands."""
    settings = ModelSettings(
        model=cassette.provenance.model, key="replayed", base_url="", provider="anthropic", private_key="",
        agreement=True,  # nothing leaves: the wire is the cassette
    )  # fmt: skip
    played, diverged, told = None, None, {}
    try:
        with playing(cassette) as player:
            try:
                played = play(script, _speaker(settings, seconds=UNHURRIED.seconds), offline)
            finally:
                told = player.told
    except BaseException as fault:
        if type(fault).__name__ != "DivergedError":
            raise
        diverged = str(fault)
    stale = stale_pins(cassette, told, script)
    return Replayed(played, diverged, stale, _changed(cassette, folder, told) if told else "")


def live_settings() -> ModelSettings:
    """The configured model; raises `ToolError("invalid")` where there is none."""
    settings = model_settings()
    if not settings.configured:
        raise ToolError(
            "invalid",
            "No model is configured to be asked live. Maybe set ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL, "
            "or use --model offline.",
            "model",
        )
    return settings


def live(script: Script) -> Played:
    """Play it with the model that the environment names; nobody stands by for it."""
    settings = live_settings()
    assign.load()  # as where it is served: a model's time isn't spent on bringing the solver in
    return play(script, _speaker(settings), budget=Budget())


def record(
    script: Script, settings: ModelSettings, kind: Literal["authored", "recorded"], date: dt.date
) -> tuple[Played, Cassette, dict[str, Any]]:
    """Play it with a model and keep every response: what was heard, the cassette, and what the model was told.

    Raises `ToolError("invalid")` when the cassette would hold an identity or the model couldn't be asked.
    """
    assign.load()
    recorder = Recorder()
    client = claude.new_client(settings, recorder.wire)
    # A model elsewhere gets the time that it has in the product; written replies are there at once.
    budget, seconds = (UNHURRIED, UNHURRIED.seconds) if kind == "authored" else (Budget(), claude.SECONDS)
    standby = offline if kind == "authored" else None
    played = play(script, _speaker(settings, lambda _: client, seconds), standby, budget)
    fault = next((heard.fault for _, heard in played.turns if heard.fault), None)
    if not recorder.exchanges or (fault and kind == "recorded"):
        raise ToolError(
            "invalid", f"{script.id}: the model couldn't be asked ({fault or 'no request was made'}), "
            "so nothing was written. Maybe try again later.", "model",
        )  # fmt: skip
    refuse_identities(script.conversation, recorder.exchanges, recorder.told)
    provenance = Provenance(
        kind=kind, model=settings.name, anthropic=version("anthropic"), api=recorder.api, date=date
    )
    cassette = Cassette(
        conversation=script.id, provenance=provenance, pins=pins_of(recorder.told, script),
        exchanges=recorder.exchanges,
    )  # fmt: skip
    return played, cassette, recorder.told


def pins_of(told: Mapping[str, Any], script: Script) -> dict[str, str]:
    """What a recording depends on: what the model was told, the conversation's clock, and the clinic's records."""
    rest = {key: value for key, value in told.items() if key not in ("system", "tools")}
    with opened(script.conversation, script.folder) as world:
        records = digest(world.store.export())
    return {
        "prompt": digest(told.get("system")), "tools": digest(told.get("tools")), "parameters": digest(rest),
        "clock": f"{script.conversation.now:%Y-%m-%dT%H:%M}", "records": records, "told": digest(told),
    }  # fmt: skip


def stale_pins(cassette: Cassette, told: Mapping[str, Any], script: Script) -> tuple[str, ...]:
    """The pins that differ from today's; the SDK's version is one of them."""
    now = pins_of(told, script) if told else {}
    differ = [name for name, pin in cassette.pins.items() if name != "told" and now.get(name) != pin]
    return (*differ, *(("anthropic",) if cassette.provenance.anthropic != version("anthropic") else ()))


def told_path(folder: Path, pin: str) -> Path:
    """Where what a model was told is kept, once for all cassettes that were told it."""
    return folder / "told" / f"{pin}.json"


def keep_told(folder: Path, told: Mapping[str, Any]) -> None:
    """Write down what a model was told."""
    path = told_path(folder, digest(told))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def prune_told(folder: Path) -> None:
    """Keep of what models were told only what a cassette of the folder names."""
    named = {load(path).pins.get("told") for path in shelf(folder)}
    for path in (folder / "told").glob("*.json"):
        if path.stem not in named:
            path.unlink()


def _changed(cassette: Cassette, folder: Path, told: Mapping[str, Any]) -> str:
    pin = cassette.pins.get("told", "")
    if pin == digest(told):
        return ""
    path = told_path(folder, pin)
    if not path.exists():
        return (
            "What the model was told when this was recorded isn't kept beside it, so only the hash is known."
        )
    return told_difference(json.loads(path.read_text(encoding="utf-8")), told)


def _speaker(settings: ModelSettings, client: Any = None, seconds: float = claude.SECONDS) -> MakeSpeaker:
    def make(world: World) -> Speaker:
        clinic = world.store.clinic()
        if not (settings.may_speak(world.store.demo) or is_own(settings.origin)):
            raise ToolError(
                "forbidden", "The words of a clinic file may not go to that model without an agreement. "
                "Maybe set SLOTWRIGHT_BAA, use a server of your own network, or the demo clinic.", "model",
            )  # fmt: skip
        speaker = claude.Claude(
            settings, handles_for(world.user, clinic), client=client or claude.client_of, seconds=seconds
        )
        speaker.breaker = Breaker()
        return speaker

    return make
