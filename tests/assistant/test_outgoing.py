"""Planted identities, said in a whole conversation: in no byte that leaves, in no byte of the database's files."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.models.anthropic import breaker_of
from assistant.session import ask
from evals.standin import Answer, Standin, said, used
from tests.assistant.speaking import SEARCH, configured, desk
from tools import proposals
from tools.records.store import Store

PEOPLE = (
    ("Zo\u00eb \u00c5ngstr\u00f6m-O'Brien", "ZA-774411", "03/04/1961", "555-867-5309"),
    ("rita castillo", "4712", "4-Mar-61", "rita.castillo@mail.example.org"),
    ("Nguy\u1ec5n Th\u1ecb H\u00f2a", "99 88 77", "04MAR1961", "12 Elm Street"),
)
HANDLE = re.compile(r"\b(PATIENT|MRN|BIRTHDATE)-\d+\b")


def model(body: Mapping[str, Any]) -> Answer:
    """Searches, and books what is asked for with the handles that it was told, in words and in fields."""
    last = body["messages"][-1]["content"]
    if last[0]["type"] == "tool_result":
        return said(f"[[fact:{re.findall(r'F[0-9]+', str(last[0]['content']))[-1]}]]")
    text = last[-1]["text"]
    if "A1" not in text:
        return used("find_slots", SEARCH)
    fields = {"PATIENT": "name", "MRN": "mrn", "BIRTHDATE": "birth_date"}
    patient = {fields[found[1]]: found[0] for found in HANDLE.finditer(text)}
    book = {"action": "book", "offer": "A1", "patient": patient, "laterality": "left", "reason": text}
    return used("propose", book)


@pytest.mark.parametrize(("name", "number", "born", "contact"), PEOPLE)
def test_nobody_leaves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, number: str, born: str, contact: str
) -> None:
    """Booked, confirmed and talked of again: the model works with handles, and the book has the person."""
    breaker_of.cache_clear()
    store = Store.create_demo(f"sqlite:///{tmp_path}/demo.db", dt.date(2026, 3, 5))
    ctx = desk(store)
    texts = (
        f"knee scope for {name}, MRN {number}, born {born}, call {contact}",
        f"book A1 for {name}, MRN {number}, dob {born}, left",
        f"is {name.upper()} ({number}) booked? {contact}",
    )
    with configured(monkeypatch, Standin(model)) as standin:
        talk, answers = None, []
        for text in texts:
            answers.append(ask(text, ctx, talk))
            talk = answers[-1]["conversation"]
            if shown := answers[-1]["proposal"]:
                proposals.confirm(ctx, shown["id"], "a-key-of-its-own")
    assert {answer["model"] for answer in answers} == {"claude-haiku-5-5"}
    assert answers[1]["calls"][0]["input"]["patient"]["birth_date"] == "1961-03-04"
    kept = b"".join(place.read_bytes() for place in tmp_path.iterdir())
    store.close()
    parts = {name, number, born, contact, *re.split(r"[\s'-]+", name)}
    planted = {form for part in parts if len(part) > 3 for form in (part, part.lower(), part.upper())}
    for sent in (b"".join(standin.raw), kept):
        assert not [
            word for word in planted if word.encode() in sent or json.dumps(word)[1:-1].encode() in sent
        ]
