"""What stands beside a request: another day, a room by its equipment, the case to follow, who is calling, a refusal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.understand import understand
from evals.corpus.words import clinic_of
from tests.assistant.offline.test_shorthand import heard, on

TUE, WED, THU, FRI = ({**on(f"2026-03-{day}")} for day in (10, 11, 12, 13))
NEXT_WEEK = {"date_from": "2026-03-09", "date_to": "2026-03-15"}
MAY = {"surgeon": "dr-may"}


def shown(given: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """The named fields of an input."""
    return {key: given.get(key) for key in fields}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("not tuesday, but any other day next week, a port with nguyen", {**NEXT_WEEK, "exclude_dates": None}),
        ("lap chole friday not in the robot room", {"exclude_rooms": ["or-3"], "extra_equipment": None}),
        ("chole nguyen friday but not after 1", {"date_from": "2026-03-06", "start_until": "13:00"}),
        ("ctr garcia next week but not before 10", {"start_from": "10:00", "exclude_dates": None}),
        ("chole tomorrow to follow nguyen's 9:30", {"after_case": "case-260306-08", "start_from": None}),
        ("hyst evans mon to follow her 10:30", {"after_case": "case-260309-12", "start_from": None}),
        ("trigger x3 back to back garcia monday", {"count": 3, "arrangement": "back-to-back"}),
        ("knee scope smith tue half an hour longer", {"duration_minutes": 85}),
        ("finger orif garcia monday start no earlier than 9 end by 1", {"start_from": "09:00", "end_by": "13:00"}),
        ("carpal tunnel w/ Garcia b4 the 13th", {"date_to": "2026-03-12"}),
        ("port anytime monday through thursday next week after 1:30", {
            "date_from": "2026-03-09", "date_to": "2026-03-12", "start_from": "13:30"}),
        ("colpopexy evans the week of april 6 but not on the wednesday", {
            "weekdays": ["mon", "tue", "thu", "fri", "sat", "sun"], "date_from": "2026-04-06"}),
        ("ctr garcia later this week", {"date_from": "2026-03-06", "date_to": "2026-03-08"}),
        ("ctr garcia a week on monday", on("2026-03-16")),
        ("ctr garcia monday a week", on("2026-03-16")),
        ("ctr garcia the monday after next", on("2026-03-16")),
        ("ctr garcia by month end", {"date_to": "2026-03-31"}),
        ("ctr garcia thurs half eight", {"start_from": "08:30", "start_until": "08:30"}),
        ("hi, it's Marcy from Dr Patel's office, we need an ACL the 23rd", {"surgeon": "dr-patel"}),
        ("this is dana calling from dr smiths office, knee scope thurs", {"surgeon": "dr-smith", **THU}),
        ("it's stat from dr nguyen, appy today", {"urgency": "urgent", "surgeon": "dr-nguyen"}),
    ],
)  # fmt: skip
def test_what_is_said_beside_a_request_counts(text: str, fields: dict[str, Any]) -> None:
    """A bound after "but", a case's own hour, a room named by what stands in it: each reaches the call."""
    given = heard(text)
    assert given.tool == "find_slots", given
    assert shown(given.input, fields) == fields


