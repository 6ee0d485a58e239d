"""The words in a request's body, whichever way they are wrapped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any


def strings(value: Any) -> Iterable[str]:
    """Every string in a JSON value; a string that is JSON itself is read as well."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            inner = inner_of(each)
            if inner is None:
                yield each
            else:
                waiting.append(inner)
        elif isinstance(each, Mapping):
            waiting += [str(key) for key in each]
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each


def inner_of(text: str) -> Any:
    """What a text holds as JSON; None where it is none."""
    if text[:1] not in "{[":
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # what somebody types may be brackets without end
        return None
