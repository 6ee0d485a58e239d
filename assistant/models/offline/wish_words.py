"""Words that make a wish of what stands beside them, and what that is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.models.offline.reading import Reading
from assistant.models.offline.words import SAFE_FILLERS

WISH = re.compile(r"\b(?:if (?:at all )?possible|if (?:it is )?available|if (?:you|we) can|when possible"
    r"|if open|if free"
                   r"|preferably|ideally|(?<!no )(?<!strong )(?<!particular )(?<!real )prefer(?:red|s|ence)?"
                   r"(?: for| is)?"
                   r"|pref|would prefer|hopefully"
                   r"|would be (?:nice|great|ideal"
                   r"|best|good)|id like|best|(?:would )?like(?: to have)?)(?!\S)")  # fmt: skip
LEADING = ("prefer", "ideal", "would prefer", "hope", "pref")
_OTHER_THINGS = frozenset({"room", "surgeon", "position", "anesthesia", "equipment"})


def beside_other_things(r: Reading) -> Iterator[tuple[int, int]]:
    """The words of wishes whose nearest thing is no time: "ideally first case, on Monday" wishes for no Monday."""
    for match, i, j in r.utterance.find(WISH):
        kind = kind_beside(r, j, 1) if match[0].startswith(LEADING) else kind_beside(r, i - 1, -1)
        if kind in _OTHER_THINGS:
            yield i, j


def kind_beside(r: Reading, k: int, step: int) -> str:
    """What the nearest word from `k` on in that direction was taken as, small words passed over; "" for none."""
    words = r.utterance.words
    while 0 <= k < len(words) and not words[k].taken and words[k].text in SAFE_FILLERS:
        k += step
    return words[k].taken if 0 <= k < len(words) else ""
