"""Tool results in the words and times that a card shows: names for ids, clinic time for instants.

What is shown is drawn from the solver's objects alone. `verified` must be true on an offer, or no card is made.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from solver.clinic import Clinic
from solver.grid import Calendar
from web.board import Ghost
from web.format import NBSP, Formats, steady

_ROLE = re.compile(r"(.+) \(([a-z-]+)\)")
_FIRST = ("case", "swap", "override", "tell", "hold", "edit", "block")
_WORD = re.compile(r"[\w-]+")
DIFFERS = {
    "room": "another room",
    "surgeon": "another surgeon",
    "date_from": "another day",
    "date_to": "another day",
    "date": "another day",
    "day": "another day",
    "weekdays": "another weekday",
    "start_from": "another time",
    "start_until": "another time",
    "end_by": "a later end",
    "at": "another time",
    "time": "another time",
    "start": "another time",
    "procedure": "another procedure",
    "anesthesia": "another anesthesia",
}
"""A field of the request in which an alternative differs, as people say it."""

CONFIRM = {
    "book": {"title": "Confirm the booking", "verb": "Confirm booking", "action": "book"},
    "hold": {"title": "Confirm the hold", "verb": "Hold the slot", "action": "hold"},
    "move": {"title": "Confirm the move", "verb": "Move the case", "action": "move"},
    "cancel": {"title": "Confirm the cancellation", "verb": "Cancel the case", "action": "cancel"},
    "edit": {"title": "Confirm the change", "verb": "Change the case", "action": "edit"},
    "release-block": {"title": "Confirm the release", "verb": "Release the block", "action": "release-block"},
    "reclaim-block": {"title": "Confirm the reclaim", "verb": "Reclaim the block", "action": "reclaim-block"},
    "correct-patient": {
        "title": "Confirm the correction",
        "verb": "Correct the patient",
        "action": "correct-patient",
    },
    "undo": {"title": "Confirm the undoing", "verb": "Undo", "action": "undo"},
}
DONE = {
    "book": "Booked", "hold": "Held", "move": "Moved", "cancel": "Cancelled", "edit": "Changed",
    "release-block": "Released", "reclaim-block": "Reclaimed", "undo": "Undone",
    "correct-patient": "Corrected",
}  # fmt: skip
MISSING = {"patient": "who the patient is", "asa": "ASA class", "bmi": "BMI", "weight_kg": "weight"}
"""A fact that a rule needs and didn't have, as people say it."""


