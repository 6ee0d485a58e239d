"""What a reply may say: facts as markers that the server renders, and in a model's own words what somebody vouches for.

`[[offer:A1]]` and `[[fact:F3]]` are replaced whole, in one pass, from this conversation's tool results, so a marker
inside a record or in a user's text is inert. A sentence that says more than its markers prove is left out, and they
stay; a reply of which nothing is left, or that can't be read, is sent back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant import facts
from assistant.facts import Names
from assistant.guard import citing, relations, statements, traits, vocabulary, vouching
from assistant.guard.assertions import sentences, stated
from assistant.guard.book import FactBook
from assistant.guard.citing import Cited
from assistant.guard.legible import illegible, plain
from assistant.guard.literals import Literal_, literals, unsaid
from assistant.guard.particulars import unfounded
from assistant.guard.vocabulary import Known
from assistant.guard.vouching import Vouched

_MARKER = re.compile(r"\[\[(offer|fact):([A-Za-z0-9-]{1,20})\]\]")


def problems(text: str, book: FactBook, staff: frozenset[str] = frozenset()) -> list[str]:
    """Why nothing of a reply may be shown, in words that a model can act on; empty when it is read by the sentence.

    It can't be read, cites what isn't there, says yes to a question by itself, or says that something was done.
    `staff` are the clinic's surnames.
    """
    said = plain(text)
    found = [*illegible(text, book.words), *_foreign_markers(said, book)]
    if book.words.rstrip().endswith("?") and _ASSENT.fullmatch(said):
        found.append("it says yes to a question without proof. Maybe cite the [[fact:...]] that answers")
    deeds = (each for piece, _ in citing.pieces(said, book.proofs) for each in citing.deeds(piece, staff))
    return list(dict.fromkeys([*found, *deeds]))


def vouched(text: str, book: FactBook, staff: frozenset[str] = frozenset(), ours: bool = False) -> Vouched:
    """What is shown of a reply without `problems`: a sentence that nobody vouches for is left out.

    What is `ours` was written by the built-in interpreter: its words are those of its templates.
    """
    known, said = book.known(staff), plain(text)
    pieces = list(citing.pieces(said, book.proofs, whole=ours))
    shown = sorted({mark for piece, _ in pieces for mark in piece.own})
    before = ["", *(piece.text for piece, _ in pieces)]
    doubts = [
        [
            *_ungrounded(piece, earlier, book, known, shown),
            *(() if ours else _unvouched(piece, book, known, shown)),
        ]
        for (piece, _), earlier in zip(pieces, before, strict=False)
    ]
    left = vouching.without(text, said, pieces, doubts)
    return Vouched("", left.doubts) if left.doubts and problems(left.text, book, staff) else left


def _ungrounded(
    piece: Cited, before: str, book: FactBook, known: Known, shown: Sequence[str]
) -> Iterator[str]:
    """What a sentence says of slots, people and amounts without proof."""
    for kind, value in sorted(unsaid(_written(piece.text, book), book.allowed)):
        yield f"the {kind} {value!r} is written out. Maybe cite it as [[offer:...]] or [[fact:...]]"
    yield from citing.unproven(_by_day(piece, book), known.staff, before)
    heard = f"{book.words} {known.beside(shown)}"
    yield from unfounded(_MARKER.sub("[[fact]]", piece.text), heard, known.staff)


def _unvouched(piece: Cited, book: FactBook, known: Known, shown: Sequence[str]) -> Iterator[str]:
    """What else a model's own sentence says: names and counts, what is said of offers, and of the world."""
    yield from vocabulary.strangers(_MARKER.sub(" . ", piece.text), known.everything(), known.staff)
    yield from vocabulary.miscounted(piece, known, shown)
    yield from relations.misordered(piece, book.offers, known)
    yield from traits.untrue(piece, book.offers, known)
    yield from statements.unvouched(piece, known)


def _by_day(piece: Cited, book: FactBook) -> Cited:
    """A sentence in which the user's own "today" or "tomorrow" names the day that was asked about."""
    spoken = [day for day in ("today", "tomorrow") if ("weekday", day) in book.allowed]
    day = re.compile(rf"\b(?:{'|'.join(spoken)})\b", re.IGNORECASE)
    return replace(piece, text=day.sub("that day", piece.text)) if spoken else piece


_SEEKS = re.compile(
    r"\b(?:look|search|check|try|test|include|consider|mean|meant|prefer|rather|widen|extend"
    r"|help)\b",
    re.IGNORECASE,
)
_SUITS = re.compile(r"\b(?:work|suit|do|instead)\b", re.IGNORECASE)


