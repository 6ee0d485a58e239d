"""Sixty-four at once: nobody hangs, nobody sees a fault, and the book is right afterwards."""

from __future__ import annotations

import functools

import pytest
from sqlalchemy import func, select

from tests.load.conftest import CROWD, TIMES, Desk, at_once, codes
from tools.records import tables as t

pytestmark = pytest.mark.timeout(180)


def booked(desk: Desk) -> int:
    """How many cases are in the book."""
    with desk.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(t.cases)).scalar_one())


def test_of_sixty_four_on_one_slot_one_wins(desk: Desk) -> None:
    """One gets it; the other sixty-three get 409 with the reason and fresh offers that are free."""
    proposals = [desk.proposal(n, 0, TIMES[0]) for n in range(CROWD)]
    answers = at_once([functools.partial(desk.confirm, each) for each in proposals])
    assert codes(answers) == {201: 1, 409: CROWD - 1}
    assert booked(desk) == 1
    for answer in answers:
        if answer.status_code == 409:
            body = answer.json()
            assert body["reason"]
            assert body["offers"]
            assert all(offer["cases"][0]["start"][11:16] != TIMES[0] for offer in body["offers"])
    assert desk.store.audit_broken_at() is None


def test_sixty_four_on_sixty_four_slots_all_win(desk: Desk) -> None:
    """Offers that fit together are all booked, though they meet at one day's locks and one pool of bays."""
    wanted = [(room, at) for room in range(8) for at in TIMES]
    proposals = [desk.proposal(n, room, at) for n, (room, at) in enumerate(wanted)]
    answers = at_once([functools.partial(desk.confirm, each) for each in proposals])
    assert codes(answers) == {201: CROWD}, [answer.text for answer in answers if answer.status_code != 201][
        :3
    ]
    assert booked(desk) == CROWD
    assert len({answer.json()["case"]["id"] for answer in answers}) == CROWD
    assert desk.store.audit_broken_at() is None


def test_one_confirmation_sent_sixty_four_times_books_once(desk: Desk) -> None:
    """The same key gets the same answer, however many ask at once."""
    proposal = desk.proposal(1, 0, TIMES[0])
    answers = at_once([functools.partial(desk.confirm, proposal)] * CROWD)
    assert codes(answers) == {201: CROWD}
    assert len({answer.text for answer in answers}) == 1
    assert booked(desk) == 1
