"""Patient facts, side, anesthesia: what the clinical shorthand of a request says."""

from __future__ import annotations

import re
from typing import Any

from assistant.models.offline.matching import scan
from assistant.models.offline.reading import Choice, Reading, listed

_NUMBER = r"(\d{1,3}(?:\.\d+)?)"
_AGE = re.compile(
    rf"\b(?:aged? (?:of |is )?{_NUMBER}(?: (?:yo|y|years?(?: old)?))?"
    rf"|(?:(?:patient|pt|she|he) is|shes|hes|she|he) {_NUMBER}(?= ?(?:$|~|and|with|bmi|asa|years?|yrs?|yo|\d))"
    rf"|{_NUMBER} (?:yo|y o|y|yrs?(?: old)?|years? old|year olds?)\b(?: (?:m|f|male|female))?)\b"
)
_CHILD_WORD = r"(?:child|kid|boy|girl|infant|toddler|baby|pediatric|peds|paediatric)"
_CHILD = re.compile(
    rf"\b{_CHILD_WORD}(?: patient| pt| case)?(?: (?:is |of |aged? )*{_NUMBER} (?:yo|y o|y|yrs?|years?)(?: old)?)?(?!\S)"
)
_AGE_AND_SEX = re.compile(r"\b(\d{1,3}) (m|f|male|female)(?!\S)")
_SEX_AND_AGE = re.compile(r"\b(?:male|female|man|woman|lady|gentleman) (\d{1,3})(?= ?(?:$|~))")
_MONTHS_OLD = re.compile(r"\b(\d{1,2}) (?:months? old|mo old|month olds?)\b")
_WEIGHT = re.compile(
    rf"\b(?:(?:weigh(?:s|ing|t)?|wt)(?: is| of)? )?{_NUMBER} (kg|kgs|kilos?|kilograms?|lbs?|pounds?)\b"
)
_BMI = re.compile(rf"\bbmi (?:of |is |at )?{_NUMBER}\b")
_ASA = re.compile(r"\basa (?:class |ps |score )?(1|2|3|4|5|6|i{1,3}|iv|vi?)\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_FLAGS = (
    ("latex", (r"latex(?: (?:allergy|allergic|sensitive|sensitivity|precautions?|free|safe))?"
              r"|allergic to latex|allergy to latex")),
    ("mrsa", r"mrsa(?: (?:positive|pos|carrier|colonized|colonised|precautions?|isolation))?"),
    ("diabetic", (r"iddm|niddm|dm ?[12]?|t[12] ?dm|diabetic|diabetes(?: mellitus)?|insulin dependent(?: diabetic)?"
                 r"|type [12] diabet(?:ic|es)|insulin|nondiabetic")),
)  # fmt: skip
_FLAG_PATTERNS = tuple(
    (
        flag,
        re.compile(
            rf"\b(?:(?P<not>no|not|non|without|denies)(?: known| a)? )?(?P<flag>{said})(?P<neg> neg(?:ative)?)?\b"
        ),
    )
    for flag, said in _FLAGS
)
_SIDE = re.compile(
    r"\b(?:(?:on )?(?:the |his |her |their )?(?P<side>left|right|lt|rt|bilateral|bilaterally|bilat|both)"
    r"(?: (?:side|sided))?)\b"
)
_SIDE_NAMES = {"left": "left", "lt": "left", "l": "left", "right": "right", "rt": "right", "r": "right"}
_NOT_A_SIDE = re.compile(
    r"\b(?:right (?:now|away|after|before|at|behind|around|there|then)|(?:is|are|was|what|whats|anything|any"
    r"|time|slots?|space|openings?|room|got) left|left (?:on|in|for|over|open|at|with)|all right)\b"
)
_ANESTHESIA_WORDS = re.compile(r"\b(?:anesthesia|anaesthesia|anesthetic|anesthesiologist)\b")
_PATIENT_NAME = re.compile(r"\b(?:(?:for|on) )?(?:mr|mrs|ms|miss|mister|patient|pt) (?P<name>[^\W\d_~]+)\b")


def read_patient(r: Reading) -> None:
    """Note age, weight, BMI, ASA class and flags."""
    facts: dict[str, Any] = {}
    _number(r, _AGE, "age", facts, 130)
    _age_and_sex(r, facts)
    _child(r, facts)
    _months(r, facts)
    _weight(r, facts)
    _number(r, _BMI, "bmi", facts, 200)
    for match, i, j in r.utterance.find(_ASA):
        facts["asa"] = _ROMAN.get(match[1]) or int(match[1])
        r.utterance.take(i, j, "patient")
    flags = [flag for flag, pattern in _FLAG_PATTERNS if _flag(r, pattern)]
    if flags:
        facts["flags"] = [*facts.get("flags", []), *flags]
    if facts:
        r.fields["patient"] = facts


