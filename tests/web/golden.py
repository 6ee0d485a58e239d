"""A desk with a small invented clinic and golden events: the web surface without the layers below it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from assistant import events
from solver.clinic import Clinic, Procedure, Room, Staff, frozen
from tools.context import Principal, Role
from tools.contract import Alternative, Offer, Reason
from tools.errors import Conflict, ToolError

NEW_YORK = ZoneInfo("America/New_York")
NOW = dt.datetime(2026, 3, 5, 9, 0, tzinfo=NEW_YORK)
WEEK = frozen(dict.fromkeys(range(5), ((7 * 60 + 30, 17 * 60),)))
PEOPLE = {
    "dr-smith": "Dr. Smith", "dr-evans": "Dr. Evans", "dr-lee": "Dr. Lee", "anesthesiologist-1": "Anesthesiologist 1",
    "circulator-2": "Circulator 2", "scrub-1": "Scrub 1",
}  # fmt: skip
NOTES = {"or-1": "Arthroscopy tower", "or-2": "Lead-lined", "or-3": "da Vinci, lead-lined"}
TITLES = {
    "knee-arthroscopy": ("Knee arthroscopy", "Knee scope"),
    "carpal-tunnel": ("Carpal tunnel release", "CTR"),
    "robotic-hysterectomy": ("Robotic hysterectomy", "Robot hyst"),
}


def clinic(zone: str = "America/New_York") -> Clinic:
    """Three rooms, six people, three procedures."""
    procedures = {
        id_: Procedure(id_, name, frozen({}), short=short, sided=id_ != "robotic-hysterectomy")
        for id_, (name, short) in TITLES.items()
    }
    rooms = {id_: Room(id_, id_.upper().replace("-", " "), WEEK) for id_ in NOTES}
    staff = {id_: Staff(id_, name, "surgeon" if "Dr." in name else "nurse") for id_, name in PEOPLE.items()}
    return Clinic(
        "golden", "Golden Surgical Center", zone, WEEK,
        rooms=frozen(rooms), staff=frozen(staff), procedures=frozen(procedures),
    )  # fmt: skip


def iso(day: dt.date, clock: str) -> str:
    """A wall time of the clinic as ISO 8601 with its offset."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), NEW_YORK).isoformat()


def case(
    id_: str, day: dt.date, room: str, start: str, end: str, procedure: str, surgeon: str
) -> dict[str, Any]:
    """A booked case as `get_schedule` gives it."""
    title, short = TITLES[procedure]
    return {
        "id": id_, "room": room, "start": iso(day, start), "end": iso(day, end), "procedure": procedure,
        "title": title, "short": short, "surgeon": surgeon, "surgeon_name": PEOPLE[surgeon], "status": "booked",
        "initials": "A.B.",
    }  # fmt: skip


def blocked(day: dt.date, room: str, start: str, end: str, cause: str, kind: str) -> dict[str, Any]:
    """Blocked time as `get_schedule` gives it."""
    return {"room": room, "start": iso(day, start), "end": iso(day, end), "cause": cause, "kind": kind}


def offer(
    rank: int, day: dt.date, start: str, end: str, room: str = "or-1", letter: str = "A"
) -> dict[str, Any]:
    """An offer for Dr. Smith's knee scope."""
    return {
        "id": f"offer-{letter.lower()}{rank}-{day}", "label": f"{letter}{rank}", "rank": rank,
        "cases": [{
            "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": room,
            "start": iso(day, start), "end": iso(day, end), "anesthesia": "general",
            "team": [
                {"role": "anesthesiologist", "resource": "anesthesiologist-1"},
                {"role": "circulator", "resource": "circulator-2"}, {"role": "scrub", "resource": "scrub-1"},
            ],
            "resources": [],
        }],
        "terms": {"day": 0.0, "gap": 20.0},
        "reasons": ["Fills a gap of 1 h 35 min between two cases", "No overtime"],
        "warnings": [], "not_checked": [{"rule": "patient-limits", "missing": "ASA class"},
                                        {"rule": "latex-first", "missing": "latex allergy"}],
        "rules_checked": 31, "verified": True,
    }  # fmt: skip


