"""How long, how many, in what order, how urgent."""

from __future__ import annotations

import re

from assistant.models.offline.reading import Choice, Reading
from assistant.models.offline.words import NUMBERS

_N = r"(?:\d{1,3}(?:\.\d+)?|an?|one|two|three|four|five|six|half an?|a half)"
_HOURS = r"(?:hours?|hrs?|h)"
_MINUTES = r"(?:minutes?|mins?|min|m)"
LENGTH = (
    rf"(?:(?P<h>{_N}) {_HOURS}(?:(?: and)? (?P<more>\d{{1,2}}|thirty|fifteen|forty five)(?: {_MINUTES})?"
    rf"| and (?:a )?(?P<half>half|quarter))?"
    rf"|(?P<hh>{_N}) and a half {_HOURS}|(?P<m>\d{{1,4}}) (?:minutes?|mins?|min))"
)
_CHANGE = re.compile(rf"\b(?:(?:make|made|need|needs|add|allow|give) (?:it |another )?)?(?:another )?{LENGTH} "
                     r"(?P<way>longer|shorter|more|less|extra)\b")  # fmt: skip
_DURATION = re.compile(
    rf"(?P<before>\b(?:in|within|after|before|next|last|every|at least|at most|over|under|than|first) (?:the )?)?"
    rf"\b{LENGTH}(?: long| case| slot| duration| of or time| block time)?\b"
    r"(?P<after> (?:from|later|earlier|ago|after|before|notice|ahead|old|out|prior))?"
)
_WORDS = {"a": 1.0, "an": 1.0, "half": 0.5, "half a": 0.5, "half an": 0.5, "a half": 0.5, "thirty": 30.0,
          "fifteen": 15.0, "forty five": 45.0, **{word: float(n) for word, n in NUMBERS.items()}}  # fmt: skip
_COUNT_WORD = r"(?P<n>[2-8]|two|three|four|five|six|seven|eight)"
_COUNT = (
    re.compile(
        rf"\b{_COUNT_WORD} (?:such |of (?:these|those|them) |more )?(?:cases?|patients?|pts?|in a row|surgeries"
        r"|of (?:these|those|them))\b"
    ),
    re.compile(r"\bx (?P<n>[2-8])\b"),
    re.compile(rf"\b{_COUNT_WORD}(?= (?:back to back|in a row|consecutive|one after|straight))"),
    re.compile(rf"\b{_COUNT_WORD} x\b"),
)
_MAKE_COUNT = (
    re.compile(r"\b(?:make|lets (?:do|make)) (?:it|that|them) (?P<n>two|three|four|five|six|seven|eight)"
               r"(?: of (?:them|those))?(?= (?:please|pls|then|instead|back to back|actually)|$)"),
    re.compile(r"^(?:(?:ok|okay|no|actually|well|then) )*(?:just|only|make (?:it|that)(?: just)?) (?P<n>one)"
               r"(?: (?:case|of them))?(?= (?:please|pls|then|instead|actually)|$)"),
)  # fmt: skip
_PAIR = re.compile(r"\b(?:a )?(?:pair of|couple of)(?= ~|$)")
_BEFORE_PROCEDURE = re.compile(rf"\b{_COUNT_WORD}(?= (?:left |right )?~)")
_BEFORE_AN_HOUR = frozenset(
    {"before", "after", "until", "till", "til", "by", "at", "than", "past", "to", "from"}
)
_LIMIT = re.compile(r"\b(?:(?:top|best|first) )?(?P<n>[1-9]|10|one|two|three|four|five|six|seven|eight|nine|ten) "
                    r"(?:options?|choices?|slots?|openings?|alternatives?|possibilities|times)\b")  # fmt: skip
_BACK_TO_BACK = re.compile(r"\b(?:back to back|b 2 b|b to b|in a row|consecutive(?:ly)?|one after the other"
                           r"|one after another)\b")  # fmt: skip
_FLIP = re.compile(r"\b(?:flip(?:ping)? (?:rooms?|~)|flip|two rooms|2 rooms|swing rooms?)\b")
_FIRST = re.compile(r"\b(?:(?:as )?(?:the )?first (?:case|start|on the list|on list"
    r"|up)(?: of (?:the )?(?:day|list|morning))?"
                    r"|(?:do|put|make|run|list) (?:it|them|him|her|this(?: one| case)?) (?:on )?first"
                    r"|first of (?:the )?(?:day|list)|(?:start|open)s? the (?:day|list)|fcots"
                    r"|(?:must |to )?(?:go|goes|going|be) first|first (?:please|pls)"
                    r"|lead off(?: case)?)\b")  # fmt: skip
_LAST = re.compile(r"\b(?:(?:as )?(?:the )?last (?:case|one|on the list)?(?: ?of (?:the )?(?:day|list))?(?<!last )"
                   r"|(?:at |the )*end of (?:the )?(?:day|list)|(?:must |to )?(?:go|goes|going|be) last|last case"
                   r"|(?:do|put|make|run|list) (?:it|them|him|her|this(?: one| case)?) (?:on )?last"
                   r"|last (?:please|pls))\b")  # fmt: skip
_ADD_ON = re.compile(r"\b(?:as )?(?:an? )?add ?ons?(?: case)?\b")
_URGENT = re.compile(r"\b(?:urgent(?:ly)?|emergent|emergency|stat)\b")
_ELECTIVE = re.compile(r"\belective(?:ly)?\b")
_SWAPS = re.compile(
    r"\b(?:(?:allow(?:ing)?|with|permit) (?:staff )?swaps?(?: allowed| ok| okay)?|swaps? (?:are )?(?:ok"
    r"|okay|allowed|fine))\b"
)
_NO_SWAPS = re.compile(r"\b(?:no|without)(?: any)?(?: staff)? swaps?\b")


