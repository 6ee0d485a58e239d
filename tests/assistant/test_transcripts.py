"""Conversations outlive the process, sealed, for as long as configured, and leave it without an identity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from sqlalchemy import select, text

from assistant import session
from assistant.choosing import handles_for
from assistant.conversations import InMemory
from assistant.exporting import exported
from assistant.models.protocol import Usage
from assistant.pricing import Prices
from assistant.session import ask
from evals.standin import said, used
from tests.assistant.speaking import SEARCH, Standin, configured, desk
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records import transcripts
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import staffed

NAME, MRN = "Quentin Zorander", "T7312345"
ASKED = "Dr. Smith, knee scope, next Tuesday"


@pytest.fixture
def store() -> Iterator[Store]:
    """The demo clinic, fresh."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    yield store
    store.close()


def restarted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process remembered is gone."""
    monkeypatch.setattr(session, "_MEMORY", InMemory())


def later(ctx: Context, days: float) -> Context:
    """The same person after some days."""
    now = ctx.now() + dt.timedelta(days=days)
    return Context(ctx.store, ctx.principal, lambda: now)


def test_a_conversation_goes_on_after_a_restart(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The follow-up still knows the request, and the offers of before can still be booked by their label."""
    ctx = desk(store)
    first = ask(ASKED, ctx)
    restarted(monkeypatch)
    second = ask("what about Thursday March 19?", ctx, first["conversation"])
    restarted(monkeypatch)
    third = ask("book the second one", ctx, first["conversation"])
    assert second["calls"][0]["input"]["surgeon"] == "dr-smith"
    assert second["calls"][0]["input"]["date_from"] == "2026-03-19"
    assert third["question"]["kind"] == "booking-details"


def test_nobody_else_can_go_on_with_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another person's id of it is answered as if it weren't there, before a restart and after."""
    mine = ask(ASKED, desk(store))["conversation"]
    other = Context(store, Principal("v", "Another", Role.SCHEDULER), desk(store).now)
    for _ in range(2):
        assert "isn't known" in ask("any room", other, mine)["reply"]
        restarted(monkeypatch)
    with pytest.raises(ToolError, match="isn't yours"):
        staffed().call("read_conversation", other, {"conversation": mine})


def test_its_words_are_sealed(store: Store) -> None:
    """No column of the database holds what was said."""
    ask(f"{ASKED} for {NAME}, MRN {MRN}", desk(store))
    with store.reading() as connection:
        rows = [str(row) for table in t.metadata.sorted_tables for row in connection.execute(select(table))]
        assert connection.execute(text("SELECT count(*) FROM transcripts")).scalar_one() == 1
    assert not [row for row in rows if "Zorander" in row or MRN in row]


def test_a_moved_row_doesnt_open(store: Store) -> None:
    """A transcript is bound to its row and its person: another's name on it opens nothing."""
    mine = ask(ASKED, desk(store))["conversation"]
    store.write(lambda writer: writer.connection.execute(text("UPDATE transcripts SET principal = 'v'")))
    with pytest.raises(ToolError, match="doesn't open"):
        transcripts.words(store, mine, desk(store).now())


def test_it_is_forgotten_in_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its days it is neither read nor continued, and the next conversation's turn deletes it."""
    ctx = desk(store)
    old = ask(ASKED, ctx)["conversation"]
    restarted(monkeypatch)
    assert "isn't known" in ask("any room", later(ctx, 31), old)["reply"]
    ask(ASKED, later(ctx, 31))
    with store.reading() as connection:
        kept = connection.execute(select(t.transcripts.c.id)).scalars().all()
        numbered = connection.execute(select(t.turns.c.conversation)).scalars().all()
    assert old not in kept
    assert old in numbered


def test_none_is_kept_where_none_is_wanted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 0 days nothing is written, and the conversation goes on in memory."""
    monkeypatch.setenv("SLOTWRIGHT_TRANSCRIPT_DAYS", "0")
    ctx = desk(store)
    talk = ask(ASKED, ctx)["conversation"]
    assert ask("any room", ctx, talk)["conversation"] == talk
    assert transcripts.listed(store, ctx.now()) == []


def test_a_failing_database_costs_the_transcript_and_not_the_answer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it can't be written the offers are shown all the same."""

    def refuses(*_: Any) -> None:
        raise ToolError("unavailable", "no disk")

    monkeypatch.setattr(transcripts, "keep", refuses)
    assert ask(ASKED, desk(store))["status"] == "found"


