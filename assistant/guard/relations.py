"""What a reply says of several things at once: which comes first, which is better, what is the same.

Each is computed again from the offers themselves, so that true markers can't be put into a false order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.guard.citing import CITED, Cited, values
from assistant.guard.literals import number
from assistant.guard.vocabulary import Known

Offers = Mapping[str, Mapping[str, Any]]

_PART = re.compile(
    r"[;,]\s+|(?<!\bDr)[.!]\s|\n|\s(?:and|while|but|whereas|then)\s(?=[^,;]*\b(?:is|are|starts?|ranks?"
    r"|comes)\b|\W*the\b)"
)
_QUALIFIED = re.compile(
    r"\b(?:afternoons?|mornings?|evenings?|if|unless|when|suits?|for you|alternatives?"
    r"|next (?:one|is|best)|days|way|fix|change|reason|rather than)\b",
    re.IGNORECASE,
)
_ORDERS: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    (re.compile(
        r"\b(?:earliest|soonest|starts? first|first (?:opening|available|possible))\b", re.IGNORECASE), "start", False),
    (re.compile(r"\blatest\b|\blast (?:one|slot|opening|option|choice|of)\b", re.IGNORECASE), "start", True),
    (
        re.compile(
            r"\b(?:nearest|closest) (?:day|one|slot|alternative|option|choice)\b|\b(?:top|best"
            r"|highest)[\s-](?:ranked|ranking|choice|option|slot|one)\b"
            r"|\branks? (?:first|highest|best|top)\b"
            r"|\bis (?:the )?(?:best|top-ranked|highest)\b",
            re.IGNORECASE,
        ),
        "rank",
        False,
    ),
)  # fmt: skip
_SAME = re.compile(r"\b(?:the )?(same|different) (days?|dates?|times?|rooms?|surgeons?)\b", re.IGNORECASE)
_SAME_START = re.compile(r"\b(?:start|end|are)s? at the same time\b", re.IGNORECASE)
_ALL_OF = re.compile(r"\b(?:all|both|each|they|these)\b", re.IGNORECASE)
_ALIKE = re.compile(
    r"\b(?:are|'re|is) (?:all |both |exactly |just |about )*(?:the same|identical|equal|tied)\W*$",
    re.IGNORECASE,
)
_ABOVE = re.compile(r"\b([A-Z]\d+) ranks above ([A-Z]\d+)\b")
_BETTER = re.compile(
    r"\b(?:better|higher|ahead|above|preferred|wins?|best|stronger|first choice)\b", re.IGNORECASE
)
_WORSE = re.compile(r"\b(?:worse|lower|behind|below|loses|second choice)\b", re.IGNORECASE)
_ORDINALS = {
    "1": r"\bfirst\b|\bformer\b",
    "2": r"\bsecond\b|\blatter\b",
    "3": r"\bthird\b",
    "4": r"\bfourth\b",
}


def misordered(sentence: Cited, offers: Offers, known: Known) -> Iterator[str]:
    """Relations between offers that don't hold, each in a sentence that a model can act on."""
    told = known.told
    sentence = replace(sentence, text=_pointed(sentence.text, offers))
    if sentence.text.endswith("?"):
        return
    if "[[fact:" in sentence.text and re.search(r"\b(?:longest|shortest|biggest|smallest)\b", sentence.text):
        yield "which is longest is no tool's word. Maybe cite the [[fact:...]] alone"
    if (
        _misplaced(sentence.text, offers, known)
        or _turned(sentence, told)
        or _out_of_turn(sentence.text, told)
    ):
        yield "the order isn't so. Maybe cite the offer that comes first, or leave the order out"
    if _lesser(sentence.text, told) or _mistimed(sentence.text, offers, told):
        yield "the comparison says otherwise. Maybe cite its [[fact:...]] alone"
    if _unlike(sentence, offers, told):
        yield "they aren't alike in that. Maybe cite them without comparing"
    if _against_trial(sentence, told):
        yield "the what-if says otherwise. Maybe cite its [[fact:...]] alone"
    if _untimely(sentence.text, offers):
        yield "that isn't when the offer is. Maybe cite it alone"


