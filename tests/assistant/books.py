"""What real tools of the demo clinic said in a few conversations, for judging replies about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from assistant.calling import with_ids
from assistant.guard.book import FactBook
from assistant.guard.particulars import surnames
from assistant.session import RegistryToolbox
from tests.assistant.speaking import desk
from tools.context import Role
from tools.errors import ToolError
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default

KNEE = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith"}
TUESDAY = {**KNEE, "date_from": "2026-03-10", "date_to": "2026-03-10"}
WEDNESDAY = {**KNEE, "date_from": "2026-03-11", "date_to": "2026-03-11"}
WEEK = {"date_from": "2026-03-09", "date_to": "2026-03-13"}
TOWER = {"type": "add-equipment", "room": "or-2", "equipment": "arthroscopy-tower"}
PATIENT = {"name": "Rita Castillo", "mrn": "4712"}

Calls = Sequence[tuple[str, Mapping[str, Any]]]
TALKS: Mapping[str, tuple[str, Calls]] = {
    "nothing": ("hello", ()),
    "find": ("Dr. Smith, knee scope, next Tuesday", [("find_slots", TUESDAY)]),
    "none": ("Dr. Smith knee scope on Wednesday March 11", [("explain", WEDNESDAY)]),
    "taken": ("Is OR 2 free for Dr. Smith knee arthroscopy on March 10 at 10am?",
              [("check_slot", {**KNEE, "room": "or-2", "at": "2026-03-10T10:00"})]),
    "free": ("Can Dr. Smith do a knee scope in OR 1 at 10am on Tuesday March 10?",
             [("check_slot", {**KNEE, "room": "or-1", "at": "2026-03-10T10:00"})]),
    "evans": ("Dr. Evans, robotic hysterectomy, OR 1, next week",
              [("find_slots", {"procedure": "hysterectomy-lap", "surgeon": "dr-evans", "room": "or-1", **WEEK}),
               ("find_slots", {"procedure": "hysterectomy-lap", "surgeon": "dr-evans", **WEEK})]),
    "board": ("what's on in OR 2 on Monday?", [("get_schedule", {"date_from": "2026-03-09", "date_to": "2026-03-09",
                                                                 "room": "or-2"})]),
    "blocks": ("which blocks are there next week?", [("get_schedule", WEEK)]),
    "supposed": ("what if OR 2 had the tower too?",
                 [("find_slots", TUESDAY), ("what_if", {"request": TUESDAY, "changes": [TOWER]})]),
    "card": ("Dr. Smith knee scope next Tuesday; book the first one for Rita Castillo, MRN 4712, left",
             [("find_slots", TUESDAY),
              ("propose", {"action": "book", "offer": "A1", "patient": PATIENT, "laterality": "left"})]),
    "compared": ("Dr. Smith, knee scope, next Tuesday; which is better, the first or the second?",
                 [("find_slots", TUESDAY), ("compare_offers", {"first": "A1", "second": "A2"})]),
    "scope": ("Dr. Patel scope next Monday", [("resolve", {"surgeon": "Patel", "procedure": "scope"})]),
    "took": ("Dr. Smith, knee scope, OR 1, next Tuesday at 7:30 fit yesterday, what took it?",
             [("why_changed", {**KNEE, "room": "or-1", "at": "2026-03-10T07:30", "since": "2026-03-04T09:00"})]),
    "still": ("Dr. Smith, knee scope, OR 1, next Tuesday at 9 fit yesterday, what took it?",
              [("why_changed", {**KNEE, "room": "or-1", "at": "2026-03-10T09:00", "since": "2026-03-04T09:00"})]),
    "costs": ("what is our worst bottleneck?", [("bottlenecks", WEEK)]),
    "pair": ("two knee scopes back to back for Dr. Smith on March 10",
             [("find_slots", {**TUESDAY, "count": 2, "arrangement": "back-to-back"})]),
}  # fmt: skip
"""Name -> (what the user said, the calls that followed)."""


@cache
def _store() -> Store:
    return Store.memory(demo_clinic(dt.date(2026, 3, 5)))


@cache
def staff() -> frozenset[str]:
    """The demo clinic's surnames."""
    return surnames(person.name for person in _store().clinic().staff.values())


@cache
def _state(talk: str) -> Mapping[str, Any]:
    return learnt(*TALKS[talk])


def learnt(heard: str, calls: Calls) -> Mapping[str, Any]:
    """The state of a book after a director said something and tools were called; a refused call becomes a fact."""
    tools, book = RegistryToolbox(default(), desk(_store(), Role.DIRECTOR)), FactBook()
    book.heard(heard)
    for name, given in calls:
        try:
            asked = tools.validate(name, with_ids(book, given))
            result = tools.call(name, asked)
        except ToolError as refused:
            book.keep(refused.message)
        else:
            book.learn(name, asked, result, _store().clinic().name_of, "12h")
    return book.state()


def book_of(talk: str) -> FactBook:
    """A conversation's facts, fresh."""
    return FactBook.of(_state(talk))
