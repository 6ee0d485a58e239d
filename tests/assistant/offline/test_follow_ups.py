"""What changes the last request, what answers a question, and what is never dropped on the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.assistant.offline.test_shorthand import heard, on

WED_AT_TEN = "ctr garcia next wed 10 am"


@pytest.mark.parametrize(
    ("before", "text", "fields"),
    [
        (WED_AT_TEN, "11 then", {"start_from": "11:00", "start_until": "11:00"}),
        (WED_AT_TEN, "half an hour later", {"start_from": "10:30", "start_until": "10:30"}),
        ("acl patel monday", "same thing the following monday", on("2026-03-16")),
        ("acl patel monday", "the friday after that", on("2026-03-13")),
        ("lap chole nguyen wed", "or thurs", {"date_from": "2026-03-11", "date_to": "2026-03-12"}),
        ("acl patel wed", "with meniscectomy", {"additional_procedures": ["knee-arthroscopy"], "surgeon": "dr-patel"}),
        ("acl patel wed", "and a meniscectomy", {"additional_procedures": ["knee-arthroscopy"]}),
        ("acl and meniscectomy patel wed", "w/o meniscectomy", {"additional_procedures": None, "surgeon": "dr-patel"}),
        ("acl patel wed, MRSA+", "also latex", {"patient": {"flags": ["mrsa", "latex"]}}),
        ("acl patel wed", "first case", {"position": "first"}),
        ("acl patel wed", "2 of them", {"count": 2}),
        ("hyst evans wed after lunch", "morning instead", {"start_from": "07:30", "start_until": "12:00"}),
        ("knee scope smith tues", "left knee", {"surgeon": "dr-smith", "date_from": "2026-03-10"}),
    ],
)  # fmt: skip
def test_a_follow_up_changes_what_it_says(before: str, text: str, fields: dict[str, Any]) -> None:
    """An hour, a day, a procedure or a fact more; everything else stays."""
    given = heard(text, (before,))
    assert given.tool in {"find_slots", "check_slot"}, given
    assert {key: given.input.get(key) for key in fields} == fields


@pytest.mark.parametrize(
    "text", ["what about thursday with the blue drapes", "same for the anesthetist from mars"]
)
def test_a_word_nobody_read_in_a_follow_up_is_asked_about(text: str) -> None:
    """A follow-up names no procedure, and its unknown words are asked about all the same."""
    assert not heard(text, ("lap chole nguyen wed",)).tool


@pytest.mark.parametrize("text", ["the 2nd", "ok do the 2nd one", "the second please"])
def test_the_second_is_an_offer_while_there_are_offers(text: str) -> None:
    """ "the 2nd" right after a list is no day of the month."""
    assert heard(text, ("ctr garcia next week",)).offer == "A2"


@pytest.mark.parametrize(
    "text",
    [
        "What is on the schedule Tuesday?", "what is on the schedule on tuesday", "show me tuesday's schedule",
        "show the schedule for tuesday", "schedule for tuesday",
    ],
)  # fmt: skip
def test_the_schedule_is_shown_while_there_are_offers(text: str) -> None:
    """Only "schedule it" is an order: "the schedule" is the book's, whatever was offered before."""
    given = heard(text, ("ctr garcia next week",))
    assert (given.tool, given.input.get("date_from")) == ("get_schedule", "2026-03-10")


@pytest.mark.parametrize(
    "text",
    ["schedule the second", "ok schedule the 2nd one", "please schedule A2", "let's schedule the second"],
)
def test_to_schedule_one_of_the_offers_takes_it(text: str) -> None:
    """The verb still takes an offer."""
    assert heard(text, ("ctr garcia next week",)).offer == "A2"


def test_the_other_one_of_three_is_asked() -> None:
    """With three offers on the table "the other one" is none of them yet."""
    assert heard("the other one", ("ctr garcia next week",)).choices == ("A1", "A2", "A3")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("smith knee scope tues. no wait, thurs", "2026-03-12"),
        ("knee scope smith tuesday, actually make it thursday", "2026-03-12"),
        ("knee scope smith thursday sorry tuesday", "2026-03-10"),
    ],
)
def test_a_correction_replaces_its_kind(text: str, day: str) -> None:
    """What follows "no wait" counts, and the rest of the request stays."""
    given = heard(text)
    assert (given.input["date_from"], given.input["date_to"], given.input["surgeon"]) == (
        day,
        day,
        "dr-smith",
    )


def test_a_detail_added_leaves_the_question_open() -> None:
    """A day said while the surgeon is asked for is kept; the same question is put again, and then answered."""
    asked = ("dr johnson knee scope tues",)
    assert "johnson" in heard("thursday", asked).question
    assert heard("smith", (*asked, "thursday")).input["date_from"] == "2026-03-12"


def test_an_hour_answers_which_case() -> None:
    """ "the noon one" picks the case at that hour."""
    given = heard("the noon one", ("cancel smith's knee on tuesday",))
    assert given.input == {"action": "cancel", "case": "case-260310-02"}


@pytest.mark.parametrize(
    ("text", "board"),
    [("and tues", {**on("2026-03-10"), "room": "or-2"}), ("or 3", {**on("2026-03-09"), "room": "or-3"})],
)
def test_a_board_is_followed_by_another(text: str, board: dict[str, Any]) -> None:
    """A day or a room alone right after a board shows that one."""
    given = heard(text, ("who's in or 2 monday",))
    assert (given.tool, given.input) == ("get_schedule", board)