_LABEL = re.compile(r"(?<![\w:\[])([A-Z]\d{1,2})(?![\w\]])")


def _pointed(text: str, offers: Offers) -> str:
    """A text in which a bare label points as a marker does."""
    return _LABEL.sub(lambda found: f"[[offer:{found[1]}]]" if found[1] in offers else found[0], text)


_APPOSED = re.compile(r"\W*(?:the|which|so|also|it|it's|and|therefore)\b", re.IGNORECASE)
"""How a part goes on about the offer before it."""


def _misplaced(text: str, offers: Offers, known: Known) -> bool:
    labels: list[str] = []
    for part in _PART.split(text):
        own = [label for label in re.findall(r"\[\[offer:([A-Za-z0-9-]+)\]\]", part) if label in offers]
        labels = own or (labels if _APPOSED.match(part) else [])
        if not labels or _QUALIFIED.search(CITED.sub(" ", part)):
            continue
        named = values(CITED.sub(" ", part), known.staff)
        among = [
            label for label in offers if named <= values(known.slots.get(f"offer:{label}", ""), known.staff)
        ]
        for words, key, last in _ORDERS:
            if words.search(part) and not set(labels) & _extreme(labels[0], offers, among, key, last):
                return True
    return any(_later(found, offers) for found in _COMES.finditer(text))


def _extreme(label: str, offers: Offers, among: Sequence[str], key: str, last: bool) -> set[str]:
    """Of the offers found together with one, and like it in what is named, those that come first (or last)."""
    group = {
        each: _value(offers[each], key)
        for each in offers
        if each[:1] == label[:1] and each in [*among, label]
    }
    edge = (max if last else min)(group.values())
    return {each for each, value in group.items() if value == edge}


_COMES = re.compile(
    r"\[\[offer:([A-Za-z0-9-]+)\]\][^\[]*[;,][^\[]*\[\[offer:([A-Za-z0-9-]+)\]\] (?:is|comes|starts|falls"
    r"|follows) (?:\w+ )?(later|earlier|sooner)\b"
)


def _later(found: re.Match[str], offers: Offers) -> bool:
    """Whether the second of two offers is said to come later, or earlier, and doesn't."""
    one, two = (_value(offers.get(found[at]) or {}, "start") for at in (1, 2))
    return bool(one and two) and (two > one) != (found[3] == "later")


def _value(offer: Mapping[str, Any], key: str) -> Any:
    return offer.get("rank", 0) if key == "rank" else str((offer.get("cases") or [{}])[0].get("start", ""))


_CASE = re.compile(r"(\w+ \w+ \d+), (\d+:\d\d(?: [AP]M)?) to [^,]+, ([^:]+): (?!Closed|.*'s block$)")
_FIRST_CASE = re.compile(r"\b(first|last) case\b|\bcase\b[^.;]{0,20}\b(first|last)\b", re.IGNORECASE)


def _out_of_turn(text: str, told: Mapping[str, str]) -> bool:
    """Whether a case is called a room's first or last of the day and isn't."""
    lines = {mark: found for mark, each in told.items() if (found := _CASE.match(each)) and "\n" not in each}
    for part in _PART.split(text):
        word, marks = _FIRST_CASE.search(part), [m[2:-2] for m in re.findall(r"\[\[fact:[^\]]*\]\]", part)]
        mine = [mark for mark in marks if mark in lines]
        if not word or not mine:
            continue
        place = lines[mine[0]].group(1, 3)
        same = [mark for mark, found in lines.items() if found.group(1, 3) == place]
        if same[0 if (word[1] or word[2]).lower() == "first" else -1] not in mine:
            return True
    return False


def _turned(sentence: Cited, told: Mapping[str, str]) -> bool:
    """Whether the lower of two compared offers is called the better one."""
    for high, low in {pair for mark in sentence.marks for pair in _ABOVE.findall(told.get(mark, ""))}:
        text = re.sub(r"\[\[fact:[^\]]*\]\]", ".", sentence.text)
        for word, wrong, right in ((_BETTER, low, high), (_WORSE, high, low)):
            found = word.search(text)
            before = text[: found.start()] if found else ""
            at, other = _at(before, wrong), _at(before, right)
            if found and at > other and not re.search(r"\bnot\b|n't\b", before[at:]):
                return True
    return False


