"""The vocabulary of time: weekdays, months, numbers and units, with the misspellings people make."""

from __future__ import annotations

from functools import lru_cache


def word_set(text: str) -> frozenset[str]:
    """The words of a text, which reads better than a list of strings."""
    return frozenset(text.split())


WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_SHORT_WEEKDAYS = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "wedn": 2, "thu": 3, "thur": 3, "thurs": 3,
    "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_SHORT_MONTHS = {
    "jan": 1, "feb": 2, "febr": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
WEEKDAYS = {name: i for i, name in enumerate(WEEKDAY_NAMES)} | _SHORT_WEEKDAYS
MONTHS = {name: i + 1 for i, name in enumerate(MONTH_NAMES)} | _SHORT_MONTHS

# Words that are also verbs, names or abbreviations: they need a neighbour that speaks of time.
DOUBTFUL_WEEKDAYS = frozenset({"mon", "sat", "sun", "wed", "fri", "thu"})
DOUBTFUL_MONTHS = frozenset({"may", "march", *_SHORT_MONTHS})
NAME_MONTHS = frozenset({"april", "may", "june", "august", "march", "jan"})

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TEENS = "sixteen seventeen eighteen nineteen"
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50}
CARDINALS = {word: i for i, word in enumerate(f"{_UNITS} {_TEENS}".split())} | TENS
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {word: i + 1 for i, word in enumerate(_ORDINAL_WORDS.split())} | {"thirtieth": 30}

DAY_UNITS = {"day": "day", "days": "day", "d": "day"}
UNITS = DAY_UNITS | {
    "week": "week", "weeks": "week", "wk": "week", "wks": "week", "weekend": "weekend",
    "fortnight": "fortnight", "fortnights": "fortnight", "month": "month", "months": "month",
    "mo": "month", "mos": "month", "year": "year", "years": "year", "hour": "hour", "hours": "hour",
    "hr": "hour", "hrs": "hour", "minute": "minute", "minutes": "minute", "min": "minute", "mins": "minute",
    "quarter": "quarter", "quarters": "quarter",
}  # fmt: skip

TODAY = frozenset({"today", "tday"})
TOMORROW = frozenset(
    {"tomorrow", "tmrw", "tmw", "tmr", "tmrow", "tomorow", "tommorow", "tomm", "2moro", "2morrow"}
)
YESTERDAY = frozenset({"yesterday"})

TITLES = frozenset(
    {"dr", "drs", "doctor", "mr", "mrs", "ms", "miss", "prof", "nurse", "pt", "patient", "surgeon"}
)

# A number after one of these is a label, a grade or a measure, never a day or an hour.
LABELS = word_set(
    "or room rm suite theater theatre pod asa bmi cpt mrn id no number num bed bay bays level levels "
    "grade type stage class size age aged ages case cases option offer slot choice gcs t toe toes finger "
    "fingers digit digits ray rays rib ribs x score phase ext fax phone page ward floor unit tray step l "
    "c s icd cpt weight motor strength building version zone part vertebra vertebrae"
)
# A number before one of these counts or measures.
MEASURES = word_set(
    "yo y yr yrs year years yrs-old old kg kgs lb lbs mm cm ml mg in inch inches case cases patient "
    "patients pts room rooms people nurse nurses level levels min mins minute minutes hour hours hr hrs h "
    "day days week weeks wk wks month months mo mos x times units unit degree degrees percent surgeon "
    "surgeons tubular view views hole screw screws total of"
)
# An ordinal before one of these picks from a list or names a body part.
NOT_A_DAY = word_set(
    "week weeks weekend quarter one ones case cases choice option "
    "slot opening openings start starts pick offer metacarpal "
    "metatarsal toe finger digit ray rib time times opinion surgeon assistant patient room floor "
    "procedure stage degree thing available avail two three four five few round half mtp cmc dip pip mcp "
    "web trigger try attempt look row level case-start add addon team scrub person name place line "
    "degree-burn grade"
)

_FUZZY = {name: name for name in (*WEEKDAY_NAMES, *MONTH_NAMES, "tomorrow", "morning", "afternoon")}
_KNOWN_SLIPS = {
    "wensday": "wednesday", "wendsday": "wednesday", "wensdays": "wednesdays", "weds": "wed",
    "wednsday": "wednesday", "tusday": "tuesday", "tuseday": "tuesday", "thrusday": "thursday",
    "thirsday": "thursday", "tommorow": "tomorrow", "tommorrow": "tomorrow", "tomorow": "tomorrow",
    "febuary": "february", "febuery": "february", "sept": "sep", "wk": "week", "wks": "weeks",
    "afternon": "afternoon", "mornin": "morning", "nxt": "next", "thurday": "thursday", "satday": "saturday",
    "aftr": "after", "befor": "before", "btw": "between", "btwn": "between", "noontime": "noon",
    "thru": "through", "til": "until", "till": "until", "oclock": "o'clock", "exept": "except",
    "excpt": "except", "excluding": "except", "excl": "except",
    "marhc": "march", "macrh": "march", "apirl": "april", "arpil": "april", "aprl": "april", "agust": "august",
    "augest": "august", "firday": "friday", "frday": "friday", "fryday": "friday", "moday": "monday",
    "mondya": "monday", "tuesdya": "tuesday", "thursdya": "thursday", "fridya": "friday", "wedesday": "wednesday",
    "wenesday": "wednesday", "janurary": "january", "feburary": "february", "satuday": "saturday",
    "tommorw": "tomorrow", "tomorrrow": "tomorrow", "2morrow": "tomorrow", "thurs": "thu",
    "upcoming": "coming",
}  # fmt: skip


@lru_cache(maxsize=8192)
def normal(word: str) -> str:
    """The dictionary form of a lower-case word: possessive dropped, common slips of the pen mended."""
    word = word.replace("\u2019", "'")
    word = word.removesuffix("'s")
    if word in _KNOWN_SLIPS:
        return _KNOWN_SLIPS[word]
    if len(word) < 6 or not word.isalpha() or word in MONTHS or word in WEEKDAYS:
        return word
    return _mended(word)


def _mended(word: str) -> str:
    """A weekday or month with one letter wrong; first and last letters must stand, or names would match."""
    plural = word.endswith("days")
    stem = word[:-1] if plural else word
    for name in _FUZZY:
        if stem[0] == name[0] and stem[-1] == name[-1] and stem != name and _one_slip(stem, name):
            return name + "s" if plural else name
    return word


def _one_slip(word: str, name: str) -> bool:
    """Whether one letter added, dropped, changed or swapped with its neighbour turns word into name."""
    if abs(len(word) - len(name)) > 1 or len(name) < 6:
        return False
    i = 0
    while i < min(len(word), len(name)) and word[i] == name[i]:
        i += 1
    rest, wanted = word[i:], name[i:]
    swapped = rest[1:2] + rest[:1] + rest[2:] == wanted
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or swapped


def weekday_of(word: str) -> tuple[int, bool] | None:
    """(weekday, whether plural) for a normal word, or None."""
    if word in WEEKDAYS:
        return WEEKDAYS[word], False
    if word.endswith("s") and word[:-1] in WEEKDAYS and word[:-1] not in {"sat", "wed"}:
        return WEEKDAYS[word[:-1]], True
    return None
