"""What people did, want or will do, which side a patient is operated on, what will become of a slot: never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant import assertions
from assistant.citing import CITED, EXAMPLE, Cited
from assistant.facts import MONTHS
from assistant.literals import literals
from assistant.phrases import CONDITION
from assistant.proofs import Proof

_ROLE = (
    r"(?:(?:another|other|a|an|the|some|one|your|our|her|his|no other) (?:\w+ )?(?:patients?"
    r"|surgeons?|doctors?|teams?"
    r"|directors?|nurses?|managers?|schedulers?|administrators?|admin|anesthesiologists?|hospital)"
    r"|some(?:one|body)(?: else)?|nobody(?: else)?|no one(?: else)?|every(?:one|body)(?: else)?)"
)
_ADVERB = r"(?: (?:already|just|now|also|recently|even|all|really|always|usually))*"
_DID = re.compile(
    rf"\b{_ROLE}{_ADVERB} (?:has|have|had|is|are|was|were|did|does|do|will|won't|wants?|prefers?"
    rf"|asked|said|agreed|knows?|likes?"
    rf"|took|gave|made|let|needs?|chose|works?|(?!called|named|needed|required|listed)\w{{3,}}ed)\b(?! to\b)",
    re.IGNORECASE,
)
_MIND = re.compile(
    rf"(?:\b(?:dr\.?|doctor) [\w'-]+|\b(?:he|she))(?:'s)?{_ADVERB} (?:prefers?|preferred|wants?"
    rf"|wanted|likes?|agreed|said|says|asked|knows?"
    r"|confirmed|approved|accepted|promised|decided|chose|recommends?|suggested|gave|took|left|went"
    r"|made|will|won't|(?:has|had) (?:already |just )?(?:\w+ed|given|taken|gone|left|made|told|said|chosen|done)"
    r"|\w{3,}ed|(?:is|'s|was) (?:\w+ )?(?:looking forward|happy|glad|keen|fine|okay|ok|away|out|off|sick|ill"
    r"|gone|ready|willing|reluctant)(?! of\b))\b",
    re.IGNORECASE,
)
_GRANTED = re.compile(
    r"\b(?:director|nurse|manager|administrator|admin|surgeon|team)s?\b[^.;]{0,20}"
    r"\b(?:has|have|had|already|just)\b(?! to\b)",
    re.IGNORECASE,
)
_BECOMES = re.compile(
    r"(?:\b(?:it|they|he|she|that|this|these|those|there|OR \d+|tomorrow|(?:mon|tues|wednes|thurs|fri)day|(?:next|that"
    r"|this) (?:week|month|day)|(?:the|that|this) (?:case|slot|room|block|surgery|procedure))"
    r"|\]\])(?:'ll| will| won't)\b"
    r"(?! (?:also |still |only |then |always |first |never )*(?:needs?|be (?:ready|shown|listed"
    r"|checked|verified|drawn|waiting|on|prepared|booked|written"
    r"|free|available|open|possible|good|fine|ok(?:ay)?|asked|confirmed|read|in)|show|appear|expire"
    r"|wait|stay|let|give|have to|work|fit"
    r"|do|help|tell|say|ask|list|take effect|count|mean|depend|come)\b)",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\b(both) (?:knees|hips|shoulders|sides|eyes|arms|legs|hands|wrists|feet|ankles|elbows|breasts|ears)\b|"
    r"\b(left|right|bilateral)[ -](?:knee|hip|shoulder|side|eye|arm|leg|hand|wrist|foot|ankle|elbow"
    r"|breast|kidney|ear|hernia"
    r"|carpal|thumb|finger)s?\b|\b(?:side|laterality)\W+(?:is |was )?(left|right|bilateral)\b"
    r"|\bon the (left|right)\b(?! (?:side )?of the (?:screen|page))",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\b(?:left|right)(?: \w+)? or (?:the )?(?:left|right)\b", re.IGNORECASE)
"""Both sides, as what is asked for."""
_MONTH = re.compile(
    rf"\b(?:in|all|of|throughout|for|until|whole|entire) ({'|'.join(MONTHS)})\b(?!\.? \d)", re.IGNORECASE
)
_EVERYWHERE = re.compile(
    r"\b(?:anywhere|ever|any (?:other )?(?:surgeon|time)s?|(?:whole|entire"
    r"|all) (?:of )?(?:the )?(?:month|year|clinic))\b",
    re.IGNORECASE,
)
_ALL_DAY = re.compile(
    r"\b(?:all (?:day|morning|afternoon|week)|the (?:whole|entire|rest of the) (?:day|morning|afternoon|week)"
    r"|every day)\b",
    re.IGNORECASE,
)
_ANY_ROOM = re.compile(r"\bany (?:other )?room\b", re.IGNORECASE)
_YOURS = re.compile(r"\b(?:it|this|that|slot)(?:'s| is) (?:all )?yours\b(?! to\b)", re.IGNORECASE)
_ANY_OTHER = re.compile(
    r"\b(?:any|every|each) other (?:time|slot|room|day|surgeon)s?\b[^.?;]*\b(?:works?|is|are|will"
    r"|fits?|has|have)\b",
    re.IGNORECASE,
)
_WILL_GO = re.compile(
    r"\b(?:(?:it|that|this|he|she|they)(?:'s|'re| is| are)|(?:case|slot|room|block|surgery)s? (?:is"
    r"|are)) going to\b"
    r"|\b(?:the|that|this) (?:case|slot|room|block|surgery) (?:may|might|could) (?!work|be (?:an?"
    r"|the|free|possible)|fit|suit)"
    r"|\b(?:he|she|dr\.? [\w'-]+|(?:the|a) (?:\w+ )?(?:director|nurse|surgeon|team)) (?:usually"
    r"|rarely|always|never|often|seldom|sometimes"
    r"|generally|normally|doesn't mind|won't mind|says|said)\b"
    r"|\bso (?:is|are) (?:the|any|every)\b|\bthan (?:anything|everything"
    r"|any other)\b|\balready been\b",
    re.IGNORECASE,
)
_UNCONFIRMED = re.compile(
    r"\b(?:no one|nobody|you (?:don't|needn't|won't)|doesn't|no need|not?"
    r"|without)\b[^.;,]{0,12}\b(?:needs?|has|have|require\w*|need) (?:to |a |any |your )"
    r"[^.;,]{0,12}\b(?:confirm\w*|approv\w*|sign)",
    re.IGNORECASE,
)
_STILL_TO_COME = re.compile(r"\b(?:once|when|if|as soon as|unless|until)\b", re.IGNORECASE)
_HAS_NOW = re.compile(r"\b(?:has|have|got|is|are) (?!not)", re.IGNORECASE)
_WOULD = re.compile(
    r"\b(?:would|wouldn't|could|couldn't|might|if|with|without|suppos\w+|what-if|tried|even)\b|'d\b",
    re.IGNORECASE,
)
_OPEN = re.compile(rf"^\W*(?:\w+ )?{CONDITION}|{CONDITION}", re.IGNORECASE)


_ALL = re.compile(r"\b(?:all|every|each|both|only)\b", re.IGNORECASE)


def _people(text: str, staff: frozenset[str]) -> set[str]:
    return {word.casefold() for word in re.findall(r"[A-Z][\w-]+", text)} & staff


def invented(cited: Sequence[Cited], heard: str, staff: frozenset[str] = frozenset()) -> Iterator[str]:
    """What nobody told, each in a sentence that a model can act on."""
    for sentence in cited:
        said = EXAMPLE.sub(" ", assertions.stated(CITED.sub(" [[]] ", sentence.text).strip()))
        told = " ".join(proof.scope for proof in sentence.proofs)
        if _acted(said, sentence):
            yield "what somebody did or wants is nobody's to guess. Maybe cite the [[fact:...]], or leave it out"
        sides = {next(filter(None, found)).lower() for found in _SIDE.findall(_EITHER.sub(" ", said))}
        if any(side not in f"{heard} {told}".lower() for side in sides):
            yield "that side is nobody's words. Maybe ask which side it is"
        named = _people(said, staff)
        others = {
            name
            for proof in sentence.proofs
            if proof.verdict == "book"
            for name in _people(proof.scope, staff)
        }
        if named and _ALL.search(said) and others - named:
            yield "that isn't so of all of them. Maybe cite each [[fact:...]]"
        if any(not _bare(month, f"{heard} ") for month in _MONTH.findall(said)):
            yield "a whole month is more than was searched. Maybe cite the [[fact:...]] alone"
        wide = _EVERYWHERE.search(said) or (
            _ANY_ROOM.search(said) and any(_of_a_room(proof) for proof in sentence.proofs)
        )
        if _ALL_DAY.search(said) and any(
            claim == "free" for claim, _ in assertions.claims(CITED.sub(" ", said).strip())
        ):
            yield "that is more than was checked. Maybe cite the [[offer:...]] alone"
        if wide and any(
            claim in ("none", "free") for claim, _ in assertions.claims(CITED.sub(" ", said).strip())
        ):
            yield "that is more than was searched. Maybe cite the [[fact:...]] alone"


def _of_a_room(proof: Proof) -> bool:
    """Whether a proof that there is none is of one room alone."""
    return (
        "no slot" in proof.scope
        and any(kind == "room" for kind, _ in literals(proof.scope))
        and not proof.units
    )


def _bare(month: str, heard: str) -> bool:
    """Whether the user spoke of a month as such."""
    return bool(re.search(rf"\b{month}\b(?!\.? (?:the )?\d)", heard, re.IGNORECASE))


def _acted(said: str, sentence: Cited) -> bool:
    if (
        _WILL_GO.search(said)
        or _ANY_OTHER.search(said)
        or _UNCONFIRMED.search(said)
        or re.search(r"\bon order\b", said)
    ):
        return True
    if re.search(r"\bonly (?:dr|doctor)\b", said, re.IGNORECASE) or _denied(said, sentence):
        return True
    if _YOURS.search(said) and not _STILL_TO_COME.search(said):
        return True
    if _only_supposed(sentence) and literals(said) and _HAS_NOW.search(said) and not _WOULD.search(said):
        return True
    for part in re.split(r"[;\u2014]", said):
        if _OPEN.search(part) and not re.search(
            r"\b(?:after that|until then|once more)\b", part, re.IGNORECASE
        ):
            continue
        book = any(proof.verdict in ("book", "none", "near") for proof in sentence.proofs) and sentence.own
        if _MIND.search(part) or _GRANTED.search(part) or _BECOMES.search(part) or (_did(part) and not book):
            return True
    return False


def _did(part: str) -> bool:
    """Whether somebody is said to do something; "who the patients are" says nothing of them."""
    found = _DID.search(part)
    return bool(found) and not re.search(r"\b(?:who|whose|what|which|how|whether)\W*$", part[: found.start()])  # type: ignore[union-attr]


def _denied(said: str, sentence: Cited) -> bool:
    """Whether a room is said to have what the fact beside it says that it hasn't."""
    told = " ".join(proof.scope for proof in sentence.proofs)
    lacking = re.findall(r"\b(OR \d+) does not\b", told)
    return any(re.search(rf"\b{room} (?:also |now |does )?(?:has|have)\b", said) for room in lacking)


def _only_supposed(sentence: Cited) -> bool:
    return bool(sentence.proofs and sentence.own) and all(
        proof.verdict == "supposed" for proof in sentence.proofs
    )