_CALLED = re.compile(
    r"\[\[offer:([A-Za-z0-9-]+)\]\]\s+(?:is|ranks|comes|would be|looks|seems)\b(?!n't| not)[^.;,\[]*"
    r"\b(?:better|best|higher|top|preferable|ahead|preferred)\b",
    re.IGNORECASE,
)


def _lesser(text: str, told: Mapping[str, str]) -> bool:
    """Whether an offer that a comparison put below another is called the better one."""
    pairs = {pair for each in told.values() for pair in _ABOVE.findall(each)}
    return any(
        label in {low for _, low in pairs} - {high for high, _ in pairs} for label in _CALLED.findall(text)
    )


_TIMED = re.compile(
    r"\[\[offer:([A-Za-z0-9-]+)\]\] (?:is|starts|comes|falls)\b(?!n't| not)[^.;,\[]*\b(earlier|later"
    r"|sooner)\b",
    re.IGNORECASE,
)


def _mistimed(text: str, offers: Offers, told: Mapping[str, str]) -> bool:
    """Whether the later of two compared offers is called the earlier one."""
    pairs = {pair for each in told.values() for pair in _ABOVE.findall(each)}
    for label, word in _TIMED.findall(text):
        others = {one for pair in pairs if label in pair for one in pair} - {label}
        starts = [_value(offers[each], "start") for each in (label, *others) if each in offers]
        if len(starts) == 2 and (starts[0] > starts[1]) != (word.lower() == "later"):
            return True
    return False


def _at(text: str, label: str) -> int:
    """Where an offer is spoken of last, by its label or its place; -1 where it isn't."""
    place = _ORDINALS.get(label[1:], r"(?!)")
    return max(
        (found.start() for found in re.finditer(rf"\b{label}\b|{place}", text, re.IGNORECASE)), default=-1
    )


def _unlike(sentence: Cited, offers: Offers, told: Mapping[str, str]) -> bool:
    bare = CITED.sub(" ", sentence.text)
    if _SAME_START.search(bare) and len({_value(each, "start") for each in offers.values()}) > 1:
        return True
    if _ALIKE.search(bare) and not any("tie" in told.get(mark, "") for mark in sentence.marks):
        return True
    labels = [mark.partition(":")[2] for mark in sentence.own if mark.startswith("offer:")]
    if len(labels) == 1 and _ALL_OF.search(bare):
        labels = [label for label in offers if label[:1] == labels[0][:1]]
    shown = [offers[label] for label in labels if label in offers]
    if len(shown) < 2:
        return False
    for found in _SAME.finditer(bare):
        seen = {_WHAT[found[2].lower().rstrip("s")](offer) for offer in shown}
        alike = (
            len(seen) == 1
            if found[1].lower() == "same"
            else len(seen) < (len(shown) if "each" in bare else 2)
        )
        if alike != (found[1].lower() == "same"):
            return True
    return False


def _of_case(key: str, cut: slice) -> Callable[[Mapping[str, Any]], str]:
    return lambda offer: str((offer.get("cases") or [{}])[0].get(key, ""))[cut]


_WHAT: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "day": _of_case("start", slice(0, 10)),
    "date": _of_case("start", slice(0, 10)),
    "time": _of_case("start", slice(11, 16)),
    "room": _of_case("room", slice(None)),
    "surgeon": _of_case("surgeon", slice(None)),
}


