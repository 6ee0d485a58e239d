"""Requests as schedulers type them: shorthand, wishes, bounds, what is ruled out, and names that are words."""

from __future__ import annotations

from typing import Any

import pytest

from evals.corpus.play import Given, Player
from evals.corpus.requests import Request

PLAYER = Player()
NOW = {"demo": "2026-03-05T09:00", "juniper": "2026-09-15T09:00"}
DAY = {"wed": "2026-03-11", "thu": "2026-03-12", "fri": "2026-03-13"}


def heard(text: str, before: tuple[str, ...] = (), clinic: str = "demo") -> Given:
    """The first move on a message, after the messages before it."""
    return PLAYER.play(Request("r", "f", clinic, NOW[clinic], before, text, {}))


def on(day: str) -> dict[str, Any]:
    """A window of one day."""
    return {"date_from": day, "date_to": day}


@pytest.mark.parametrize(
    ("text", "tool", "fields"),
    [
        ("garcias schedule for the 12th", "get_schedule", {"surgeon": "dr-garcia", **on(DAY["thu"])}),
        ("whos in or 3 wed", "get_schedule", {"room": "or-3", **on(DAY["wed"])}),
        ("how many lap choles does nguyen have wed", "get_schedule", {"surgeon": "dr-nguyen"}),
        ("cx nguyens 9:30 tmrw, no ride", "propose", {"action": "cancel", "reason": "no ride"}),
        ("cancel garcias 7:30 tomorrow pt has URI", "propose", {"action": "cancel", "reason": "pt has URI"}),
        ("1st case thurs nguyen lap chole", "find_slots", {"position": "first", **on(DAY["thu"])}),
        ("ctr garcia tmrw, do it last", "find_slots", {"position": "last"}),
        ("ACL w/ meniscectomy patel", "find_slots", {"additional_procedures": ["knee-arthroscopy"]}),
        ("lap chole and umbilical hernia together, nguyen", "find_slots", {
            "additional_procedures": ["ventral-hernia"]}),
        ("ctr garcia this aft", "find_slots", {"start_from": "12:00", **on("2026-03-05")}),
        ("proc: ctr surgeon: garcia side: left duration: 2h 15m", "find_slots", {
            "duration_minutes": 135, "patient": None}),
        ("ctr garcia, patient is 17, 60 kg", "find_slots", {"patient": {"age": 17.0, "weight_kg": 60.0}}),
        ("whichever surgeon is free, appy, wed", "find_slots", {"surgeon": None, **on(DAY["wed"])}),
        ("what if or 1 stayed open until 7 on tuesday for a knee scope with smith", "what_if", {
            "changes": [{"type": "set-hours", "resource": "or-1", "day": "tue", "start": "07:30", "end": "19:00"}]}),
    ],
)  # fmt: skip
def test_what_is_typed_in_haste_is_read(text: str, tool: str, fields: dict[str, Any]) -> None:
    """No apostrophes, abbreviations, forms and run-on reasons lead to the call that they mean."""
    given = heard(text)
    assert given.tool == tool, given
    assert {key: given.input.get(key) for key in fields} == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("ctr garcia next week before noon", {"date_from": "2026-03-09", "start_until": "12:00"}),
        ("ctr garcia by friday 3pm", {"date_to": "2026-03-06", "start_from": None, "start_until": "15:00"}),
        ("ctr garcia wed, nothing after 1 pm", {"start_from": None, "start_until": "13:00"}),
        ("ctr garcia wed, latest start 11", {"start_until": "11:00"}),
        ("ctr garcia wed, earliest start 9", {"start_from": "09:00"}),
        ("after 10 but before 2 ctr garcia wed", {"start_from": "10:00", "start_until": "14:00", "count": None}),
        ("ctr garcia next week or the week after", {"date_from": "2026-03-09", "date_to": "2026-03-22"}),
        ("Q2 hyst evans", {"date_from": "2026-04-01", "date_to": "2026-06-30", "count": None}),
        ("ctr garcia 2wks from tues", on("2026-03-24")),
        ("ctr garcia good friday", on("2026-04-03")),
        ("ctr garcia the day after labor day", on("2026-09-08")),
        ("ctr garcia the week after memorial day", {"date_from": "2026-06-01", "date_to": "2026-06-07"}),
        ("ctr garcia next week, she cant do tuesdays", {"weekdays": ["mon", "wed", "thu", "fri", "sat", "sun"]}),
        ("ctr garcia weekdays other than tuesday through the 20th", {
            "date_to": "2026-03-20", "weekdays": ["mon", "wed", "thu", "fri"]}),
        ("ctr garcia tues 10.30", {"start_from": "10:30"}),
        ("ctr garcia 730 tues", {"start_from": "07:30"}),
    ],
)  # fmt: skip
def test_bounds_are_those_that_were_said(text: str, fields: dict[str, Any]) -> None:
    """A bound of days or hours is neither dropped, nor moved, nor taken for a number of cases."""
    given = heard(text)
    assert given.tool == "find_slots", given
    assert {key: given.input.get(key) for key in fields} == fields


@pytest.mark.parametrize(
    "text",
    [
        "two knee scopes then an acl patel monday",
        "2 lap choles & 1 port nguyen monday",
        "without c-arm wrist orif garcia",
        "meniscetomy smith the 17h",
        "what's the price of a colonoscopy",
        "Dr. Who knee scope",
        "patel acl 3/12 cut time 8",
        "patel acl wed 2-2.5 hrs",
        "lap chole nguyen tues not over lunch",
        "asa 2-3 ctr garcia wed",
        "ctr garcia april but not the 1st week",
    ],
)
def test_what_could_be_another_thing_is_asked(text: str) -> None:
    """Two kinds of cases, equipment that can't be left out, slips and unknown words lead to a question."""
    assert not heard(text).tool


def test_a_wish_is_of_what_stands_beside_it() -> None:
    """What is wished for is tried first; a day that was named stays, whatever else is only preferred."""
    for text in ("ideally first case, patel acl, wed", "patel acl wed first case if possible"):
        state = heard(text)
        assert (state.input["position"], state.input["date_from"]) == ("first", DAY["wed"]), text
    soft = heard("lap chole nguyen next week, not monday if possible")
    assert soft.input["weekdays"] == ["tue", "wed", "thu", "fri", "sat", "sun"]
    early = heard("ctr garcia wed, early")
    assert (early.input["start_until"], early.input["date_from"]) == ("10:00", DAY["wed"])


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("may PPV in october", {"surgeon": "dr-may", "date_from": "2026-10-01"}),
        ("cataract may next fri", {"surgeon": "dr-may", "date_from": "2026-09-25"}),
        ("may i get a cataract tomorrow", {"surgeon": None, "date_from": "2026-09-16"}),
        ("dr may cataract in may", {"surgeon": "dr-may", "date_from": "2027-05-01"}),
    ],
)
def test_a_name_that_is_a_month_is_read_by_its_place(text: str, fields: dict[str, Any]) -> None:
    """ "may" beside another day is Dr. May, behind "in" a month, before "I" a verb."""
    given = heard(text, clinic="juniper")
    assert {key: given.input.get(key) for key in fields} == fields


def test_a_name_that_could_be_the_month_is_asked() -> None:
    """Nothing beside "may" says which it is, so that both are offered."""
    for text in ("may cataract", "may tonsils"):
        assert heard(text, clinic="juniper").choices == ("Dr. Alice May", "The month of May")
