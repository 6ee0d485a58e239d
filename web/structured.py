"""The request as a form: what it offers to choose from, and what was filled in as a search that the tools take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from solver.rules import Catalogue
from tools.context import Principal
from tools.errors import ToolError
from web.cards import Words, anesthesia_said, started
from web.clinical import UNKNOWN, Facts
from web.desk import Desk
from web.language import N_, _, plural

WEEKDAYS = (
    ("mon", N_("Mon")), ("tue", N_("Tue")), ("wed", N_("Wed")), ("thu", N_("Thu")), ("fri", N_("Fri")),
    ("sat", N_("Sat")), ("sun", N_("Sun")),
)  # fmt: skip
URGENCY = (("elective", N_("Elective")), ("add-on", N_("Add-on")), ("urgent", N_("Urgent")))
POSITION = (("first", N_("First of the room's day")), ("last", N_("Last of the room's day")))
WHY_NOT = (
    "procedure", "surgeon", "room", "date_from", "date_to", "start_from", "start_until", "end_by", "at",
    "replaces",
)  # fmt: skip
"""What the page Why not takes of a request, one value each."""
LISTED = ("weekdays", "exclude_dates", "exclude_surgeons", "exclude_rooms")
"""What it takes of which there may be several."""
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
    exclude_surgeons: Sequence[str] = ()
    exclude_rooms: Sequence[str] = ()
    start_from: str = ""
    start_until: str = ""
    end_by: str = ""
    duration_minutes: str = ""
    urgency: str = "elective"
    allow_swaps: str = ""
    override: str = ""
    override_reason: str = ""
    after_case: str = ""
    position: str = ""
    anesthesia: str = ""
    extra_equipment: Sequence[str] = ()
    facts: Facts = UNKNOWN

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
            "after_case",
            "position",
            "anesthesia",
        )
        body: dict[str, Any] = {name: value for name in plain if (value := getattr(self, name))}
        body["date_to"] = self.date_to or self.date_from
        if self.duration_minutes:
            body["duration_minutes"] = self.duration_minutes
        if self.additional:
            body["additional_procedures"] = [self.additional]
        for name in ("weekdays", "exclude_surgeons", "exclude_rooms", "extra_equipment"):
            if listed := list(getattr(self, name)):
                body[name] = listed
        if self.allow_swaps:
            body["allow_swaps"] = True
        if known := self.facts.body():
            body["patient"] = known
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
    before = clinic.cases_by_id.get(values.after_case)
    usual = {each.anesthesia_default for each in clinic.procedures.values()}
    options = usual.union(*(each.anesthesia_options for each in clinic.procedures.values()))
    return {
        "open": filled is not None,
        "values": asdict(values),
        "procedures": sorted(((each.id, each.name) for each in clinic.procedures.values()), key=_name),
        "surgeons": sorted(surgeons, key=_name),
        "rooms": [(each.id, each.name) for each in clinic.rooms.values()],
        "weekdays": WEEKDAYS,
        "urgency": URGENCY,
        "positions": [(value, _(text)) for value, text in POSITION],
        "anesthesia": [(each, started(anesthesia_said(each))) for each in sorted(options)],
        "equipment": sorted(((each.id, each.name) for each in clinic.equipment.values()), key=_name),
        "after": case_line(before, words) if before else "",
        "rules": waivable(clinic, desk.principal),
    }


def case_line(case: Case, words: Words) -> str:
    """ "Knee arthroscopy, Dr. Smith, Tue, Mar 10, 12:00 PM to 12:55 PM, OR 1"."""
    calendar = Calendar(words.clinic.timezone)
    start, end = calendar.wall(case.start), calendar.wall(case.end)
    day = words.formats.short_day(start.date(), words.today)
    named = [words.name(case.procedure), words.name(case.surgeon), day]
    return ", ".join([*named, words.formats.times(start, end), words.name(case.room)])


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
            {"type": "done", "conversation": "", "why_not": "", "asks": "", **NOT_MOVED},
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
        {
            "type": "done",
            "conversation": "",
            "why_not": "" if cards else why_not(request),
            "asks": "",
            **NOT_MOVED,
        },
    ]


def said(words: Words, filled: Filled) -> str:
    """The request in one line, as the conversation shows what was asked."""
    names = [words.name(each) for each in (filled.procedure, filled.surgeon, filled.room) if each]
    days = dict.fromkeys(_day(each, words) for each in (filled.date_from, filled.date_to) if each)
    rest = [_(text) for value, text in POSITION if value == filled.position]
    out = [words.name(each) for each in (*filled.exclude_surgeons, *filled.exclude_rooms)]
    rest += [_("not %(names)s") % {"names": ", ".join(out)}] if out else []
    before = words.clinic.cases_by_id.get(filled.after_case)
    if before:
        rest.append(_("to follow %(case)s") % {"case": case_line(before, words)})
    return ", ".join([*names, _(" to ").join(days), *rest])


def _day(text: str, words: Words) -> str:
    try:
        return words.formats.short_day(dt.date.fromisoformat(text), words.today)
    except ValueError:
        return text


def why_not(request: Mapping[str, Any]) -> str:
    """The page Why not with the same request filled in."""
    asked: dict[str, Any] = {name: str(request[name]) for name in WHY_NOT if request.get(name)}
    if "at" in asked:
        asked["at"] = asked["at"][: len("2026-03-10T10:00")]
    asked |= {name: list(map(str, request[name])) for name in LISTED if request.get(name)}
    return f"/why-not?{urlencode(asked, doseq=True)}"


def replayed(turn: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """What ended a turn that was kept, as its cards need it: its calls have no output, it has a status."""
    calls = [each for each in turn["calls"] if each["tool"] in ("find_slots", "check_slot", "explain")]
    without = calls and (turn["status"] in ("infeasible", "not_proven") or _of_days(calls[-1]))
    return {
        "why_not": why_not(calls[-1]["input"]) if without else "",
        "asks": _WENT if turn["status"] == "infeasible" and _is_check(calls) else "",
        **moved(moved_by(turn["calls"]), words),
    }


def why_not_of(calls: Sequence[Mapping[str, Any]]) -> str:
    """The same for what a conversation's turn searched last, where that or a day of it has no slot; else empty."""
    searches = [call for call in calls if call["tool"] in ("find_slots", "check_slot", "explain")]
    if not searches:
        return ""
    without = searches[-1]["output"].get("status") in ("infeasible", "not_proven") or _of_days(searches[-1])
    return why_not(searches[-1]["input"]) if without else ""