@dataclass(frozen=True)
class Words:
    """What turns ids and instants into text: the clinic for names, its formats for time, today for the year."""

    clinic: Clinic
    formats: Formats
    today: dt.date

    def name(self, id_: object) -> str:
        """What people call it; the id itself where nobody named it."""
        return self.clinic.name_of(str(id_))

    def offers(self, offers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One card an offer, best first; what the verifier didn't pass gets none."""
        return [self.offer(offer) for offer in offers if offer.get("verified") is True]

    def alternatives(self, alternatives: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Cards of near misses, each with the words for how it differs from what was asked."""
        kept = [near for near in alternatives if near["offer"].get("verified") is True]
        return [{**self.offer(near["offer"]), "differs": self._differs(near["differs"])} for near in kept]

    def offer(self, offer: Mapping[str, Any]) -> dict[str, Any]:
        """The card of one offer; its `cases` belong together."""
        cases = [self._case(case) for case in offer["cases"]]
        first = offer["cases"][0]
        clinic_procedure = self.clinic.procedures.get(first["procedure"])
        return {
            "id": offer["id"],
            "rank": str(offer["rank"]),
            "label": offer["label"],
            "date": self._day(first["start"]).isoformat(),
            "long_day": self.formats.day(self._day(first["start"]), self.today),
            "cases": cases,
            "differs": "",
            "reasons": [started(steady(reason)) for reason in offer["reasons"]],
            "warnings": [started(steady(warning)) for warning in offer["warnings"]],
            "swaps": [self._swap(swap) for swap in offer.get("swaps") or []],
            "not_checked": self._unchecked(offer),
            "verified": f"Verified against {offer['rules_checked']} rules",
            "sided": "yes" if clinic_procedure and clinic_procedure.sided else "",
            "ghosts": [self._ghost(offer, case) for case in offer["cases"]],
            "hold": f"Hold offer {offer['rank']}: {cases[0]['day']}, {cases[0]['times']}, {cases[0]['room']}",
            "book": f"Book offer {offer['rank']}: {cases[0]['day']}, {cases[0]['times']}, {cases[0]['room']}",
        }

    def explanation(self, reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Every violated rule: its title, its sentence, and the facts behind it."""
        return [
            {
                "rule": reason["rule"],
                "title": reason["title"],
                "text": steady(reason["text"]),
                "facts": self._facts(reason["facts"]),
            }
            for reason in reasons
        ]

    def ways_out(self, explanation: Mapping[str, Any] | None) -> list[dict[str, str]]:
        """What would open a slot: the change with how much it opens, and who may grant it."""
        return [
            {
                "text": steady(way["text"]),
                "by": f"Granted by: {way['granted_by']}" if way["granted_by"] else "",
            }
            for way in (explanation or {}).get("corrections") or ()
        ]

    def proposal(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        """The confirm card: the summary and everything that confirming would touch."""
        return {
            "id": proposal["id"],
            **CONFIRM[str(proposal.get("action", "book"))],
            "not_checked": self._unchecked(proposal),
            "summary": steady(self._summary(_sentence(proposal["summary"]))),
            "touches": [steady(self._touch(touch)) for touch in sorted(proposal["touches"], key=_weight)],
            "warnings": [steady(str(warning)) for warning in proposal.get("warnings") or []],
            "expires": self.formats.time(proposal["expires_at"]),
        }

    def done(self, confirmed: Mapping[str, Any]) -> dict[str, str]:
        """What is said once a proposal was carried out."""
        verb = DONE[str(confirmed.get("action", "book"))]
        if confirmed["case"] is None:
            block = confirmed["block"]
            day = dt.date.fromisoformat(block["date"])
            return {"id": block["block"], "date": block["date"], "action": str(confirmed["action"]),
                    "said": f"{verb}: {self._block(block['block'])}, {self.formats.day(day, self.today)}."}  # fmt: skip
        return {**self.booked(confirmed["case"], verb), "action": str(confirmed.get("action", "book"))}

    def _block(self, id_: str) -> str:
        """A block by its owner and its room."""
        found = next((each for each in self.clinic.blocks if each.id == id_), None)
        return f"{self.name(found.owner)}'s block in {self.name(found.room)}" if found else id_

    def booked(self, case: Mapping[str, Any], verb: str = "Booked") -> dict[str, str]:
        """What is said of a case that stands in the book, or was taken out of it."""
        day = self._day(case["start"])
        times = self.formats.times(case["start"], case["end"])
        said = (
            f"{verb}: {self.name(case['procedure'])}, {self.name(case['surgeon'])}, {self.name(case['room'])}"
        )
        return {
            "id": str(case["id"]),
            "date": day.isoformat(),
            "said": f"{said}, {self.formats.day(day, self.today)}, {times}.",
        }

    def _case(self, case: Mapping[str, Any]) -> dict[str, str]:
        procedures = [case["procedure"], *case.get("additional_procedures", [])]
        day = self._day(case["start"])
        return {
            "day": self.formats.short_day(day, self.today),
            "times": self.formats.times(case["start"], case["end"]),
            "room": self.name(case["room"]).replace(" ", NBSP),
            "procedure": " with ".join(self.name(procedure) for procedure in procedures),
            "surgeon": self.name(case["surgeon"]),
            "anesthesia": anesthesia_said(case["anesthesia"]),
            "team": ", ".join(self._member(member) for member in case["team"]),
        }

    def _ghost(self, offer: Mapping[str, Any], case: Mapping[str, Any]) -> str:
        who_what = (case["procedure"], case["surgeon"])
        return "~".join(
            (offer["id"], str(offer["rank"]), case["room"], case["start"], case["end"], *who_what)
        )

    def _day(self, moment: str) -> dt.date:
        return self.formats.local(moment).date()

    def _member(self, member: Mapping[str, Any]) -> str:
        return member_said(self.name(member["resource"]), member["role"])

    def _swap(self, swap: Mapping[str, Any]) -> str:
        said = f"{self.name(swap['to'])} takes {self.name(swap['from'])}'s place as {swap['role']} in {swap['case']}"
        return self.by_name(said)

    def _summary(self, text: str) -> str:
        """ "Cancel Knee arthroscopy with ...": the id before what it is, or in its place, tells nobody anything."""
        verb, _space, rest = text.partition(" ")
        id_, colon, what = rest.partition(": ")
        return f"{verb} {what}" if colon and id_ in self.clinic.cases_by_id else self.by_name(text)

    def by_name(self, text: str) -> str:
        """The sentence with each case by what it is and when, not by its id."""
        return _WORD.sub(lambda found: self._case_named(found[0]), text)

    def _case_named(self, word: str) -> str:
        case = self.clinic.cases_by_id.get(word)
        if case is None:
            return word
        start = Calendar(self.clinic.timezone).wall(case.start)
        when = f"{self.formats.short_day(start.date(), self.today)}, {self.formats.time(start)}"
        return f"{self.name(case.procedure)} ({self.name(case.surgeon)}, {when})"

    def _unchecked(self, verified: Mapping[str, Any]) -> str:
        missing = [str(each["missing"]) for each in verified.get("not_checked") or []]
        return ", ".join(dict.fromkeys(MISSING.get(each, each.replace("_", " ")) for each in missing))

    def _differs(self, differs: Iterable[str]) -> str:
        said = dict.fromkeys(DIFFERS.get(each, each.replace("_", " ")) for each in differs)
        return started(", ".join(said))

    def _touch(self, touch: object) -> str:
        if isinstance(touch, Mapping):
            said = touch.get("text") or ", ".join(
                f"{key}: {self._fact(value)}" for key, value in touch.items()
            )
            role = _ROLE.fullmatch(str(said))
            return member_said(role[1], role[2]) if role else started(self.by_name(str(said)))
        return started(self.by_name(str(touch)))

    def _fact(self, value: Any) -> str:
        if isinstance(value, (list, tuple)):
            return ", ".join(self._fact(each) for each in value)
        if isinstance(value, Mapping):
            return ", ".join(f"{key.replace('_', ' ')} {self._fact(each)}" for key, each in value.items())
        if isinstance(value, str):
            return self._moment(value) or self.name(value)
        return str(value)

    def _facts(self, facts: Mapping[str, Any]) -> list[dict[str, str]]:
        """What a rule saw, by name; where it gives an id and its name beside it, once."""
        named = {key.removesuffix("s").removesuffix("_name") for key in facts if "_name" in key}
        return [
            {
                "name": key.replace("_names", "s").removesuffix("_name").replace("_", " "),
                "value": self._fact(value),
            }
            for key, value in facts.items()
            if value not in (None, "", [], {}) and ("_name" in key or key.removesuffix("s") not in named)
        ]

    def _moment(self, text: str) -> str | None:
        try:
            if len(text) == len("2026-03-10"):
                return self.formats.short_day(dt.date.fromisoformat(text), self.today)
            moment = self.formats.local(text)
        except ValueError:
            return None
        return f"{self.formats.short_day(moment.date(), self.today)}, {self.formats.time(moment)}"


def member_said(name: str, role: str) -> str:
    """ "Radiology tech 1 (rad tech)"; the role is left out where the name says it."""
    name, role = name.replace(" ", NBSP), role.replace("-", " ")
    return name if name.lower().replace(NBSP, " ").startswith(role) else f"{name} ({role})"


def ghost_of(text: str, clinic: Clinic) -> Ghost:
    """A ghost from its place in an address, `offer~rank~room~start~end~procedure~surgeon`; else ValueError."""
    parts = text.split("~")
    if len(parts) != 7:
        raise ValueError(f"{text!r} is not a slot. Maybe write offer~rank~room~start~end~procedure~surgeon")
    offer, rank, room, start, end, procedure, surgeon = parts
    for moment in (start, end):
        if dt.datetime.fromisoformat(moment).tzinfo is None:
            raise ValueError(f"{moment!r} has no offset from UTC")
    return Ghost(offer, rank, room, start, end, clinic.name_of(procedure), clinic.name_of(surgeon))


def _weight(touch: object) -> int:
    """What concerns other people comes before what the case itself takes."""
    kind = touch.get("kind") if isinstance(touch, Mapping) else None
    return _FIRST.index(str(kind)) if kind in _FIRST else len(_FIRST)


def _sentence(summary: object) -> str:
    if isinstance(summary, Mapping):
        return str(summary.get("text") or ", ".join(str(value) for value in summary.values()))
    return str(summary)


def started(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def anesthesia_said(kind: str) -> str:
    """Like "general anesthesia"."""
    return {"local": "local anesthesia", "mac": "monitored anesthesia care"}.get(kind, f"{kind} anesthesia")