_BOUND = re.compile(
    r"\b(?:before|after|from|past|by|until) (?:noon|midday)\b(?: on\b)?|\bif (?:you(?:'d)? |it |the )[^.;\[]*",
    re.IGNORECASE,
)
"""A half of the day, which is checked as one, and what is only supposed."""


def _written(text: str, book: FactBook) -> set[Literal_]:
    """What is written out; a question whether to look at another day says nothing of that day.

    A room or a day that a marker within the sentence names may stand before it; a time never does.
    """
    found: set[Literal_] = set()
    for whole in sentences(text):
        sentence = _BOUND.sub(" ", _MARKER.sub(" ", whole))
        said = {each for each in literals(sentence) if each[0] != "weekday"}
        said |= literals(citing.EXAMPLE.sub(" ", sentence))
        seeks = not stated(sentence) and _SEEKS.search(sentence)
        suits = not stated(sentence) and _SUITS.search(sentence)
        put = {"date", "weekday"} if seeks else {"weekday"} if suits else set()
        own = [book.sentences.get(mark[2], "") for mark in _MARKER.finditer(whole) if mark[1] == "fact"]
        shown = {each for told in own for each in literals(told) if each[0] != "time"}
        found |= {each for each in said - shown if each[0] not in put}
    return found


_ASSENT = re.compile(
    r"\W*(?:no problem|of course|certainly|sure thing|absolutely|no worries|right away|ok(?:ay)?"
    r"|all right|alright|definitely|sure)\W*",
    re.IGNORECASE,
)


def _foreign_markers(text: str, book: FactBook) -> Iterator[str]:
    for found in _MARKER.finditer(text):
        if not _known(found, book):
            yield f"{found[0]} is not from this conversation's results"
    if "[[" in _MARKER.sub(" ", text) or "]]" in _MARKER.sub(" ", text):
        yield "a marker is written wrongly. Maybe [[offer:A1]] or [[fact:F1]], one label each"


def asked_wrongly(text: str, book: FactBook, staff: frozenset[str] = frozenset()) -> list[str]:
    """Why this question, or this answer to choose, may not be put to the user.

    It may name a day, a person, a candidate that a look-up gave, and whatever one single fact or offer says.
    """
    said = plain(text)
    faults = [*illegible(text, book.words), *_foreign_markers(said, book)]
    bare = _MARKER.sub(" ", said)
    told = [*book.sentences.values(), *(unit for proof in book.proofs.values() for unit in proof.units)]
    everywhere = " ".join([book.words, *told, *book.candidates])
    faults += vocabulary.strangers(_MARKER.sub(" . ", said), everywhere, staff)
    for part in _options(bare):
        named = citing.values(part, staff)
        loose = {each for each in unsaid(named, book.allowed) if each[0] not in ("date", "weekday")}
        loose -= citing.values(f"{book.words} {' '.join(book.candidates)}", staff)
        loose = loose if any(kind in ("time", "room") for kind, _ in named) else set()
        if loose and not any(named <= citing.values(each, staff) for each in told):
            faults.append(
                f"{citing.told(loose)} is from no result. Maybe name the candidates, or cite [[offer:...]]"
            )
    said = said if re.search(r"[.?!]", said) else _ANSWER.sub("", said)
    read, before = citing.cited(said, book.proofs), ""
    for sentence in read:
        faults += citing.unproven(sentence, staff, before, asking=True)
        before = sentence.text
    return list(dict.fromkeys(faults))


_ANSWER = re.compile(r"^\W*(?:yes|no)\b[\s,]*", re.IGNORECASE)
"""How an answer to choose may begin: it is the user who says it."""


def _options(text: str) -> list[str]:
    """The parts of a question that each name one thing to choose."""
    return re.split(r"\s+or\s+(?!\d)|[,;?]\s+", text)


def _known(marker: re.Match[str], book: FactBook) -> bool:
    return marker[2] in (book.offers if marker[1] == "offer" else book.sentences)


_NEXT_SENTENCE = re.compile(r" +[A-Z](?!R \d)[a-z']")


def render(text: str, book: FactBook, names: Names, clock: str) -> str:
    """The reply with every marker replaced by the server's own words."""

    def whole(marker: re.Match[str]) -> str:
        if marker[1] == "fact":
            told = book.sentences[marker[2]]
            return f"{told}." if told[-1:].isalnum() and _NEXT_SENTENCE.match(text, marker.end()) else told
        return facts.offer_text(book.offers[marker[2]], names, clock)

    return _MARKER.sub(whole, text)
