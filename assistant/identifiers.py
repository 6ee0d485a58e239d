"""How a patient is named in text: record numbers, birth dates, contacts, and names by the words around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.facts import MONTHS

_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_YEAR, _LONG_AGO = r"\d{4}", r"(?:19\d\d|20[01]\d)"


def _day(year: str, short: str = "") -> str:
    """A date with a year, in the forms that people write; `short` adds years of two digits."""
    forms = (
        rf"{year}[-/.]\d\d?[-/.]\d\d?",
        rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:{year}{short})",
        rf"(?:{_MONTH})\.?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:{year}{short and _SHORT})",
        rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})\.?,?\s+(?:{year}{short and _SHORT})",
    )
    return f"(?:{'|'.join(forms)})"


_SHORT = r"|['\u2019]?\d{2}"
_DAY, _PAST = _day(_YEAR, r"|\d{2}"), _day(_LONG_AGO)
_BORN = (
    r"(?:d\.?\s?o\.?\s?b\.?|born(?:\s+(?:on|in))?|date\s+of\s+birth|birth\s?date|birthday|bday"
    r"|\bb\.)"
)
_NUMBER = r"(?:number|no\.?|id)"
_CHART = (
    rf"(?:M\.?\s?R\.?\s?N\b\.?|MR\s?\#|(?:pt|patient|acct|account|member|policy|insurance)\.?\s*(?:\#|{_NUMBER})"
    rf"|acct|medical\s+record(?:\s+{_NUMBER})?|record\s+{_NUMBER}|chart(?:\s+{_NUMBER})?"
    rf"|patient\s+{_NUMBER})"
)
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_ENDING = r"(?:is\s+|no\.?\s+|#\s*|end(?:s|ing)\s+(?:(?:in|with)\s+)?)?"

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("CONTACT", re.compile(r"(?P<value>[\w.+%-]+@[\w-]+(?:\.[\w-]+)+)")),
    (
        "CONTACT",
        re.compile(
            r"(?P<value>[\w.+%-]+\s*[\[(]\s*at\s*[\])]\s*[\w-]+(?:\s*(?:\.|[\[(]\s*dot\s*[\])])\s*[\w-]+)+"
            r"|\b[\w.+-]+(?:\s+dot\s+[\w-]+)*\s+at\s+[\w-]+(?:\s+dot\s+[\w-]+)+)",
            re.IGNORECASE,
        ),
    ),
    ("BIRTHDATE", re.compile(rf"\b{_BORN}\W{{0,3}}(?:is\s+)?(?:the\s+)?(?P<value>{_DAY})", re.IGNORECASE)),
    (
        "BIRTHDATE",
        re.compile(rf"\b{_BORN}\W{{0,3}}(?:is\s+|in\s+)?(?P<value>(?:19|20)\d\d)(?![\w-])", re.IGNORECASE),
    ),
    ("BIRTHDATE", re.compile(rf"(?<![\w-])(?P<value>{_PAST})(?!\w)", re.IGNORECASE)),
    ("CONTACT", re.compile(r"(?<![\w-])(?P<value>\d{3}[- ]\d{2}[- ]\d{4})(?![\w-])")),
    ("CONTACT", re.compile(r"(?<![\w-])(?P<value>\+\d[\d ().-]{7,}\d)(?![\w-])")),
    (
        "CONTACT",
        re.compile(
            r"\b(?P<value>\d{1,5}\s+(?:[A-Z][\w'-]+\s+){1,3}"
            r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Court|Ct|Boulevard|Blvd|Way|Place"
            r"|Terrace)\b\.?)"
        ),
    ),
    (
        "CONTACT",
        re.compile(r"(?<![\w-])(?P<value>(?:\+?\d{1,2}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4})(?![\w-])"),
    ),
    ("CONTACT", re.compile(r"(?<![\w-])(?P<value>\d{3}-\d{4})(?![\w-])")),
    (
        "MRN",
        re.compile(
            rf"\b{_CHART}\W{{0,3}}{_ENDING}(?P<value>\d{{3}}(?: \d{{3}})+(?!\d)|\d(?: \d){{2,}}(?!\d)"
            rf"|{_DIGIT}(?:[\s-]+{_DIGIT}){{2,}}\b|(?-i:(?!OR\b)[A-Z]{{1,3}}) \d{{2,}}(?: \d{{2,}})*(?!\d)"
            r"|(?=[\w-]*\d)[A-Z0-9][\w-]+)",
            re.IGNORECASE,
        ),
    ),
    (
        "MRN",
        re.compile(
            rf"(?<![\w-])(?P<value>[A-Z]{{0,4}}-?\d[\w-]{{2,}})(?=\s+(?:is|=)\s+(?:the|her|his"
            rf"|their)?\s*{_CHART}\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "MRN",
        re.compile(
            r"^\s*(?P<value>(?!(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
            r"|dec))[A-Za-z]{0,4}-?\d{4,})\s*[.!]?\s*$"
        ),
    ),
    ("MRN", re.compile(r"(?<![\w.$:/-])(?<!CPT )(?<!cpt )(?<!code )(?P<value>\d{5})(?![\w:/%-]|\.\d)")),
    ("MRN", re.compile(r"(?<![\w-])(?P<value>[A-Z]{0,5}-?\d{6,})(?![\w-])")),
)
"""(handle's kind, pattern); the part to hide is the group `value`."""

AFTER_NAME = re.compile(
    r"PATIENT-\d+(?:\s*[(/#]\s*(?P<value>\d{3,}[\w-]*)|[\s,;:-]{1,4}(?P<bare>(?!(?:[01]\d|2[0-3])[0-5]\d\b)\d{3,}))"
    r"(?![\w:.]|\s*(?:am|pm|hrs|hours|min)\b|/\d)",
    re.IGNORECASE,
)
"""A number right after a patient: the record's, unless it may be a time."""

_WORD = r"[^\W\d_][\w'\u2019-]*"
_CAPITAL = r"[A-Z\u00c0-\u00de][\w'\u2019-]*\.?"
_RUN = re.compile(rf"{_CAPITAL}(?:\s+{_CAPITAL})*")
_REVERSED = re.compile(rf"\b({_CAPITAL}),\s+({_CAPITAL})")
_TITLE = re.compile(rf"\b(?i:mr|mrs|ms|miss|patient|pt)\.?\s+({_CAPITAL}(?:\s+{_CAPITAL})*)")
_BEFORE = re.compile(
    rf"({_WORD}\s+{_WORD}(?:\s+{_WORD})?)\s*[,(:-]?\s*(?:(?:MRN|BIRTHDATE|CONTACT)-\d+"
    rf"|{_CHART}\b|{_BORN}\b)",
    re.IGNORECASE,
)

SCHEDULING = frozenset(
    re.findall(
        r"[\w-]+",
        """a after afternoon again all also am an and any are as ask asap at available be before between bilateral block
    book booked booking both but by c-arm call can cancel case cases change check clinic could date day days do does
    doctor dr earliest early edit end evening explain find first follow for friday from general hello help hi hold hour
    hours how i if in is it january february march april may june july august september october november december just
    keep knee hip left local look mac me mon monday morning move mrn mrs ms mr my need new next no none not now of ok
    okay on one open operating or other our out pacu patient patients please pm procedure put regional release room
    rooms saturday schedule search second see she he show slot slots some soon staff start sunday surgeon surgery swap
    take thank thanks that the their them then there these they third this thursday time to today tomorrow tuesday two
    undo until up urgent us want was we wednesday week weeks what when where which who whom why will with work works
    would yes you your right side arm shoulder hernia spine scope repair replacement fusion spinal total partial mrsa
    latex asa bmi dob born birth named name called only made sorry good great dear her his sure same last later late
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed weds thu thur thurs fri sat sun
    down over back minute minutes min sit tell give using use his her age aged year years old kg male female
    """,
    )
)
"""Words of scheduling that may be written with a capital and name no patient."""
_MEDICAL = re.compile(r"(?:ectomy|oscopy|oscopic|plasty|otomy|ostomy|rrhaphy|ation|ization|graft|lysis)$")
_MOST_WORDS = 4


def visible(text: str) -> str:
    """The text without signs that can't be seen, which may stand in a name, and with the usual digits."""
    if text.isascii():
        return text
    seen = (mark for mark in text if unicodedata.category(mark) != "Cf")
    return "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in seen)


def folded(text: str) -> str:
    """How identities are compared."""
    return " ".join(text.casefold().split())


def names_in(text: str, vocabulary: frozenset[str]) -> Iterator[str]:
    """Names of people that the words around them, or capitals alone, give away; never one of the clinic's words."""
    for found in _REVERSED.finditer(text):
        if not any(_ours(word, vocabulary) for word in found.groups()):
            yield found[0]
    for pattern, least in ((_TITLE, 1), (_BEFORE, 2), (_RUN, 2)):
        for found in pattern.finditer(text):
            name = _trimmed((found[1] if pattern is not _RUN else found[0]).split(), vocabulary)
            if least <= len(name) <= _MOST_WORDS:
                yield " ".join(name)


def _trimmed(words: list[str], vocabulary: frozenset[str]) -> list[str]:
    """The run without the clinic's words at its ends; nothing when one stands inside it.

    A surname may be a surgeon's or a month's too: behind a first name that is no word here, it stays.
    """
    if words and words[0].casefold().rstrip(".") in ("dr", "doctor"):
        words = words[2:]
    while words and _ours(words[0], vocabulary):
        words = words[1:]
    while words and _ours(words[-1], vocabulary) and not (len(words) == 2 and _surname_too(words[1])):
        words = words[:-1]
    inside = any(_ours(word, vocabulary) for word in words[:-1])
    return [] if inside else [word.rstrip(".,") for word in words]


def _surname_too(word: str) -> bool:
    """Whether a word of ours may end a person's name: a month's name, or one of the clinic's own."""
    plain = word.casefold().rstrip(".,").removesuffix("'s")
    free = plain in {"april", "august", "june", "may", "march"} or plain not in SCHEDULING
    return free and word[:1].isupper() and plain.isalpha() and not _MEDICAL.search(plain)


def _ours(word: str, vocabulary: frozenset[str]) -> bool:
    plain = word.casefold().rstrip(".,").removesuffix("'s").removesuffix("\u2019s")
    return plain in vocabulary or bool(_MEDICAL.search(plain)) or any(mark.isdigit() for mark in plain)


@lru_cache(maxsize=4096)
def spelt(value: str) -> re.Pattern[str]:
    """Finds a value whatever its case and spacing; a name of two or more words also with the last one first."""
    words = value.replace(",", " ").split()
    forms = [r"\s+".join(map(re.escape, words))]
    if len(words) > 1:
        forms.append(re.escape(words[-1]) + r",\s*" + r"\s+".join(map(re.escape, words[:-1])))
        forms.append(re.escape(words[0]) + r",\s*" + r"\s+".join(map(re.escape, words[1:])))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def mentions(text: str, value: str) -> bool:
    """Whether the value is in the text."""
    return _first(value) in text.casefold() and bool(spelt(value).search(text))


@lru_cache(maxsize=4096)
def _first(value: str) -> str:
    """The first word of a value, folded: a text without it needs no closer look."""
    return value.replace(",", " ").split(maxsplit=1)[0].casefold()


def surname(name: str) -> str:
    """The family name: the last word, or the first of "Doe, Jane"."""
    return name.partition(",")[0].rsplit(maxsplit=1)[-1]


@lru_cache(maxsize=1024)
def lone(surname: str, common: bool) -> re.Pattern[str]:
    """Finds a surname on its own, not a doctor's; one that is also a word here only behind a patient's title."""
    before = (
        r"(\b(?:[Mm]rs?|[Mm]s|[Mm]iss|[Pp]atient|[Pp]t)\.?\s+)"
        if common
        else r"((?<![\w-])(?<!Dr\. )(?<!Dr ))"
    )
    return re.compile(before + re.escape(surname) + r"(?!\w)", 0 if common else re.IGNORECASE)


_SURGEON_BEFORE = re.compile(
    r"\b(?:dr|doctor|prof|professor|surgeon|nurse|with|by|under)\b\.?,?\s+(?:[A-Z][\w.'-]*\s+)?$",
    re.IGNORECASE,
)
_SURGEON_AFTER = re.compile(
    r"(?:['\u2019]s)?\s+(?:block|list|schedule|operating|clinic|cases)\b", re.IGNORECASE
)
_WORD_BEFORE = re.compile(r"(?<![\w.])([A-Z][\w'-]+)\s+$")


def surely_staff(text: str, start: int, end: int, vocabulary: frozenset[str]) -> bool:
    """Whether a surname in prose is certainly the surgeon's of that name: by a title, a first name, or a block."""
    before = text[:start]
    first = _WORD_BEFORE.search(before)
    own = bool(first) and first[1].casefold() in vocabulary - SCHEDULING  # type: ignore[index]
    return own or bool(_SURGEON_BEFORE.search(before)) or bool(_SURGEON_AFTER.match(text[end:]))


def words_of(names: Iterable[str]) -> frozenset[str]:
    """The words of the clinic's own names, with those of scheduling."""
    own = {word.strip(".,()") for name in names for word in re.split(r"[\s/,-]+", name.casefold())}
    return SCHEDULING | frozenset(filter(None, own))
