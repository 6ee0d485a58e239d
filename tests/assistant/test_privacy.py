"""Patients become handles on the way out and people on the way back; words that only look like names stay."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.identifiers import words_of
from assistant.models.protocol import Message, TextBlock, ToolResultBlock, ToolUseBlock
from assistant.privacy import Handles, hidden, restored

WORDS = words_of(["Dr. Alan Smith", "Priya Young", "Knee arthroscopy", "Riverside Surgery Center", "OR 1"])


def handles(*known: str) -> Handles:
    """Fresh handles for this clinic."""
    return Handles(known, WORDS)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Book A1 for Jane Doe, MRN 4711, left knee", ["Jane", "Doe", "4711"]),
        ("born 3/4/1970, call 555-123-4567 or jane@example.org", ["1970", "555", "jane@"]),
        ("book it for tom baker mrn 99887", ["tom", "baker", "99887"]),
        ("Doe, Jane wants Friday; patient number is 00123456", ["Doe", "Jane", "00123456"]),
        ("DOB: March 4, 2025 and SSN 123-45-6789", ["2025", "6789"]),
        ("Patient Okafor wants Friday", ["Okafor"]),
        ("José Núñez, 1970-03-04", ["José", "Núñez", "1970"]),
    ],
)
def test_identities_are_replaced(text: str, gone: list[str]) -> None:
    """Names, numbers, birth dates and contacts leave no trace, and come back whole."""
    kept = handles()
    said = kept.hide(text, spoken=True)
    assert not [part for part in gone if part in said]
    assert kept.restore(said) == text
    assert kept.leak({"messages": [said]}) is None


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Smith, knee scope, next Tuesday", "Is Dr. Young free on May 12, 2026?", "Find Spinal Fusion in OR 1",
        "Please Book Knee Arthroscopy at 07:30 on 2026-03-10", "Show Monday's cases at Riverside Surgery Center",
    ],
)  # fmt: skip
def test_the_clinics_words_stay(text: str) -> None:
    """Surgeons, procedures, months and days of the schedule name no patient."""
    assert handles().hide(text, spoken=True) == text


def test_a_known_patients_name_is_hidden_in_any_form() -> None:
    """A full name on record is replaced whatever its case, spacing and order."""
    for text in ("move maria  gonzalez", "GONZALEZ, MARIA", "Maria Gonzalez's case"):
        assert "gonzalez" not in handles("Maria Gonzalez").hide(text).lower()


def test_a_lone_surname_is_this_conversations_alone() -> None:
    """May is a month until May is the patient; then only behind a title, and Smith stays a surgeon."""
    kept = handles()
    kept.hide("Book for Ann May, MRN 4711 and Rita Castillo, MRN 4712", spoken=True)
    assert (
        kept.hide("Mrs. May in May with Dr. Smith")
        == f"Mrs. {kept.handle('PATIENT', 'Ann May')} in May with Dr. Smith"
    )
    assert (
        kept.hide("May's mother called; May needs a ride in May")
        == "PATIENT-1's mother called; PATIENT-1 needs a ride in May"
    )
    for text in ("Dr. May's list", "May's block", "in May needs", "Dr. May needs OR 1", "May I"):
        assert kept.hide(text) == text.replace("in May needs", "in PATIENT-1 needs")
    assert "Castillo" not in kept.hide("Is Castillo booked?")
    assert handles().hide("Is Castillo booked?") == "Is Castillo booked?"


def test_results_and_calls_are_hidden_too() -> None:
    """A patient in a tool's input, or escaped in its result, becomes the same handle."""
    use = ToolUseBlock(id="t", name="propose", input={"patient": {"name": "Zoë Ng", "mrn": "77"}})
    result = ToolResultBlock(tool_use_id="t", content=json.dumps({"summary": "Book for Zoë Ng"}))
    kept = handles()
    said = hidden([Message(role="assistant", content=(use,)), Message(role="user", content=(result,))], kept)
    assert "Ng" not in str(said)
    assert said[1].results()[0].data()["summary"] == "Book for PATIENT-1"
    assert restored(said[0].content, kept) == (use,)


def test_the_same_history_gives_the_same_handles() -> None:
    """Handles follow from the messages alone, so that a provider's cache stays good."""
    history = [
        Message(role="user", content=(TextBlock(text="Jane Doe, MRN 4711, and Rita Castillo, MRN 4712"),))
    ]
    assert hidden(history, handles()) == hidden(history, handles())


def test_a_birth_date_returns_as_a_date() -> None:
    """A handle in the field of a birth date is restored as ISO 8601, however it was typed."""
    kept = handles()
    kept.hide("born 3/4/1970")
    assert kept.restore({"birth_date": "BIRTHDATE-1"}) == {"birth_date": "1970-03-04"}


@given(st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True), st.from_regex(r"[0-9]{6,9}", fullmatch=True))
def test_no_planted_identity_passes_the_gate(surname: str, mrn: str) -> None:
    """Whatever the name and the number, what is hidden passes the check, and what isn't doesn't."""
    text = f"Book A1 for Quilla {surname}x, MRN {mrn}"
    kept = handles()
    said = kept.hide(text, spoken=True)
    assert mrn not in said
    assert f"{surname}x" not in said
    assert kept.leak({"messages": [said]}) is None
    assert kept.leak({"messages": [text]}) is not None


