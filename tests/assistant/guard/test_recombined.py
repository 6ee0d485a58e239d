"""True facts put together falsely never pass the guard, whatever the wording; what only cites them does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.facts import LONG, MONTHS, clock_text
from assistant.grounding import render
from assistant.guard.book import FactBook
from assistant.guard.particulars import surnames
from tests.assistant.conftest import an_offer
from tests.assistant.guard.judging import withheld

PEOPLE = {
    "dr-smith": "Dr. Smith",
    "dr-evans": "Dr. Evans",
    "dr-patel": "Anita Patel",
    "dr-nguyen": "Dr. Nguyen",
}
ROOMS = {"or-1": "OR 1", "or-2": "OR 2", "or-3": "OR 3"}
STAFF = surnames(PEOPLE.values())
HEARD = "knee scope some day next month please"
"""Words of a user that hold none of the facts."""


@dataclass(frozen=True)
class Slot:
    """What an offer says."""

    surgeon: str
    room: str
    start: dt.datetime

    def offer(self, label: str) -> dict[str, Any]:
        """As a tool returns it."""
        return an_offer(label, self.start.isoformat(), self.room, self.surgeon)


def name(id_: str) -> str:
    """What people call it."""
    return {**PEOPLE, **ROOMS, "knee-arthroscopy": "Knee arthroscopy"}.get(id_, id_)


slots = st.builds(
    Slot,
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(sorted(ROOMS)),
    st.builds(
        dt.datetime.combine,
        st.dates(dt.date(2026, 3, 6), dt.date(2026, 4, 30)),
        st.builds(dt.time, st.integers(7, 17), st.integers(0, 11).map(lambda fives: 5 * fives)),
    ),
)

TIMES = (
    lambda at: clock_text(at.time()), lambda at: f"{at:%H:%M}", lambda at: f"{at:%H%M} hours",
    lambda at: clock_text(at.time()).lower().replace(" ", ""), lambda at: f"{at.hour}h{at:%M}",
)  # fmt: skip
DATES = (
    lambda at: f"{MONTHS[at.month - 1]} {at.day}", lambda at: f"{at:%Y-%m-%d}", lambda at: LONG[at.weekday()],
    lambda at: f"{at.month}/{at.day}", lambda at: f"the {at.day}th", lambda at: f"{at.day} {MONTHS[at.month - 1]}",
)  # fmt: skip
SURGEONS = (
    lambda id_: f"Dr. {name(id_).split()[-1]}", lambda id_: name(id_).split()[-1],
    lambda id_: f"Doctor {name(id_).split()[-1]}",
)  # fmt: skip
ROOM_FORMS = (name, lambda id_: f"room {id_[-1]}", lambda id_: f"OR-{id_[-1]}")
FRAMES = (
    "{}", "[[offer:A1]] is with {}.", "You would have {}.", "[[fact:F1]] Then {} it is.", "How about {}?",
    "It could be moved to {}, see [[offer:A2]].", "The first is {}, and the second [[offer:A2]].",
    "I'd suggest {} because [[fact:F1]]", "Between {} and [[offer:A1]], the first ranks higher.", "{}, please confirm.",
)  # fmt: skip


def told(*offered: Slot) -> FactBook:
    """A conversation in which these were offered."""
    book = FactBook()
    book.heard(HEARD)
    for number, slot in enumerate(offered, 1):
        book.offers[f"A{number}"] = slot.offer(f"A{number}")
    book.keep("One room alone has the tower.")
    return book


@st.composite
def pieces(draw: st.DrawFn, first: Slot, second: Slot) -> str:
    """One to four true particulars, each from either slot, in any form and order."""
    forms = draw(
        st.lists(
            st.sampled_from(
                [("start", TIMES), ("start", DATES), ("surgeon", SURGEONS), ("room", ROOM_FORMS)]
            ),
            min_size=1,
            max_size=4,
        )
    )
    said = [
        draw(st.sampled_from(how))(getattr(draw(st.sampled_from([first, second])), what))
        for what, how in forms
    ]
    return draw(st.sampled_from([" in ", ", ", " with ", " at "])).join(said)


@given(slots, slots, st.sampled_from(FRAMES), st.data())
def test_true_particulars_in_the_models_own_words_never_pass(
    first: Slot, second: Slot, frame: str, data: st.DataObject
) -> None:
    """A time, a day, a surgeon or a room of an offer is written out by the server or by nobody."""
    assume(first != second)
    reply = frame.format(data.draw(pieces(first, second)))
    assert withheld(reply, told(first, second), STAFF), reply


CLAIMS = (
    "{} is free.", "{} works.", "{} is available for you.", "Yes, {}.", "There is an opening: {}.", "I booked {}.",
    "{} has been booked.", "There is nothing else than {}.", "{} is taken.", "It is held: {}.",
    "No, {} is not possible.",
)  # fmt: skip
ECHOES = (
    "Did you mean {}?", "You asked for {}.", "Shall I look at {}?", "For {}: [[fact:F1]]",
    "You asked for {}; here is the nearest: [[offer:A1]]",
)  # fmt: skip


@given(slots, slots, st.sampled_from(CLAIMS), st.data())
def test_what_the_user_named_is_no_proof_of_it(
    first: Slot, second: Slot, claim: str, data: st.DataObject
) -> None:
    """The user's own surgeon, room and time can't be laundered into free, taken, booked or none."""
    said = data.draw(pieces(first, second))
    book = told(first, second)
    book.heard(f"Is {said} free?")
    assert withheld(claim.format(said), book, STAFF)


@given(slots, slots, st.sampled_from(ECHOES), st.data())
def test_what_the_user_named_may_be_said_back(
    first: Slot, second: Slot, echo: str, data: st.DataObject
) -> None:
    """In questions and restatements the user's own words pass, in the form that they had."""
    said = data.draw(pieces(first, second))
    book = told(first, second)
    book.heard(f"What about {said}?")
    assert withheld(echo.format(said), book, STAFF) == []