TUESDAY = dt.date(2026, 3, 10)
THURSDAY = dt.date(2026, 3, 12)
OFFERS = [
    offer(1, TUESDAY, "09:15", "10:10"),
    offer(2, TUESDAY, "09:45", "10:40"),
    offer(3, TUESDAY, "13:30", "14:25"),
    offer(4, THURSDAY, "07:30", "08:25"),
]
REASONS = [
    {
        "rule": "room-equipment", "subject": "or-2", "title": "Fixed equipment of the room",
        "text": "OR 2 has no arthroscopy tower; only OR 1 has one.",
        "facts": {"room": "or-2", "needs": "arthroscopy tower", "found_in": ["or-1"]}, "resources": ["or-2"],
    },
    {
        "rule": "surgeon-days", "subject": "dr-smith", "title": "Surgeon's days",
        "text": "Dr. Smith operates Tuesdays and Thursdays, not on Wednesday, March 11.",
        "facts": {"surgeon": "dr-smith"}, "resources": ["dr-smith"],
    },
]  # fmt: skip


def usual_cases(day: dt.date) -> list[dict[str, Any]]:
    """A working day of the golden clinic."""
    return [
        case("case-1", day, "or-1", "07:30", "08:25", "knee-arthroscopy", "dr-smith"),
        case("case-2", day, "or-1", "11:00", "11:55", "knee-arthroscopy", "dr-smith"),
        case("case-3", day, "or-2", "08:00", "08:30", "carpal-tunnel", "dr-lee"),
        case("case-4", day, "or-2", "09:00", "09:30", "carpal-tunnel", "dr-lee"),
        case("case-5", day, "or-3", "07:30", "10:30", "robotic-hysterectomy", "dr-evans"),
        case("case-6", day, "or-3", "11:30", "14:15", "robotic-hysterectomy", "dr-evans"),
    ]


