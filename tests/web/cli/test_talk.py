"""ask and chat: a request in words on the command line."""

import io

import pytest

from tests.web.cli.conftest import DEMO, Run
from tools.contract import Offer


def test_ask_prints_ranked_slots(run: Run) -> None:
    """The first request of the demo gives slots on Tuesday 10 March, all in OR 1, with teams and the day."""
    ran = run("ask", "Dr. Smith, knee scope, next Tuesday", *DEMO)
    assert (ran.code, ran.err) == (0, "")
    for shown in (
        "Tuesday, March 10",
        "OR 1",
        "Dr. Smith",
        "Anesthesiologist 1",
        "Not checked yet",
        "█ booked",
    ):
        assert shown in ran.out


def test_ask_gives_the_contract_object(run: Run) -> None:
    """--json has the contract's keys, the call that was made, and offers of the contract's shape."""
    body = run("ask", "Dr. Smith, knee scope, next Tuesday", *DEMO, "--json").body
    assert {"reply", "model", "calls", "status", "offers", "explanation", "question", "proposal"} <= set(body)
    assert [call["tool"] for call in body["calls"]] == ["find_slots"]
    offers = [Offer.model_validate(offer) for offer in body["offers"]]
    assert {offer.cases[0].room for offer in offers} == {"or-1"}
    assert {offer.cases[0].start[:10] for offer in offers} == {"2026-03-10"}


def test_the_generic_calendars_mistake_is_refused(run: Run) -> None:
    """Dr. Smith in OR 2 is answered with the tower and the nearest slots, as an answer (exit 0)."""
    ran = run("ask", "Dr. Smith knee scope in OR 2 on Tuesday at 10", *DEMO)
    assert ran.code == 0
    assert "Only OR 1 has the arthroscopy tower" in ran.out
    assert "another room" in ran.out


def test_a_slot_is_listed_once(run: Run) -> None:
    """The lines of slots in the reply give way to the table with their teams and differences."""
    ran = run("ask", "Dr. Smith, knee scope, next Wednesday", *DEMO)
    assert "Dr. Smith operates Tuesdays and Thursdays" in ran.out
    assert ran.out.count("9:00 AM to 9:55 AM") == 1


def test_a_question_is_an_answer(run: Run) -> None:
    """A date that doesn't fit its weekday is asked about, with choices, and exits 0."""
    ran = run("ask", "Dr. Smith knee scope on Tuesday the 12th", *DEMO)
    assert ran.code == 0
    assert "  1. " in ran.out


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "knee " * 2000])
def test_text_that_is_none_is_refused(run: Run, text: str) -> None:
    """Nothing, blanks, control characters and 10,000 characters exit 2 with one sentence."""
    ran = run("ask", text, *DEMO)
    assert ran.refused
    assert ran.out == ""


def test_a_refused_text_is_an_error_object(run: Run) -> None:
    """With --json a refusal is one object that has the error beside the contract's keys."""
    body = run("ask", "", *DEMO, "--json").body
    assert body["error"]["message"] == body["reply"]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Zork, knee scope, tomorrow",
        "Dr. Smith, brain transplant, tomorrow",
        "Dr. Smith knee scope on February 30",
        "Dr. Smith knee scope yesterday",
        "'; DROP TABLE cases; --",
        "<script>alert(1)</script> knee scope",
        "\x1b[31mDr. Smith knee scope\x07 Tuesday",
        "Dr. Smith \udcff knee scope Tuesday",
        "--",
    ],
)
def test_odd_text_gets_a_plain_answer(run: Run, text: str) -> None:
    """Unknown names, days that don't exist, SQL, HTML, escapes and stray bytes: an answer and no traceback."""
    ran = run("ask", *DEMO, "--", text)
    assert ran.code in (0, 2)
    assert "Traceback" not in ran.err
    assert not set("\x1b\x07") & set(ran.out + ran.err)


def test_chat_keeps_the_conversation(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second line is understood from the first, and an empty line ends."""
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("Dr. Smith, knee scope, next Tuesday\nwhat about Thursday?\n\nnever read\n")
    )
    body = run("chat", *DEMO, "--json").body
    first, second = body["turns"]
    assert first["conversation"] == second["conversation"]
    assert second["calls"][0]["input"]["surgeon"] == "dr-smith"
    assert second["calls"][0]["input"]["date_from"] == "2026-03-12"


def test_chat_draws_each_turn_and_ends_with_the_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a pipe chat prints answers without prompts, goes on after a refusal, and ends at Ctrl-D."""
    monkeypatch.setattr("sys.stdin", io.StringIO("\x00\nDr. Smith, knee scope, next Tuesday"))
    ran = run("chat", *DEMO)
    assert ran.code == 0
    assert "A1" in ran.out
    assert ran.out.startswith("There is nothing to read in that message. Maybe ")