_OFFER = r"\[\[offer:([A-Za-z0-9-]+)\]\]"
_BEFORE = re.compile(
    rf"{_OFFER}\s+(?:\w+ ){{0,2}}(before|after|earlier than|later than|ahead of) {_OFFER}", re.IGNORECASE
)
_BESIDE = re.compile(
    rf"\b(?:right|directly|immediately|straight) (?:after|before) {_OFFER}"
    r"|\]\] will (?!be (?:a|an|on|ready|checked|verified)\b)"
)
"""What no tool computes of two offers, or of one to come."""
_HALVES = re.compile(
    r"\b(all|both|each|every|none|neither|they|these|those|most|some|two|three|four|five|one)(?:'re)?\b"
    r"(?: (?:of|the|them|these|those|ones?|slots?|options?|two|three|four|five|openings?|choices?|is|are"
    r"|starts?|falls?"
    r"|all|both)\b)*"
    r" (?:in|during) the (?:early |late )?(morning|afternoon)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    rf"{_OFFER}[^.;]{{0,20}}\b(?:only|last) (?:remaining )?(?:choice|option|possibility|opening|slot"
    rf"|alternative|way|one)\b"
    rf"|\bonly (?:remaining )?(?:choice|option|possibility|opening|slot)\b[^.;]{{0,12}}{_OFFER}",
    re.IGNORECASE,
)
_GONE = re.compile(
    rf"{_OFFER}\s+(?:is|was|has been|got|'s)(?: \w+)? (?:taken|gone|filled|full)\b", re.IGNORECASE
)


def _untimely(text: str, offers: Offers) -> bool:
    """Whether an offer is put before another, in a half of the day, or alone, and isn't."""
    for one, two in re.findall(
        rf"{_OFFER}\s+(?:\w+ )?ranks? (?:\w+ )?(?:above|ahead of|before|higher than) {_OFFER}", text
    ):
        if one in offers and two in offers and _value(offers[one], "rank") > _value(offers[two], "rank"):
            return True
    start = {label: str(_value(offer, "start")) for label, offer in offers.items()}
    for one, word, two in _BEFORE.findall(text):
        if one in start and two in start and word.lower() != "ahead of":
            earlier = word.lower() in ("before", "earlier than")
            if (start[one] < start[two]) != earlier:
                return True
    if _BESIDE.search(text) or any(not _spread(found, text, start) for found in _HALVES.finditer(text)):
        return True
    alone = [found[1] or found[2] for found in _ONLY.finditer(text) if "in the" not in found[0]]
    return bool(_GONE.search(text)) or any(
        sum(each[:1] == label[:1] for each in offers) > 1 for label in alone
    )


def _against_trial(sentence: Cited, told: Mapping[str, str]) -> bool:
    """Whether a what-if is said to give more slots, or no more, and its own counts say otherwise."""
    said = CITED.sub(" ", sentence.text)
    for then, now in {pair for mark in sentence.marks for pair in _TRIED.findall(told.get(mark, ""))}:
        gained = _counted(then) > _counted(now)
        denied = _NO_GAIN.search(said)
        if (denied and gained) or (not denied and _GAIN.search(said) and not gained):
            return True
    return False


def _counted(words: str) -> int:
    return number(words) if words.isdecimal() else 0


_TRIED = re.compile(r"\b(\d+|no) slots? then, (\d+|no) slots? now")
_GAIN = re.compile(
    r"\b(?:opens?|opened|adds?|gives?|gets?|gains?|creates?|frees?|get|gain|be)\b[^.;]{0,20}"
    r"\b(?:more|extra|additional|another|new)\b"
    r"|\b(?:helps|would help|makes? a difference|pays? off|worth it)\b",
    re.IGNORECASE,
)
_NO_GAIN = re.compile(
    r"\b(?:no|not|nothing|wouldn't|won't|doesn't|isn't|same|without|never|hardly|neither)\b", re.IGNORECASE
)


def _spread(found: re.Match[str], text: str, start: Mapping[str, str]) -> bool:
    """Whether as many offers as are said are in that half of the day: of those cited there, or of all."""
    cited = [label for label in re.findall(_OFFER, text) if label in start]
    halves = [start[label][11:13] < "12" for label in cited or start]
    return _holds(found[1].lower(), halves.count(found[2].lower() == "morning"), len(halves))


def _holds(word: str, count: int, total: int) -> bool:
    """Whether a word for how many is true of a count among a total; any that is not listed means all."""
    if word in ("none", "neither"):
        return not count
    if word in ("most", "some"):
        return 2 * count > total if word == "most" else 0 < count < total
    return count == (number(word) or total)
