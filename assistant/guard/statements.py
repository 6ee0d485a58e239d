"""What a statement may say in a model's own words: what the two who talk do, and what frames a marker.

A statement falls into parts. A part about one of the two who talk says what that one did, can or wants: its verb is one
of a few (doings). Any other part tells of the world: it is made of words that frame a result (framing.txt) and of the
words of the markers beside it. Whatever else a statement says, nobody vouches for; a list of lies would have no end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from assistant.facts import LONG, MONTHS, WEEKDAYS
from assistant.guard import assertions, doings, sayings
from assistant.guard.citing import CITED, EXAMPLE, Cited, repeats
from assistant.guard.quoting import unquoted
from assistant.guard.vocabulary import Known, framing, quoted, stem, words

_MARK = re.compile(r"\[\[[^\]]*\]\]")
_PARTS = re.compile(
    r"([;\u2014\u2013()]|,(?!\s*\[\[)|:(?!\s*\[\[)|\s-\s"
    r"|\b(?:and|but|so|because|since|that|though|although|while|whereas|which|who)\b(?!')(?!\s*\[\[))",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"n't\b|\bcannot\b|\b(?:tell(?! you)|let|give|say|explain|show|know|need|ask|see|check|look"
    r"|whether)\b(?!.*\bnote\b)",
    re.IGNORECASE,
)
"""What leads to a question within a sentence: "tell me who operates" says nothing of anybody."""
_CONDITION = re.compile(
    r"^\W*(?:(?:and|but|so|or|then|also|just|even)\W+)?(?:if|unless|whether|once|when|until|as soon as"
    r"|before it|(?:in order )?to (?!be\b)\w+|should (?:you|it|that|this|these|none|any|the|neither))\b",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"(?<=\w )(?<!which )(?<!whether )(?<!how )(?:they|he|she|it|there|we|i)(?:'ll|'d|'s"
    r"| [a-z]+)\b(?! (?:like|prefer|rather|want|need)\b)"
    r"|(?-i:\b[A-Z][\w-]+) (?:is|has|was|will|would|can|\w+s|\w+ed)\b",
    re.IGNORECASE,
)
"""Where a condition ends that has no comma."""
_TELLS = re.compile(
    r"\W*(?:and |but |so )?(?:(?:when|once|until|as soon as)\b.*\b(?:was|were|had|did|has|\w+ed)\b"
    r"|(?:in order )?to\b)",
    re.IGNORECASE,
)
"""A condition that says what was, and a purpose, beside which somebody can be told of."""


_WISHED = re.compile(
    r"((?:^|[.;:,]\s*)(?:if|once|when|should|unless|in case|for)\b[^,;\[]*),\s*\[\[", re.IGNORECASE
)
"""A wish or a condition, and the marker that is said to answer it."""


@dataclass(frozen=True)
class _Beside:
    """What stands beside a sentence: the words of its markers and candidates, the user's, and each marker's own."""

    near: frozenset[str]
    heard: frozenset[str]
    facts: Sequence[str]
    verdicts: frozenset[str]
    staff: frozenset[str]
    cited: bool
    pairs: bool
    heading: bool
    facts_cited: bool
    called: bool
    carded: bool
    pointed: bool = False
    """Whether a marker is in the very part that is read."""


_GIVEN = re.compile(
    r"\b(?:since|because|now that|given that|seeing (?:that|as))\b([^?]*)\?"
    r"|,\s*(?:which|who)\s+((?:is|are|has|have|was|will|can|works?|fits?|would)\b[^,?]*)",
    re.IGNORECASE,
)
"""What a question takes for granted."""


def _stated(marked: str) -> str:
    if not marked.endswith("?"):
        return marked
    taken = [found[1] or found[2] for found in _GIVEN.finditer(marked)]
    return "; ".join([assertions.stated(marked), *taken])


def unvouched(piece: Cited, known: Known) -> Iterator[str]:
    """What a sentence says that nobody vouches for, each in words that a model can act on."""
    marked = CITED.sub(lambda mark: f"[[{mark[0].partition(':')[2]}", piece.text)
    said = _WISHED.sub(r"\1; [[", EXAMPLE.sub(" ", _stated(marked)))
    beside = _beside(piece, known, quoted(said))
    yield from _of_the_whole(said, beside)
    for part in _asserted(said):
        own = replace(beside, pointed=bool(_MARK.search(part)))
        yield from _of_part(unquoted(sayings.HARMLESS.sub(" ", _MARK.sub(" ", part)), beside.facts), own)


def _asserted(said: str) -> Iterator[str]:
    """The parts of a statement, without what one of the two who talk only wants to know or can't tell."""
    before, *rest = _PARTS.split(said)
    yield before
    for link, part in zip(rest[::2], rest[1::2], strict=True):
        ours = doings.DOING.match(before) or doings.BIDDING.match(before)
        wanted = link.lower() in ("who", "which") or (
            link.lower() == "that" and re.search(r"n't\b|\bcannot\b", before)
        )
        if not (wanted and ours and _ASKED_FOR.search(before)):
            yield part
            before = part if re.search(r"\w", part) else before


