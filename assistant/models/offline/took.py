""" "Why did it fit yesterday?": the words that ask what took a slot, and since when it was free."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from assistant.models.offline.dates.words import MONTHS, WEEKDAYS
from assistant.models.offline.reading import Reading
from assistant.models.offline.words import NUMBERS, ORDINALS

_DAYS = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_LABEL = r"[a-z] \d{1,2}"
_IT = (
    rf"(?:it|that|this|them|{_LABEL}|slots?|offer|option|one|opening|spot|place|start|time|hour|am|pm|oclock)"
)
_NAMED = rf"(?:it|that|this|them|my|our|the|{_LABEL}|\d|slots?|option|offer|number)"
_WHO = (
    r"(?:what|who|whats|whos|what else|who else|which (?:booking|case|change|surgeon|procedure|one)"
    r"|whose (?:case|booking))(?: has| have| had| s)?(?: just| now)?"
)
_FREE = r"(?:free|open|available|possible|bookable|offered)"

_TOOK = re.compile(
    rf"\b{_WHO} (?:(?:took|taken|grabbed|snatched|stole|stolen|claimed|got)(?= {_NAMED}(?!\S)|$)"
    rf"|booked(?= (?:it|that (?:slot|one)|(?:my|our) slot|{_LABEL}|over (?:it|that|me|us))(?!\S)))"
    rf"|\bwhat (?:has |s )?(?:happened|became) (?:to|with|of)(?= (?:it|that|my|our|{_LABEL})(?!\S)"
    rf"|(?: \S+){{0,6}} (?:slot|offer|opening|spot)(?!\S))"
    rf"|\b(?:was|has|is) (?:it|that|{_LABEL})(?: just)?(?: been)? (?:taken|grabbed)"
    r"(?: by (?:someone|somebody|who|whom))?(?: else)?(?: already)?(?!\S)"
    rf"|\bwhere (?:did|has)(?= (?:it|that|{_LABEL}|the (?:\S+ ){{0,3}}slot)(?: slot)? (?:go|gone)(?!\S))"
)
_NO_LONGER = re.compile(
    rf"\b(?:why|how come|since when|when)(?= (?:\S+ ){{0,7}}?(?:{_IT}|{_FREE}) (?:\S+ ){{0,5}}?"
    r"(?:gone|no longer|any ?more|any longer|already taken|now taken|taken(?: now| all of a sudden)?$))"
    rf"|\b(?:why|how come)(?= (?:is|are|s) (?:\S+ ){{0,7}}?no longer {_FREE}(?!\S))"
)
_WAS = re.compile(
    r"\b(?:was|were|wasnt|used to be|had been|has been)"
    rf"(?: (?:it|that|this|not|still|there|just|{_LABEL}|the|slot|one|also|definitely|shown|as))*? {_FREE}(?!\S)"
)
_FIT = re.compile(
    rf"\b(?:did|didnt|could)(?: {_IT}| ~| the)* (?:still )?(?:fit|fitted|work|pass|be booked)(?!\S)"
    rf"|\b(?:{_IT}|~) (?:still )?(?:fit|fitted|worked|passed)(?!\S)"
)
_DID = re.compile(r"\b(?:why|how come) (?:did|could) (?:\S+ ){1,20}?(?:fit|work|pass)(?!\S)")
_WHAT_CHANGED = re.compile(r"\bwhat (?:has |s )?(?:happened|changed)(?!\S)")
_WHY = re.compile(
    r"\b(?:(?:so|but|and|ok|okay|well|hmm|please|explain) )*(?:why|how come)"
    r"(?: (?:did|was|is|isnt|are|does|doesnt|do|could|were|can|cant|not))*(?!\S)"
)
_GONE = r"not|isnt|doesnt|does not|cant|can not|wont|no longer|gone|go|taken|any ?more|any longer|already"
_NOT_NOW = re.compile(
    r"\b(?:(?:and|but|so|yet|then|though) )*(?:(?:now|today|suddenly) )*(?:(?:it|its|that|thats|this) )?"
    rf"(?:(?:is|was|has|s|its) )?(?:{_GONE})(?! (?:in|with|by)(?!\S))"
    rf"(?: (?:now|today|free|available|open|possible|fit|be|booked|work|all of a sudden|{_GONE}))*(?!\S)"
)
_AND_NOW = re.compile(r"\b(?:and|but) (?:now|today)$")
_FROM_US = re.compile(r"\b(?:away|from (?:me|us|under (?:me|us))|up)(?!\S)")

_CLOCK = (
    r"(?: {0}morning|afternoon|evening|night))?"
    r"(?:(?: at| around| about)? {1}\d{{1,2}})(?: {2}[0-5]\d))?(?: {3}am|pm))?(?= |$)(?! \d))?"
)
_HOUR = _CLOCK.format(*["(?:"] * 4)
_SAID = re.compile(_CLOCK.format("(?P<part>", "(?P<hour>", "(?P<minute>", "(?P<half>") + "$")
_SINCE = re.compile(
    r"\b(?:(?:since|as of|until|till|still|just|only|back|earlier) )*(?:"
    rf"(?P<yesterday>(?:the )?day before yesterday|yesterday|last night)(?P<one>{_HOUR})"
    r"|(?P<today>this (?P<now>morning|afternoon)|earlier today|today earlier)"
    r"|(?P<count>half an|an?|\d{1,3}|a few|(?:a )?couple(?: of)?|" + "|".join(NUMBERS) + ")"
    r" (?P<unit>second|sec|moment|minute|min|hour|hr|day|week|month)s? (?:ago|earlier|back|before)"
    r"|(?P<last>last|this|the other|the previous) (?P<span>week|month|day)(?<!this day)(?<!last day)"
    r"|(?P<looked>(?:when|last time|the last time) (?:i|we) (?:last |first )?(?:looked|checked|asked|searched|saw it"
    r"|called)|a while (?:ago|back)|(?:earlier|before)(?= (?:what|who|why|and|but)(?!\S)|$))"
    rf"|(?P<how>on|last|since|this past|past) (?P<day>{_DAYS})(?P<two>{_HOUR})"
    rf"|(?:on|since) (?P<month>{_MONTHS}) (?P<date>\d{{1,2}}|{'|'.join(ORDINALS)})(?: th| st)?(?P<three>{_HOUR})"
    r")(?!\S)"
)  # fmt: skip
_OTHER_DAY = re.compile(rf"\b(?:{_DAYS}|tomorrow|tmrw|today)(?!\S)")
_UNITS = {"second": 1, "sec": 1, "moment": 1, "minute": 1, "min": 1, "hour": 60, "hr": 60, "day": 1440,
          "week": 10080, "month": 43200}  # fmt: skip
_FEW = {
    "half an": 0.5,
    "a few": 5,
    "couple": 2,
    "a couple": 2,
    "couple of": 2,
    "a couple of": 2,
    "a": 1,
    "an": 1,
}
_LONGEST = timedelta(days=366)
_PARTS = {"morning": 0, "afternoon": 12, "evening": 17, "night": 17}


def read_took(r: Reading, shown: bool) -> None:
    """Note that it is asked what took a slot, and since when; `shown`: slots were, so that a day may be of the past."""
    if not _asked(r):
        return
    r.cues.add("took")
    since = _since(r, shown)
    r.fields["since"] = f"{since or r.now - timedelta(days=1):%Y-%m-%dT%H:%M}"
    for pattern in (_TOOK, _WHY, _NO_LONGER, _WAS, _FIT, _WHAT_CHANGED, _NOT_NOW, _AND_NOW, _FROM_US):
        for _, i, j in r.utterance.find(pattern):
            r.utterance.take(i, j, "cue")


def _asked(r: Reading) -> bool:
    line = r.utterance.line()
    if _TOOK.search(line) or _NO_LONGER.search(line):
        return True
    before = _WAS.search(line) or _FIT.search(line) or _DID.search(line)
    if _NOT_NOW.search(line) and _WHAT_CHANGED.search(line):
        return True
    then = [
        found for found in _SINCE.finditer(line) if not found["month"] or _dated(found, r.now) is not None
    ]
    return bool(before) and " same " not in f" {line} " and bool(then or _WHAT_CHANGED.search(line))


def _since(r: Reading, shown: bool) -> datetime | None:
    """The first moment that is named of the past, its words taken."""
    for match, i, j in r.utterance.find(_SINCE):
        if match["day"] and not _is_past(match, r, shown):
            continue
        moment = _moment(match, r.now)
        if moment is not None and moment < r.now:
            r.utterance.take(i, j, "when")
            return moment
    return None


def _is_past(match: re.Match[str], r: Reading, shown: bool) -> bool:
    """ "It was free on Monday" tells when; "Monday at 9 was free" tells which slot."""
    line = r.utterance.line()
    if match["how"] != "on":
        return True
    rest = f"{line[: match.start()]} {line[match.end() :]}"
    told = re.search(rf"(?:{_FREE}|fit|fitted|worked) $", line[: match.start()])
    return bool(told) and (shown or bool(_OTHER_DAY.search(rest)))


def _moment(match: re.Match[str], now: datetime) -> datetime | None:
    kinds: dict[str, Callable[[], datetime | None]] = {
        "yesterday": lambda: _on(
            now.date() - timedelta(days=2 if "before" in match["yesterday"] else 1), match
        ),
        "today": lambda: _today(match["now"], now),
        "count": lambda: _ago(match, now),
        "span": lambda: _earlier(match["last"], match["span"], now),
        "looked": lambda: now - timedelta(days=1),
        "day": lambda: _on(
            now.date() - timedelta(days=(now.weekday() - WEEKDAYS[match["day"]] - 1) % 7 + 1), match
        ),
        "month": lambda: _dated(match, now),
    }
    return next(make() for name, make in kinds.items() if match[name])


def _on(day: date, match: re.Match[str]) -> datetime:
    """The hour that was said of a day, or its beginning: whatever was done that day came after it."""
    said = _SAID.match(match["one"] or match["two"] or match["three"] or "")
    part = (said and said["part"]) or ("night" if "night" in (match["yesterday"] or "") else "")
    if not said or not said["hour"]:
        return datetime.combine(day, time(_PARTS.get(part, 0)))
    hour, half = int(said["hour"]) % 24, said["half"]
    late = half == "pm" or part in ("afternoon", "evening", "night") or (hour < 7 and not half and not part)
    hour = hour % 12 + 12 if late and hour < 13 else 0 if hour == 12 and half else hour
    return datetime.combine(day, time(hour, int(said["minute"] or 0)))


def _today(part: str | None, now: datetime) -> datetime:
    begin = datetime.combine(now.date(), time(0))
    noon = begin + timedelta(hours=12)
    return noon if part == "afternoon" and noon < now else begin


def _ago(match: re.Match[str], now: datetime) -> datetime:
    many = _FEW.get(match["count"]) or NUMBERS.get(match["count"]) or float(match["count"])
    return now - min(timedelta(minutes=many * _UNITS[match["unit"]]), _LONGEST)


def _earlier(which: str, span: str, now: datetime) -> datetime:
    monday = now.date() - timedelta(days=now.weekday())
    if span == "week":
        return datetime.combine(monday - timedelta(days=0 if which == "this" else 7), time(0))
    if span == "month":
        first = now.date().replace(day=1)
        return datetime.combine(
            first if which == "this" else (first - timedelta(days=1)).replace(day=1), time(0)
        )
    return now - timedelta(days=7)


def _dated(match: re.Match[str], now: datetime) -> datetime | None:
    """ "on March 3", where that is behind us this year or the last; None where no such day is near."""
    number = ORDINALS.get(match["date"]) or int(match["date"])
    for year in (now.year, now.year - 1):
        try:
            day = date(year, MONTHS[match["month"]], number)
        except ValueError:
            continue
        if day < now.date() and (now.date() - day).days < 180:
            return _on(day, match)
    return None
