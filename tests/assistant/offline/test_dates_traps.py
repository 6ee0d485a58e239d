"""What looks like a time and isn't, and what is left of a text once its times are read."""

import pytest

from assistant.models.offline.dates import read_when
from tests.assistant.offline.dates_shown import NOW, rest, shown


@pytest.mark.parametrize(
    "text",
    [
        "pt is MRSA+, last case",
        "Dr. May knee scope",
        "may we book it",
        "I may be late, march on",
        "90 min",
        "1/2 dose",
        "POD 1",
        "the second one",
        "book the second",
        "instead of Tuesday",
        "unless Friday",
        "patient sat up",
        "pt sat in OR",
        "at 3 cases",
        "after 3 failed attempts",
        "before 2 rooms",
        "toes 2-4",
        "levels 3-4",
        "ages 5-7",
        "grade 3/4",
        "3/4 screw",
        "every other Friday",
        "friday after next",
        "dr may hip",
        "dr friday",
        "2 years 21 days later",
        "scope done in 2 hours",
        "72 hours",
        "2-3 hours",
        "Dr Sun",
        "not Friday afternoon",
        "1430",
        "7:65",
        "25:00",
        "3/32",
        "13/13",
        "99/99/9999",
        "2026-13-45",
        "in 99999999999999 days",
        "later",
        "an hour later",
        "earlier in the day",
        "the earlier one",
        "11.03.2026",
        "Dr Wed",
        "sun exposure",
        "pt had sat 98%",
        "O2 sat 95",
        "may",
        "may 5 cases",
        "bed 7-9",
        "A1 pulley",
        "BP 120/80",
        "5/5 strength",
        "24/7",
        "w/ 2 assistants",
        "90 minutes, 10 days post op",
        "post-op day 10",
        "10 days post op",
        "2 weeks post op",
        "6 weeks",
        "not at 7",
        "3.12.26",
    ],
)
def test_no_time_is_read(text: str) -> None:
    """Surgeons, spines, scores, durations, sizes and picks from a list are neither days nor hours."""
    assert shown(text) == "nothing"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dr. Smith, knee scope, next Tuesday after 2pm except Fridays", "Dr. Smith, knee scope, _"),
        ("need a 7:30 for Nguyen TKR, left, ASA 3, BMI 46", "need a _ for Nguyen TKR, left, ASA 3, BMI 46"),
        ("CPT 29881 OR 2 Tuesday", "CPT 29881 OR 2 _"),
        ("room 3 at 7", "room 3 _"),
        ("L4-5 fusion C5-6 3/10", "L4-5 fusion C5-6 _"),
        ("2 hours knee scope tomorrow", "2 hours knee scope _"),
        ("three back to back Thursday", "three back to back _"),
        ("30 min case at 10", "30 min case _"),
        ("Dr. May in May", "Dr. May _"),
        ("Dr. Friday on Monday", "Dr. Friday _"),
        ("April Jones, knee scope Monday", "April Jones, knee scope _"),
        ("june smith hip Tuesday", "june smith hip _"),
        ("Young, may we do Tuesday?", "Young, may we do _?"),
        ("5th metacarpal Tuesday", "5th metacarpal _"),
        ("1st start Thursday", "1st start _"),
        (
            "45-yo F, ACL, allograft, next 2 wks, any MD with the C-arm",
            "45-yo F, ACL, allograft, _, any MD with the C-arm",
        ),
        ("why can't I get robot before the 20th?", "why can't I get robot _?"),
        ("on a Tuesday or a Thursday in April, mornings only", "_"),
        ("ideally Tuesday morning for Lee", "_ for Lee"),
        ("Tuesday if possible, for Lee", "_, for Lee"),
    ],
)
def test_what_is_read_can_be_cut_out(text: str, left: str) -> None:
    """The spans cover the time phrases with their small words, and nothing else."""
    assert rest(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Thursday instead of Tuesday", "_ instead of Tuesday"),
        ("Thursday unless Friday", "_ unless Friday"),
        ("instead of Tuesday at 9", "instead of Tuesday at 9"),
        ("not Friday afternoon", "not Friday afternoon"),
        ("next week, not at 7", "_, not at 7"),
        ("8 or 9 tomorrow", "8 or 9 _"),
        ("rather than the 14th, Monday", "rather than the 14th, _"),
        ("every other Friday", "every other Friday"),
        ("scope if possible, Tuesday", "scope if possible, _"),
    ],
)
def test_a_word_that_turns_the_meaning_is_never_swallowed(text: str, left: str) -> None:
    """ "not", "unless", "instead of", "or" are read properly or stay in the text to be asked about."""
    assert rest(text) == left


def test_characters_taken_elsewhere_are_not_read() -> None:
    """A span given as taken is no time, and no phrase reaches across it."""
    text = "Tuesday May 5"
    assert shown(text) == "05-05"
    reading = read_when(text, NOW, taken=[(8, 11)])
    assert reading is not None
    assert reading.spans == ((0, 7),)
