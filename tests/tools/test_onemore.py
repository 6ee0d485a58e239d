"""One more of what was short: a unit, a day, a person, a room, a block's day, each solved again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from solver.clinic import Block, Clinic, Leave, frozen
from solver.explain import overlaid
from solver.search import search
from tests.solver.clinics import (
    TUESDAY,
    ask,
    booked,
    having,
    person,
    small_clinic,
    snapshot,
    week,
    window,
    with_blocks,
    with_cases,
)
from tools.onemore import one_more

SMALL = small_clinic()


def changed(table: str, id_: str, **fields: Any) -> Clinic:
    """The small clinic with fields of one record changed."""
    return having(SMALL, table, replace(getattr(SMALL, table)[id_], **fields))


def without(role: str) -> Clinic:
    """The small clinic without anyone in a role."""
    held = {id_: who for id_, who in SMALL.staff.items() if not who.has_role(role)}
    return replace(SMALL, staff=frozen(held))


def alone(id_: str) -> Clinic:
    """The small clinic where one person of a role is left, and in another room all day."""
    busy = with_cases(SMALL, booked("07:00", "or-2", "wrist-orif", staff="1", length=630))
    held = {each: who for each, who in busy.staff.items() if each != id_}
    return replace(busy, staff=frozen(held))


AWAY = changed("staff", "dr-smith", leave=(Leave(TUESDAY, TUESDAY),))
SHUT = changed("rooms", "or-1", hours=week("07:30-17:00", [0]))
FULL = with_cases(SMALL, booked("07:00", length=630))

SHORT: list[tuple[str, str, Clinic, dict[str, Any], str]] = [
    ("tray-set", "knee-scope-set", changed("trays", "knee-scope-set", units=0), {}, "One more knee scope set"),
    ("pacu-bay", "pacu", changed("bays", "pacu", units=0), {}, "1 more bay in PACU"),
    ("surgeon-days", "dr-smith", SMALL, {"day": TUESDAY.replace(day=11)}, "Dr. Smith on one more day"),
    ("leave", "dr-smith", AWAY, {}, "Dr. Smith on one more day"),
    ("scrub", "scrub", without("scrub"), {}, "One more scrub"),
    ("person-occupancy", "scrub-1", alone("scrub-2"), {"room": "or-1"}, "One more scrub"),
    ("room-equipment", "or-2", SMALL, {"room": "or-2"}, "What a case lacks in OR 2, put there"),
    ("room-hours", "or-1", SHUT, {}, "OR 1 open whenever the clinic is"),
    ("room-occupancy", "or-1", FULL, {"room": "or-1"}, "One more room like OR 1"),
    (
        "block", "patel", with_blocks(SMALL, Block("patel", "dr-patel", "or-1", 1, window("06:30-18:00"))), {},
        "Dr. Patel's block in OR 1 released on one more day",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "subject", "clinic", "more", "said"), SHORT, ids=[each[0] for each in SHORT]
)
def test_one_more_of_what_is_short_opens_a_slot(
    rule: str, subject: str, clinic: Clinic, more: dict[str, Any], said: str
) -> None:
    """Nothing fits as things stand; with one more, by one of its ways, something does, and it is named."""
    held, request = snapshot(clinic), ask(surgeon="dr-smith", **more)
    assert not search(held, request).offers
    extra = one_more(clinic, rule, subject)
    assert extra is not None
    assert extra.text == said
    assert any(search(overlaid(held, changes, asked), asked).offers for asked, changes in extra.ways(request))


@pytest.mark.parametrize("atom", [("holiday", "2026-03-10"), ("patient-limits", "asa"), ("request", "count")])
def test_there_is_no_one_more_of_a_day_or_a_limit(atom: tuple[str, str]) -> None:
    """What can't be bought, hired or opened has no such number."""
    assert one_more(SMALL, *atom) is None


def test_somebody_who_works_otherwise_is_one_more_day_and_not_one_more_person() -> None:
    """A nurse without a shift that day is asked in; one who is busy gets a colleague."""
    clinic = having(SMALL, "staff", person("scrub-3", "scrub", "06:30-17:30", "arthroscopy"))
    day, colleague = (
        one_more(clinic, "staff-shift", "scrub-3"),
        one_more(clinic, "person-occupancy", "scrub-3"),
    )
    assert day is not None
    assert colleague is not None
    assert (day.text, colleague.text) == ("Scrub 3 on one more day", "One more scrub")
