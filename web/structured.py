"""The request as a form: what it offers to choose from, and what was filled in as a search that the tools take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from solver.clinic import Clinic
from solver.rules import Catalogue
from tools.context import Principal
from tools.errors import ToolError
from web.cards import Words
from web.desk import Desk
from web.language import N_, _, plural

WEEKDAYS = (
    ("mon", N_("Mon")), ("tue", N_("Tue")), ("wed", N_("Wed")), ("thu", N_("Thu")), ("fri", N_("Fri")),
    ("sat", N_("Sat")), ("sun", N_("Sun")),
)  # fmt: skip
URGENCY = (("elective", N_("Elective")), ("add-on", N_("Add-on")), ("urgent", N_("Urgent")))
WHY_NOT = (
    "procedure", "surgeon", "room", "date_from", "date_to", "start_from", "start_until", "end_by", "at",
    "replaces",
)  # fmt: skip
"""What the page Why not takes of a request."""
AHEAD = 14


@dataclass(frozen=True)
class Filled:
    """The form's fields as a browser sends them; empty is left out of the search."""

    procedure: str = ""
    additional: str = ""
    surgeon: str = ""
    room: str = ""
    date_from: str = ""
    date_to: str = ""
    weekdays: Sequence[str] = ()
    start_from: str = ""
    start_until: str = ""
    end_by: str = ""
    duration_minutes: str = ""
    urgency: str = "elective"
    allow_swaps: str = ""
    override: str = ""
    override_reason: str = ""

    def request(self) -> dict[str, Any]:
        """The search; the tools check its values."""
        plain = (
            "procedure",
            "surgeon",
            "room",
            "date_from",
            "start_from",
            "start_until",
            "end_by",
            "urgency",
        )
        body: dict[str, Any] = {name: value for name in plain if (value := getattr(self, name))}
        body["date_to"] = self.date_to or self.date_from
        if self.duration_minutes:
            body["duration_minutes"] = self.duration_minutes
        if self.additional:
            body["additional_procedures"] = [self.additional]
        if self.weekdays:
            body["weekdays"] = list(self.weekdays)
        if self.allow_swaps:
            body["allow_swaps"] = True
        return body | self._override()

    def _override(self) -> dict[str, Any]:
        if not self.override:
            return {}
        if not self.override_reason.strip():
            said = _("Why the rule is set aside is missing. Maybe say it in a few words.")
            raise ToolError("invalid", said, "override_reason")
        return {"overrides": [{"rule": self.override, "reason": self.override_reason}]}


def fields_of(desk: Desk, words: Words, filled: Filled | None = None) -> dict[str, Any]:
    """What the form shows: its choices, and what was filled in."""
    clinic = desk.clinic()
    first = words.today + dt.timedelta(days=1)
    until = (first + dt.timedelta(days=AHEAD)).isoformat()
    values = filled or Filled(date_from=first.isoformat(), date_to=until)
    surgeons = ((each.id, each.name) for each in clinic.staff.values() if each.role == "surgeon")
    return {
        "open": filled is not None,
        "values": asdict(values),
        "procedures": sorted(((each.id, each.name) for each in clinic.procedures.values()), key=_name),
        "surgeons": sorted(surgeons, key=_name),
        "rooms": [(each.id, each.name) for each in clinic.rooms.values()],
        "weekdays": WEEKDAYS,
        "urgency": URGENCY,
        "rules": waivable(clinic, desk.principal),
    }


def waivable(clinic: Clinic, who: Principal) -> list[tuple[str, str]]:
    """The rules that this person may set aside, by title."""
    rules = [(rule, rule.waivable_by) for rule in Catalogue.of(clinic).rules]
    mine = [(rule.id, rule.title) for rule, least in rules if least is not None and least.grants(who.role)]
    return sorted(mine, key=_name)


def searched(desk: Desk, words: Words, filled: Filled) -> list[dict[str, Any]]:
    """The answer as the events that a conversation has: a reason, offers, or a fault in words."""
    try:
        request = filled.request()
        found = desk.call("find_slots", request)
    except ToolError as fault:
        return [
            {"type": "error", "message": fault.message},
            {"type": "done", "conversation": "", "why_not": "", "moves": ""},
        ]
    events: list[dict[str, Any]] = []
    if found["explanation"]:
        why = found["explanation"]
        events.append({
            "type": "explanation", "cards": words.explanation(why["conflict"]), "ways": words.ways_out(why),
        })  # fmt: skip
    if found["status"] == "not_proven":
        events.append({"type": "error", "message": _("Not decided in the time allowed; this is not a no.")})
    cards, near = words.offers(found["offers"]), words.alternatives(found["alternatives"])
    heading = plural("%(num)s verified slot", "%(num)s verified slots", len(cards)) % {"num": len(cards)}
    events.append({"type": "offers", "heading": heading, "cards": cards, "near": near})
    return [
        *events,
        {"type": "done", "conversation": "", "why_not": "" if cards else why_not(request), "moves": ""},
    ]


def said(words: Words, filled: Filled) -> str:
    """The request in one line, as the conversation shows what was asked."""
    names = [words.name(each) for each in (filled.procedure, filled.surgeon, filled.room) if each]
    return ", ".join(
        [*names, " - ".join(dict.fromkeys(each for each in (filled.date_from, filled.date_to) if each))]
    )


def why_not(request: Mapping[str, Any]) -> str:
    """The page Why not with the same request filled in."""
    asked: dict[str, Any] = {name: str(request[name]) for name in WHY_NOT if request.get(name)}
    if "at" in asked:
        asked["at"] = asked["at"][: len("2026-03-10T10:00")]
    if request.get("weekdays"):
        asked["weekdays"] = list(request["weekdays"])
    return f"/why-not?{urlencode(asked, doseq=True)}"


def replayed(turn: Mapping[str, Any]) -> dict[str, Any]:
    """What ended a turn that was kept, as far as its cards need it: kept calls have no output, the turn has a status."""
    calls = [each for each in turn["calls"] if each["tool"] in ("find_slots", "check_slot", "explain")]
    without = calls and turn["status"] in ("infeasible", "not_proven")
    return {"why_not": why_not(calls[-1]["input"]) if without else "", "moves": moved_by(turn["calls"])}


def why_not_of(calls: Sequence[Mapping[str, Any]]) -> str:
    """The same for what a conversation's turn searched last, where that has no slot; else empty."""
    searches = [call for call in calls if call["tool"] in ("find_slots", "check_slot", "explain")]
    if not searches or searches[-1]["output"].get("status") not in ("infeasible", "not_proven"):
        return ""
    return why_not(searches[-1]["input"])


def moved_by(calls: Sequence[Mapping[str, Any]]) -> str:
    """The case that a turn's last search would move: its offers are taken by moving, not by booking."""
    searches = [call for call in calls if call["tool"] in ("find_slots", "check_slot")]
    return str(searches[-1]["input"].get("replaces") or "") if searches else ""


def _name(pair: tuple[str, str]) -> str:
    return pair[1]
