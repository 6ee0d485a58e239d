"""Who the patient is, where a message says it by two identifiers: so that a birth date is never taken for a day."""

from __future__ import annotations

import re
from datetime import date

from assistant.models.offline.dates.words import MONTHS
from assistant.models.offline.reading import Reading
from assistant.models.offline.words import PATIENT_TITLES, TITLES

_DATE = (
    r"(?P<date>\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9}\.?,? \d{4})"
)
_BIRTH = re.compile(
    rf"\b(?:d\.?o\.?b\.?|born(?: on)?|date of birth|birth ?date|birthday)\W{{0,3}}(?:is )?{_DATE}",
    re.IGNORECASE,
)
_MRN = re.compile(
    r"\b(?:mrn|medical record(?: number| no\.?)?|chart(?: number| no\.?)|record number)\W{0,3}(?:is )?"
    r"(?P<mrn>[A-Za-z]{0,3}-?\d[\w-]{1,20})", re.IGNORECASE
)  # fmt: skip
_PIECE = r"[^\W\d_][\w'\u2019-]*"
_AFTER_A_NAME = r"(?:mrn|dob|d\.o\.b|born|date of|birth|medical|chart|record|left|right|bilateral)"
_NAME = re.compile(
    rf"(?:\b(?:for|patient|pt|name)(?: is|:)? |^\W*|[.;,]\s+)(?P<name>{_PIECE}(?:,? {_PIECE}\.?){{1,3}}?)"
    rf"(?=\s*(?:[,;(]|$|\b{_AFTER_A_NAME}))", re.IGNORECASE
)  # fmt: skip


def read_identity(r: Reading) -> None:
    """Note name, record number and birth date; a name counts only beside one of the other two."""
    text, found = r.utterance.text, {}
    mrn, birth = _MRN.search(text), _BIRTH.search(text)
    if mrn:
        found["mrn"] = mrn["mrn"]
        r.utterance.take_characters(*mrn.span(), "patient")
    if birth:
        day = _day(birth["date"], r.lexicon.times.date_order, r.now.date())
        r.utterance.take_characters(*birth.span(), "patient")
        if day is None:
            r.ask("unread", f"I can't read {birth['date']} as a birth date. Maybe write it as 1980-04-12.")
        else:
            found["birth_date"] = day.isoformat()
    if found:
        name = _name(r)
        r.edits["identity"] = {"name": name, **found} if name else found


def _name(r: Reading) -> str:
    text, found = r.utterance.text, _NAME.search(r.utterance.text)
    while found:
        words = [word for word in r.utterance.words if found.start("name") <= word.begin < found.end("name")]
        known = {word.text for word in words} & (r.lexicon.words | TITLES | PATIENT_TITLES)
        if words and not known and not any(word.taken for word in words):
            r.utterance.take_characters(*found.span("name"), "patient")
            first, comma, last = found["name"].partition(", ")
            return f"{last} {first}" if comma else first
        found = _NAME.search(text, found.start() + 1)  # what led to no name may be a part of one
    return ""


def _day(text: str, order: str, today: date) -> date | None:
    parts = re.findall(r"\d+|[A-Za-z]{3,}", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text))
    named = [MONTHS[part.lower()] for part in parts if part.lower() in MONTHS]
    numbers = [int(part) for part in parts if part.isdecimal()]
    if named and len(numbers) == 2:
        day, year = sorted(numbers)
        month = named[0]
    elif len(numbers) == 3 and numbers[0] > 999:
        year, month, day = numbers
    elif len(numbers) == 3:
        month, day, year = numbers if order == "mdy" else (numbers[1], numbers[0], numbers[2])
    else:
        return None
    return _real(_century(year, today), month, day, today)


def _century(year: int, today: date) -> int:
    if year > 99:
        return year
    return 2000 + year if 2000 + year <= today.year else 1900 + year


def _real(year: int, month: int, day: int, today: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 0 <= (today - found).days < 48_000 else None
