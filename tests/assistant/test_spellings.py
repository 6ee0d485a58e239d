"""Identities in the spellings that people use: what is hidden, what comes back, and what stays readable."""

from __future__ import annotations

import re

import pytest

from assistant.birthdays import iso
from assistant.identifiers import words_of
from assistant.privacy import Handles
from assistant.spelling import spelt

OURS = words_of(
    ["Dr. Luis Garcia", "Dr. Alan Smith", "Dr. Priya Young", "Dr. Helen May", "Knee arthroscopy", "29881"]
)
DATES = (
    "3/4/1961", "03/04/61", "1961-03-04", "4 March 1961", "March 4, 1961", "4-Mar-1961", "4-Mar-61", "04MAR1961",
    "4.3.1961", "1961/3/4", "4th of March, 1961", "March 4th 1961", "19610304", "3-4-61", "March 1961", "4 Mar '61",
    "the fourth of March 1961", "March fourth, nineteen sixty-one", "1961, March 4", "3 / 4 / 1961", "03 04 1961",
    "2015-03-04", "1961.03.04",
)  # fmt: skip
BORN = (
    "DOB {}",
    "D.O.B. {}",
    "born on {}",
    "date of birth is {}",
    "(dob: {})",
    "Jane Roe ({}) left",
    "DOB={}",
    "b. {}",
)
NUMBERS = (
    "4712", "MRN4712", "A-4712", "AB 4712", "471-2", "M-0047-12", "00123456", "ab4712c", "12-34-56", "471 2", "RC4712",
    "4712-A",
)  # fmt: skip
CHARTS = (
    "MRN {}", "mrn: {}", "MRN# {}", "MRN no. {}", "mrn is {}", "mrn of {}", "her MRN's {}", "MRN (Epic) {}",
    "MRN-{}", "M.R.N. {}", "chart # {}", "med rec # {}", "patient id {}", "hospital number {}", "account {}",
    "encounter {}", "CSN {}", "Jane Roe {}", "Jane Roe, {}", "Jane Roe ({})", "Jane Roe #{}",
    "rita_castillo {}", "{} - Rita Castillo",
)  # fmt: skip
CONTACTS = (
    "last four of her SSN 6789", "social security number 123.45.6789", "member id W123 456 789",
    "Medicare 1EG4-TE5-MK73", "NHS 943 476 5919", "driver's license D123-4567-8901", "call 020 7946 0958",
    "phone 00 44 20 7946 0958", "tel 555 4567", "lives at 1200 W Main Street", "12 elm street", "PO Box 991",
    "62704-1234", "postcode SW1A 1AA", "Hauptstra\u00dfe 12", "from 192.168.4.17", "see https://portal.example.org/p/4712",
    "rita_at_example.org",
)  # fmt: skip
NAMES = (
    "J. R. Ewing", "j. r. ewing", "r. castillo", "rita_castillo", "nguy\u1ec5n th\u1ecb h\u00f2a",
    "\u674e\u5c0f\u9f8d", "\u0418\u0432\u0430\u043d \u041f\u0435\u0442\u0440\u043e\u0432", "Abdul-Rahman al-Sayed",
    "li wu", "priscilla young", "ann may", "May Young", "Will Power", "mar\u00eda jos\u00e9 garc\u00eda m\u00e1rquez",
    "Si\u00e2n O'Brien-Llewellyn", "mary-jane watson", "Smith, John", "jane page",
)  # fmt: skip


def left(value: str, said: str) -> list[str]:
    """The parts of a value that are still there: words, and digits in a row."""
    rest = re.sub(r"\b(?:PATIENT|MRN|BIRTHDATE|CONTACT)-\d{1,2}\b", "", said).casefold()
    parts = [
        part for part in re.findall(r"\d{2,}|[^\W\d_]{2,}", value.casefold()) if part not in ("of", "the")
    ]
    return [part for part in parts if re.search(rf"(?<![^\W_]){re.escape(part)}(?![^\W_])", rest)]


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("frame", BORN)
def test_a_birth_date_is_hidden_however_it_is_written(date: str, frame: str) -> None:
    """Digits, months by name or in short, words: no part of it leaves, and the check agrees."""
    kept = Handles((), OURS)
    said = kept.hide(frame.format(date), spoken=True)
    assert not re.findall(r"\d\d|sixty|fourth", re.sub(r"[A-Z]+-\d+", "", said)), said
    assert kept.leak({"messages": [said]}) is None


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("frame", CHARTS)
def test_a_record_number_is_hidden_however_it_is_written(number: str, frame: str) -> None:
    """With letters, in groups, behind any label, or beside a name alone."""
    kept = Handles((), OURS)
    said = kept.hide(frame.format(number), spoken=True)
    assert not [part for part in left(number, said) if part.isdigit()], said
    assert kept.leak({"messages": [said]}) is None


@pytest.mark.parametrize("text", CONTACTS)
def test_other_numbers_and_addresses_are_hidden(text: str) -> None:
    """Insurance, social security, licences, phones of other countries, streets, boxes, codes and links."""
    said = Handles((), OURS).hide(text, spoken=True)
    assert not [part for part in left(text, said) if part.isdigit() or part in ("elm", "example", "main")], (
        said
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "frame", ["Book a knee scope for {} next Tuesday", "{}, MRN 4711991", "cancel {}", "for {}"]
)
def test_a_name_is_hidden_however_it_is_written(name: str, frame: str) -> None:
    """Initials, other letters than Latin ones, hyphens, underscores, and words that are a surgeon's too."""
    kept = Handles((), OURS)
    said = kept.hide(frame.format(name), spoken=True)
    assert not left(name, said), said


