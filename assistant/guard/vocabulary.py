"""The words of a conversation: who said which, what frames a result, and which names and numbers are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from assistant import facts
from assistant.guard import assertions
from assistant.guard.citing import CITED, EXAMPLE, Cited
from assistant.guard.doings import BIDDING, DOING
from assistant.guard.literals import number
from assistant.naming import given_name, unknown

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?:[A-Za-z]+-?\d[\w-]*|\d[\d-]{3,}[\w-]*)(?![\w-]|[:.,]\d)")
"""What may be a record's number: letters and digits in one, or at least four digits."""
_PLAIN_TOKEN = re.compile(
    r"(?:PATIENT|MRN|BIRTHDATE|CONTACT)-\d+|\d{1,3}(?:st|nd|rd|th|am|pm|h|x)|\d{4}-\d\d-\d\d|20\d\d"
    r"|[A-Z]\d{1,2}|OR-?\d{1,2}|[ap]m",
    re.IGNORECASE,
)
_NUMERAL = re.compile(
    r"(?<![:/.\d-])\b(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)\b"
    r"(?!\s+(?:more |other |last |quick |small |short |important )?(?:things?|questions?|details?"
    r"|steps?|points?|pieces?"
    r"|identifiers?|items?|facts?|readings?|meanings?|candidates?|decisions?"
    r"|cases together)\b)(?![:/.-]\d|\s*[ap]\.?m\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What was said in a conversation: by the user, by what each marker stands for, and as candidates."""

    heard: str
    told: dict[str, str]
    candidates: Sequence[str] = ()
    staff: frozenset[str] = frozenset()
    slots: Mapping[str, str] = field(default_factory=dict)
    """Where and when each marker's slots are."""
    verdicts: frozenset[str] = frozenset()
    """What the markers of the conversation stand for."""

    def everything(self) -> str:
        """The words of all of them."""
        return " ".join([self.heard, *self.told.values(), *self.candidates])

    def beside(self, marks: Sequence[str]) -> str:
        """The words of some markers."""
        return " ".join(self.told.get(mark, "") for mark in marks)


@cache
def framing() -> frozenset[str]:
    """The words that frame a result and tell nothing of the world by themselves (framing.txt)."""
    return frozenset((Path(__file__).parent / "framing.txt").read_text(encoding="utf-8").split())


def words(text: str) -> set[str]:
    """The words of a text in small letters, without a genitive's ending."""
    said = (found.casefold() for found in _WORD.findall(text.replace("\u2019", "'")))
    return {word if word in framing() else word.removesuffix("'s") for word in said}


def miscounted(sentence: Cited, known: Known, shown: Sequence[str]) -> Iterator[str]:
    """Counts in a statement that are nobody's. `shown` are the markers of the whole reply, which it may count."""
    bare = CITED.sub(" ", sentence.text)
    said = _IDIOMS.sub(" ", EXAMPLE.sub(" ", assertions.stated(bare.strip())))
    yield from _numbers(said, sentence, shown, known)


_IDIOMS = re.compile(
    r"\b(?:Dr\.?|Doctor)\s+[A-Z][\w'-]+(?=\s+(?-i:[A-Z]))|\b(?:i (?:have )?|i've )?left (?:\w+ )?out\b"
    r"|\bi(?:'ve)? left\b|\bleft (?:as (?:it|they)|alone|unchanged|untouched)\b|\bwent wrong\b|\ball that's left\b"
    r"|\bmore than one (?:\w+ )?(?:type|kind) of \w+",
    re.IGNORECASE,
)
"""Phrases of harmless meaning made of words that have another one."""
_QUOTED = re.compile(r"[\"\u201c]([^\"\u201d]{1,40})[\"\u201d]")


def quoted(said: str) -> list[str]:
    """Single words in quotes, as the user's "scope"."""
    return [each for each in _QUOTED.findall(said) if len(each.split()) <= 2]


def stem(word: str) -> str:
    """A word without its ending: "operates" and "operating" are one, and "robot" is in "robotic"."""
    for ending in ("ically", "ments", "ment", "ings", "ing", "ics", "ic", "ies", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "s" else 4):
            return word.removesuffix(ending)
    return word


def strangers(said: str, everywhere: str, staff: frozenset[str]) -> Iterator[str]:
    """Record numbers and names that neither the user nor a tool said, in questions as well."""
    for token in dict.fromkeys(_TOKEN.findall(said)):
        if not _PLAIN_TOKEN.fullmatch(token) and token.casefold() not in everywhere.casefold():
            yield f"{token!r} is nobody's number here. Maybe leave it out"
    near = words(everywhere) | staff | framing()
    inside = set(re.findall(r"(?<=[\w,;] )[A-Z][\w'-]+", said))
    for name in dict.fromkeys(re.findall(r"\b[A-Z][\w'-]+", said)):
        low = name.casefold().removesuffix("'s")
        parts = {part for part in re.split(r"[-']", low) if len(part) > 1}
        if low in near or not parts - near or re.search(rf"\b(?:Dr\.?|Doctor)\s+{re.escape(name)}\b", said):
            continue
        if given_name(name) or (name in inside and unknown(name, frozenset())):
            yield f"{name!r} is nobody whom the user or a tool named. Maybe leave the name out"


def _numbers(said: str, sentence: Cited, shown: Sequence[str], known: Known) -> Iterator[str]:
    """Counts that neither a marker nor the user gave, and that count no markers of the reply."""
    near = _NO_COUNT.sub(" ", f"{known.beside(sentence.marks)} {known.heard}")
    given = {number(each) for each in [*re.findall(r"\b\d{1,3}\b", near), *_NUMERAL.findall(near)]}
    given |= {sum(mark.startswith(kind) for mark in shown) for kind in ("offer", "fact", "")}
    given |= {len(sentence.own), len(sentence.marks)}
    given |= {len(CITED.findall(run)) for run in _RUN.findall(sentence.text)}
    found_so_far = sum(mark.startswith("offer") for mark in known.told)
    for found in _NUMERAL.finditer(said):
        count, after = number(found[1]), said[found.end() :]
        if count < 2 or count in given or _listed(said, found) or _counted(count, after, known):
            continue
        if _of_person(found, said, known.beside(sentence.marks), known.staff) == count:
            continue
        if count in (found_so_far, found_so_far - 1) and not _FEWER.search(said):
            continue
        if (_asks(said) and not _FEWER.search(said)) or re.search(
            r"\b(?:the|these|those|other)\s+$", said[: found.start()]
        ):
            continue
        yield f"{found[1]!r} counts what no marker of that sentence counts. Maybe cite the [[fact:...]] that does"


_ASKS = re.compile(
    r"\b(?:can|could|would|will|need|like|tell|let|if|whether|please)\b|'(?:d|ll)\b", re.IGNORECASE
)


def _asks(said: str) -> bool:
    """Whether a sentence says what one of the two who talk can do, wants or should: its numbers count no results."""
    return bool((DOING.match(said) or BIDDING.match(said)) and _ASKS.search(said))


_RUN = re.compile(rf"(?:{CITED.pattern}(?:[\s,;]|and\b|or\b)*)+")
"""Markers in a row, as a number before them may count them."""


def _of_person(found: re.Match[str], said: str, beside: str, staff: frozenset[str]) -> int:
    """How many lines of a schedule beside it are of the person whom the number's own part names; 0 of none."""
    start = max((mark.end() for mark in _LINK.finditer(said, 0, found.start())), default=0)
    end = next((mark.start() for mark in _LINK.finditer(said, found.end())), len(said))
    named = [word for word in re.findall(r"[A-Z][\w-]+", said[start:end]) if word.casefold() in staff]
    lines = {line.partition(": ")[0]: line for line in beside.split("\n")[1:]}
    return sum(named[0] in line for line in lines.values()) if len(named) == 1 else 0


_LINK = re.compile(r"\b(?:and|while|followed by)\b|[;]")
_NO_COUNT = re.compile(
    rf"\bOR[\s-]*\d+|\d+:\d\d|\d{{4}}-\d\d-\d\d|\b(?:{'|'.join(facts.MONTHS)}) \d+|\b(?:room|scrub"
    rf"|circulator|anesthesiologist) \d+",
    re.IGNORECASE,
)
_FEWER = re.compile(r"\b(?:opens?|more|only|left|remain\w*|another|free)\b", re.IGNORECASE)


def _counted(count: int, after: str, known: Known) -> bool:
    """Whether a tool's sentence counts just those: "6 cases"."""
    noun = re.match(r"\s+([a-z]+)", after)
    return bool(noun) and any(re.search(rf"\b{count} {noun[1]}", told) for told in known.told.values())  # type: ignore[index]


def _listed(said: str, found: re.Match[str]) -> bool:
    """Whether a number only begins a line of a list, or names a room, a time or a day (which `literals` checks)."""
    before = said[: found.start()]
    return bool(re.fullmatch(r"[\W_]*", before) and re.match(r"\d+[.)]", said[found.start() :])) or bool(
        re.search(
            r"\b(?:or|room|theat(?:re|er)|suite|at|on|the|of|by|until|from|to|jan\w*|feb\w*|mar\w*"
            r"|apr\w*|may|june?|july?|aug\w*"
            r"|sep\w*|oct\w*|nov\w*|dec\w*|option|choice|number|no\.?|#)[\s-]*$",
            before,
            re.IGNORECASE,
        )
        and found[1].isdecimal()
    )
