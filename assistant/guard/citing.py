"""Claims against the markers beside them: of the right kind, and about exactly what they prove.

A sentence that names a time, a day, a room or a person asks, restates what was asked, or stands beside a marker that is
about just that. The user's own words prove nothing, in whatever phrase they come back.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.guard import assertions, proofs
from assistant.guard.literals import Literal_, literals, number, unsaid
from assistant.guard.proofs import Proof
from assistant.guard.quoting import unquoted

CITED = re.compile(r"\[\[(?:offer|fact):[A-Za-z0-9-]{1,20}\]\]")
"""A marker."""
_LIMIT = (
    r"\b(?:before|after|by|until|till|from|since|past|except(?: for)?|without|excluding|excluded"
    r"|leaving out|left out|skipping"
    r"|instead of|other than|rather than|besides|not|(?:any|every|all|no|each)\w* (?:\w+ )?but"
    r"|earlier than|later than|apart from|no later than|outside|between|on or after)"
)
_BOUND = (
    r"(?:the|any|all|next|this|that|on|at|or|and|to|through|of|early|late|noon|midday|midnight|lunch"
    r"|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:days?)?|today|tomorrow|(?:jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|\d[\d:./-]*(?:st|nd|rd|th)?(?:\s*[ap]\.?m\b\.?)?|OR|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|o.clock)"
)
_BOUNDED = re.compile(rf"{_LIMIT}(?:\s+{_BOUND}(?![\w'])){{1,9}}", re.IGNORECASE)
_RESTATES = re.compile(
    r"\byou(?:'ve|'d| have)? (?:asked|said|want(?:ed)?|mention(?:ed)?|named?|need(?:ed)?|gave"
    r"|told|prefer(?:red)?|specified|request(?:ed)?"
    r"|wrote|meant|were looking|are looking|looked|chose|picked|would like)\b"
    r"|\bhappy to (?:search|look|check)\b|^\W*(?:searching|looking|checking)\b|(?:^|[:,])\W*(?:got it"
    r"|understood|noted)\b|\b(?:could|can|may|might) (?:also )?(?:mean|refer)\b|\b(?:more than one"
    r"|several) (?:procedures?|things?|types?|kinds?)"
    r"|\b(?:fits|matches) (?:several|more than)|\bspecific enough\b|\bprocedures? (?:called|named)\b"
    r"|\bi (?:found|know|recogni[sz]ed?|identified) (?:dr|doctor)\b"
    r"|\bas (?:you|requested|asked)\b|\byour (?:request|message|question)\b|\bwas asked\b"
    r"|\bi(?:'ve|'ll|'d|'m| have| will| would| also| only| just| can| could| am| already)* "
    r"(?:search(?:ed|ing)?|look(?:ed|ing)?|check(?:ed|ing)?|tr(?:y|ied|ying)|widen(?:ed)?"
    r"|exclud(?:e|ed)|leave out|left|skip(?:ped)?|planned|took"
    r"|read|understood|assumed?|ran|compared?|kept|limited|restricted|narrowed|tested"
    r"|couldn't find|don't know|can't find|don't see|didn't find)\b"
    r"|\b(?:isn't|is not|aren't|not) (?:an? |the |one of |among )|\bdon't (?:fit|go|match"
    r"|belong) together\b"
    r"|\bi (?:can't|cannot|couldn't|don't|haven't|didn't|won't|need|know|see no|have no)\b|\bi'd need\b"
    r"|\b(?:tell me|let me know)\b"
    r"|\bplease (?:tell|let|say|check|confirm|give|send|share|choose|pick|fill|look|review|press"
    r"|specify|provide|name)\b"
    r"|^\W*(?:to|if|once|when|unless|until|before|whether)\b|\b(?:let me know|tell me|ask|say"
    r"|check|see) (?:if|whether|which|when)\b"
    r"|\b(?:is|are|was|were)?\s?(?:left out|excluded|skipped|not included|not counted)\b|\bavoids?\b",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|sure|got it|understood|alright|right|thanks|great|and|so|so far|then"
    r"|here|now)\W+)*"
    r"(?:for|about|regarding|as for|concerning|with|under|given|assuming|supposing|if|when|once"
    r"|unless|to|on)\b[^?!\n]{0,120}?[:,]\s*\[\[",
    re.IGNORECASE,
)
"""What was asked for, said before the sentence that answers it."""
_PREPARED = re.compile(
    r"\b(?:prepared|ready|proposed|proposal|card|confirm|awaits?|put together|set out|draft(?:ed)?"
    r"|booking for)\b",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    r"(?:\b(?:like|for example|for instance|e\.g\.|such as|write|type|say|ask"
    r"|try)\W{0,3})[\"\u201c][^\"\u201d]{1,120}[\"\u201d]",
    re.IGNORECASE,
)
"""What might be typed, in quotes: it tells of nobody and of no slot."""
_ACTS = re.compile(
    r"\b(?:can|could|will|would|may|might|should|shall|must|do|does|did|is|was|isn't|wasn't|has"
    r"|had|have|works?|operates?|performs?"
    r"|takes?|prefers?|covers?|agreed|agrees|wants?|needs?|got|gets|free"
    r"|available)\b(?! known\b)|'ll\b|'s (?!block|case|list|day|cases)",
    re.IGNORECASE,
)
"""What somebody does, can or is: said of a person whom the user named, it is told by a tool."""
_CURT = re.compile(
    r"^(?!.*\b(?:please|let|tell|say|just|thanks)\b)\W*(?:[\w']+\W+){0,3}[\w']+[.!]*$", re.IGNORECASE
)
"""A sentence of four words at most."""
_SUPPOSES = re.compile(
    r"\b(?:would|wouldn't|could|couldn't|might|if|once|with|without|then|needs?|scenario"
    r"|changes?|changed|changing|way|ways|opens?)\b|'d\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:i|i've|i'm|we|we've|you|you're|your|now|just|successfully|patient|she|she's|he's|her"
    r"|him|it|it's|this|confirmed)\b|\[\[offer|^\W*\w+\W*$",
    re.IGNORECASE,
)
_MINE = re.compile(r"\b(?:i|i've|i'm|we|we've|you're|now|just|successfully|confirmed)\b", re.IGNORECASE)
"""What tells of a deed done here, in a sentence that cites the book."""
_HAPPENED = re.compile(
    r"\b(?:cancell?ed|moved|released|rescheduled|finali[sz]ed|secured|completed|undone)\b", re.IGNORECASE
)
_SLOTS = re.compile(
    r"\b(?:slots?|openings?|free|available|availability|possible|room for|capacity|fit)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Cited:
    """A sentence with the proofs that stand beside it."""

    text: str
    proofs: Sequence[Proof]
    marked: bool
    marks: Sequence[str] = ()
    """The markers beside it, as "fact:F1"."""
    own: Sequence[str] = ()
    """Those within it."""


def cited(text: str, known: Mapping[str, Proof]) -> Iterator[Cited]:
    """Each sentence with its markers, or with its neighbours' where it has none."""
    yield from (sentence for sentence, _ in _beside(text, list(assertions.spans(text)), known))