@pytest.mark.parametrize(
    ("before", "text", "fields"),
    [
        (("port nguyen tuesday",), "any other day next week", {**NEXT_WEEK, "exclude_dates": ["2026-03-10"]}),
        (("hyst evans mon",), "no or 3", {"exclude_rooms": ["or-3"], "room": None}),
        (("hyst evans mon",), "no, or 3", {"room": "or-3", "exclude_rooms": None}),
        (("knee scope smith tue",), "no smith", {"exclude_surgeons": ["dr-smith"], "surgeon": None}),
        (("knee scope smith tue",), "no patel", {"surgeon": "dr-patel", "exclude_surgeons": None}),
        (("cuff patel thurs",), "make that two", {"count": 2}),
        (("cuff patel thurs", "2 of them", "back to back"), "just one then", {"arrangement": None}),
        (("ctr garcia wed", "earlier in the day"), "anything friday", {"start_until": None}),
        (("ctr garcia wed",), "she's 81 and asa 3", {"patient": {"age": 81.0, "asa": 3}}),
        (("knee scope smith tuesday",), "same as last time but thursday", {"surgeon": "dr-smith", **THU}),
        (("port nguyen monday", "or friday"), "the 13th i mean", FRI),
        (("chole nguyen 3/20",), "and a week later", on("2026-03-27")),
        (("chole nguyen 3/20",), "two days earlier", on("2026-03-18")),
        (("chole nguyen 3/20",), "morning please", {"start_until": "12:00"}),
        (("ctr garcia wed 10 am",), "actually forget it. acl with patel on the 23rd", {
            "surgeon": "dr-patel", "start_from": None}),
        (("knee smith tue", "no not smith, patel"), "yes", {"procedure": "knee-arthroscopy", "surgeon": "dr-patel"}),
        (("knee", "with smith", "on thursday"), "yes", {"surgeon": "dr-smith", **THU}),
    ],
)  # fmt: skip
def test_a_follow_up_loses_nothing_that_was_said(
    before: tuple[str, ...], text: str, fields: dict[str, Any]
) -> None:
    """A "no" without a comma refuses, a count stands alone, an answer beside the question keeps the rest."""
    given = heard(text, before)
    assert given.tool == "find_slots", given
    assert shown(given.input, fields) == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("why can't may do a phaco in room 4 on thursday", {**MAY, "room": "room-4"}),
        ("may do a phaco thursday?", MAY),
        ("phaco not with may, thursday", {"exclude_surgeons": ["dr-may"]}),
        ("pt may need a phaco next week", {"surgeon": None}),
    ],
)
def test_a_name_that_is_a_verb_is_a_name_where_the_sentence_has_another_verb(
    text: str, fields: dict[str, Any]
) -> None:
    """ "Why can't May do it" is about Dr. May; "the patient may need it" isn't."""
    assert shown(heard(text, clinic="juniper").input, fields) == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("is evans off thursday", {"surgeon": "dr-evans", **THU}),
        ("is smith around tuesday", {"surgeon": "dr-smith", **TUE}),
        ("is evans on vacation next week?", {"surgeon": "dr-evans", **NEXT_WEEK}),
        ("what's left of Smith's block tuesday", {"surgeon": "dr-smith", **TUE}),
        ("whats left in patels wed block", {"surgeon": "dr-patel", **WED}),
        ("who's doing knee scopes tuesday", TUE),
        ("pull up next wednesday's board", WED),
    ],
)
def test_who_is_there_is_on_the_board(text: str, fields: dict[str, Any]) -> None:
    """A question about somebody's day shows that day; it is no search."""
    given = heard(text)
    assert given.tool == "get_schedule", given
    assert shown(given.input, fields) == fields


def test_a_bare_hour_behind_to_is_where_a_case_goes() -> None:
    """ "Bump Nguyen's 12:30 Monday to 2" moves that case, and is no span from 12:30 to 2."""
    given = heard("bump nguyen's 12:30 monday to 2")
    assert shown(given.input, {"replaces": "", "start_from": ""}) == {
        "replaces": "case-260309-09",
        "start_from": "14:00",
    }


@pytest.mark.parametrize("text", ["book the second one", "hold it", "compare A1 and A2"])
def test_nothing_offered_yet_is_said(text: str) -> None:
    """What points at an offer before there is one hears so, in words that claim nothing of the book."""
    assert "haven't offered any slot yet" in heard(text).said


def test_equipment_goes_by_the_clinics_own_other_names() -> None:
    """An alias of the clinic's file is read, one that is a small word only in capitals."""
    lexicon = Lexicon.of(
        clinic_of("juniper", dt.date(2026, 9, 15)), {"mini-c-arm": ("II",), "holmium-laser": ("IT",)}
    )
    now = dt.datetime.fromisoformat("2026-09-15T09:00")
    for text, wanted in (
        ("cysto with the II", ["mini-c-arm"]),
        ("cysto with IT", ["holmium-laser"]),
        ("put it in", None),
    ):
        assert understand(text, lexicon, now).fields.get("extra_equipment") == wanted
