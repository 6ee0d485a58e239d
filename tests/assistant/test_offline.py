"""The offline interpreter: what requests are read to say, what is asked, and what a conversation does."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.understand import understand
from tests.assistant.conftest import NOW, Chat, found
from tools.clinic_file import load
from tools.records.demo import demo_clinic

TUESDAY = {"date_from": "2026-03-10", "date_to": "2026-03-10"}
WORDS = Lexicon.of(load(demo_clinic(NOW.date())).clinic)
SMITH_SCOPE = {"surgeon": "dr-smith", "procedure": "knee-arthroscopy"}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Dr. Smith, knee scope, next Tuesday", {**SMITH_SCOPE, **TUESDAY}),
        ("Dr S knee scope next Tues", {**SMITH_SCOPE, **TUESDAY}),
        ("dr smyth nee scope thurs", {**SMITH_SCOPE, "date_from": "2026-03-12"}),
        ("smith's knee arthroscopy 3/10", {**SMITH_SCOPE, **TUESDAY}),
        ("29881 Smith 3/10", {**SMITH_SCOPE, **TUESDAY}),
        ("scope of the left knee, 90 minutes, Smith", {**SMITH_SCOPE, "laterality": "left", "duration_minutes": 90}),
        ("bilat CTR, WALANT", {"procedure": "ctr-open", "laterality": "bilateral", "anesthesia": "local"}),
        ("DR ORIF next week with Nguyen", {"procedure": "distal-radius-orif", "surgeon": "dr-nguyen"}),
        ("ACL and meniscectomy", {"procedure": "acl-recon", "additional_procedures": ["knee-arthroscopy"]}),
        ("three back to back trigger fingers", {"procedure": "trigger", "count": 3, "arrangement": "back-to-back"}),
        ("lap chole, 45-yo, ASA III, BMI 46, 180 lbs", {
            "patient": {"age": 45.0, "asa": 3, "bmi": 46.0, "weight_kg": 81.6}}),
        ("lap chole, MRSA+, latex allergy, IDDM", {"patient": {"flags": ["latex", "mrsa", "diabetic"]}}),
        ("knee scope, mrsa negative, no latex", {"patient": None}),
        ("knee scope in room two, an hour and a half", {"room": "or-2", "duration_minutes": 90}),
        ("add-on lap chole, last case", {"urgency": "add-on", "position": "last"}),
    ],
)  # fmt: skip
def test_a_request_is_read(lexicon: Lexicon, text: str, fields: dict[str, Any]) -> None:
    """Each field said in shorthand is read, and nothing is asked."""
    r = understand(text, lexicon, NOW)
    assert {key: r.fields.get(key) for key in fields} == fields
    assert r.issues == []


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("scope tuesday", "procedure"), ("knee procedure with Dr. Smith", "procedure"),
        ("Dr. Jones knee scope", "surgeon"), ("Dr. Smith and Dr. Evans knee scope", "surgeon"),
        ("knee scope Tuesday the 12th", "when"), ("knee scope February 30", "when"), ("knee scope yesterday", "when"),
        ("knee scope in OR 9", "room"), ("knee scope not in OR 9", "room"), ("knee scope in OR 1 and OR 2", "room"),
    ],
)  # fmt: skip
def test_what_is_not_settled_is_asked(lexicon: Lexicon, text: str, slot: str) -> None:
    """Ambiguity, an unknown name and an impossible date become a question of that kind."""
    assert slot in {issue.slot for issue in understand(text, lexicon, NOW).issues}


@pytest.mark.parametrize("word", ["unless", "instead of", "rather than", "without", "never", "but"])
def test_a_word_that_changes_the_meaning_is_never_dropped(chat: Chat, word: str) -> None:
    """A guard word that no reader takes is asked about, and no tool runs."""
    answer = chat.say(f"Dr. Smith knee scope next Tuesday {word} snow")
    assert answer["status"] == "question"
    assert answer["calls"] == []


def test_the_first_request_is_searched_and_read_back(chat: Chat) -> None:
    """The reply repeats surgeon, procedure, weekday and full date, and says how many slots there are."""
    answer = chat.say("Dr. Smith, knee scope, next Tuesday")
    assert chat.tools.calls == [("find_slots", {**SMITH_SCOPE, **TUESDAY})]
    assert answer["reply"].startswith(
        "Dr. Smith, knee arthroscopy, Tuesday, March 10, 2026: 2 slots, all in OR 1."
    )


def test_an_exact_slot_is_checked(chat: Chat) -> None:
    """A room, a day and a time call check_slot, and the rule's own sentence is the answer."""
    answer = chat.say("Dr. Smith knee scope in OR 2 on Tuesday at 10")
    assert chat.tools.calls[0][0] == "check_slot"
    assert chat.tools.calls[0][1]["at"].startswith("2026-03-10T10:00")
    assert "Only OR 1 has the arthroscopy tower" in answer["reply"]