FORMS = (
    ("Book a knee scope for Garcia, Maria MRN 4711991", "Maria 4711991"), ("GARCIA MARIA needs a knee scope", "MARIA"),
    ("garcia, maria needs a knee scope next tuesday", "maria"),
    ("patient is jane okonkwo, with dr garcia", "jane okonkwo"),
    ("jane okonkwo needs a knee scope", "jane okonkwo"), ("book it for jane okonkwo", "okonkwo"),
    ("Mary-Jane O'Connell-Smythe, dob 3/4/1961", "Mary Connell Smythe 1961"),
    ("born on the 4th of March 1961", "1961"),
    ("DOB 1961/03/04", "1961"), ("date of birth Mar 4 '61", "'61"), ("she was born in 1961", "1961"),
    ("dob: 3/4/61", "3/4/61"),
    ("MRN 123 456 789", "456 789"), ("12345 is the mrn", "12345"), ("pt # 44556", "44556"), ("88123", "88123"),
    ("her number is 55123", "55123"), ("+44 20 7946 0958", "0958"), ("123 45 6789", "6789"),
    ("12 Elm Street, Springfield 02139", "Elm 02139"), ("mrs okonkwo wants friday", "okonkwo"),
    ("for Okonkwo on Tuesday", "Okonkwo"), ("The patient's name is Ngozi", "Ngozi"),
    ("name: ngozi okonkwo", "ngozi okonkwo"),
    ("knee scope for Smith, John with Dr. Garcia", "John"), ("Pieter van der Berg needs a scope", "Pieter Berg"),
    ("ngozi okonkwo, 65, knee scope, next tuesday", "ngozi okonkwo"), ("pt ngozi okonkwo left knee", "okonkwo"),
    ("Ng\u00adozi Okon\u200bkwo", "Okonkwo Okon kwo"), ("Okonkwo (Ngozi)", "Okonkwo Ngozi"),
    ("N. Okonkwo 65F", "Okonkwo"),
    ("book A1 for ngozi okonkwo, left, m.r.n. 5512", "okonkwo 5512"), ("MRN is 4 7 8 2", "4 7 8 2"),
    ("ngozi.okonkwo (at) example.org", "ngozi okonkwo"), ("ngozi dot okonkwo at example dot org", "ngozi okonkwo"),
    ("medical record number is four seven one two", "four seven"), ("MRN ending in 4712", "4712"),
    ("It's for Ngozi Okonkwo (4712)", "4712"), ("Ngozi Okonkwo / 4712 / left", "4712"), ("Ngozi Okonkwo 4712", "4712"),
    ("insurance number XK 229 11", "XK 229"), ("MRN \uff14\uff17\uff11\uff12", "4712 \uff14\uff17\uff11\uff12"),
    ("OKONKWO, NGOZI (F) 03/04/1961 MRN4711991", "OKONKWO NGOZI 1961 4711991"), ("last name Okonkwo", "Okonkwo"),
)  # fmt: skip
"""(what is typed, the parts that must not leave), at a clinic of Dr. Garcia, Dr. Smith and Dr. Young."""
OURS = words_of(
    ["Dr. Luis Garcia", "Dr. Alan Smith", "Priya Young", "Knee arthroscopy", "knee scope", "29881"]
)


@pytest.mark.parametrize(("text", "gone"), FORMS)
def test_an_identity_is_hidden_however_it_is_typed(text: str, gone: str) -> None:
    """Small letters, the surname first, a surgeon's surname, no label, signs in between: none of it leaves."""
    kept = Handles((), OURS)
    said = kept.hide(text, spoken=True)
    assert not [part for part in gone.split() if part in said]
    assert kept.leak({"messages": [said]}) is None


@pytest.mark.parametrize(
    "text",
    [
        "dr garcia knee scope next tuesday", "Garcia, knee scope, Friday", "Dr. Smith T&A on Sat, Sep 21", "CPT 29881",
        "29881 with Dr. Young", "priya young next week", "knee scope with Dr. Zhivago", "what would it take on Friday",
        "Smith 2 cases back to back in OR 1", "hold the second one for 30 minutes",
        "anything earlier on Thursday please", "Dr. Young at 0730 in OR 2",
    ],
)  # fmt: skip
def test_surgeons_and_scheduling_are_still_told(text: str) -> None:
    """Surgeons who are called like patients, codes, days and plain words stay as they are."""
    assert Handles((), OURS).hide(text, spoken=True) == text


def test_a_first_name_alone_is_hidden_once_its_patient_is_known() -> None:
    """Over several messages, whichever part of the name comes back."""
    kept = Handles((), OURS)
    kept.hide("Ngozi Okonkwo needs a scope", spoken=True)
    assert kept.hide("ok for ngozi and okonkwo", spoken=True) == "ok for PATIENT-1 and PATIENT-1"


@pytest.mark.parametrize(
    ("later", "stays"),
    [
        ("Garcia can only come after 11", False), ("garcia can only come after 11", False),
        ("Garcia's ride is late", False), ("move Garcia to Friday", False), ("Is Garcia booked?", False),
        ("with Dr. Garcia please", True), ("with Garcia on Friday", True), ("Luis Garcia is fine", True),
        ("is Garcia's block free?", True),
    ],
)  # fmt: skip
def test_a_surgeons_namesake_is_hidden_unless_it_is_surely_the_surgeon(later: str, stays: bool) -> None:
    """A patient called as a surgeon is hidden by the surname alone too; the surgeon with a title or a block isn't."""
    words = words_of(["Dr. Luis Garcia", "Dr. Alan Smith", "Knee arthroscopy"])
    said = [
        Message(role="user", content=(TextBlock(text="knee scope for Maria Garcia, MRN 4711991"),)),
        Message(role="assistant", content=(TextBlock(text=later),)),
        Message(role="user", content=(TextBlock(text=later),)),
    ]
    texts = [block.text for message in hidden(said, Handles((), words)) for block in message.content]  # type: ignore[union-attr]
    assert all(("garcia" in text.casefold()) == stays for text in texts[1:]), texts
    assert "Garcia" in Handles((), words).hide("Garcia, knee scope, Friday", spoken=True)
