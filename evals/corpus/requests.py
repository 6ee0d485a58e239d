"""The labelled requests as they lie in the repository, a JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HALVES = ("tuning", "reporting")


@dataclass(frozen=True)
class Request:
    """A message, what was said before it, and what it means.

    `expect` is {"tool", "input"}, {"asks": kind}, {"books": label} (the card's form for that offer) or
    {"says": true} (a reply without any call). In an input {"any": [...]} lists the readings that are all right.
    `may_ask`: a question is as good as the call.
    """

    id: str
    family: str
    clinic: str
    now: str
    before: tuple[str, ...]
    text: str
    expect: dict[str, Any]
    may_ask: bool = False


def path_of(half: str) -> Path:
    """The file of a half."""
    return Path(__file__).with_name(f"{half}.jsonl")


def lines_of(requests: Iterable[Request]) -> str:
    """Requests as the file's text."""
    return "".join(json.dumps(asdict(each), ensure_ascii=False, sort_keys=True) + "\n" for each in requests)


def read(half: str) -> Sequence[Request]:
    """The requests of a half; raises `ValueError` for a half there is none of."""
    if half not in HALVES:
        raise ValueError(f"there is no half {half!r}. Maybe one of {', '.join(HALVES)}")
    rows = [json.loads(line) for line in path_of(half).read_text(encoding="utf-8").splitlines()]
    return [Request(**{**row, "before": tuple(row["before"])}) for row in rows]