def test_a_long_order_costs_few_readings() -> None:
    """ "move ... to ... to ..." is tried at few places, however often it repeats itself."""
    assert heard("move Garcia's 11:15 on 3/6 to Tuesday " * 200).question or True


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("same but not monday", {
            "date_from": "2026-03-09", "date_to": "2026-03-15",
            "weekdays": ["tue", "wed", "thu", "fri", "sat", "sun"]}),
        ("only tuesdays", {"date_from": "2026-03-09", "date_to": "2026-03-15", "weekdays": ["tue"]}),
        ("same but trigger finger", {"procedure": "trigger", "surgeon": "dr-garcia", "date_from": "2026-03-09"}),
    ],
)  # fmt: skip
def test_weekdays_alone_are_of_the_days_asked_for(text: str, fields: dict[str, Any]) -> None:
    """What only rules days out, or in, never widens the window that was asked for."""
    given = heard(text, ("ctr garcia next week",))
    assert {key: given.input.get(key) for key in fields} == fields


def test_a_number_is_a_day_of_the_month_asked_for() -> None:
    """ "the 15th" after April, asked for or ruled out, is the 15th of April."""
    assert heard("the 15th", ("ctr garcia in april",)).input["date_from"] == "2026-04-15"
    for given in (
        heard("except the 15th", ("ctr garcia in april",)),
        heard("ctr garcia in april except the 15th"),
    ):
        assert given.input["exclude_dates"] == ["2026-04-15"]


@pytest.mark.parametrize(
    ("order", "answer", "tool"),
    [
        ("reschedule Dr. Johnson's 12 pm on Tuesday to the 17th", "smith", "find_slots"),
        ("move smith's noon tuesday blargh to the 17th", "leave it out", "find_slots"),
        ("cancel smith's noon tuesday blargh", "yes", "propose"),
        ("release garcias friday blargh", "yes", "propose"),
    ],
)
def test_an_order_goes_on_with_the_answer(order: str, answer: str, tool: str) -> None:
    """A surgeon or a word that was asked about is settled, and the same order is carried on to its case or block."""
    assert not heard(order).tool
    given = heard(answer, (order,))
    assert given.tool == tool
    assert {"replaces", "case", "block"} & set(given.input)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "hi, garcia's office on the phone, they need a ctr next wed",
            {"surgeon": "dr-garcia", **on("2026-03-11")},
        ),
        ("garcia trigger finger tues after his last case", {"after_case": "case-260310-07"}),
    ],
)
def test_a_call_is_typed_as_it_comes(text: str, fields: dict[str, Any]) -> None:
    """Who is on the phone asks for nothing more; "his last case" is that surgeon's."""
    given = heard(text)
    assert {key: given.input.get(key) for key in fields} == fields, given


def test_what_is_down_is_entered_elsewhere() -> None:
    """It is no procedure, and no request; what is down beside a request stays a question."""
    assert "page Admin" in heard("the C-arm is down Monday").said
    assert heard("cx nguyens 9:30 tmrw, she is sick").input["reason"] == "she is sick"


def test_a_name_that_nobody_knows_asks_which_case() -> None:
    """A patient's name, most often: it isn't left out, since then any case would do."""
    assert "I can't look a patient up by name" in heard("cancel Rosa Quandt").question


def test_a_long_choice_is_taken_when_its_button_is_pressed() -> None:
    """A case's label has more words than an answer in free words; pressed, it is the case and no new request."""
    which = heard("cancel nguyens case tmrw")
    assert max(len(label.split()) for label in which.choices) >= 10
    given = heard(which.choices[0], ("cancel nguyens case tmrw",))
    assert (given.tool, given.input.get("action")) == ("propose", "cancel"), given


SHOWN = ("Dr. Smith, knee scope, next Tuesday",)


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("book the first one, right knee", "A1"),
        ("ok book the second, left knee", "A2"),
        ("take the first, R knee", "A1"),
        ("book the 9am knee scope, left", "A1"),
        ("schedule the 2:15 for the left knee", "A3"),
        ("take the 11:30 in OR 1 with Smith", "A2"),
    ],
)
def test_what_is_booked_may_be_named_once_more(text: str, offer: str) -> None:
    """The operation of the slot, its side and its hour, said with the order, ask for no other slot."""
    assert heard(text, SHOWN).offer == offer


def test_the_patient_may_stand_behind_the_side() -> None:
    """A whole order in one breath goes straight to its card."""
    given = heard("book the first one, right knee, patient Rita Castillo, MRN T9410044", SHOWN)
    assert given.tool == "propose"
    assert given.input["patient"] == {"name": "Rita Castillo", "mrn": "T9410044"}
    assert given.input["laterality"] == "right"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "book the 9am with Garcia",
            {"surgeon": "dr-garcia", "start_from": "09:00", "date_from": "2026-03-10"},
        ),
        ("take the 9am in OR 2", {"room": "or-2", "surgeon": "dr-smith", "at": "2026-03-10T09:00"}),
        ("book a right knee scope on Thursday", {"date_from": "2026-03-12", "date_to": "2026-03-12"}),
    ],
)
def test_another_surgeon_room_or_day_is_another_search(text: str, fields: dict[str, Any]) -> None:
    """No offer is taken that isn't what the message says."""
    given = heard(text, SHOWN)
    assert given.tool == ("check_slot" if "at" in fields else "find_slots")
    assert not given.offer
    assert {key: given.input.get(key) for key in fields} == fields
