"""Which of the offers on the table a message points at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from assistant.models.offline.reading import Reading, positive
from assistant.models.offline.words import NUMBERS, ORDINALS


@dataclass(frozen=True)
class OnTable:
    """An offer shown in this conversation: its label, first wheels-in, room and surgeon."""

    label: str
    start: datetime
    room: str
    surgeon: str
    latest: bool
    """Whether it belongs to the newest list."""
    procedure: str = ""
    additional: tuple[str, ...] = ()

    @classmethod
    def of(cls, offer: dict[str, Any], latest: bool) -> OnTable:
        """From a tool result's offer."""
        case = offer["cases"][0]
        start, more = datetime.fromisoformat(case["start"]), tuple(case.get("additional_procedures") or ())
        return cls(offer["label"], start, case["room"], case["surgeon"], latest, case["procedure"], more)


_NUMBERED = re.compile(
    r"\b(?:the )?(?:number|no|option|offer|slot|choice) (?P<n>\d|one|two|three|four|five|six)\b"
)
_PLACE = re.compile(r"\b(?:the )?(?P<which>first|second|third|fourth|fifth|sixth|seventh|eighth|last"
    r"|earliest|earlier|latest"
                    r"|later|top|best|other|\d (?:st|nd|rd|th))(?P<noun> (?:one|ones|slot|option|offer"
                    r"|choice|opening|time))?\b")  # fmt: skip
_IT = re.compile(r"\b(?:it|that|this|them)(?: (?:one|slot|option|offer|time))?\b")


_ONLY_A_PLACE = re.compile(
    r"^(?:(?:ok|okay|yes|please|then|do|and|so|fine|no|maybe|actually) )*"
    r"the (?:first|second|third|fourth|fifth|last|earliest|other)(?: one| slot| option| offer| choice)?"
    r"(?: (?:please|pls|then|thanks))*$"
)
"""With offers on the table, "the 2nd" as the whole message is one of them, and no day of the month."""


def read_offers(r: Reading, table: Sequence[OnTable]) -> None:
    """Note the labels pointed at: by label, by number, by place in the newest list, by its time, or as "it"."""
    if not table:
        return
    found = [*_labels(r, table), *_first_two(r, table), *_numbers(r, table), *_places(r, table)]
    r.offers = tuple(dict.fromkeys(found))


def _labels(r: Reading, table: Sequence[OnTable]) -> list[str]:
    known, u, found = {offer.label.lower() for offer in table}, r.utterance, []
    for i in range(len(u.words) - 1):
        label = u.at(i) + u.at(i + 1)
        if u.free(i, i + 2) and u.glued(i + 1) and label in known:
            u.take(i, i + 2, "offer")
            found.append(label.upper())
    return found


def _numbers(r: Reading, table: Sequence[OnTable]) -> list[str]:
    newest, found = _newest(table), []
    for i, word in enumerate(r.utterance.words):
        if not word.taken and _is_place(r, i) and 1 <= int(word.text) <= len(newest):
            r.utterance.take(i, i + 1, "offer")
            found.append(newest[int(word.text) - 1].label)
    for match, i, j in r.utterance.find(_NUMBERED):
        place = NUMBERS.get(match["n"]) or int(match["n"])
        if 1 <= place <= len(newest):
            r.utterance.take(i, j, "offer")
            found.append(newest[place - 1].label)
    return found


def _is_place(r: Reading, i: int) -> bool:
    """ "#2", and "book 2" or "hold 3" as the whole message."""
    word = r.utterance.words[i]
    if not word.text.isdecimal() or len(word.text) > 1:
        return False
    if r.utterance.text[max(0, word.begin - 1) : word.begin] == "#":
        return True
    if len(r.utterance.words) == 1:
        return True
    return bool(r.cues & {"book", "hold"}) and len(r.utterance.words) <= 3 and i == len(r.utterance.words) - 1