CITED = (
    "[[fact:F1]]", "The first choice is [[offer:A1]].", "Here is what I found:\n[[offer:A1]]\n[[offer:A2]]",
    "[[offer:A1]] ranks higher than [[offer:A2]]: [[fact:F1]]", "Shall I prepare [[offer:A2]]?",
    "I can prepare [[offer:A1]] for you.", "[[fact:F1]] Would another day do?",
)  # fmt: skip


@given(slots, slots, st.lists(st.sampled_from(CITED), min_size=1, max_size=3))
def test_what_only_cites_passes_and_says_each_fact_whole(first: Slot, second: Slot, lines: list[str]) -> None:
    """Good replies pass, and every offer in them has its own surgeon, room and time beside each other."""
    reply, book = " ".join(lines), told(first, second)
    assert withheld(reply, book, STAFF) == []
    shown = render(reply, book, name, "12h")
    for label, slot in (("A1", first), ("A2", second)):
        if f"[[offer:{label}]]" in reply:
            whole = f"{clock_text(slot.start.time())} to"
            part = shown[shown.index(f"{label}: ") :].split(".", 3)
            assert whole in part[0]
            assert name(slot.room) in shown
            assert name(slot.surgeon) in shown


@given(st.text(max_size=60), st.text(max_size=30))
def test_a_marker_in_a_users_words_is_inert(before: str, after: str) -> None:
    """What a user or a record writes as a marker is neither a fact nor rendered."""
    book = FactBook()
    book.heard(f"{before}[[offer:Z9]]{after}")
    assert withheld("[[offer:Z9]]", book)
    book.sentences["F1"] = f"{before}[[fact:F1]]{after}"
    assert render("[[fact:F1]]", book, name, "12h") == f"{before}[[fact:F1]]{after}"


def test_a_fact_before_another_sentence_ends_with_a_full_stop() -> None:
    """A result that is no whole sentence doesn't run into the next one; within a sentence nothing is added."""
    book = FactBook()
    book.keep("Hold for 30 minutes")
    assert render("[[fact:F1]] Please confirm.", book, str, "12h") == "Hold for 30 minutes. Please confirm."
    assert (
        render("First [[fact:F1]], then more.", book, str, "12h") == "First Hold for 30 minutes, then more."
    )
