"""What the interpreter remembers from one message to the next, carried in the history as a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.models.offline.offers import OnTable
from assistant.models.offline.reading import Choice, Issue, Patch
from assistant.models.protocol import Message, NoteBlock

SPEAKER = "offline"


@dataclass
class State:
    """`frame` is the last request's fields; `pending` are questions not yet answered, the first one asked."""

    frame: Patch = field(default_factory=dict)
    wished: Patch = field(default_factory=dict)
    """Wishes laid over the frame first, and dropped when nothing fits."""
    said: list[str] = field(default_factory=list)
    pending: list[Issue] = field(default_factory=list)
    draft: Patch = field(default_factory=dict)
    """The fields of the request that waits for an answer."""
    board: Patch = field(default_factory=dict)
    """What the last board that was shown was of: days, room and surgeon."""
    doing: str = ""
    """The intent under way, until its reply is written."""

    def note(self) -> NoteBlock:
        """The state as a block of the history."""
        return NoteBlock(speaker=SPEAKER, data=asdict(self))

    @classmethod
    def of(cls, messages: Sequence[Message]) -> State:
        """The state as it was last noted; empty at the start, or after another speaker's turns were trimmed."""
        for message in reversed(messages):
            for block in message.content:
                if isinstance(block, NoteBlock) and block.speaker == SPEAKER:
                    return cls._read(block.data)
        return cls()

    @classmethod
    def _read(cls, data: dict[str, Any]) -> State:
        pending = [
            Issue(each["slot"], each["text"], tuple(Choice(**choice) for choice in each["choices"]))
            for each in data["pending"]
        ]
        return cls(**{**data, "pending": pending})


def table_of(messages: Sequence[Message]) -> tuple[OnTable, ...]:
    """Every offer shown in the history, those of the newest list marked."""
    lists: list[list[dict[str, Any]]] = []
    for message in messages:
        for result in message.results():
            found = result.data().get("result") or {}
            near = [alternative["offer"] for alternative in found.get("alternatives") or ()]
            shown = [*(found.get("offers") or ()), *([found["offer"]] if found.get("offer") else ()), *near]
            if shown:
                lists.append(shown)
    newest = len(lists) - 1
    return tuple(OnTable.of(offer, k == newest) for k, shown in enumerate(lists) for offer in shown)
