"""What a reply says of the clinic beyond any result, and who may grant what: hearsay, whichever true marker is near.

A marker that ends its own sentence speaks for nothing after it. What a condition supposes is not said; a reason is made
of the words of the result that gives it; who may grant a change is whom the way that opens a slot names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from assistant import assertions
from assistant.citing import CITED, EXAMPLE, Cited, repeats
from assistant.kinds import KINDS, ROOMS, Kind
from assistant.phrases import CONDITION
from assistant.vocabulary import Known, of_us, stem, words

_RENDERED = re.compile(r"(?<=\]\])\s+(?=[A-Z])")
"""Where a marker ends a sentence of its own: what follows has no marker within it."""


def hearsay(cited: Sequence[Cited], known: Known) -> Iterator[str]:
    """What a reply says that no result says, each in a sentence that a model can act on."""
    for sentence in cited:
        said = EXAMPLE.sub(" ", assertions.stated(CITED.sub(" [[]] ", sentence.text).strip()))
        beside = known.beside(sentence.marks)
        for whole in _RENDERED.split(said):
            yield from _of_kinds(whole, words(beside))
            if "[[" not in whole:
                yield from _of_reasons(whole, beside, known)
                yield from _of_the_world(whole, beside, known)
        yield from _of_authority(said, sentence, known)
        if _ROOMS_HAVE.search(said) and re.search(r"\bOnly OR \d+ has\b", beside):
            yield "the fact beside it says which room alone has it. Maybe leave the others out"


@cache
def _worldly() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "worldly.txt").read_text(encoding="utf-8").split())


def _of_the_world(said: str, beside: str, known: Known) -> Iterator[str]:
    """Words that a sentence with a marker may use, and that tell of the clinic where it has none (worldly.txt)."""
    if repeats(said):
        return
    theirs = {stem(word) for word in words(f"{beside} {known.heard}") | known.staff}
    used = {word for part in of_us(said, ours=False) for word in words(part)} & _worldly()
    if news := sorted(word for word in used if stem(word) not in theirs):
        told = ", ".join(map(repr, news[:4]))
        yield f"{told}: no marker says so. Maybe cite the [[fact:...]] that does, or leave it out"


_THEN = r"(?=\b(?:they|he|she|we)(?:'ll| will)\b)"
"""Where a condition ends that has no comma."""


def _of_kinds(whole: str, told: set[str]) -> Iterator[str]:
    marked = "[[" in whole
    for part in _parts(whole):
        yield from (kind.fault for kind in KINDS if _betrays(kind, part, told, marked))


def _parts(said: str) -> Iterator[str]:
    """The parts of a statement that say something: what a condition supposes is not said."""
    for part in re.split(r"[;\u2014]|,\s(?=(?:and|but|so)\b)", said):
        rest = re.sub(rf"^\W*(?:\w+ )?{CONDITION}[^,]*?(?:,|$|{_THEN})", " ", part, flags=re.IGNORECASE)
        yield re.sub(r"\b(?:if|unless|whether)\b[^,]*", " ", rest, flags=re.IGNORECASE)


def _betrays(kind: Kind, part: str, told: set[str], marked: bool) -> bool:
    if (marked and kind.alone) or not (found := kind.said.search(part)):
        return False
    return not kind.honest.search(part) and not words(found[0]) <= told


_BECAUSE = re.compile(
    r"\b(?:because|due to|owing to|(?:reason|cause|problem|issue|obstacle|trouble|snag)s? (?:is|was|being|lies)"
    r"(?: that)?)\b(?! (?:i|you|we)\b)((?:[^.;]|(?<=Dr)\.)*)",
    re.IGNORECASE,
)
_LONE = re.compile(
    r"\b(?:just|only|the only|a single|the single) (?:one )?(?:\w+ )?"
    r"(?:reason|problem|obstacle|issue|conflict|hurdle|thing)\b",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    re.findall(
        r"\S+",
        "a an the this that these those it its he she they his her their there here of in on at to for from by with "
        "as and or but so too also just only simply simple than then is are was were be been isn't aren't wasn't "
        "doesn't don't has have hasn't no not any all both each one ones above below first second third last next "
        "previous same right straight start starts starting earlier earliest sooner soonest later latest rank ranks "
        "ranked highest higher lower before after case slot slots option choice offer offers request day days date "
        "dates time scheduled surgeon room equipment week",
    )
)
"""Words of which a reason may be made beside those of the result that gives it."""


def _of_reasons(said: str, beside: str, known: Known) -> Iterator[str]:
    found = _BECAUSE.search(said)
    mine = words(found[1]) - _PLAIN if found else set()
    theirs = {stem(word) for word in words(f"{beside} {known.heard}") | known.staff}
    if any(stem(word) not in theirs for word in mine):
        yield "the reason is a tool's word. Maybe cite the [[fact:...]] that gives it"
    if _LONE.search(said) and _reasons(known) > 1:
        yield "there is more than one. Maybe cite each [[fact:...]]"


def _reasons(known: Known) -> int:
    """How many reasons a conversation's tools gave."""
    facts = (told for mark, told in known.told.items() if mark.startswith("fact:"))
    return sum("no slot" not in told and "can't be booked" not in told for told in facts)


_ROLE = re.compile(
    r"\b(director|charge nurse|nurse|manager|administrator|admin|scheduler|surgeon|owner|anesthesiologist|anyone"
    r"|anybody|everyone)s?\b",
    re.IGNORECASE,
)
_GRANTS = re.compile(
    r"\b(?:grant|approv|overrid|overrul|authori[sz]|sign[- ]?off|allow|permit|chang|waiv|confirm|decid|agree|lift)\w*",
    re.IGNORECASE,
)
_BARRED = re.compile(
    r"\b(?:even|not|no|nobody|no one|only|never)\b[^.;]{0,40}\b(?:can|could|may|would|to)\b"
    r"|(?:can|could|may|would)(?:n't|not| not)\b|\bno (?:way|need)\b|\bisn't (?:needed|necessary|required)\b",
    re.IGNORECASE,
)
_GRANTED = re.compile(r"To be granted by: ([a-z ]+)")
_ROOMS_HAVE = re.compile(
    rf"\b(?:other|all|both|every|each|most|two|three) (?:of )?(?:the )?(?:other )?{ROOMS}\b[^.;]{{0,20}}"
    r"\b(?:have|has|with)\b",
    re.IGNORECASE,
)


def _of_authority(said: str, sentence: Cited, known: Known) -> Iterator[str]:
    """Who may grant a change is said by the way that opens a slot, and nobody says that there is none who may."""
    if not (_ROLE.search(said) and _GRANTS.search(said)) or re.match(
        rf"^\W*{CONDITION}", said, re.IGNORECASE
    ):
        return
    near = _GRANTED.findall(known.beside(sentence.own)) or _GRANTED.findall(known.beside(sentence.marks))
    granted = " ".join(near or _GRANTED.findall(" ".join(known.told.values())))
    verdicts = {proof.verdict for proof in sentence.proofs}
    if _BARRED.search(said) and "none" in verdicts:
        yield "who may not grant a change is no tool's word. Maybe leave it out"
        return
    unnamed = any(found[1].lower() not in granted for found in _ROLE.finditer(said))
    if unnamed and (granted or (verdicts and verdicts <= {"none", "found", "other"})):
        yield "who may grant that is said by its [[fact:...]]. Maybe cite the one that does"