def test_a_person_lists_and_reads_their_own(store: Store) -> None:
    """What was said and the cards that were shown come back, turn by turn."""
    ctx = desk(store)
    first = ask(ASKED, ctx)
    listed: Any = staffed().call("my_conversations", ctx, {})
    told: Any = staffed().call("read_conversation", ctx, {"conversation": first["conversation"]})
    assert [each.id for each in listed.conversations] == [first["conversation"]]
    assert [turn["said"] for turn in told.turns] == [ASKED]
    offers = next(event for event in told.turns[0]["events"] if event["type"] == "offers")
    assert [offer["label"] for offer in offers["offers"]] == [offer["label"] for offer in first["offers"]]


def test_an_auditors_reading_is_noted(store: Store) -> None:
    """An auditor may read anyone's where the role lets it find; that it did stands in the access chain."""
    mine = ask(ASKED, desk(store))["conversation"]
    from tools.transcripts import opened

    auditor = Context(store, Principal("a", "Auditor", Role.AUDITOR), desk(store).now)
    opened(auditor, mine)
    store.access.flush()
    with store.reading() as connection:
        actions = connection.execute(select(t.access.c.action)).scalars().all()
    assert "conversation read" in actions


def test_each_turn_costs_what_the_model_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens of both rounds, the time, and the money at the configured prices are in the records."""
    monkeypatch.setenv("SLOTWRIGHT_PRICE_READ", "1.0")
    monkeypatch.setenv("SLOTWRIGHT_PRICE_WRITTEN", "5.0")
    with configured(monkeypatch, Standin([used("find_slots", SEARCH), said("[[fact:F1]]")])):
        ask(ASKED, desk(store))
    with store.reading() as connection:
        row = connection.execute(select(t.turns)).one()
    assert (row.tokens_read, row.tokens_written, row.cost_micros) == (200, 40, 200 + 200)
    assert (row.status, row.number) == ("found", 1)


@pytest.mark.parametrize(
    ("prices", "micros"), [((None, 5.0), None), ((2.0, 10.0), 2 * 100 + 10 * 20 + 0.2 * 1000 + 2.5 * 40)]
)
def test_cached_tokens_have_their_own_price(prices: tuple[Any, Any], micros: float | None) -> None:
    """A tenth for what the cache gave, a quarter more for what was put into it; no price, no cost."""
    assert Prices(*prices).micros(Usage(read=100, written=20, cache_read=1000, cache_written=40)) == micros


def test_an_export_is_a_conversation_without_an_identity(store: Store, tmp_path: Any) -> None:
    """Names and numbers are handles, what happened is what is expected, and `eval` runs the file."""
    from evals.loading import scripts
    from evals.run import run_one

    ctx = desk(store)
    first = ask(ASKED, ctx)
    ask(f"what about Thursday March 19 for {NAME}, MRN {MRN}?", ctx, first["conversation"])
    told: Any = staffed().call("read_conversation", ctx, {"conversation": first["conversation"]})
    made = exported(
        first["conversation"], "demo", "scheduler", told.turns, handles_for(ctx, store.clinic())()
    )
    assert "Zorander" not in made
    assert MRN not in made
    body = yaml.safe_load(made)
    assert body["turns"][0]["expect"]["calls"][0]["input"]["surgeon"] == "dr-smith"
    body["turns"] = body["turns"][:1]
    (tmp_path / "talk.yaml").write_text(yaml.safe_dump(body))
    assert run_one(scripts([str(tmp_path / "talk.yaml")])[0]).ok


def test_an_export_that_would_leak_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hiding fails, the check after it doesn't: nothing is exported, and the error names no one."""
    monkeypatch.setattr("assistant.exporting.hidden", lambda messages, _: messages)
    ctx = desk(store)
    talk = ask(f"{ASKED}, MRN {MRN}", ctx)["conversation"]
    told: Any = staffed().call("read_conversation", ctx, {"conversation": talk})
    with pytest.raises(ToolError, match="nothing was exported") as refused:
        exported(talk, "demo", "scheduler", told.turns, handles_for(ctx, store.clinic())())
    assert MRN not in refused.value.message