KNOWN = (
    "Zo\u00eb \u00c5ngstr\u00f6m", "Mary-Jane O'Connell", "Pieter van der Berg", "Castillo, Rita",
    "Ngozi Adaeze Okonkwo", "May Young",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "zoe angstrom", "Angstrom, Zoe", "Zoe\u0308 A\u030angstro\u0308m", "MARY JANE OCONNELL",
        "O\u2019Connell, Mary-Jane", "van der Berg, Pieter", "pieter_van_der_berg", "Rita Castillo", "castillo rita",
        "ritacastillo", "rita.castillo", "R\u200bita\u00a0Castillo", "ngozi okonkwo", "may young", "Young, May",
    ],
)  # fmt: skip
def test_a_patient_on_record_is_found_however_the_name_is_spelt(text: str) -> None:
    """Without accents, with other signs between, in the other order, without a middle name: also inside results."""
    assert Handles(KNOWN, OURS).hide(f"| {text} |") == "| PATIENT-1 |"


@pytest.mark.parametrize(
    "text",
    [
        "May, Young and Smith on Friday", "Dr. May next week", "in May. Young can do it", "may I book it",
        "in May 2026", "Dr. Young's block on May 12, 2026", "young patients first", "120 minutes at 1330 in OR 2",
        "12/20/2026 at 0730", "need a TKR for Dr. Garcia", "R THR with Dr. May, L PMM",
        "3 cases, ASA 3, BMI 46, 220 lbs", "5 slots from 10 to 2",
        "OR 1 at 7:30 or OR 2", "case-260310-02 to Friday", "case-0012 after case-0011", "any policy 24 hours before",
        "Will Friday work?", "the account of the third of March", "Will Smith's list be full?",
    ],
)  # fmt: skip
def test_words_and_figures_of_scheduling_stay_readable(text: str) -> None:
    """May, Young and Smith are words and surgeons, also where a patient on record is called so; times stay times."""
    assert Handles(KNOWN, OURS).hide(text, spoken=True) == text


def test_a_search_of_a_text_looks_at_no_name_that_cannot_be_in_it() -> None:
    """A clinic of many patients costs a request nothing: names are found by their words."""
    before = spelt.cache_info().misses
    many = tuple(f"Given{n:04d} Family{n:04d}" for n in range(4000))
    said = Handles(many, OURS).hide("Book a knee scope with Dr. Smith for given0007 family0007")
    assert said.endswith("for PATIENT-1")
    assert spelt.cache_info().misses - before < 10


def test_a_record_number_on_record_is_hidden_without_any_label() -> None:
    """Whatever its form, in words and in results; a time, a year or a case's number isn't taken for one."""
    kept = Handles((), OURS, numbers=frozenset({"k4-77z", "8812", "0730", "0012", "2026"}))
    text = "move k4-77Z and 8812 to 0730, 2026-03-10 after case-0012"
    assert kept.leak({"messages": [text]}) == "a record number"
    assert kept.hide(text) == "move MRN-1 and MRN-2 to 0730, 2026-03-10 after case-0012"
    assert kept.restore("MRN-1") == "k4-77Z"


def test_a_number_that_was_hidden_once_is_hidden_everywhere() -> None:
    """In a result without any label too, so that the check before the network has nothing to refuse."""
    kept = Handles((), OURS)
    kept.hide("MRN 4712", spoken=True)
    assert kept.hide("Found 4712 on 2026-03-10") == "Found MRN-1 on 2026-03-10"


def test_a_date_long_before_the_schedule_is_a_birth_date() -> None:
    """A child's birth date needs no label; dates of this year and the last months stay."""
    kept = Handles((), OURS, since=2025)
    assert kept.hide("3/4/2022 and 12/30/2025") == "BIRTHDATE-1 and 12/30/2025"


@pytest.mark.parametrize(
    ("text", "month_first", "day_first"),
    [
        ("3/4/61", "1961-03-04", "1961-04-03"), ("04MAR1961", "1961-03-04", "1961-03-04"),
        ("4th of March, 1961", "1961-03-04", "1961-03-04"), ("3/4/25", "2025-03-04", "2025-04-03"),
        ("March fourth, nineteen sixty-one", "1961-03-04", "1961-03-04"), ("1961/3/4", "1961-03-04", "1961-03-04"),
        ("March 1961", "March 1961", "March 1961"), ("31/31/1961", "31/31/1961", "31/31/1961"),
    ],
)  # fmt: skip
def test_a_birth_date_comes_back_in_the_clinics_order(text: str, month_first: str, day_first: str) -> None:
    """Day before month where the clinic writes so; two digits are a year that has been; no guess at half a date."""
    assert (iso(text, False, 2026), iso(text, True, 2026)) == (month_first, day_first)


def test_a_handle_is_never_taken_for_part_of_an_address() -> None:
    """What was hidden already stays whole, and what stands behind it is hidden too."""
    kept = Handles((), OURS)
    said = kept.hide("call 123-45-6789 or 12 Elm Street or 4 5th Avenue, MRN 4712 12 Oak Road", spoken=True)
    assert re.sub(r"(?:MRN|CONTACT)-\d+\b", "#", said).startswith("call # or # or #, MRN #")


@pytest.mark.parametrize("text", ["[" * 4000, "{" * 4000, '{"a":' * 600, "[1," * 2000])
def test_brackets_without_end_are_words(text: str) -> None:
    """What somebody types is never read so deep that the check fails."""
    kept = Handles((), OURS)
    assert kept.leak({"messages": [kept.hide(text, spoken=True)]}) is None