def asks_of(calls: Sequence[Mapping[str, Any]]) -> str:
    """What may be asked next: of one start that can't be booked, what took it; else empty."""
    searches = [call for call in calls if call["tool"] in ("find_slots", "check_slot", "explain")]
    refused = _is_check(searches) and searches[-1]["output"].get("status") == "infeasible"
    return _WENT if refused else ""


_WENT = "Why did it fit yesterday?"
"""Said to the chat as it is, like any message."""


def _is_check(searches: Sequence[Mapping[str, Any]]) -> bool:
    return bool(searches) and searches[-1]["tool"] == "check_slot"


def _of_days(call: Mapping[str, Any]) -> bool:
    """Whether somebody asked why about several days: where some have a slot, the page tells of those that don't."""
    asked = call["input"]
    return (
        call["tool"] == "explain" and not asked.get("at") and asked.get("date_from") != asked.get("date_to")
    )


def moved_by(calls: Sequence[Mapping[str, Any]]) -> str:
    """The case that a turn's last search would move: its offers are taken by moving, not by booking."""
    searches = [call for call in calls if call["tool"] in ("find_slots", "check_slot")]
    return str(searches[-1]["input"].get("replaces") or "") if searches else ""


NOT_MOVED = {"moves": "", "stands": ""}
"""What ends a turn whose offers are booked, not moved to."""


def moved(case: str, words: Words) -> dict[str, str]:
    """The case that a turn's offers would move, and as "room~start" where it stands: going there is no move."""
    found = words.clinic.cases_by_id.get(case)
    if found is None:
        return {**NOT_MOVED, "moves": case}
    start = Calendar(words.clinic.timezone).wall(found.start)
    return {"moves": case, "stands": f"{found.room}~{start.isoformat()}"}


def _name(pair: tuple[str, str]) -> str:
    return pair[1]