LONGEST_MINUTES = 16 * 60
"""Longer than any room is open; "the 17h" is a day whose letters slipped."""


def read_quantities(r: Reading) -> None:
    """Note duration, order of the day, arrangement, urgency and swaps."""
    _changes(r)
    _durations(r)
    _marks(r)
    if r.fields.get("arrangement", "any") != "any" and "count" not in r.fields:
        r.edits["needs_count"] = True


def _changes(r: Reading) -> None:
    for match, i, j in r.utterance.find(_CHANGE):
        minutes = minutes_said(match)
        r.edits["longer"] = -minutes if match["way"] in {"shorter", "less"} else minutes
        r.utterance.take(i, j, "duration")


def _durations(r: Reading) -> None:
    for match, i, j in r.utterance.find(_DURATION):
        if match["before"] or match["after"]:
            continue
        minutes = minutes_said(match)
        if _from_to(r, i, j, match, minutes):
            continue
        if 5 <= minutes <= LONGEST_MINUTES:
            r.fields["duration_minutes"] = minutes
            r.utterance.take(i, j, "duration")
        else:
            r.ask("duration", f"A case of {minutes} minutes can't be booked. How many minutes is it?", ())
            r.utterance.take(i, j, "duration")


def _from_to(r: Reading, i: int, j: int, match: re.Match[str], most: int) -> bool:
    """ "2-2.5 hrs", "90 to 120 min": which of the two is asked, since one length is searched."""
    u = r.utterance
    k = i - 2 if u.at(i - 1) in {"to", "or"} else i - 1
    if not u.free(k) or not re.fullmatch(r"\d+(?:\.\d+)?", u.at(k)):
        return False
    if k == i - 1 and u.text[u.words[k].end : u.words[i].begin].strip() not in {"-", "\u2013"}:
        return False
    least = round(float(u.at(k)) * (1 if match["m"] else 60))
    if not 5 <= least < most <= LONGEST_MINUTES:
        return False
    choices = tuple(Choice(f"{n} minutes", {"duration_minutes": n}) for n in (least, most))
    r.ask("duration", f"How long shall the slot be, {least} or {most} minutes?", choices)
    u.take(k, j, "duration")
    return True


def minutes_said(match: re.Match[str]) -> int:
    """The minutes of a length that `LENGTH` found."""
    part = match.groupdict()
    if part["m"]:
        return int(part["m"])
    hours = _value(part["h"] or part["hh"]) + (0.5 if part["hh"] or part["half"] == "half" else 0.0)
    hours += 0.25 if part["half"] == "quarter" else 0.0
    return round(hours * 60 + (_value(part["more"]) if part["more"] else 0.0))


def _value(text: str) -> float:
    return _WORDS.get(text) or float(text)


def _marks(r: Reading) -> None:
    marks = (
        (_BACK_TO_BACK, "arrangement", "back-to-back"), (_FLIP, "arrangement", "flip"),
        (_FIRST, "position", "first"), (_LAST, "position", "last"), (_ADD_ON, "urgency", "add-on"),
        (_URGENT, "urgency", "urgent"), (_ELECTIVE, "urgency", "elective"), (_NO_SWAPS, "allow_swaps", False),
        (_SWAPS, "allow_swaps", True),
    )  # fmt: skip
    _counts(r)
    for pattern, key, value in marks:
        for _, i, j in r.utterance.find(pattern):
            if key == "position" and key in r.fields and r.fields[key] != value:
                r.ask("position", "First or last case of the day?", ())
            r.fields[key] = value
            r.utterance.take(i, j, key)


def _counts(r: Reading) -> None:
    for pattern in _COUNT:
        for match, i, j in r.utterance.find(pattern):
            r.fields["count"] = _count(match["n"])
            r.utterance.take(i, j if "row" not in match[0] else j - 3, "count")
    for match, i, j in (hit for pattern in _MAKE_COUNT for hit in r.utterance.find(pattern)):
        r.fields["count"] = _count(match["n"])
        r.utterance.take(i, j, "count")
    for match, i, j in r.utterance.find(_LIMIT):
        r.fields["limit"] = _count(match["n"])
        r.utterance.take(i, j, "limit")


def read_count_of_procedures(r: Reading) -> None:
    """ "two knee scopes": a number right before a procedure counts cases. Runs once procedures are taken."""
    firsts = {mention.i for mention in r.procedures}
    for match, i, j in r.utterance.find(_BEFORE_PROCEDURE):
        if r.utterance.at(i - 1) in _BEFORE_AN_HOUR or not _stands_alone(r, i):
            continue
        if j in firsts or (j + 1 in firsts and r.utterance.words[j].taken == "side"):
            r.fields["count"] = _count(match["n"])
            r.utterance.take(i, j, "count")
    for _, i, j in r.utterance.find(_PAIR):
        if j in firsts:
            r.fields["count"] = 2
            r.utterance.take(i, j, "count")


def _stands_alone(r: Reading, i: int) -> bool:
    """ "Q2 scope" and "ASA 2-3 scope" count no scopes."""
    before = r.utterance.text[: r.utterance.words[i].begin][-1:]
    return before in {"", " ", "(", ",", ":", ";", "x", "X", "\u00d7"}


def _count(word: str) -> int:
    return NUMBERS.get(word) or int(word)