class GoldenDesk:
    """Answers every text with the golden events; books in memory, once a key, first come first served."""

    principal = Principal("demo-director", "Demo director", Role.DIRECTOR)

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.booked: list[dict[str, Any]] = []
        self.done: dict[str, dict[str, Any]] = {}
        self.proposals: dict[str, dict[str, Any]] = {}
        self.cancelled = 0

    def clinic(self) -> Clinic:
        """The golden clinic."""
        return clinic()

    def now(self) -> dt.datetime:
        """Always the same moment."""
        return NOW

    def offer(self, offer: str) -> dict[str, Any]:
        """A golden offer."""
        found = next((each for each in OFFERS if each["id"] == offer), None)
        if found is None:
            raise ToolError("not-found", f"There is no offer {offer!r}. Maybe ask again.", "offer")
        return found

    def proposal(self, proposal: str) -> dict[str, Any]:
        """A proposal as it was shown."""
        if proposal not in self.proposals:
            raise ToolError("not-found", f"There is no proposal {proposal!r}. Maybe ask again.", "proposal")
        return self.proposals[proposal]["shown"]

    def call(self, tool: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The few tools that the page calls."""
        if tool == "get_schedule":
            return self._schedule(dt.date.fromisoformat(payload["date_from"]))
        if tool == "propose":
            return self._propose(payload)
        if tool == "find_slots":
            return {
                "status": "found",
                "offers": OFFERS,
                "alternatives": [],
                "explanation": None,
                "solver_ms": 1.0,
            }
        if tool == "case_initials":  # its cases have them already
            return {"cases": []}
        raise ToolError("unknown", f"There is no tool {tool!r}.")

    def confirm(self, proposal: str, key: str, body: str = "") -> dict[str, Any]:
        """Book once a key; what overlaps a booked slot is a conflict."""
        if key in self.done:
            return self.done[key]
        plan = self.offer(self.proposals[proposal]["offer"])["cases"][0]
        if any(each["start"] < plan["end"] and plan["start"] < each["end"] for each in self.booked):
            raise Conflict("OR 1 is taken by another case from 9:15 AM to 10:10 AM.", [OFFERS[2]])
        day = dt.datetime.fromisoformat(plan["start"]).date()
        new = case(
            f"case-{len(self.booked) + 100}",
            day,
            plan["room"],
            "00:00",
            "00:00",
            "knee-arthroscopy",
            "dr-smith",
        )
        self.booked.append(new | {"start": plan["start"], "end": plan["end"]})
        self.done[key] = {"case": self.booked[-1]}
        return self.done[key]

    async def turn(self, text: str, conversation: str | None) -> AsyncIterator[events.Event]:
        """Status, the golden events after a pause, done; "cut" in the text leaves done out."""
        try:
            yield events.StatusEvent(stage="searching", text="Searching the schedule")
            await asyncio.sleep(self.pause)
            for event in answer_to(text):
                yield event
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += 1
            raise
        if "cut" not in text:
            yield events.DoneEvent(conversation="talk-1", turn=1, model="golden", calls=[], status="found")

    def _schedule(self, day: dt.date) -> dict[str, Any]:
        open_ = [[iso(day, "07:30"), iso(day, "17:00")]] if day.weekday() < 5 else []
        here = [each for each in self.booked if each["start"][:10] == day.isoformat()]
        return {
            "date_from": day.isoformat(), "date_to": day.isoformat(), "timezone": "America/New_York",
            "rooms": [{"id": r, "name": r.upper().replace("-", " "), "note": NOTES[r], "hours": open_} for r in NOTES],
            "cases": [*(usual_cases(day) if day.weekday() < 5 else []), *here],
            "blocked": [
                blocked(day, "or-1", "07:30", "15:30", "Dr. Smith's block", "block"),
                blocked(day, "or-2", "12:00", "16:00", "Humidity repair", "closure"),
            ] if day.weekday() < 5 else [],
        }  # fmt: skip

    def _propose(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        patient = payload.get("patient") or {}
        missing = next((key for key in ("name", "mrn", "birth_date") if not patient.get(key)), None)
        if missing:
            raise ToolError("invalid", f"The patient's {missing} is missing.", f"patient.{missing}")
        if not payload.get("laterality"):
            raise ToolError("invalid", "Knee arthroscopy has a side. Maybe add left or right.", "laterality")
        self.offer(payload["offer"])
        id_ = f"proposal-{len(self.proposals) + 1}"
        shown = {
            "id": id_, "summary": "Book knee arthroscopy, left, Dr. Smith, OR 1, Tuesday, March 10, 9:15 AM",
            "touches": ["OR 1 from 9:15 AM to 10:10 AM", "Knee scope set 2 until 1:10 PM", "Tell Scrub 1"],
            "expires_at": (NOW + dt.timedelta(minutes=30)).isoformat(),
        }  # fmt: skip
        self.proposals[id_] = {"offer": payload["offer"], "shown": shown}
        return shown


def answer_to(text: str) -> list[events.Event]:
    """The golden events of a text, without status and done."""
    if "OR 2" in text:
        near = {"offer": offer(1, TUESDAY, "10:00", "10:55", letter="B"), "differs": ["room"]}
        return [
            events.ExplanationEvent(status="infeasible", reasons=[Reason.model_validate(r) for r in REASONS]),
            events.OffersEvent(heading="Nearest", offers=[], alternatives=[Alternative.model_validate(near)]),
            events.TextEvent(text="Dr. Smith can't do that in OR 2 on Tuesday at 10:00 AM."),
        ]
    if "outage" in text:
        return [
            events.NoticeEvent(speaker="offline", text="The language model is away; the interpreter answers.")
        ]
    if "which" in text:
        return [events.QuestionEvent(text="Which Dr. Smith?", choices=["Dr. Smith", "Dr. Smithson"])]
    if "forged" in text:
        forged = Offer.model_validate(offer(1, TUESDAY, "06:00", "06:55")).model_copy(
            update={"verified": False}
        )
        return [
            events.OffersEvent.model_construct(
                type="offers", heading="1 slot", offers=[forged], alternatives=[]
            )
        ]
    if "html" in text:
        return [events.TextEvent(text="<img src=x onerror=alert(1)><b>bold</b>")]
    offers = [Offer.model_validate(each) for each in OFFERS]
    return [
        events.OffersEvent(heading="4 slots for Dr. Smith, knee arthroscopy", offers=offers),
        events.TextEvent(text="The best is Tuesday, March 10, 2026, 9:15 AM to 10:10 AM, OR 1."),
    ]
