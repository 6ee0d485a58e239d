"""What a sentence repeats word by word of a fact beside it is the fact's own, and claims nothing new."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.guard.doings import DENIED

_QUOTE = 4
"""Words in a row that a fact has too are its own."""


def unquoted(part: str, facts: Sequence[str]) -> str:
    """A part without what it repeats word by word of a fact beside it, where no not of its own stands before that."""
    told = [f" {' '.join(_in_order(fact))} " for fact in facts]
    found = list(re.finditer(r"[\w']+", part))
    at = 0
    while at + _QUOTE <= len(found):
        size = next(
            (
                n
                for n in range(len(found) - at, _QUOTE - 1, -1)
                if any(
                    f" {' '.join(each[0].casefold() for each in found[at : at + n])} " in one for one in told
                )
            ),
            0,
        )
        if size and not (at and DENIED.search(found[at - 1][0])):
            return unquoted(f"{part[: found[at].start()]} {part[found[at + size - 1].end() :]}", facts)
        at += 1
    return part


def _in_order(text: str) -> list[str]:
    return [each.casefold() for each in re.findall(r"[\w']+", text)]
