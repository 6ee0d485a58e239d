"""A backup's lines: rows of any engine as JSON, and back, with nothing lost on the way."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, LargeBinary, Table

from tools.records.tables import Moment

FORMAT = 1
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def line(value: Any) -> bytes:
    """One line of a backup."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def encoded(row: Sequence[Any]) -> list[Any]:
    """A row's values as JSON has them: bytes in base64, moments in milliseconds; JSON columns as they are."""
    return [_out(value) for value in row]


def _out(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.datetime):
        return (value - _EPOCH) // _MILLISECOND
    return value


def decoded(values: Sequence[Any], columns: Sequence[str], table: Table) -> Mapping[str, Any]:
    """The row of `encoded`, as the table's types take it; raises ValueError or KeyError for what is none."""
    if len(values) != len(columns):
        raise ValueError(f"{len(values)} values for {len(columns)} columns")
    return {name: _in(value, table.c[name].type) for name, value in zip(columns, values, strict=True)}


def _in(value: Any, kind: Any) -> Any:
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, Moment):
        return _EPOCH + value * _MILLISECOND
    return base64.b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value
