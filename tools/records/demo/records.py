"""The demo clinic's standing records, read from clinic.yaml once."""

from __future__ import annotations

import copy
import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def clinic_records() -> dict[str, Any]:
    """A fresh copy of the records, dates as ISO text so that the whole is plain JSON."""
    return copy.deepcopy(_read())


@cache
def _read() -> dict[str, Any]:
    text = files(__package__).joinpath("clinic.yaml").read_text(encoding="utf-8")
    # libyaml reads it several times faster, and a cold start waits for it; both give the same records.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    records: dict[str, Any] = _plain(yaml.load(text, Loader=loader))  # noqa: S506 (both are safe loaders)
    return records


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value
