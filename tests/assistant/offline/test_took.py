"""What took a slot that was free before: since when, which slot, and what isn't asked about at all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.offline.offers import OnTable
from assistant.models.offline.understand import understand
from tests.assistant.conftest import NOW, Chat
from tests.assistant.test_offline import WORDS

SMITH = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith"}
SLOT = {**SMITH, "room": "or-1", "at": "2026-03-10T09:00"}
YESTERDAY = "2026-03-04T09:00"
NINE = dt.datetime.fromisoformat("2026-03-10T09:00")
TABLE = (OnTable("A1", NINE, "or-1", "dr-smith", True, "knee-arthroscopy"),)
SEARCH = "Dr. Smith, knee scope, next Tuesday"
CHECK = "Is OR 1 free next Tuesday at 9am for Dr. Smith knee scope?"


@pytest.fixture
def chat(chat: Chat) -> Chat:
    """A conversation whose clinic has an audit trail that knows of a booking."""
    said = {"status": "taken", "summary": "It fit until noon.", "reasons": ["OR 1 is in use."]}
    chat.tools.results["why_changed"] = lambda _given: dict(said)
    return chat


def traced(chat: Chat) -> dict[str, Any]:
    """What the trail was asked last."""
    name, given = chat.tools.calls[-1]
    assert name == "why_changed"
    return given


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("why did it fit yesterday?", "2026-03-04T00:00"),
        ("it fit yesterday at 3, why not now?", "2026-03-04T15:00"),
        ("it was free yesterday afternoon, who took it?", "2026-03-04T12:00"),
        ("it was free the day before yesterday, what happened?", "2026-03-03T00:00"),
        ("A1 was free this morning", "2026-03-05T00:00"),
        ("it was free an hour ago, who took it?", "2026-03-05T08:00"),
        ("it was still open 10 minutes ago", "2026-03-05T08:50"),
        ("it was available half an hour ago", "2026-03-05T08:30"),
        ("it was free last week", "2026-02-23T00:00"),
        ("it was free on Monday, what happened?", "2026-03-02T00:00"),
        ("it was free last Friday, why is it gone?", "2026-02-27T00:00"),
        ("it was free on March 3rd, who took it?", "2026-03-03T00:00"),
        ("it was free when I looked, who got it?", YESTERDAY),
        ("what took A1?", YESTERDAY),
        ("who took it?", YESTERDAY),
        ("why is it gone?", YESTERDAY),
        ("why isn't it free any more?", YESTERDAY),
        ("where did it go?", YESTERDAY),
        ("what happened to the 9am slot?", YESTERDAY),
    ],
)
def test_since_when_is_read(text: str, since: str) -> None:
    """A time in the past is when the slot was free; a day begins at midnight; where none is said it is a day ago."""
    r = understand(text, WORDS, NOW, TABLE)
    assert "took" in r.cues
    assert r.fields["since"] == since


@pytest.mark.parametrize(
    "text",
    [
        SEARCH, CHECK, "why can't Smith do a knee scope Wednesday?", "what took so long?", "who took over for Patel?",
        "can you fit a knee scope in next Tuesday?", "is it still free?", "who booked Garcia's case on Tuesday?",
        "what would it take?", "take the first one", "was Dr. Smith free yesterday?", "anything earlier?",
        "knee scope, same as last week", "what if OR 2 had the tower?",
    ],
)  # fmt: skip
def test_other_questions_stay_what_they_are(text: str) -> None:
    """Words that mention a slot, the past or taking ask for no trail by themselves."""
    r = understand(text, WORDS, NOW, TABLE)
    assert "took" not in r.cues


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ([SEARCH], "A1 was free this morning, who took it?"),
        ([SEARCH], "what took the 9am slot?"),
        ([SEARCH], "the first one was free yesterday, what happened to it?"),
        ([SEARCH], "Tuesday at 9 in OR 1 was free yesterday, what happened?"),
        ([CHECK], "why did it fit yesterday?"),
        ([CHECK], "who took it?"),
        ([], "Dr. Smith knee scope in OR 1 next Tuesday at 9am was free yesterday, what took it?"),
        ([], "why did Dr. Smith's knee scope on Tuesday at 9:00 am in OR 1 fit yesterday?"),
        ([], "Why is Tuesday at 9am in OR 1 no longer free for Smith's knee scope?"),
        (["why did it fit yesterday?"], "Dr. Smith knee scope in OR 1 Tuesday at 9am"),
        ([SEARCH, "why did it fit yesterday?"], "A1: Tuesday, March 10, 2026 at 9:00 AM, OR 1"),
        ([SEARCH, "who took it?"], "the 9am"),
    ],
)
def test_the_slot_is_the_one_that_is_meant(chat: Chat, before: list[str], text: str) -> None:
    """Named whole, pointed at, picked from a question, or the one that was last looked at."""
    for said in before:
        chat.say(said)
    answer = chat.say(text)
    asked = traced(chat)
    assert {key: str(asked[key])[:16] for key in SLOT} == SLOT
    assert answer["status"] == "answered"
    assert "it fit until noon" in answer["reply"]
    assert "OR 1 is in use." in answer["reply"]


@pytest.mark.parametrize(
    ("before", "text", "about"),
    [
        ([], "why did it fit yesterday?", "Which slot do you mean?"),
        ([], "Tuesday at 10 in OR 1 was free yesterday, what happened?", "Which procedure is it?"),
        ([], "who took the 7:30 slot in OR 1 on Tuesday?", "Which procedure is it?"),
        ([], "OR 1 was free at 9 on Tuesday this morning, what happened", "Which procedure is it?"),
        ([], "who took the knee scope slot on Tuesday?", "Which start do you mean?"),
        ([SEARCH], "why did it fit yesterday?", "Which start do you mean?"),
    ],
)
def test_what_is_missing_is_asked_in_one_question(
    chat: Chat, before: list[str], text: str, about: str
) -> None:
    """A start that isn't known is asked for, and no tool runs."""
    for said in before:
        chat.say(said)
    calls = list(chat.tools.calls)
    answer = chat.say(text)
    assert answer["question"]["text"].startswith(about)
    assert chat.tools.calls == calls


def test_who_may_not_ask_is_told_so(chat: Chat) -> None:
    """Without the tool nothing is looked up, and what can be done is said."""
    del chat.tools.results["why_changed"]
    assert "isn't among what you may do here" in chat.say("what took the 9am slot?")["reply"]


def test_an_answer_may_be_given_in_parts(chat: Chat) -> None:
    """The case is told first, then its start; the time that was said stays."""
    chat.say("why did it fit last week?")
    assert chat.say(SEARCH)["question"]["text"].startswith("Which start do you mean?")
    chat.say("9am in OR 1")
    asked = traced(chat)
    assert {key: str(asked[key])[:16] for key in SLOT} == SLOT
    assert str(asked["since"])[:16] == "2026-02-23T00:00"


PIECES = st.sampled_from(
    ["why", "did", "it", "fit", "was", "free", "yesterday", "who", "took", "the", "9am", "slot", "A1", "on", "Monday",
     "last", "week", "99", "months", "ago", "at", "31", "Feb", "not", "gone", "what", "happened", "no longer", "and"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14))
def test_since_is_always_past_and_within_a_year_or_so(words: list[str]) -> None:
    """However the words fall, the time is one that was."""
    r = understand(" ".join(words), WORDS, NOW, TABLE)
    since = r.fields.get("since")
    assert ("took" in r.cues) == (since is not None)
    if since:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", since)
        assert NOW - dt.timedelta(days=400) < dt.datetime.fromisoformat(since) < NOW
