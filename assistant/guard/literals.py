"""Times, dates, weekdays and rooms written out in words, each in one canonical form whatever its spelling."""

from __future__ import annotations

import re

from assistant import facts

Literal_ = tuple[str, str]
"""What kind of thing is written out ("time", "date", "weekday", "room", "name") and its canonical form."""

_SMALL = re.findall(
    r"\S+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
)  # fmt: skip
_NUMBER = {word: number for number, word in enumerate(_SMALL, 1)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_ORDINALS = re.findall(
    r"\S+",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
    "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first",
)  # fmt: skip
_HOUR = "|".join(_SMALL[:12])
_FIVES = r"(?:oh?|zero)[\s-]five|ten|fifteen|(?:twenty|thirty|fou?rty|fifty)(?:[\s-]five)?"
_PART = r"\s*(?:[ap]\.?\s?m\b|in\sthe\s(?:early\s|late\s)?(?:morning|afternoon|evening)|at\snight)"
_TIME = re.compile(
    rf"""\b(?P<h>[01]?\d|2[0-4])[:.h\u2236](?P<m>[0-5]\d)(?!\d|\.\d|\s*%)(?P<ap>{_PART})?
       | \b(?!one\s+in\b)(?P<h2>1[0-2]|0?[1-9]|{_HOUR}){_PART}
       | \b(?P<mil>[0-2]\d[0-5]\d)\s*(?:hrs|hours|h)\b
       | \b(?:at|from|by|until)\s+(?P<mil2>[0-2]\d[0-5]\d)\b(?![-/])
       | \b(?P<at>1[0-2]|[1-9]|{_HOUR})\s*o.?clock\b
       | \b(?P<word>noon|midday|midnight)\b
       | \b(?P<past>quarter|half|{_FIVES})\s+(?P<side>past|after|to|till|before)\s+(?P<h3>1[0-2]|[1-9]|{_HOUR})\b
       | \bhalf\s+(?P<h4>{_HOUR})\b
       | \b(?P<spelt>{_HOUR})[\s-]+(?P<min>{_FIVES}|forty.five)(?![\s-]*(?:minute|day|hour|week|percent))\b
       | \b(?:at|from|by|until|till)\s+(?P<bare>1[0-2]|[1-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)
         (?=\s*(?:[.,;!?)|]|$|-|sharp\b|exactly\b|on\b|in\b|with\b|is\b|to\b|works?\b|for\b|and\b|instead\b))""",
    re.VERBOSE | re.IGNORECASE,
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in facts.MONTHS)
_ORDINAL = "|".join(sorted((word.replace("-", r"[\s-]") for word in _ORDINALS), key=len, reverse=True))
_LATER = "|".join(sorted((word.replace("-", r"[\s-]") for word in _ORDINALS[5:]), key=len, reverse=True))
"""Ordinals that count no offers: "the first" is one of those, "the tenth" is a day."""
_DATE = re.compile(
    rf"""\b(?P<y>\d{{4}})-(?P<mo>\d\d)-(?P<d>\d\d)\b
       | \b(?P<name>{_MONTH})\.?\s+(?:the\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)
       | \b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name2>{_MONTH})\b
       | \b(?P<name3>{_MONTH})\.?\s+(?:the\s+)?(?P<o2>{_ORDINAL})\b
       | \b(?P<o3>{_ORDINAL})\s+(?:of\s+)(?P<name4>{_MONTH})\b
       | \b(?P<mo4>1[0-2]|0?[1-9])/(?P<d4>[0-3]?\d)\b
       | \bthe\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)\b(?!\s+(?:one|option|choice|slot|offer|card|case|opening)\b)
       | \bthe\s+(?P<o5>{_LATER})\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?s?\b|\b(today|tomorrow)\b", re.IGNORECASE
)
_ROOMS = rf"\d{{1,2}}|{_HOUR}|II|III|IV"
_ROOM = re.compile(
    rf"""\b(?:OR|O\.R\.?|(?i:operating\s+room|room|theat(?:re|er)|suite|(?:in|into|to|of|from|for)\s+or))
         [\s\u2010-\u2015-]*(?:\#\s*|(?i:no\.?|number)\s*)?((?i:{_ROOMS}))\b
       | \b(?i:or)-?(\d{{1,2}})\b
       | (?<!\d\s)\b(?i:or)[\s-](\d{{1,2}})\b(?=\s+(?i:is|has|can|at|on|would|will|works?)\b)""",
    re.VERBOSE,
)  # fmt: skip
_ROMAN = {"ii": "2", "iii": "3", "iv": "4"}


def literals(text: str) -> set[Literal_]:
    """Every time, date, weekday and room written out in `text`, in canonical form."""
    found = {("time", _minutes(match)) for match in _TIME.finditer(text)}
    found |= {("date", _month_day(match)) for match in _DATE.finditer(text)}
    found |= {("weekday", (match[1] or match[2]).lower()) for match in _DAY.finditer(text)}
    return found | {("room", _room(match)) for match in _ROOM.finditer(text)}


def unsaid(written: set[Literal_], allowed: set[Literal_]) -> set[Literal_]:
    """What of `written` isn't allowed; "the 10th" is any tenth that was spoken of."""
    days = {value.partition("/")[2] for kind, value in allowed if kind == "date"}
    return {
        (kind, value)
        for kind, value in written - allowed
        if not (kind == "date" and value.startswith("0/") and value[2:] in days)
    }


def number(word: str) -> int:
    """A number in digits or words, up to ninety."""
    low = word.lower().replace("-", " ")
    return int(low) if low.isdecimal() else sum(_NUMBER.get(part, 0) for part in low.split())


def _room(match: re.Match[str]) -> str:
    word = (match[1] or match[2] or match[3]).lower()
    return _ROMAN.get(word) or str(number(word))


def _minutes(match: re.Match[str]) -> str:
    """On a twelve-hour face: "10", "10 am" and "22:00" are one time, so that an echo may change the form."""
    part = match.groupdict()
    if part["word"]:
        return "12:00"
    if digits := part["mil"] or part["mil2"]:
        return _clock(int(digits[:2]), int(digits[2:]))
    if part["past"]:
        return _beside(part["past"], part["side"], number(part["h3"]))
    if part["h4"]:
        return _clock(number(part["h4"]), 30)
    hour = part["h"] or part["h2"] or part["at"] or part["spelt"] or part["bare"]
    minute = int(part["m"]) if part["m"] else _spelt_minutes(part["min"] or "")
    return _clock(number(hour), minute)


def _beside(words: str, side: str, hour: int) -> str:
    """ "Quarter past nine", "ten to nine"."""
    minutes = {"quarter": 15, "half": 30}.get(words.lower()) or _spelt_minutes(words)
    return _clock(hour, minutes) if side.lower() in ("past", "after") else _clock(hour - 1, 60 - minutes)


def _spelt_minutes(words: str) -> int:
    return number(re.sub(r"^(?:oh?|zero)[\s-]", "", words.lower()).replace("fourty", "forty")) if words else 0


def _clock(hour: int, minute: int) -> str:
    return f"{hour % 12 or 12}:{minute:02d}"


def _month_day(match: re.Match[str]) -> str:
    part = match.groupdict()
    digits = next((part[key] for key in ("d", "d2", "d3", "d4", "d5") if part[key]), None)
    word = part["o2"] or part["o3"] or part["o5"] or ""
    day = int(digits) if digits else 1 + _ORDINALS.index(re.sub(r"\s", "-", word.lower()))
    name = part["name"] or part["name2"] or part["name3"] or part["name4"]
    month = part["mo"] or part["mo4"] or (name and _month_number(name)) or 0
    return f"{int(month)}/{day}"


def _month_number(name: str) -> int:
    return next(
        number for number, month in enumerate(facts.MONTHS, 1) if month[:3].lower() == name[:3].lower()
    )