_RENDERED = re.compile(r"(?<=\]\])\s+(?=[A-Z])")
"""Where a marker ends a sentence of its own: what follows has no marker within it."""


def pieces(
    text: str, known: Mapping[str, Proof], whole: bool = False
) -> Iterator[tuple[Cited, tuple[int, int]]]:
    """Each sentence as it will be read, and where it stands: what follows a marker's own sentence is another.

    `whole` leaves the two together.
    """
    spans: list[tuple[int, int]] = []
    for start, end in assertions.spans(text):
        ends = [] if whole else [found.end() for found in _RENDERED.finditer(text, start, end)]
        cuts = [start, *ends, end]
        spans += [(at, at + len(text[at:to].rstrip())) for at, to in itertools.pairwise(cuts)]
    yield from _beside(text, spans, known)


def _beside(
    text: str, spans: Sequence[tuple[int, int]], known: Mapping[str, Proof]
) -> Iterator[tuple[Cited, tuple[int, int]]]:
    said = [text[start:end] for start, end in spans]
    marks = [[m[0][2:-2] for m in CITED.finditer(sentence)] for sentence in said]
    for at, sentence in enumerate(said):
        mine = list(marks[at])
        if not mine and len(sentence.split()) <= 2:
            mine = [mark for each in marks[at + 1 : at + 3] for mark in each]
        mine = mine or [mark for each in marks[max(0, at - 1) : at + 2] for mark in each]
        found = [known[mark] for mark in mine if mark in known]
        yield Cited(sentence, found, bool(mine), mine, marks[at]), spans[at]


