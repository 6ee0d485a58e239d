"""Two readings of one message: a call that differs from the words is asked about before any card is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from assistant import ask
from assistant.agent import Assistant
from assistant.conversations import InMemory
from assistant.models.anthropic import breaker_of
from assistant.models.offline.lexicon import Lexicon
from assistant.readings import SecondReading, asked_by, differences
from assistant.second import Interpreter
from evals.corpus.requests import Request, read
from evals.corpus.words import clinic_of
from evals.standin import Answer, Standin, said, used
from solver.clinic import Clinic
from tests.assistant.speaking import SEARCH, configured, desk
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default

ASKED = "Dr. Smith, knee scope, next Tuesday"
TOLD = said("Here it is: [[offer:A1]].")


@pytest.fixture(scope="module")
def store() -> Store:
    """A demo clinic that no test here changes."""
    return Store.memory(demo_clinic(dt.date(2026, 3, 5)))


@pytest.fixture(autouse=True)
def _fresh_breakers() -> None:
    breaker_of.cache_clear()


def answers(
    monkeypatch: pytest.MonkeyPatch, store: Store, texts: list[str], *script: Answer
) -> list[dict[str, Any]]:
    """The answers to the messages of one conversation with a model that follows the script."""
    assistant = Assistant(InMemory())
    given: list[dict[str, Any]] = []
    with configured(monkeypatch, Standin(list(script))):
        for text in texts:
            talk = given[-1]["conversation"] if given else None
            given.append(ask(text, desk(store), talk, assistant=assistant))
    return given


OTHERS: Mapping[str, Mapping[str, Any]] = {
    "surgeon": {"surgeon": "dr-patel"},
    "no surgeon": {"surgeon": None},
    "procedure": {"procedure": "acl-recon"},
    "date": {"date_from": "2026-03-17", "date_to": "2026-03-17"},
    "longer": {"date_to": "2026-03-24"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_reading_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, store: Store, other: dict[str, Any]
) -> None:
    """No card is drawn and no tool is run; both readings are choices, the words' own first."""
    (answer,) = answers(monkeypatch, store, [ASKED], used("find_slots", {**SEARCH, **other}), TOLD)
    assert (answer["status"], answer["offers"], answer["calls"]) == ("question", [], [])
    choices = answer["question"]["choices"]
    assert "Dr. Smith" in choices[0]
    assert "Tuesday, March 10, 2026" in choices[0]
    assert len(set(choices)) == 2