def _beside(piece: Cited, known: Known, echoed: Sequence[str]) -> _Beside:
    facts = [known.told.get(mark, "") for mark in piece.marks]
    told = " ".join(facts)
    near = {stem(word) for word in words(" ".join([told, *known.candidates, *echoed]))}
    near |= {stem(name) for name in known.staff}
    near |= {stem(word) for sign, more in sayings.GLOSSES if sign.search(told) for word in more}
    near |= _of_its_subject(piece)
    verdicts = frozenset(proof.verdict for proof in piece.proofs)
    guessed = bool(piece.own) and bool(verdicts & {"supposed", "tried"})
    heard = frozenset() if guessed else frozenset(stem(word) for word in words(known.heard))
    return _Beside(
        frozenset(near), heard, facts, verdicts, known.staff, bool(piece.own),
        len(piece.marks) > 1 or any("; then" in fact for fact in facts),
        piece.text.rstrip("* ").endswith(":"),
        any(mark.startswith("fact:") for mark in piece.own),
        bool(known.verdicts), "card" in known.verdicts,
    )  # fmt: skip


def _of_its_subject(piece: Cited) -> set[str]:
    """Stems that a sentence may use for what it is about: an offer's half of a day, a card, what wasn't checked."""
    halves = sayings.HALVES | {"only"} if any(mark.startswith("offer:") for mark in piece.own) else set()
    cards = sayings.CARDS if re.search(r"\bcards?\b", piece.text, re.IGNORECASE) else set()
    unchecked = sayings.UNCHECKED.search(piece.text) and not sayings.WEIGHED.search(piece.text)
    return halves | cards | (sayings.CLINICAL if unchecked else set())


def _of_the_whole(said: str, beside: _Beside) -> Iterator[str]:
    if not beside.carded and sayings.PREPARED.search(said) and not sayings.TO_COME.search(said):
        yield "nothing was proposed in this conversation. Maybe call propose"
    supposed = beside.cited and beside.verdicts and beside.verdicts <= {"supposed", "tried"}
    if supposed and sayings.AS_IF.search(said) and not sayings.WOULD.search(said):
        yield "that is only supposed. Maybe say what would be"
    if sayings.TOGETHER.search(said):
        yield "whether they go together is said by a tool. Maybe leave it out"
    if sayings.IS_NEEDED.search(said) and any("doesn't need" in fact for fact in beside.facts):
        yield "the fact beside it says that it isn't needed"
    lacking = [room for fact in beside.facts for room in re.findall(r"\b(OR \d+) does not\b", fact)]
    if any(re.search(rf"\b{room} (?:also |now |does )?(?:has|have)\b", said) for room in lacking):
        yield "the fact beside it says that the room hasn't"


def _of_part(part: str, beside: _Beside) -> Iterator[str]:
    part = _unconditional(part, beside)
    if not re.search(r"[^\W\d_]", part):
        return
    bidden = doings.BIDDING.match(part)
    if found := doings.DOING.match(part):
        yield from _of_us(part, found, beside)
    elif bidden and bidden["verb"].lower() in doings.BIDDEN:
        yield from _bidden(part, bidden["verb"].lower(), beside)
    elif not doings.BEYOND.search(part):
        yield from _of_the_world(part, beside)


def _unconditional(part: str, beside: _Beside) -> str:
    """What a part says beside its condition; a condition that tells of what was is none."""
    if not _CONDITION.match(part) or (_TELLS.match(part) and words(part) & beside.staff):
        return part
    opening = re.match(r"\W*(?:[\w']+\W+){4}", part)
    then = _THEN.search(part, opening.end()) if opening else None
    return part[then.start() :] if then else ""


def _bidden(part: str, verb: str, beside: _Beside) -> Iterator[str]:
    yield from _advised(part, beside)
    rest = _without(verb, part)
    if verb in doings.NOTED:
        yield from _of_the_world(rest, beside)
    elif verb not in doings.TOLD:
        yield from _foreign(rest, beside, beside.heard)


