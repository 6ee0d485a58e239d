"""How a patient is named in text: record numbers, birth dates and contacts by their forms, names by what is around."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.facts import MONTHS
from assistant.spelling import plain

_MONTH = "|".join([*MONTHS, "sept", *(name[:3] for name in MONTHS)])
_YEAR, _LONG_AGO = r"\d{4}", r"(?:19\d\d|20[01]\d)"
_TENTH = (
    r"(?:(?:twenty|thirty)[\s-]+)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
    r"|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_SPELT_YEAR = (
    r"(?:nineteen|twenty)[\s-]+(?:hundred[\s-]+(?:and[\s-]+)?)?[a-z]+"
    r"(?:[\s-]+(?:one|two|three|four|five|six|seven|eight|nine))?"
)


def _day(year: str, short: str = "") -> str:
    """A date with a year, in the forms that people write; `short` adds years of two digits."""
    day, any_year = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_TENTH})", rf"(?:{year}{short and _SHORT}|{_SPELT_YEAR})"
    forms = (
        rf"{year}\s?[-/.]\s?\d\d?\s?[-/.]\s?\d\d?",
        rf"\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?:{year}{short})",
        rf"\d{{1,2}}\s\d{{1,2}}\s{year}",
        rf"(?:{_MONTH})\.?\s+(?:the\s+)?{day},?\s+{any_year}",
        rf"{day}\s+(?:of\s+)?(?:{_MONTH})\.?,?\s+{any_year}",
        rf"\d{{1,2}}[-/.]?(?:{_MONTH})[-/.]?(?:{year}{short})",
        rf"{year},?\s+(?:{_MONTH})\.?\s+\d{{1,2}}",
        rf"(?:{_MONTH})\.?,?\s+{year}",
    )
    return f"(?:{'|'.join(forms)})"


_SHORT = r"|['\u2019]?\d{2}"
_DAY, _PAST = _day(_YEAR, r"|\d{2}"), _day(_LONG_AGO)
_PAST_SHORT = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-][3-9]\d|\d{{1,2}}[- ]?(?:{_MONTH})\.?(?:[- ]?['\u2019]|-)[3-9]\d)"
)
_BORN = (
    r"(?:d\.?\s?o\.?\s?b\.?|born(?:\s+(?:on|in))?|date\s+of\s+birth|birth\s?(?:date|day)|bday"
    r"|\bb\.)"
)
_NUMBER = r"(?:numbers?|no\.?|num\.?|id|card|code|\#)"
_CHART = (
    r"(?:e?M\.?\s?R\.?\s?N(?:['\u2019]?s)?\b\.?|MR\s?\#"
    rf"|(?:pt|patient|acct|account|member|policy|insurance|group|unit|visit|plate|social|subscriber)\.?\s*{_NUMBER}"
    r"|acct|account|encounter|FIN|CSN|HAR|NHS|EHIC|medicare|medicaid|passport"
    rf"|(?:hospital|health)\s+{_NUMBER}|(?:driver['\u2019]?s?\s+)?licen[cs]e(?:\s+plate)?"
    r"|(?:(?:last|final)\s+(?:4|four)\s+(?:digits\s+)?(?:of\s+)?(?:(?:the|her|his|their)\s+)?)?"
    r"(?:SSN|social\s+security|social)"
    rf"|med(?:ical)?\.?\s+rec(?:ord)?s?\.?|record\s+{_NUMBER}|chart)(?:\s*{_NUMBER})?(?:\s*\([^()\n]{{1,20}}\))?"
)
_RECORD = (
    rf"(?:M\.?\s?R\.?\s?N\b\.?|MR\s?\#|(?:pt|patient|acct|account)\.?\s*{_NUMBER}|medical\s+record|chart)"
)
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_ENDING = r"(?:(?:is|was|of|no\.?)\s+|#\s*|end(?:s|ing)\s+(?:(?:in|with)\s+)?)?\#?"
_COUNTED = (
    r"(?!\s*(?:am|pm|a\.m|p\.m|hrs?|hours?|min(?:ute)?s?|days?|weeks?|months?|years?|cases?|kg|st|nd|rd|th)\b"
    r"|:\d|\d)"
)
"""Behind a number that is no part of one: what is counted or told by it."""
_TIME = r"(?:[01]\d|2[0-3])(?:00|15|30|45)"
TIME_OR_YEAR = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d|(?:19|20)\d\d|\d{1,3}")
_LONG = (
    rf"\d{{1,4}}(?:[ ]\d{{2,4}})+{_COUNTED}|\d(?:[ ]\d){{2,}}(?!\d)|\d{{1,3}}(?:,\d{{3}})+(?!\d)"
    r"|[a-z]{0,4}\d*/\d[\w-]*"
    rf"|{_DIGIT}(?:[\s-]+{_DIGIT}){{2,}}\b|(?-i:(?!OR\b)[A-Z]{{1,3}})\d* \d{{2,}}(?:[ ]\d{{2,}})*{_COUNTED}"
)

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(form, re.NOFLAG if exact else re.IGNORECASE))
    for kind, exact, form in (
        ("CONTACT", False, r"(?P<value>https?://[^\s\"'<>]+)"),
        ("CONTACT", False, r"(?<![\w.+%-])(?P<value>[\w.+%-]+@[\w-]+(?:\.[\w-]+)+)"),
        (
            "CONTACT",
            False,
            (
                r"(?<![\w.+%-])"
                r"(?P<value>[\w.+%-]+\s*[\[(]\s*at\s*[\])]\s*[\w-]+(?:\s*(?:\.|[\[(]\s*dot\s*[\])])\s*[\w-]+)+"
                r"|[\w.+-]+(?:\s+dot\s+[\w-]+)*\s+at\s+[\w-]+(?:\s+dot\s+[\w-]+)+|\w+_at_\w+\.\w+)"
            ),
        ),
        ("BIRTHDATE", False, rf"\b{_BORN}\W{{0,3}}(?:is\s+|was\s+|on\s+)?(?:the\s+)?(?P<value>{_DAY})"),
        ("BIRTHDATE", False, rf"\b{_BORN}\W{{0,3}}(?:is\s+|in\s+)?(?P<value>(?:19|20)\d\d)(?![\w-])"),
        ("BIRTHDATE", False, rf"(?<![\w-])(?P<value>{_PAST}|{_PAST_SHORT})(?!\w|-\d)"),
        ("CONTACT", True, r"(?<![\w.-])(?P<value>\d{3}[-. ]\d{2}[-. ]\d{4})(?![\w-])"),
        ("CONTACT", True, r"(?<![\w.-])(?P<value>\d{1,3}(?:\.\d{1,3}){3})(?![\w-])"),
        ("CONTACT", True, r"(?<![\w-])(?P<value>(?:\+|00 ?)\d[\d ().-]{7,}\d)(?![\w-])"),
        ("CONTACT", True, r"(?<![\w-])(?P<value>\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4})(?![\w-])"),
        (
            "CONTACT",
            False,
            r"(?<![\w-])(?P<value>\d{1,5}[a-z]?\s+(?:[NSEW]\.?\s)?(?:(?!in\b|at\b|on\b|to\b)[\w'-]+\s+){1,3}(?:street|avenue|ave|road|boulevard|blvd|terrace)\b\.?)",
        ),
        (
            "CONTACT",
            True,
            r"(?<![\w-])(?P<value>\d{1,5}\s+(?:[A-Z][\w'-]+\s+){1,3}(?:St|Rd|Lane|Ln|Drive|Court|Ct|Way|Place)\b\.?)",
        ),
        ("CONTACT", False, r"(?<![\w-])(?P<value>[\w-]+(?:stra(?:\u00df|ss)e|strasse)\s+\d{1,4}[a-z]?)\b"),
        ("CONTACT", False, r"(?<![\w-])(?P<value>p\.?\s?o\.?\s?box\s+\d+)\b"),
        ("CONTACT", True, r"(?<![\w-])(?P<value>[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})\b"),
        ("CONTACT", True, r"(?<![\w-])(?P<value>\d{5}-\d{4})(?![\w-])"),
        (
            "CONTACT",
            True,
            r"(?<![\w-])(?P<value>(?:\+?\d{1,2}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4})(?![\w-])",
        ),
        ("CONTACT", True, r"(?<![\w-])(?P<value>\d{3}-\d{4})(?![\w-])"),
        (
            "CONTACT",
            False,
            r"\b(?:phone|tel|cell|mobile|fax|call|ph)\b\W{0,3}(?:is\s+)?(?P<value>\d{3} \d{4})(?![\w-])",
        ),
        (
            "MRN",
            False,
            rf"\b{_CHART}\W{{0,3}}{_ENDING}(?P<value>{_LONG}|(?=[\w-]*\d)[A-Z0-9][\w-]+)",
        ),
        (
            "MRN",
            False,
            (
                r"(?<![\w-])(?P<value>[A-Z]{0,4}-?\d[\w-]{2,})(?=\s+(?:is|=)\s+(?:the|her|his|their)?\s*"
                rf"{_CHART}(?!\w))"
            ),
        ),
        (
            "MRN",
            True,
            r"^\s*(?P<value>(?!(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))[A-Za-z]{0,4}-?\d{4,})\s*[.!]?\s*$",
        ),
        ("MRN", True, r"(?<![\w.$:/-])(?<!CPT )(?<!cpt )(?<!code )(?P<value>\d{5})(?![\w:/%-]|\.\d)"),
        ("MRN", True, r"(?<![\w-])(?P<value>[A-Z]{0,5}-?\d{6,})(?![\w-])"),
        (
            "MRN",
            True,
            r"(?<![\w-])(?P<value>(?=[\dA-Z-]*[A-Z])(?=(?:[A-Z-]*\d){5})[A-Z\d]{3,}(?:-[A-Z\d]{3,})+)(?![\w-])",
        ),
    )
)
"""(handle's kind, pattern); the part to hide is the group `value`."""


@lru_cache(maxsize=4096)
def quiet(text: str) -> bool:
    """Whether no pattern finds anything: results say the same short things again and again."""
    return not any(pattern.search(text) for pattern in (*(each for _, each in PATTERNS), EARLIER))


_OF_NAME = (
    rf"\#?(?!{_TIME}\b)(?:\d{{3}}(?:[ ]\d{{1,4}})+{_COUNTED}|[a-z]{{0,4}}-?\d{{3,40}}[\w-]{{0,40}}"
    r"|[a-z]{0,4}-?\d{2,}(?:-\d{2,})+|(?-i:(?!OR\b|CPT\b|BMI\b|ASA\b)[A-Z]{1,3})[ ]\d{3,})"
)
AFTER_NAME = re.compile(
    rf"PATIENT-\d+(?:['\u2019]s)?(?:\s*[\[(/#|]\s*|[\s,;:-]{{1,4}}(?:(?:{_NUMBER}|is)\s*)?)(?P<value>{_OF_NAME})"
    r"(?![\w:.]*\d|\s*(?:am|pm|hrs|hours|min(?:ute)?s?)\b|/\d)",
    re.IGNORECASE,
)
"""A number right after a patient: the record's, unless it may be a time."""
BEFORE_NAME = re.compile(
    rf"(?<![\w:$.-])(?<!CPT )(?<!code )(?P<value>{_OF_NAME})\)?(?=[\s,:/-]{{1,3}}PATIENT-\d)", re.IGNORECASE
)
"""A number right before one."""
BORN_AFTER = re.compile(rf"PATIENT-\d+\s*[\[(]\s*(?P<value>{_DAY})\s*[,;)\]]", re.IGNORECASE)
"""A date in brackets right after a patient."""
EARLIER = re.compile(rf"(?<![\w-])(?P<value>{_day('20[2-9]' + chr(92) + 'd')})(?![\w:-])", re.IGNORECASE)
"""A date of these years: a child's birth date, when it lies well before today."""

_WORD = r"[^\W\d_][\w'\u2019-]*"
_CAPITAL = r"[A-Z\u00c0-\u00de][\w'\u2019-]*\.?"
_RUN = re.compile(rf"{_CAPITAL}(?:\s+{_CAPITAL})*")
_REVERSED = re.compile(rf"\b({_CAPITAL}),\s+({_CAPITAL})")
_TITLE = re.compile(rf"\b(?i:mr|mrs|ms|miss|patient|pt)\.?\s+({_CAPITAL}(?:\s+{_CAPITAL})*)")
_BEFORE = re.compile(
    rf"({_WORD}\s+{_WORD}(?:\s+{_WORD})?)\s*[,(:-]?\s*(?:(?:MRN|BIRTHDATE|CONTACT)-\d+"
    rf"|{_RECORD}(?!\w)|{_BORN}\b)",
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
    if words and words[0] in ("L", "R") and all(word.isupper() and len(word) <= 4 for word in words):
        words = words[1:]  # a side and a procedure in short
    while words and _ours(words[0], vocabulary):
        words = words[1:]
    while words and _ours(words[-1], vocabulary) and not (len(words) == 2 and _surname_too(words[1])):
        words = words[:-1]
    inside = any(_ours(word, vocabulary) for word in words[:-1])
    return [] if inside else [word.rstrip(".,") for word in words]


def _surname_too(word: str) -> bool:
    """Whether a word of ours may end a person's name: a month's name, or one of the clinic's own."""
    low = word.casefold().rstrip(".,").removesuffix("'s")
    free = low in {"april", "august", "june", "may", "march"} or low not in SCHEDULING
    return free and word[:1].isupper() and low.isalpha() and not _MEDICAL.search(low)


def _ours(word: str, vocabulary: frozenset[str]) -> bool:
    low = word.casefold().rstrip(".,").removesuffix("'s").removesuffix("\u2019s")
    return low in vocabulary or bool(_MEDICAL.search(low)) or any(mark.isdigit() for mark in low)


def surname(name: str) -> str:
    """The family name: the last word, or the first of "Doe, Jane"."""
    return name.partition(",")[0].rsplit(maxsplit=1)[-1]


@lru_cache(maxsize=1024)
def lone(surname: str, common: bool) -> re.Pattern[str]:
    """Finds a surname on its own, not a doctor's; one that is also a word here only behind a patient's title."""
    titled = r"(?P<before>\b(?:[Mm]rs?|[Mm]s|[Mm]iss|[Pp]atient|[Pp]t)\.?\s+)"
    free = r"(?P<before>(?<![^\W_])(?<!dr\. )(?<!dr )(?<!doctor ))"
    if common:
        theirs = r"['\u2019]s\s+(?!block|list|schedule|operating|clinic|cases|first|last|end)\w"
        acts = rf"{theirs}|\s+(?:needs|wants|prefers|asked)\b"
        meant = rf"(?<![\w-])(?<!Dr\. )(?<!Dr ){re.escape(surname)}(?={acts})"
        return re.compile(rf"{titled}{re.escape(surname)}(?!\w)|{meant}")
    return re.compile(rf"{free}{re.escape(plain(surname))}(?![^\W_])")


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