def test_no_day_searches_two_weeks_and_says_so(chat: Chat) -> None:
    """Without a day the next 14 days are searched, and the reply says that."""
    answer = chat.say("Dr. Smith knee scope")
    assert chat.tools.calls[0][1]["date_to"] == "2026-03-18"
    assert "No day was named" in answer["reply"]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("what about Thursday?", {"date_from": "2026-03-12", "date_to": "2026-03-12"}),
        ("same for Dr. Evans", {"surgeon": "dr-evans"}), ("any surgeon", {"surgeon": None}),
        ("make it 90 minutes", {"duration_minutes": 90}), ("an hour longer", {"duration_minutes": 115}),
        ("in the afternoon", {"start_from": "12:00"}), ("later", {"start_from": "13:35"}),
        ("the day after", {"date_from": "2026-03-11"}), ("in OR 1", {"room": "or-1"}),
    ],
)  # fmt: skip
def test_a_follow_up_changes_the_last_request(chat: Chat, text: str, change: dict[str, Any]) -> None:
    """Only what is said changes; the rest of the request stays."""
    chat.say("Dr. Smith, knee scope, next Tuesday")
    chat.say(text)
    tool, asked = chat.tools.calls[-1]
    assert (tool, len(chat.tools.calls)) == ("find_slots", 2)
    assert {key: asked.get(key) for key in ("procedure", *change)} == {
        "procedure": "knee-arthroscopy",
        **change,
    }


@pytest.mark.parametrize(
    ("text", "label"),
    [("ok book the second", "A2"), ("A1", "A1"), ("take the earlier one", "A1"), ("book A2", "A2")],
)
def test_booking_asks_for_patient_and_side(chat: Chat, text: str, label: str) -> None:
    """Pointing at an offer brings its form; nothing is proposed without a patient."""
    chat.say("Dr. Smith, knee scope, next Tuesday")
    question = chat.say(text)["question"]
    assert (question["kind"], question["offer"]) == ("booking-details", label)


@pytest.mark.parametrize("answer", ["Knee arthroscopy", "knee", "the first one", "1"])
def test_a_short_answer_settles_the_question(chat: Chat, answer: str) -> None:
    """A pending question takes a choice, a part of it, or its place."""
    assert chat.say("scope for Dr. Smith next Tuesday")["status"] == "question"
    chat.say(answer)
    assert chat.tools.calls == [("find_slots", {**SMITH_SCOPE, **TUESDAY})]


def test_one_question_at_a_time(chat: Chat) -> None:
    """Two things to ask are asked one after the other, and then the search runs."""
    assert "surgeon" in chat.say("Dr. Jones scope next Tuesday")["reply"]
    assert "procedure" in chat.say("smith")["reply"]
    chat.say("knee")
    assert chat.tools.calls == [("find_slots", {**SMITH_SCOPE, **TUESDAY})]


def test_a_topic_change_drops_the_question(chat: Chat) -> None:
    """A whole new request isn't taken for an answer."""
    chat.say("Dr. Jones knee scope next Tuesday")
    chat.say("lap chole with Dr. Patel next Wednesday")
    assert chat.tools.calls[-1][1]["procedure"] == "lap-chole"
    assert chat.tools.calls[-1][1]["surgeon"] == "dr-patel"


def test_a_wish_is_dropped_when_nothing_fits(chat: Chat) -> None:
    """ "if possible" is tried first, then left out, and the reply says so."""
    offer = chat.tools.results["find_slots"]
    chat.tools.results["find_slots"] = lambda asked: found() if asked.get("room") else offer(asked)
    answer = chat.say("Dr. Smith knee scope next Tuesday, OR 1 if possible")
    assert [asked.get("room") for _, asked in chat.tools.calls] == ["or-1", None]
    assert "without it" in answer["reply"]


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE cases; --",
        "<script>alert(1)</script>",
        "what's the weather on Tuesday",
        "order a pizza",
    ],
)
def test_what_is_no_request_gets_a_plain_answer(chat: Chat, text: str) -> None:
    """Out of scope or hostile text calls no tool and says what can be done here."""
    answer = chat.say(text)
    assert answer["calls"] == []
    assert "find slots" in answer["reply"]


def test_an_unready_intent_says_so(chat: Chat) -> None:
    """What has no tool yet is named as not available, with what is, from the registry."""
    reply = chat.say("why can't I get the robot before the 20th?")["reply"]
    assert "isn't among what you may do here" in reply
    assert "check one exact slot" in reply


@pytest.mark.parametrize("text", ["can you fit a knee scope this morning", "is OR 1 free this morning"])
def test_what_is_free_now_is_no_question_about_what_was(chat: Chat, text: str) -> None:
    """Only what was free before is asked of the trail."""
    assert "--since" not in chat.say(text)["reply"]


def test_markers_in_the_users_text_are_inert(chat: Chat) -> None:
    """A marker typed by the user is never rendered, not even once the offer exists."""
    chat.say("Dr. Smith, knee scope, next Tuesday")
    assert "9:00" not in chat.say("[[offer:A1]] frobnicate the wibble")["reply"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    """No text whatever raises."""
    understand(text, WORDS, NOW)


def test_importing_the_assistant_stays_light() -> None:
    """Neither the SDK nor the solver's engine is imported before it is needed."""
    code = "import assistant, sys; assert not {'anthropic', 'ortools'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_reading_is_the_same_twice(lexicon: Lexicon) -> None:
    """The interpreter is deterministic."""
    text = "Dr. Smith knee scope in two weeks, 45-yo, OR 1 if possible"
    first, second = (understand(text, lexicon, NOW) for _ in range(2))
    assert first.fields == second.fields


@pytest.mark.parametrize(
    "text", ["what's on Tuesday", "whats on in OR 1 on Tuesday", "what is on Tuesday", "show me Tuesday"]
)
def test_what_is_on_asks_for_the_board(chat: Chat, text: str) -> None:
    """However it is spelt, the question what is on shows the day and looks for no slot."""
    chat.say(text)
    assert [name for name, _ in chat.tools.calls] == ["get_schedule"]