def _of_us(part: str, found: re.Match[str], beside: _Beside) -> Iterator[str]:
    who, aux, verb = found["who"].lower(), found["aux"], (found["verb"] or "").lower()
    if verb and who == "you":
        yield from _of_you(part, aux, verb, beside)
    elif verb and who == "we" and not (verb in doings.CAN and doings.ABLE.search(aux)):
        yield "what the clinic does is told by a [[fact:...]]. Maybe leave it out"
    elif verb and doings.DENIED.search(aux):
        yield from _of_the_world(part[found.end() :], beside) if verb in doings.BELIEF else ()
    elif verb:
        yield from _of_me(part, aux, verb, beside, who.endswith(" to"))


def _of_you(part: str, aux: str, verb: str, beside: _Beside) -> Iterator[str]:
    yield from _advised(part, beside)
    if doings.DENIED.search(aux) or doings.ABLE.search(aux):
        yield from _untold(part, beside)
        yield from _foreign(_without(verb, part) if verb in doings.YOURS else part, beside, beside.heard)
    elif verb not in doings.YOURS and verb not in framing():
        yield f"what you {verb} is told by nobody. Maybe leave it out"


def _advised(part: str, beside: _Beside) -> Iterator[str]:
    if doings.SOMEONE.search(part) or (sayings.GIVES.search(part) and words(part) & beside.staff):
        yield "whom to ask is no tool's word. Maybe leave it out"


def _of_me(part: str, aux: str, verb: str, beside: _Beside, able: bool) -> Iterator[str]:
    if doings.SOMEONE.search(part):
        yield "nobody is spoken to from here. Maybe leave it out"
    elif able or doings.ABLE.search(aux) or (verb in doings.CAN and verb not in doings.DID):
        if verb not in doings.CAN and not _is_no_verb(verb):
            yield f"I can't {verb} from here. Maybe say what the user can do"
        if verb in doings.SAID and _FINITE.search(_without(verb, part)):
            yield from _of_the_world(part.partition(verb)[2], beside)
    elif verb in doings.DID:
        if not beside.called and verb not in doings.READ:
            yield "no tool was called for that. Maybe call it"
        yield from _untold(part, beside)
        heard = frozenset() if "account" in part else beside.heard
        yield from _foreign(_without(verb, part), beside, heard | {"only"})
    elif not _is_no_verb(verb) and not re.search(r"\bno\b", part):
        yield f"that I {verb} is no tool's word. Maybe leave it out"


def _without(verb: str, part: str) -> str:
    return re.sub(rf"\b{re.escape(verb)}\b(?: (?:together|up|out))?", " ", part, count=1, flags=re.IGNORECASE)


def _is_no_verb(verb: str) -> bool:
    return verb in _NO_VERBS


_NO_VERBS = frozenset(re.findall(r"\S+", "the a an if or those these them it this one two three here with"))
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|had|isn't|aren't|wasn't|hasn't|will|won't|would|can|can't|does|doesn't"
    r"|did)\b|(?-i:\b[A-Z][\w-]+) \w+(?:s|ed)\b",
    re.IGNORECASE,
)
"""A sentence within a sentence: "I know he is away"."""


def _of_the_world(part: str, beside: _Beside) -> Iterator[str]:
    claimed = [kind for kind, _ in assertions.claims(part.strip())]
    yield from _untold(part, beside)
    if sayings.LAST_CASE.search(part) and not beside.facts_cited:
        yield "which case is first or last is told by a [[fact:...]]. Maybe cite it in that sentence"
    if beside.verdicts == {"short"} and sayings.OPENS.search(part) and not doings.DENIED.search(part):
        yield "the fact beside it says that it isn't enough alone"
    proven = (
        {"none", "short", "tried"} if beside.cited and doings.DENIED.search(part) else {"way", "supposed"}
    )
    if sayings.HELPS.search(part) and not beside.verdicts & proven:
        yield "what would help is said by a tool. Maybe cite its [[fact:...]]"
    acting = {name.casefold() for name in re.findall(r"\b[A-Z][\w-]+\b(?!['\u2019]s)", part)} & beside.staff
    if acting and not beside.cited and not claimed and sayings.ACTS.search(part):
        yield "what somebody does is told by a [[fact:...]]. Maybe cite it in that sentence"
    if "none" not in claimed:
        yield from _turned(part, beside)
    yield from _foreign(part, beside, beside.heard if repeats(part) else frozenset())


