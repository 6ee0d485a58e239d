"""What a model may refer to: cases and blocks that this conversation has shown, and errors that people may read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.models.protocol import Message, TextBlock, ToolResultBlock, ToolUseBlock
from tools.errors import ToolError

FIELDS = frozenset({"case", "block", "replaces", "after_case"})
"""Fields of calls that name what stands on the book."""
_ID = re.compile(r"[\w.:-]{1,60}|")
_ECHOED = 30
"""Signs by which a repeated text is known; errors cut long ones."""


def foreign(given: Mapping[str, Any], said: Iterable[Message]) -> None:
    """Raises `ToolError("unknown")` for an id that neither a result nor the user has named in this conversation."""
    named = list(_named(given))
    told = [text for message in said if named for text in _told(message)]
    for name, value in named:
        form = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])", re.IGNORECASE)
        if not any(form.search(text) for text in told):
            raise ToolError(
                "unknown",
                f"{name} {value[:60]!r} is from no result of this conversation. Maybe look it up with get_schedule.",
                name,
            )


def _named(given: Any) -> Iterator[tuple[str, str]]:
    if isinstance(given, Mapping):
        for key, part in given.items():
            if key in FIELDS and isinstance(part, str):
                yield key, part
            else:
                yield from _named(part)
    elif isinstance(given, list):
        for part in given:
            yield from _named(part)


def _told(message: Message) -> Iterator[str]:
    """The words of a message that aren't the model's own."""
    for block in message.content:
        if isinstance(block, ToolResultBlock) and not block.is_error:
            yield block.content
        elif isinstance(block, TextBlock) and message.role == "user":
            yield block.text


def readable(error: str, use: ToolUseBlock, words: str) -> bool:
    """Whether an error may be shown to a person: what it repeats is an id, or the user's own, and no model's prose."""
    heard, said = words.casefold(), error.casefold()
    for text in (use.name, *_strings(use.input)):
        low = text.casefold()
        if (
            not _ID.fullmatch(text)
            and low not in heard
            and (low[:_ECHOED] in said or repr(low)[1:_ECHOED] in said)
        ):
            return False
    return True


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from map(str, value)
        yield from (text for part in value.values() for text in _strings(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _strings(part))
