"""Any text at all: no exception, spans in order, dates in order, the same answer twice."""

import random
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.offline.dates import WhenReading, read_when
from assistant.models.offline.dates.words import word_set
from tests.assistant.offline.dates_shown import NOW

WORDS = sorted(
    word_set(
        "next this last the a in on at by before after from to until through between and or not except unless only"
        " instead of if possible ideally Tuesday Tuesdays fri sat Sun may May March march april week weeks month day"
        " days tomorrow today tmrw morning pm am noon first second early mid late end 1 2 3 7 9 10 12 14 15 31 45"
        " 0730 1430 2026 7:30 3/10 3/4 1/2 13/13 2026-03-10 14th 2nd 99th twenty one half past quarter every other"
        " any no , . - / : ( ) @ ~ # % OR ASA BMI 46.2 L4-5 Dr. Smith knee scope 90 min two three wk eom asap"
    )
)
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
moments = st.datetimes(
    min_value=datetime.fromisoformat("2000-01-01"), max_value=datetime.fromisoformat("2099-12-31")
)


def is_sound(reading: WhenReading | None, text: str) -> bool:
    """Whether spans lie in the text in order, and a window without problems isn't upside down."""
    if reading is None:
        return True
    edges = [edge for span in reading.spans for edge in span]
    in_order = edges == sorted(edges) and edges[0] >= 0 and edges[-1] <= len(text)
    dated = reading.date_from is not None and reading.date_to is not None
    upright = reading.problems != () or not dated or reading.date_from <= reading.date_to  # type: ignore[operator]
    return in_order and upright


@settings(max_examples=500)
@given(text=texts, now=moments)
def test_any_text_is_read_without_an_exception(text: str, now: datetime) -> None:
    """Random characters and random words of time give a sound reading or none, the same each time."""
    reading = read_when(text, now)
    assert is_sound(reading, text)
    assert read_when(text, now) == reading


def test_ten_thousand_mutated_requests_are_read() -> None:
    """Requests with words dropped, doubled, swapped and mistyped never raise."""
    source = random.Random(20260305)
    for _ in range(10_000):
        text = mutated(source)
        assert is_sound(read_when(text, NOW), text), text


def mutated(source: random.Random) -> str:
    """A made-up request with up to three characters changed."""
    letters = list(" ".join(source.choices(WORDS, k=source.randint(1, 7))))
    for _ in range(source.randint(0, 3)):
        letters[source.randrange(len(letters))] = source.choice("abcdemorsty 0123456789/-:.,'\u2019\u0663")
    return "".join(letters)


@pytest.mark.parametrize(
    "text",
    [
        "tuesday " * 1250, "1" * 10_000, "a" * 10_000, "1/2/" * 2500, "not " * 2500, "7-" * 5000, "\u00e9" * 10_000,
        "from 1 to 2 " * 830, "the first week of " * 555, "instead of Tuesday " * 520, "ideally Monday, " * 620,
        "(" * 10_000, "or " * 3300, "in two weeks from " * 555, "except " * 1400, " " * 10_000,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_ten_thousand_characters_are_read(text: str) -> None:
    """A pasted page of repetition is read to its end."""
    assert is_sound(read_when(text, NOW), text)