def _untold(part: str, beside: _Beside) -> Iterator[str]:
    told = " ".join(beside.facts).lower()
    signs = sayings.UNTOLD if beside.cited else (*sayings.UNTOLD, *sayings.UNTOLD_ALONE)
    if any(found[0].lower() not in told for sign in signs for found in sign.finditer(part)):
        yield "that is no tool's word. Maybe cite its [[fact:...]], or leave it out"
    if any(name.casefold() in beside.staff for name in sayings.MINDS.findall(part)):
        yield "what somebody wants or said is nobody's to guess. Maybe leave it out"
    granted = " ".join(found for fact in beside.facts for found in sayings.GRANTED.findall(fact))
    if sayings.GRANTS.search(part) and any(
        found[1].lower() not in granted for found in sayings.ROLE.finditer(part)
    ):
        yield "who may grant that is said by its [[fact:...]]. Maybe cite the one that does"
    first = frozenset() if beside.heading or beside.cited else sayings.FIRST
    compared = words(part) & (sayings.COMPARING | first)
    if not beside.pointed and any(stem(word) not in beside.near for word in compared):
        yield "how they compare is said by a tool. Maybe cite the [[offer:...]] or the [[fact:...]]"


def _turned(part: str, beside: _Beside) -> Iterator[str]:
    """Verbs that a fact beside it has and that are said with a not of their own, or without the fact's."""
    facts = [_denials(fact) for fact in beside.facts]
    for word, denied in _denials(part).items():
        if word in {stem(name) for name in beside.staff}:
            continue
        told = [fact[word] for fact in facts if word in fact]
        if told and denied not in told and None not in told:
            yield f"{word!r}: the fact beside it says the opposite. Maybe cite it alone"


def _denials(text: str) -> dict[str, bool | None]:
    """Stem -> whether a not stands right before it; None where both are the case."""
    found: dict[str, bool | None] = {}
    tokens = _tokens(text)
    for at, word in enumerate(tokens):
        if word[:3] not in WEEKDAYS and (word not in framing() or word in ("needs", "needed")):
            denied = any(
                doings.DENIED.fullmatch(each[-3:]) or doings.DENIED.fullmatch(each)
                for each in tokens[max(0, at - 2) : at]
            )
            found[stem(word)] = denied if found.get(stem(word), denied) == denied else None
    return found


_BEFORE_MINE = frozenset(
    re.findall(
        r"\S+",
        "dr doctor for of about regarding with an a the your that this two three four another his her both "
        "single other on by in first second third fourth fifth last more any no",
    )
)
"""After these the user's own words may name what was asked for: "for a knee scope"."""
_MINE = "\0"
_OF_THE_CALENDAR = frozenset(
    name.lower() + ending for name in (*LONG, *MONTHS, "today", "tomorrow") for ending in ("", "s")
)
"""Days and months, which are held against their proof as values (citing)."""


def _foreign(part: str, beside: _Beside, theirs: Set[str] = frozenset()) -> Iterator[str]:
    """Words that neither frame a result nor are a marker's, a claim's or the user's for what was asked."""
    claimed = any(True for _ in assertions.claims(part.strip()))
    totals = (sayings.TOTALS if claimed else set()) | ({"both"} if beside.pairs else set())
    news, before = [], ""
    for word in _tokens(part):
        known = word in framing() or word in totals or word in _OF_THE_CALENDAR
        known = known or stem(word) in beside.near or stem(word) in theirs
        mine = not known and _is_mine(word, before, beside)
        news += [] if known or mine else [word]
        before = _MINE if mine else word
    if news:
        listed = ", ".join(map(repr, dict.fromkeys(news[:6])))
        yield f"{listed}: no marker beside it says so. Maybe cite the [[fact:...]] that does, or leave it out"


def _is_mine(word: str, before: str, beside: _Beside) -> bool:
    """Whether a word of the user's names what was asked for, as in "for a knee scope"."""
    heard = stem(word) in beside.heard and stem(word) not in sayings.HALVES
    return heard and (before in _BEFORE_MINE or before in beside.staff or before in ("", _MINE))


def _tokens(part: str) -> list[str]:
    bare = re.sub(r"\d+(?:h\d\d|st|nd|rd|th|am|pm|h|x|\s*(?:hours|hrs))?\b", " ", part.replace("\u2019", "'"))
    found = [word.casefold() for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", bare)]
    return [word if word in framing() else word.removesuffix("'s") for word in found]
