"""Logs as JSON lines that can't carry a patient: keys are allow-listed, and a fault is told by type and place alone.

A traceback with values, or a message made of them, travels further than the record it came from.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

ALLOWED = frozenset({
    "action", "at", "call", "conversation", "error", "event", "faults", "kind", "level", "method", "milliseconds",
    "model", "path", "proposal", "revision", "route", "rule", "stage", "status", "timestamp", "tokens_read",
    "cost_micros", "tokens_written", "tool", "turn",
})  # fmt: skip
"""Keys that may be logged; anything else is dropped, and its name is listed under "dropped"."""

Event = MutableMapping[str, Any]


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """One JSON object a line on `stream` (stderr); libraries speak from WARNING up, without their own formats."""
    out = stream or sys.stderr
    logging.basicConfig(
        stream=out, level=max(level, logging.WARNING), format="%(levelname)s %(name)s", force=True
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            fault_without_values,
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


def fault_without_values(_: object, __: str, event: Event) -> Event:
    """An exception as its type and where it was raised, innermost last; never its message or its locals."""
    told = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(fault, BaseException):
        event["error"] = type(fault).__name__
        event["at"] = where(fault)
    return event


def only_allowed(_: object, __: str, event: Event) -> Event:
    """The event without the keys that nobody has vouched for."""
    dropped = sorted(set(event) - ALLOWED)
    kept = {key: value for key, value in event.items() if key in ALLOWED}
    return kept | ({"dropped": dropped} if dropped else {})


def where(fault: BaseException) -> str:
    """Where a fault was raised, the last four calls, innermost last: "module:function:line > ..."."""
    return " > ".join(_places(fault.__traceback__)[-4:])


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__", "?")
        places.append(f"{module}:{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places
