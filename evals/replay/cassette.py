"""Cassettes: the full HTTP responses of the Messages API to one conversation, with where they come from.

A request is kept in short: its new messages since the one before, without what changes from run to run, and a tool's
result by its facts and a hash of the rest. That is enough to refuse any other request, and to say what differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.loading import SHIPPED, Script
from tools.errors import ToolError

CASSETTES = Path(__file__).parents[1] / "cassettes"
ENDING = ".cassette.yaml"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Provenance(_Closed):
    """Who answered. `authored` answers were written by a person or a program, and are no model's achievement."""

    kind: Literal["authored", "recorded"]
    model: str
    anthropic: str = Field(description="Version of the SDK.")
    api: str = Field(description="Version of the Messages API.")
    date: dt.date


class Response(_Closed):
    """One HTTP response, whole; a stream is its text."""

    status: int = Field(ge=100, le=599)
    headers: dict[str, str] = {}
    body: str


class Exchange(_Closed):
    """One request, as far as it must be the same, and what it got."""

    request: list[Any]
    response: Response


class Cassette(_Closed):
    """One conversation's exchanges in their order; `pins` say what they depend on."""

    conversation: str
    provenance: Provenance
    pins: dict[str, str]
    exchanges: list[Exchange] = Field(min_length=1)


def folder_for(script: Script, named: str | None = None) -> Path:
    """Where a conversation's cassette lies: in the folder named, in ours, or in `cassettes` beside its file."""
    if named:
        return Path(named)
    return CASSETTES if script.folder == SHIPPED else script.folder / "cassettes"


def path_for(script: Script, named: str | None = None) -> Path:
    """The file of a conversation's cassette, whether it is there or not."""
    return folder_for(script, named) / f"{script.id}{ENDING}"


def load(path: Path) -> Cassette:
    """A cassette; raises `ToolError("invalid")` that names the file for one that can't be read."""
    try:
        return Cassette.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _bad(f"{path} can't be read: {reason}. Maybe record it first.") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise _bad(f"{path} is not YAML. Maybe record it again.") from None
    except ValidationError as faults:
        first = faults.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _bad(f"{path}: {place}: {first['msg']}. Maybe record it again.") from None


def save(path: Path, cassette: Cassette) -> None:
    """Writes a cassette whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(
        cassette.model_dump(mode="json"), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110
    )
    half = path.with_suffix(".part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def shelf(folder: Path) -> Iterator[Path]:
    """The cassettes of a folder."""
    yield from sorted(folder.glob(f"*{ENDING}"))


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stand as they are, so that a change can be read in a diff."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _bad(message: str) -> ToolError:
    return ToolError("invalid", message, "cassette")