def unproven(
    sentence: Cited, names: frozenset[str] = frozenset(), before: str = "", asking: bool = False
) -> Iterator[str]:
    """What a sentence claims without proof beside it, each in words that a model can act on; `names` are surnames.

    `before` is the sentence before it. What is `asking` may name things in its statements, and still claim nothing.
    """
    said = assertions.stated(sentence.text)
    answers = _CURT.search(sentence.text) and not (_RESTATES.search(said) or sentence.text[:1] in "-*\u2022")
    if before.endswith("?") and not sentence.marked and answers:
        yield "it answers its own question without proof. Maybe cite the [[fact:...]] that answers"
    if said:
        yield from _of_claims(sentence, said, names)
        yield from () if asking else _of_values(sentence, said, names)


def deeds(sentence: Cited, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """What a sentence says was done, where the event that did it doesn't stand beside it."""
    said = CITED.sub(" ", assertions.stated(sentence.text)).strip()
    for claim, clause in assertions.claims(said):
        if claim == "done" and not _holds(claim, clause, sentence, names):
            yield assertions.FAULTS[claim]


def _of_claims(sentence: Cited, said: str, names: frozenset[str]) -> Iterator[str]:
    bare = unquoted(CITED.sub(" ", said).strip(), [proof.scope for proof in sentence.proofs])
    for claim, clause in assertions.claims(bare):
        if not _holds(claim, clause, sentence, names):
            yield assertions.FAULTS[claim]


def _holds(claim: assertions.Claim, clause: str, sentence: Cited, names: frozenset[str]) -> bool:
    """Whether a claim stands beside its proof."""
    if claim == "done":
        return _told_of_the_book(clause, sentence) or _confirmed(clause, sentence, names)
    if claim in ("yes", "no"):
        return _answers(claim, sentence)
    if claim == "supposed":
        return not sentence.proofs or any(proof.verdict in proofs.FREE for proof in sentence.proofs)
    if claim == "free":
        return _some_of(clause, sentence) or _slot(clause, _freeing(sentence), names)
    return _none(clause, sentence, names)


def _told_of_the_book(clause: str, sentence: Cited) -> bool:
    """ "That room is booked then: [[fact:F2]]": what stands on the schedule, and nothing that was done here."""
    verdicts = [proof.verdict for proof in sentence.proofs]
    ours = _MINE if sentence.own and set(verdicts) == {"book"} else _OURS
    known = any(verdict in ("book", "none", "near") for verdict in verdicts)
    return known and not ours.search(clause) and not _HAPPENED.search(clause)


def _confirmed(clause: str, sentence: Cited, names: frozenset[str]) -> bool:
    """Whether the event that did it stands beside a deed, and every slot and value named with it is that event's."""
    done = " ".join(proof.scope for proof in sentence.proofs if proof.verdict == "done")
    slots = " ".join(
        unit for proof in sentence.proofs if proof.verdict in ("found", "near") for unit in proof.units
    )
    named = values(f"{clause} {slots if '[[offer:' in sentence.text else ''}", names)
    return bool(done) and not _beyond(named, done, names)


def _answers(claim: str, sentence: Cited) -> bool:
    if not sentence.marked:
        return False
    verdicts = {proof.verdict for proof in sentence.proofs}
    against = {"none", "undecided", "error"} if claim == "yes" else {"found", "undecided"}
    reason = any(
        proof.verdict == "none" and not proof.units and "no slot" not in proof.scope
        for proof in sentence.proofs
    )
    return not verdicts or not verdicts <= against or (claim == "yes" and reason)


_SOME_OF = re.compile(r"\b(one|two|three|four|five) of (?:the|them|these|those)\b", re.IGNORECASE)


def _some_of(clause: str, sentence: Cited) -> bool:
    """Whether so many of several cases are said to fit as the reason beside it says that would."""
    found, told = _SOME_OF.search(clause), " ".join(proof.scope for proof in sentence.proofs)
    return bool(found) and f"; {number(found[1])} would" in told  # type: ignore[index]


def _freeing(sentence: Cited) -> list[Proof]:
    """The proofs beside which something may be called free: what only would be is said as that."""
    kinds = proofs.FREE if _SUPPOSES.search(sentence.text) else proofs.FREE - {"way", "supposed"}
    return [proof for proof in sentence.proofs if proof.verdict in kinds]


def _slot(clause: str, near: Sequence[Proof], names: frozenset[str]) -> bool:
    """Whether one proven slot has everything that the clause names."""
    named = values(clause, names)
    if not named or not near:
        return bool(near)
    return any(
        not _beyond(named, unit, names) for proof in near for unit in (*proof.units, *_hypothetical(proof))
    )


def _hypothetical(proof: Proof) -> tuple[str, ...]:
    return (proof.scope,) if proof.verdict in ("way", "supposed") else ()


_NOT_ONE = re.compile(r"\b(?:no|none|nothing|not any|zero)\b", re.IGNORECASE)
_EMPTY = re.compile(r": (?:0|no) cases\b")


def _scope_of(sentence: Cited) -> str:
    """All that the proofs beside a sentence are about."""
    return " ".join(proof.scope for proof in sentence.proofs)


def _gives_some(proof: Proof) -> bool:
    """Whether a what-if has slots with what is supposed and without."""
    return proof.verdict in ("supposed", "tried") and "slot" in proof.scope and "no slot" not in proof.scope


_WIDER = re.compile(
    r"\b(?:nothing|none|no (?:\w+ )?(?:slots?|openings?|times?)) (?:else|other|until)\b"
    r"|\bnothing (?:\w+ ){0,2}until\b|\bno other\b",
    re.IGNORECASE,
)
"""Beyond what was searched."""


def _none(clause: str, sentence: Cited, names: frozenset[str]) -> bool:
    named = values(clause, names)
    if _WIDER.search(clause):
        return False
    if _NOT_ONE.search(clause) and all(proof.verdict == "book" for proof in sentence.proofs):
        return any(_EMPTY.search(proof.scope) for proof in sentence.proofs) and not _beyond(
            named, _scope_of(sentence), names
        )
    fitting = [p for p in sentence.proofs if p.verdict in proofs.NONE and not _gives_some(p)]
    if not fitting and not _SLOTS.search(clause):
        fitting = [p for p in sentence.proofs if p.verdict in ("book", "other")]
    scope = " ".join(proof.scope for proof in fitting)
    exact = any(kind == "time" for kind, _ in named)
    offered = [
        unit for proof in sentence.proofs if proof.verdict in ("found", "near") for unit in proof.units
    ]
    if exact and any(not _beyond(named, unit, names) for unit in offered):
        return False
    return bool(fitting) and not _beyond(named, scope, names)


def _of_values(sentence: Cited, said: str, names: frozenset[str]) -> Iterator[str]:
    """Times, days, rooms and people that are named in a statement: restated, or of the markers beside it."""
    plain = CITED.sub(" ", EXAMPLE.sub(" ", said))
    named = values(plain, names)
    heading = _FOR.search(said)
    if not named or _RESTATES.search(said) or (heading and "[[fact:" in said):
        return
    if all(kind == "name" for kind, _ in named) and not _ACTS.search(said):
        return
    if not sentence.marked:
        if not (_PREPARED.search(said) or _is_heading(said)):
            yield f"{told(named)} is stated without proof. Maybe cite [[offer:...]] or [[fact:...]], or ask"
        return
    offers = all(proof.verdict in ("found", "near") and proof.units for proof in sentence.proofs)
    denied = any(claim == "none" for claim, _ in assertions.claims(CITED.sub(" ", said).strip()))
    scope = " ".join(
        part
        for proof in sentence.proofs
        for part in (proof.units if offers and not denied else (proof.scope,))
    )
    if beyond := _beyond(named, scope, names):
        yield f"{told(beyond)} isn't what the marker beside it is about. Maybe cite the one that is"


def repeats(said: str) -> bool:
    """Whether a sentence without a marker repeats the request, tells of a card, or leads to what follows."""
    return bool(_RESTATES.search(said) or _PREPARED.search(said)) or _is_heading(said)


def _is_heading(said: str) -> bool:
    return said.endswith(":") and len(said) <= 80


def told(named: set[Literal_]) -> str:
    """What is named, for a sentence to a model."""
    return ", ".join(f"the {kind} {value!r}" for kind, value in sorted(named))


def values(text: str, names: frozenset[str]) -> set[Literal_]:
    """Times, days, rooms and people that a text names; not what it only bounds: "after eleven", "except Tuesday"."""
    bare = _BOUNDED.sub(" ", text)
    return literals(bare) | _people(bare, names)


def _beyond(named: set[Literal_], scope: str, names: frozenset[str]) -> set[Literal_]:
    return unsaid(named, literals(scope) | _people(scope, names))


def _people(text: str, names: frozenset[str]) -> set[Literal_]:
    words = {word.removesuffix("'s") for word in re.findall(r"[A-Z][\w'-]*", text.replace("\u2019", "'"))}
    return {("name", word.casefold()) for word in words if word.casefold() in names}