def _places(r: Reading, table: Sequence[OnTable]) -> list[str]:
    newest, found = _newest(table), []
    whole = (len(r.utterance.left()) <= 4 or "compare" in r.cues) and not r.procedures
    alone = bool(_ONLY_A_PLACE.match(r.utterance.line()))
    for match, i, j in r.utterance.find(_PLACE):
        pointed = alone or match["noun"] or "book" in r.cues or "hold" in r.cues or "compare" in r.cues
        offer = _placed(match["which"], newest) if pointed and (whole or match["noun"]) else None
        if offer or alone:
            r.utterance.take(i, j, "offer")
            r.cues.add("book")  # "the other one" of three is asked about
        if offer:
            found.append(offer.label)
    return found


_BOTH = re.compile(r"\b(?:the )?(?:(?:first|top) (?:two|2)|both)(?: (?:of them|options|slots|offers))?(?!\S)")


def _first_two(r: Reading, table: Sequence[OnTable]) -> list[str]:
    newest = _newest(table)
    for _, i, j in r.utterance.find(_BOTH) if "compare" in r.cues and len(newest) > 1 else ():
        r.utterance.take(i, j, "offer")
        return [newest[0].label, newest[1].label]
    return []


def _newest(table: Sequence[OnTable]) -> list[OnTable]:
    return [offer for offer in table if offer.latest]


def _placed(which: str, newest: list[OnTable]) -> OnTable | None:
    by_time = sorted(newest, key=lambda offer: offer.start)
    if which in {"earliest", "earlier"}:
        return by_time[0]
    if which in {"latest", "later"}:
        return by_time[-1] if which == "latest" or len(by_time) == 2 else None
    if which in {"top", "best"}:
        return newest[0]
    if which in {"last", "other"}:
        return newest[-1] if which == "last" or len(newest) == 2 else None
    place = ORDINALS.get(which) or int(which.split(maxsplit=1)[0])
    return newest[place - 1] if 1 <= place <= len(newest) else None


_THE_ONE_AT = re.compile(
    r"^(?:(?:ok|okay|yes|please|then|can you|could you|lets|just) )*"
    r"(?P<doing>book|take|grab|schedule|reserve|hold) the\b"
)
"""Of what is on the table, as "book the 9am knee scope": an order for something new speaks of "a" case."""


def read_it(r: Reading, table: Sequence[OnTable]) -> None:
    """ "book it", "take the 10:30": settled last, once dates and the other ways of pointing are read."""
    newest = _newest(table)
    if not newest or r.offers:
        return
    named = _THE_ONE_AT.match(" ".join(word.text for word in r.utterance.words))
    if named and r.when and r.when.exact_start and any(_at(each, r.when.exact_start, r) for each in newest):
        r.cues.add("hold" if named["doing"] == "hold" else "book")
    if not r.cues & {"book", "hold"}:
        return
    if r.when and (r.when.exact_start or r.when.single_day):
        r.offers = tuple(offer.label for offer in newest if _at(offer, r.when.exact_start, r))
        if not r.offers and any(_at(offer, r.when.exact_start, r, whoever=True) for offer in newest):
            r.cues -= {"book", "hold"}  # "book the 9am with Garcia", of which none is his: another search
        return
    pointed = [(i, j) for _, i, j in r.utterance.find(_IT)]
    for i, j in pointed:
        r.utterance.take(i, j, "offer")
    if len(newest) == 1 or pointed:
        r.offers = tuple(offer.label for offer in newest)


def _at(offer: OnTable, at: time | None, r: Reading, *, whoever: bool = False) -> bool:
    """Whether an offer is the one at that hour, on that day, by that surgeon and in that room, where they are said."""
    for mentions, own in () if whoever else ((r.surgeons, offer.surgeon), (r.rooms, offer.room)):
        if positive(mentions) and all(own not in mention.ids for mention in positive(mentions)):
            return False
    day = r.when.single_day if r.when and r.when.has_days else None
    return (at is None or offer.start.time() == at) and (day is None or offer.start.date() == day)
