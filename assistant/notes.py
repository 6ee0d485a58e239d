"""What people wrote in their own words on records: it stays here, or travels as what it is, somebody's words.

A closure's or an outage's reason is part of the sentences that tools tell. A note may name a patient or give orders,
so a model gets a handle in its place; where the clinic configured that notes may travel, it gets them labelled.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from solver.clinic import Clinic

LONGEST = 300
"""Signs of a note that travel."""


def notes_of(clinic: Clinic) -> tuple[str, ...]:
    """Every note on the records that tools tell of, the longest first."""
    records = (
        *clinic.rooms.values(),
        *clinic.equipment.values(),
        *clinic.trays.values(),
        *clinic.bays.values(),
    )
    closures = (closure.reason for record in records for closure in getattr(record, "closures", ()))
    leave = (each.reason for person in clinic.staff.values() for each in person.leave)
    return tuple(
        sorted({note for note in (*closures, *leave) if note.strip()}, key=lambda note: (-len(note), note))
    )


@lru_cache(maxsize=16)
def found_in(notes: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds notes in a text: a short one, which may be any word, only where tools put notes."""
    if not notes:
        return None
    return re.compile("|".join(map(_form, notes)))


def _form(note: str) -> str:
    body = re.escape(note)
    if len(note) >= 8 or " " in note.strip():
        return rf"(?<!\w){body}(?!\w)" if note[0].isalnum() and note[-1].isalnum() else body
    return rf"(?<=\(){body}(?=\))|(?<=Closed: ){body}\Z|\A{body}\Z"


def labelled(note: str) -> str:
    """A note as data: without signs that can't be seen or that could end its label, and not too long."""
    shown = (mark if unicodedata.category(mark)[0] != "C" else " " for mark in note)
    text = " ".join("".join(shown).replace("<", "(").replace(">", ")").split())
    return f"<untrusted-note>{text[:LONGEST]}</untrusted-note>"
