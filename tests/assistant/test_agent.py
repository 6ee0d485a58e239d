"""The loop: whatever a model does, a turn ends, tools get valid input, and nothing ungrounded is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.agent import Assistant
from assistant.conversations import InMemory
from assistant.events import EVENT
from assistant.models.protocol import Block, Message, Reply, TextBlock, ToolSpec, ToolUseBlock
from assistant.turns import Budget
from tests.assistant.conftest import Chat

SEARCH = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-10"}


class Scripted:
    """A model that says what it is told to, then repeats its last reply."""

    name = "scripted"

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.heard = list(replies), []

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
        """The next reply."""
        self.heard.append(list(messages))
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def use(name: str, **given: Any) -> ToolUseBlock:
    """A tool use."""
    return ToolUseBlock(id="t1", name=name, input=given)


def calling(*blocks: Block) -> Reply:
    """A reply that stops for tools."""
    return Reply(content=blocks, stop_reason="tool_use")


def saying(text: str, stop: Any = "end_turn") -> Reply:
    """A reply in words."""
    return Reply(content=(TextBlock(text=text),), stop_reason=stop)


def test_markers_are_rendered_from_tool_results(chat: Chat) -> None:
    """A cited offer is written out by the server, whole."""
    chat.speaker = Scripted(calling(use("find_slots", **SEARCH)), saying("Take [[offer:A1]]."))
    answer = chat.say("knee scope on March 10")
    assert answer["reply"] == "Take A1: Tuesday, March 10, 2026, 9:00 AM to 9:55 AM, OR 1, Dr. Smith."


@pytest.mark.parametrize(
    "lie", ["10:15 is free.", "Try OR 3.", "Friday works.", "March 20 is open.", "Come at noon."]
)
def test_a_made_up_slot_is_never_shown(chat: Chat, lie: str) -> None:
    """A time, day, date or room of the model's own is refused twice and replaced by the tools' facts."""
    chat.speaker = Scripted(calling(use("find_slots", **SEARCH)), saying(lie))
    reply = chat.say("knee scope on March 10")["reply"]
    assert lie not in reply
    assert "A1: Tuesday, March 10, 2026" in reply


def test_an_unknown_marker_is_refused(chat: Chat) -> None:
    """A marker for an offer that no tool returned isn't shown."""
    chat.speaker = Scripted(saying("Take [[offer:Z9]]."))
    assert "Z9" not in chat.say("anything")["reply"]


def test_a_refused_reply_may_be_written_again(chat: Chat) -> None:
    """The model is told what was wrong, once."""
    chat.speaker = Scripted(saying("10:15 is free."), saying("Which procedure?"))
    assert chat.say("hello")["reply"] == "Which procedure?"
    assert "10:15" in chat.speaker.heard[-1][-1].text()


def test_bad_input_goes_back_with_the_fault(chat: Chat) -> None:
    """An invalid call runs nothing, and its error names the field."""
    chat.speaker = Scripted(calling(use("find_slots", procedure="x")), saying("I could not search."))
    answer = chat.say("knee scope")
    result = chat.speaker.heard[-1][-1].results()[0]
    assert answer["calls"] == []
    assert chat.tools.calls == []
    assert result.is_error
    assert "date_from" in result.content


def test_an_unknown_tool_is_an_error_result(chat: Chat) -> None:
    """A tool that doesn't exist is refused in words, and the turn goes on."""
    chat.speaker = Scripted(calling(use("book_now")), saying("I can't do that."))
    assert chat.say("book")["reply"] == "I can't do that."


def test_a_looping_model_is_stopped(chat: Chat) -> None:
    """A model that never stops calling gets at most 6 rounds, and the user the facts."""
    chat.speaker = Scripted(calling(use("find_slots", **SEARCH)))
    answer = chat.say("knee scope")
    assert len(chat.speaker.heard) == 6
    assert "A1: Tuesday" in answer["reply"]


