"""Who and what won't do, a choice of several, what the records say, and what only a person may record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.models.offline.lexicon import Lexicon
from assistant.readings import asked_by, differences
from assistant.second import Interpreter
from evals.corpus.words import clinic_of
from tests.assistant.offline.test_shorthand import heard, on

NOT_OR_2 = {"room": None, "exclude_rooms": ["or-2"]}
NOT_PATEL = {"surgeon": None, "exclude_surgeons": ["dr-patel"]}
GARCIA_OR_PATEL = {"surgeon": None, "exclude_surgeons": ["dr-evans", "dr-nguyen", "dr-smith"]}


def fields(text: str, *before: str) -> dict[str, Any]:
    """The call that a message makes, which must be a search."""
    given = heard(text, before)
    assert given.tool in {"find_slots", "explain"}, given
    return given.input


def sets(text: str, wanted: dict[str, Any], *before: str) -> None:
    """A message's search has these fields, and None means that it hasn't the field."""
    found = fields(text, *before)
    assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lap chole friday any room but OR 2", NOT_OR_2), ("lap chole friday not in or 2", NOT_OR_2),
        ("lap chole friday in any room except 2", NOT_OR_2), ("lap chole friday, OR 2 won't work", NOT_OR_2),
        ("lap chole friday, don't put it in OR 2", NOT_OR_2), ("LAP CHOLE FRIDAY NOT IN OR 2", NOT_OR_2),
        ("lap chole friday not OR 2 or 3", {"exclude_rooms": ["or-2", "or-3"]}),
        ("lap chole friday not OR 2 and not OR 3", {"exclude_rooms": ["or-2", "or-3"]}),
        ("lap chole friday OR 1 or 2", {"room": None, "exclude_rooms": ["or-3"]}),
        ("ctr next week anyone except Patel", NOT_PATEL), ("ctr next week, not with dr pattel", NOT_PATEL),
        ("ctr next week someone other than Patel", NOT_PATEL), ("ctr next week, Patel is out", NOT_PATEL),
        ("ctr next week neither Patel nor Smith", {"exclude_surgeons": ["dr-patel", "dr-smith"]}),
        ("ctr next week everyone but Patel and Smith", {"exclude_surgeons": ["dr-patel", "dr-smith"]}),
        ("ctr next thursday Garcia or Patel, whoever is first", GARCIA_OR_PATEL | on("2026-03-12")),
        ("ctr next thursday Garcia or Patel, whoever can do it sooner", GARCIA_OR_PATEL | on("2026-03-12")),
        ("ctr next thursday Garcia/Patel", GARCIA_OR_PATEL), ("ctr either Garcia or Patel thursday", GARCIA_OR_PATEL),
        ("ctr next week with Garcia not Patel", {"surgeon": "dr-garcia", "exclude_surgeons": None}),
        ("why can't we do a ctr tuesday, not in OR 2", NOT_OR_2),
    ],
)  # fmt: skip
def test_it_is_left_out_and_nothing_else(text: str, wanted: dict[str, Any]) -> None:
    """Every way of saying it becomes the request's own field; a choice of two leaves all others out."""
    sets(text, wanted)


@pytest.mark.parametrize(
    ("before", "text", "wanted"),
    [
        ("lap chole friday", "not OR 2 then", NOT_OR_2), ("lap chole friday in OR 2", "not OR 2 then", NOT_OR_2),
        ("lap chole friday not in OR 2", "any room", {"room": None, "exclude_rooms": None}),
        ("lap chole friday not in OR 2", "not OR 3 either", {"exclude_rooms": ["or-2", "or-3"]}),
        ("lap chole friday not in OR 2", "any room but OR 3", {"exclude_rooms": ["or-3"]}),
        ("lap chole friday not in OR 2", "OR 2 is fine after all", {"room": None, "exclude_rooms": None}),
        ("lap chole friday not in OR 2", "OR 1", {"room": "or-1", "exclude_rooms": None}),
        ("lap chole friday not in OR 2", "what about monday?", NOT_OR_2 | on("2026-03-09")),
        ("lap chole friday in OR 2", "any other room", NOT_OR_2),
        ("ctr next week with Patel", "anyone but Patel", NOT_PATEL),
        ("ctr next week Patel", "someone else?", NOT_PATEL),
        ("ctr next week not with Patel", "anyone", {"surgeon": None, "exclude_surgeons": None}),
        ("ctr next week not with Patel", "same for a trigger finger", NOT_PATEL | {"procedure": "trigger"}),
    ],
)  # fmt: skip
def test_a_follow_up_leaves_out_or_allows_again(before: str, text: str, wanted: dict[str, Any]) -> None:
    """Refusals add up, "any" and "fine after all" take them back, and everything else keeps them."""
    sets(text, wanted, before)


