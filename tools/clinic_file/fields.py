"""The kinds of values a clinic file is written in: names, dates, times of day, windows, weeks."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from solver.clinic import DAYS, Window

DAY_MINUTES = 24 * 60
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:00)?([+-]\d\d:\d\d|Z)?")


def _slug(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not an id. Maybe quote it")
    if not _SLUG.fullmatch(value):
        way = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:60] or "an-id"
        raise ValueError(f'{value[:60]!r} is not an id (letters, digits, ".", "_", "-"). Maybe "{way}"')
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not text. Maybe quote it: "{value}"')
    if not value.strip() or len(value) > 300:
        raise ValueError(f"{value[:20]!r} has {len(value)} characters; 1 to 300 are allowed")
    if any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in value):
        raise ValueError("control characters can't be part of a name. Maybe type it anew")
    return value


def _code(value: Any) -> Any:
    # A CPT number is often left unquoted; digits can't be misread.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f'there is no date "{value}"') from None
    raise ValueError(f"{value!r} is not a date. Maybe write it as YYYY-MM-DD, for example 2026-03-10")


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return dt.datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f'there is no time "{value}"') from None
    if isinstance(value, dt.datetime):
        return value
    said = f"{value!r} is not a date and time in whole minutes"
    raise ValueError(f"{said}. Maybe write it as YYYY-MM-DDTHH:MM, for example 2026-03-10T07:30")


def _time_of_day(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        hours, minutes = divmod(value, 60)
        raise ValueError(f'{value} is a number. Maybe quote the time: "{hours:02d}:{minutes:02d}"')
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minutes <= DAY_MINUTES:
        raise ValueError(f"{value!r} is not a time of day. Maybe write it as HH:MM, for example 09:30")
    return minutes


def _window(value: Any) -> Window:
    if not isinstance(value, str) or not re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", value):
        raise ValueError(f'{_shown(value)} is not a window. Maybe write it as "HH:MM-HH:MM", {_fixed(value)}')
    start, end = (_time_of_day(part) for part in value.split("-"))
    if end <= start:
        way = "Maybe split it at midnight" if end else 'Maybe the end is meant to be "24:00"'
        raise ValueError(f'"{value}" ends before it starts. {way}')
    return start, end


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _fixed(value: Any) -> str:
    """The window that was probably meant: "7:30-17" is "07:30-17:00"."""
    parts = re.findall(r"(\d{1,2})(?::?(\d\d))?", value) if isinstance(value, str) else []
    if len(parts) != 2 or any(int(hours) > 24 for hours, _ in parts):
        return 'for example "07:30-17:00"'
    return '"' + "-".join(f"{int(hours):02d}:{minutes or '00'}" for hours, minutes in parts) + '"'


def _windows(value: Any) -> tuple[Window, ...]:
    parts = value if isinstance(value, list) else [value]
    windows = sorted(_window(part) for part in parts)
    for before, after in pairwise(windows):
        if after[0] < before[1]:
            raise ValueError(f"{_shown(value)} has windows that overlap. Maybe join them")
    return tuple(windows)


def _not_switch(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(f'{value} is not a level. Maybe quote it: "{"on" if value else "off"}"')
    return value


_WINDOW_SCHEMA = {"type": "string", "pattern": r"^\d\d:\d\d-\d\d:\d\d$", "examples": ["07:30-17:00"]}
_MOMENT_SCHEMA = {"type": "string", "description": "Clinic wall time YYYY-MM-DDTHH:MM; an offset may follow."}

Slug = Annotated[
    str, BeforeValidator(_slug), WithJsonSchema({"type": "string", "pattern": f"^{_SLUG.pattern}$"})
]
Text = Annotated[
    str, BeforeValidator(_text), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 300})
]
Code = Annotated[Text, BeforeValidator(_code)]
Date = Annotated[dt.date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[dt.datetime, BeforeValidator(_moment), WithJsonSchema(_MOMENT_SCHEMA)]
TimeOfDay = Annotated[
    int, BeforeValidator(_time_of_day), WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d$"})
]
OneWindow = Annotated[Window, BeforeValidator(_window), WithJsonSchema(_WINDOW_SCHEMA)]
Windows = Annotated[
    tuple[Window, ...],
    BeforeValidator(_windows),
    WithJsonSchema({"anyOf": [_WINDOW_SCHEMA, {"type": "array", "items": _WINDOW_SCHEMA}]}),
]
Minutes = Annotated[int, Field(ge=0, le=7 * DAY_MINUTES)]
Length = Annotated[int, Field(ge=1, le=DAY_MINUTES)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Switch = BeforeValidator(_not_switch)


def _weekday(value: Any) -> int:
    if isinstance(value, str) and value in DAYS:
        return DAYS.index(value)
    near = value.lower()[:3] if isinstance(value, str) and value.lower()[:3] in DAYS else "mon"
    raise ValueError(f'{_shown(value)} is not a weekday. Maybe "{near}"; there are {", ".join(DAYS)}')


Weekday = Annotated[int, BeforeValidator(_weekday), WithJsonSchema({"enum": list(DAYS)})]
Week = Annotated[
    dict[Weekday, Windows],
    WithJsonSchema({
        "type": "object",
        "propertyNames": {"enum": list(DAYS)},
        "additionalProperties": {"anyOf": [_WINDOW_SCHEMA, {"type": "array", "items": _WINDOW_SCHEMA}]},
    }),
]  # fmt: skip


def written_window(window: Window) -> str:
    """A window as the file writes it: (450, 1020) is "07:30-17:00"."""
    return "-".join(written_time(minutes) for minutes in window)


def written_time(minutes: int) -> str:
    """Wall minutes as "HH:MM"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def closed_dates(first: dt.date, last: dt.date) -> None:
    """Raises ValueError where the last date is before the first."""
    if last < first:
        raise ValueError(f"{first} to {last} ends before it starts. Maybe the two are swapped")