def _age_and_sex(r: Reading, facts: dict[str, Any]) -> None:
    """ "72F": the letter touches the number, or is a word."""
    for match, i, j in r.utterance.find(_AGE_AND_SEX):
        if r.utterance.at(i - 1) in {"h", "hr", "hrs", "hour", "hours"}:
            continue  # "2h 15m"
        if len(match[2]) > 1 or r.utterance.glued(j - 1):
            facts["age"] = float(match[1])
            r.utterance.take(i, j, "patient")
    for match, i, j in r.utterance.find(_SEX_AND_AGE):
        facts["age"] = float(match[1])
        r.utterance.take(i, j, "patient")


def _child(r: Reading, facts: dict[str, Any]) -> None:
    """A child's age; without one, that it is a child."""
    for match, i, j in r.utterance.find(_CHILD):
        r.utterance.take(i, j, "patient")
        if match[1]:
            facts["age"] = float(match[1])
        elif "age" not in facts:
            facts["flags"] = ["child"]


def _number(r: Reading, pattern: re.Pattern[str], key: str, facts: dict[str, Any], most: float) -> None:
    for match, i, j in r.utterance.find(pattern):
        value = float(next(group for group in match.groups() if group))
        r.utterance.take(i, j, "patient")
        if 0 < value <= most:
            facts[key] = value
        else:
            r.ask("unread", f"{key} {value:g} can't be right. What is it?", ())


def _months(r: Reading, facts: dict[str, Any]) -> None:
    for match, i, j in r.utterance.find(_MONTHS_OLD):
        facts["age"] = round(int(match[1]) / 12, 2)
        r.utterance.take(i, j, "patient")


def _weight(r: Reading, facts: dict[str, Any]) -> None:
    for match, i, j in r.utterance.find(_WEIGHT):
        pounds = match[2].startswith(("lb", "pound"))
        facts["weight_kg"] = round(float(match[1]) * (0.45359237 if pounds else 1.0), 1)
        r.utterance.take(i, j, "patient")


def _flag(r: Reading, pattern: re.Pattern[str]) -> bool:
    present = False
    for match, i, j in r.utterance.find(pattern):
        if match["not"] and match["flag"].startswith("non"):
            continue  # "not nondiabetic": the "not" stays unread, and is asked about
        end = r.utterance.words[j - 1].end
        minus = r.utterance.text[end : end + 2].strip() in {"-", "-,", "-.", "(-"}
        r.utterance.take(i, j, "patient")
        denied = match["not"] or match["neg"] or minus or match["flag"].startswith("non")
        present = present or not denied
    return present


def read_side(r: Reading) -> None:
    """Note the side; it is asked for at booking, so a search only remembers it."""
    never = {k for _, i, j in r.utterance.find(_NOT_A_SIDE) for k in range(i, j)}
    said = set()
    for match, i, j in r.utterance.find(_SIDE):
        if not never & set(range(i, j)):
            said.add(_SIDE_NAMES.get(match["side"], "bilateral"))
            r.utterance.take(i, j, "side")
    for k, word in enumerate(r.utterance.words):
        lone = word.raw in {"L", "R"} and not word.taken
        if lone and not r.utterance.glued(k) and not r.utterance.glued(k + 1):
            said.add(_SIDE_NAMES[word.raw.lower()])
            r.utterance.take(k, k + 1, "side")
    if len(said) == 1:
        r.fields["laterality"] = said.pop()
    elif said:
        r.ask("side", f"I read more than one side: {listed(sorted(said), 'and')}. Which one?", sides())


def sides() -> tuple[Choice, ...]:
    """The sides as answers to pick from."""
    return tuple(Choice(side.capitalize(), {"laterality": side}) for side in ("left", "right", "bilateral"))


def read_anesthesia(r: Reading) -> None:
    """Note the kind of anesthesia, from those that the clinic's procedures know."""
    found = []
    for i, j, ids in scan(r.utterance, r.lexicon.anesthesia):
        negator = r.negator_before(i)
        led = r.utterance.free(i - 1) and r.utterance.at(i - 1) in {"under", "with", "via", "using"}
        r.utterance.take(i - led if negator is None else negator, j, "anesthesia")
        if negator is None:
            found.append(ids[0])
        else:
            options = sorted({kind for kinds in r.lexicon.anesthesia.values() for kind in kinds} - set(ids))
            r.ask("anesthesia", f"Not {ids[0]}: which anesthesia then?", _kinds(options))
    for _, i, j in r.utterance.find(_ANESTHESIA_WORDS):
        if found:
            r.utterance.take(i, j, "anesthesia")
    kinds = list(dict.fromkeys(found))
    if len(kinds) > 1:
        r.ask("anesthesia", f"Which anesthesia: {listed(kinds)}?", _kinds(kinds))
    elif kinds:
        r.fields["anesthesia"] = kinds[0]


def _kinds(kinds: list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(kind.capitalize(), {"anesthesia": kind}) for kind in kinds)


def read_patient_name(r: Reading) -> None:
    """A patient's name isn't needed to find a slot: it is taken, and asked for when booking."""
    for match, i, j in r.utterance.find(_PATIENT_NAME):
        word = r.utterance.words[j - 1]
        if match["name"] and word.capital:
            r.utterance.take(i, j, "patient")