def test_a_flood_of_calls_is_cut(chat: Chat) -> None:
    """At most 8 tools run in a turn."""
    chat.speaker = Scripted(calling(*[use("find_slots", **SEARCH)] * 20), saying("Done."))
    chat.say("knee scope")
    assert len(chat.tools.calls) == 8


def test_a_truncated_tool_call_runs_nothing(chat: Chat) -> None:
    """Tool arguments count only when the reply stopped for a tool."""
    chat.speaker = Scripted(Reply(content=(use("find_slots", **SEARCH),), stop_reason=None))
    chat.say("knee scope")
    assert chat.tools.calls == []


def test_a_model_sees_labels_and_no_offer_ids(chat: Chat) -> None:
    """Offer ids stay on the server."""
    chat.speaker = Scripted(calling(use("find_slots", **SEARCH)), saying("[[offer:A1]]"))
    chat.say("knee scope")
    assert "secret" not in str(chat.speaker.heard[-1])


def test_a_label_becomes_the_offers_id(chat: Chat) -> None:
    """A proposal names the offer by its label, and the tool gets the id behind it."""
    script = (
        calling(use("find_slots", **SEARCH)),
        calling(use("propose", offer="A2")),
        saying("See the card."),
    )
    chat.speaker = Scripted(*script)
    answer = chat.say("book the second")
    assert chat.tools.calls[-1] == ("propose", {"offer": "offer-A2-secret"})
    assert answer["proposal"] == {"id": "p1"}
    assert answer["status"] == "proposed"


def test_a_foreign_label_is_refused(chat: Chat) -> None:
    """An offer that isn't from this conversation can't be proposed."""
    chat.speaker = Scripted(calling(use("propose", offer="B7")), saying("No such offer."))
    chat.say("book B7")
    assert chat.tools.calls == []


def test_conversations_belong_to_their_principal(chat: Chat) -> None:
    """Someone else's conversation is not found."""
    chat.speaker = Scripted(saying("Hello."))
    chat.say("hi")
    assert chat.say("hi", principal="another")["status"] == "refused"


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "?!", "x" * 10_000])
def test_unreadable_text_gets_one_plain_sentence(chat: Chat, text: str) -> None:
    """Nothing to read, or too much, is answered without asking any model."""
    answer = chat.say(text)
    assert answer["status"] == "refused"
    assert answer["calls"] == []
    assert "Maybe" in answer["reply"]


def test_a_fault_inside_is_one_plain_sentence(chat: Chat) -> None:
    """An unexpected error ends the turn in words, without its text."""

    def broken(_: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("secret detail")

    chat.tools.results["find_slots"] = broken
    answer = chat.say("Dr. Smith knee scope next Tuesday")
    assert answer["status"] == "error"
    assert "secret" not in answer["reply"]


def test_a_slow_model_is_stopped(chat: Chat) -> None:
    """The turn's time is bounded, and the user is told."""

    class Slow(Scripted):
        async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
            import asyncio

            await asyncio.sleep(30)
            return await super().reply(system, tools, messages)

    chat.speaker, chat.assistant = Slow(saying("x")), Assistant(InMemory(), Budget(seconds=0.05))
    assert chat.say("knee scope")["status"] == "error"


def test_events_read_back_from_json(chat: Chat) -> None:
    """Every event of a turn survives its JSON, and the last is done."""
    chat.say("Dr. Smith knee scope next Tuesday")
    for event in chat.events:
        assert EVENT.validate_json(event.model_dump_json(by_alias=True)) == event
    assert chat.events[-1].type == "done"


def test_old_conversations_are_forgotten() -> None:
    """The store is bounded in number, and an old id is not found."""
    store = InMemory(most=2)
    first = store.open(None, "p")
    for talk in (first, store.open(None, "p"), store.open(None, "p")):
        store.save(talk)
    with pytest.raises(Exception, match="isn't known any more"):
        store.open(first.id, "p")