@pytest.mark.parametrize(
    "text",
    [
        "knee scope tuesday not with Dr. Jones", "knee scope tuesday not in OR 9",
        "ctr Garcia tuesday or Patel thursday",
        "what's on tomorrow except in OR 2", "what's on tomorrow for Smith or Patel",
        "ctr with Garcia and Patel friday",
    ],
)  # fmt: skip
def test_what_can_not_be_left_out_is_asked_about(text: str) -> None:
    """A stranger, a room that isn't there, pairs of surgeon and day, and a board without a room: one question."""
    given = heard(text)
    assert given.question, given
    assert not given.tool


def test_a_stranger_who_is_refused_is_nobody_to_search_for() -> None:
    """ "Not with Dr. Jones", answered with a name, leaves that one out; nobody leaves nobody out."""
    sets("Patel", NOT_PATEL, "ctr tuesday not with Dr. Jones")
    sets("Nobody", {"surgeon": None, "exclude_surgeons": None}, "ctr tuesday not with Dr. Jones")


def test_a_move_keeps_to_it() -> None:
    """ "Any room but OR 1" for a booked case is a search that replaces it, without OR 1."""
    found = fields("move Garcia's 12:45 tomorrow to monday, any room but OR 1")
    assert (found["exclude_rooms"], bool(found["replaces"])) == (["or-1"], True)


def test_a_call_that_drops_it_differs_from_the_words() -> None:
    """A model that searches with Dr. Patel's or everybody's time is told apart; naming another surgeon is right."""
    now = dt.datetime.fromisoformat("2026-03-05T09:00")
    second = Interpreter(
        Lexicon.of(clinic_of("demo", now.date())), ["find_slots", "check_slot", "explain"], now
    )
    read = second.read("ctr next week, anyone but Patel", first=True)
    given = {"procedure": "ctr-open", "date_from": "2026-03-09", "date_to": "2026-03-15"}
    dropped, kept = (
        asked_by("find_slots", given | more, now.date()) for more in ({}, {"exclude_surgeons": ["dr-patel"]})
    )
    assert read is not None
    assert dropped is not None
    assert kept is not None
    assert differences(read, dropped) == ["without"]
    assert differences(read, kept) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("list surgeons", "The surgeons here are"), ("what surgeons do we have?", "The surgeons here are"),
        ("what procedures does Smith do", "Dr. Smith does Knee arthroscopy"),
        ("who does knee scopes?", "done here by Dr. Patel and Dr. Smith"),
        ("what rooms are there", "The rooms here are"),
        ("ctr thursday with whoever is on call", "can't look up who is on call"),
    ],
)  # fmt: skip
def test_who_does_what_is_answered_from_the_records(text: str, words: str) -> None:
    """The answer opens a question with its names as choices; no board is shown and nothing is searched."""
    given = heard(text)
    assert words in given.question
    assert given.choices


@pytest.mark.parametrize("before", [(), ("knee scope tuesday",)])
@pytest.mark.parametrize(
    "text",
    [
        "The C-arm is down on Tuesday",
        "Patel is on vacation next week",
        "OR 2 is closed Friday",
        "close OR 2 on Friday",
    ],
)
def test_a_fact_about_a_record_is_no_search(before: tuple[str, ...], text: str) -> None:
    """It is said where a person records it, after a request as well."""
    given = heard(text, before)
    assert "on the page Admin" in given.said
    assert not given.tool


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("knee scope tues vs thurs", "2026-03-10", "2026-03-12"),
        ("knee scope next fortnight", "2026-03-06", "2026-03-19"),
        ("knee scope 2 days hence", "2026-03-07", "2026-03-07"),
        ("knee scope tuesday fortnight", "2026-03-24", "2026-03-24"),
    ],
)  # fmt: skip
def test_days_as_some_say_them(text: str, first: str, last: str) -> None:
    """Days weighed against each other are both searched; a fortnight is two weeks."""
    found = fields(text)
    assert (found["date_from"], found["date_to"]) == (first, last)