def test_the_same_reading_is_not_asked_about(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """A call that has what the words say runs at once."""
    (answer,) = answers(monkeypatch, store, [ASKED], used("find_slots", SEARCH), TOLD)
    assert answer["status"] == "found"


def test_a_choice_settles_it(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """Either reading, sent as the answer, is searched for; the conversation goes on after the question."""
    later = {**SEARCH, "date_from": "2026-03-17", "date_to": "2026-03-17"}
    first = answers(monkeypatch, store, [ASKED], used("find_slots", later), TOLD)[0]["question"]["choices"]
    for choice, search in zip(first, (SEARCH, later), strict=True):
        breaker_of.cache_clear()
        script = [used("find_slots", later), used("find_slots", search), TOLD]
        _, answer = answers(monkeypatch, store, [ASKED, choice], *script)
        assert answer["status"] == "found", choice
        assert answer["calls"][0]["input"]["date_from"] == search["date_from"]


def test_what_only_the_conversation_tells_is_the_models(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """A follow-up that the interpreter can't read by itself is left to the model."""
    thursday = {**SEARCH, "date_from": "2026-03-12", "date_to": "2026-03-12"}
    script = [used("find_slots", SEARCH), TOLD, used("find_slots", thursday), TOLD]
    assert answers(monkeypatch, store, [ASKED, "And on Thursday?"], *script)[1]["status"] != "question"


def test_a_model_may_look_around_after_it_asked_for_the_right_thing(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """Other days or any surgeon after the words' own search are no misreading; another procedure is."""
    around = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-20"}
    (answer,) = answers(
        monkeypatch, store, [ASKED], used("find_slots", SEARCH), used("find_slots", around), TOLD
    )
    assert answer["status"] == "found"
    breaker_of.cache_clear()
    wrong = {**SEARCH, "procedure": "acl-recon"}
    (answer,) = answers(
        monkeypatch, store, [ASKED], used("find_slots", SEARCH), used("find_slots", wrong), TOLD
    )
    assert answer["status"] == "question"


def test_an_id_that_is_not_the_clinics_is_told_so(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """A misspelt id is the tool's to refuse and the model's to mend; nobody is asked."""
    script = [used("find_slots", {**SEARCH, "procedure": "knee-scope"}), used("find_slots", SEARCH), TOLD]
    (answer,) = answers(monkeypatch, store, [ASKED], *script)
    assert answer["status"] == "found"


def test_the_interpreter_is_not_compared_with_itself(store: Store) -> None:
    """Without a model nothing is asked that wasn't asked before."""
    assert ask(ASKED, desk(store), assistant=Assistant(InMemory()))["status"] == "found"


@cache
def _reader(clinic: str, now: str) -> tuple[Clinic, SecondReading]:
    moment = dt.datetime.fromisoformat(now)
    found = clinic_of(clinic, moment.date())
    return found, Interpreter(Lexicon.of(found), [tool.name for tool in default().tools()], moment)


def _labelled() -> Iterator[Request]:
    """First messages with one right call, which searches."""
    for request in read("reporting")[::4]:
        given = request.expect.get("input", {})
        plain = not any(isinstance(value, dict) and "any" in value for value in given.values())
        if not request.before and plain and request.expect.get("tool") in {"find_slots", "check_slot"}:
            yield request


def _moved(given: dict[str, Any], days: int) -> dict[str, Any]:
    def later(value: str) -> str:
        return (dt.date.fromisoformat(value[:10]) + dt.timedelta(days=days)).isoformat() + value[10:]

    return {
        key: later(value) if key in ("date_from", "date_to", "at") else value for key, value in given.items()
    }


def test_right_calls_never_differ_and_swapped_ones_always_do() -> None:
    """Over labelled requests: no question for a right call, one for another procedure, surgeon or week."""
    compared = 0
    for request in _labelled():
        clinic, second = _reader(request.clinic, request.now)
        mine, given, tool = second.read(request.text, True), request.expect["input"], request.expect["tool"]
        today = dt.date.fromisoformat(request.now[:10])
        if mine is None:
            continue
        compared += 1

        def differs(tool: str = tool, today: dt.date = today, mine: Any = mine, **call: Any) -> list[str]:
            asked = asked_by(tool, call, today)
            assert asked is not None
            return differences(mine, asked)

        assert differs(**given) == [], request.text
        other = next(each for each in clinic.procedures if each not in mine.procedures)
        assert "procedure" in differs(**{**given, "procedure": other, "additional_procedures": []})
        if given.get("surgeon"):
            assert "surgeon" in differs(**{**given, "surgeon": "dr-nobody"}), request.text
        if mine.days is not None:
            assert "date" in differs(**_moved(given, 7)), request.text
    assert compared > 60


TOOK = "Dr. Smith knee scope in OR 1 next Tuesday at 7:30 was free yesterday, what took it?"
SLOT = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-1", "at": "2026-03-10T07:30",
        "since": "2026-03-04T09:00"}  # fmt: skip


def test_a_model_over_the_wire_tells_what_took_a_slot(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """It calls the tool, the trail is read, and the fact that it cites is shown."""
    (answer,) = answers(
        monkeypatch, store, [TOOK], used("why_changed", SLOT), said("[[fact:F1]] [[fact:F2]]")
    )
    assert answer["calls"][0]["output"]["status"] == "never-fitted"
    assert "hasn't fit at any time since Wednesday, March 4, 2026 at 9:00 AM" in answer["reply"]
    assert "OR 1 is in use" in answer["reply"]


def test_a_trail_of_another_slot_than_the_words_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """Another surgeon's slot than the one that was named is not traced before the person has said which is meant."""
    (answer,) = answers(
        monkeypatch, store, [TOOK], used("why_changed", SLOT | {"surgeon": "dr-patel"}), said("[[fact:F1]]")
    )
    assert answer["status"] == "question"
