"""Words that change the meaning are never dropped silently, and no text is too much."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.text import words_of
from evals.corpus.play import Given, Player
from evals.corpus.requests import Request, read
from evals.corpus.words import clinic_of

NOW = "2026-03-05T09:00"
PLAYER = Player()
FINDS = [
    request
    for request in read("tuning")
    if request.expect.get("tool") == "find_slots" and not request.before and request.clinic == "demo"
]
PLAIN = [
    request for request in FINDS if not {"except", "not", "no", "never", "only"} & set(words_of(request.text))
]
"""Those without a turning word: two in a row mean nothing."""
TURNING = (
    "not",
    "except",
    "unless",
    "instead of",
    "without",
    "never",
    "but not",
    "other than",
    "anything but",
)


def heard(text: str, before: tuple[str, ...] = ()) -> Given:
    """What the demo clinic's interpreter does about a message."""
    return PLAYER.play(Request("r", "f", "demo", NOW, before, text, {}))


@settings(max_examples=250, deadline=None)
@given(request=st.sampled_from(PLAIN), word=st.sampled_from(TURNING), data=st.data())
def test_a_turning_word_never_leaves_the_call_as_it_was(
    request: Request, word: str, data: st.DataObject
) -> None:
    """With "not", "except" or "unless" put in anywhere, the call changes or a question is asked."""
    words = request.text.split()
    place = data.draw(st.integers(0, len(words)))
    turned = " ".join([*words[:place], word, *words[place:]])
    plain, other = heard(request.text), heard(turned)
    assert not other.tool or (other.tool, other.input) != (plain.tool, plain.input), turned


@pytest.mark.parametrize("link", ["", "for ", "on "])
def test_a_day_that_is_turned_away_from_is_not_searched(link: str) -> None:
    """ "instead of for tomorrow" takes tomorrow for no wish, whatever small word stands between."""
    assert not heard(f"add-on lap chole instead of {link}tmrw").tool


@settings(max_examples=150, deadline=None)
@given(
    request=st.sampled_from(FINDS),
    word=st.text(alphabet="bcdfghjklmnpqrstvwxz", min_size=7, max_size=10),
)
def test_a_word_nobody_knows_is_asked_about(request: Request, word: str) -> None:
    """An unknown word at the end is never dropped."""
    assert not heard(f"{request.text} {word}").tool


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300), request=st.sampled_from(FINDS), cut=st.integers(0, 60))
def test_no_text_raises_in_a_conversation(text: str, request: Request, cut: int) -> None:
    """Any text, before or after a request that was cut off, is answered."""
    heard(text, (request.text,))
    heard(request.text[:cut] + text)


@pytest.mark.parametrize(
    "text", ["a " * 5000, "1 " * 5000, "not " * 2500, "if possible " * 800, "Smith " * 1600]
)
def test_ten_thousand_characters_are_answered(text: str) -> None:
    """Length alone breaks nothing."""
    assert heard(text) is not None


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("cancel Garcia's 12:45 tomorrow", "case-260306-01"),
        ("cancel Patel's last case on Monday, pt has URI", "case-260309-04"),
        ("cancel case-260310-02", "case-260310-02"),
    ],
)
def test_a_case_is_pointed_at_by_what_tells_it_apart(text: str, case: str) -> None:
    """Surgeon, day and time, the last of the day, or the id name one case."""
    assert heard(text).input["case"] == case


@pytest.mark.parametrize(
    "text", ["cancel Smith's case on Tuesday", "cancel the Henderson case", "bump Jones to PM"]
)
def test_a_case_that_is_not_settled_is_asked_for(text: str) -> None:
    """Two cases that fit, or a patient's name, become a question."""
    assert heard(text).question


def test_a_birth_date_is_no_day_to_search() -> None:
    """A birth date typed in the chat identifies the patient, in the booking that it completes."""
    before = ("Dr. Smith knee scope next Tuesday", "book A1")
    done = heard("Jane Roe, born 4/12/1980, left", before)
    assert done.tool == "propose"
    assert done.input["patient"] == {"name": "Jane Roe", "birth_date": "1980-04-12"}
    assert done.input["laterality"] == "left"


def test_a_moved_case_keeps_its_id_through_the_search() -> None:
    """The slot picked after "move" becomes a proposal to move that case, not a second booking."""
    before = ("move Garcia's dupuytren tomorrow to Thursday",)
    assert heard("book the first", before).input == {
        "action": "move",
        "case": "case-260306-03",
        "offer": "A1",
    }


def test_a_holiday_is_its_date() -> None:
    """The clinic's own holidays are read by name."""
    assert heard("lap chole on Memorial Day").input["date_from"] == "2026-05-25"


def test_names_of_holidays_come_from_the_clinic() -> None:
    """The lexicon holds the clinic's holidays, in order."""
    days = [day for _, day in Lexicon.of(clinic_of("demo", dt.date(2026, 3, 5))).holidays]
    assert days == sorted(days)
