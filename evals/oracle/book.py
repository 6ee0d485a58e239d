"""The clinic file as plain records: cases, what they need, and who does it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .clock import WEEKDAYS, Clock, Span, as_date, minutes

Record = dict[str, Any]
Finding = tuple[str, str, str]  # rule id, subject, plain words
ROLE_RULES = {
    "anesthesiologist": "anesthesia-provider",
    "circulator": "circulator",
    "scrub": "scrub",
    "vendor": "vendor-present",
}
OCCUPYING = {"held", "booked", "done"}
ADVISING = {"early-case", "staggered-induction", "overtime", "emergency-reserve", "emergency-power"}
"""Rules that only rank unless the site makes them hard."""


@dataclass(frozen=True)
class Case:
    """One case, offered or booked; begin and end are wheels-in and wheels-out."""

    id: str
    procedures: tuple[str, ...]
    surgeon: str
    room: str
    begin: datetime
    end: datetime
    anesthesia: str | None
    team: tuple[tuple[str, str], ...]
    named: tuple[tuple[str, str, datetime, datetime], ...]
    extra: tuple[str, ...]
    patient: str | None
    flags: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    follows: str | None = None
    arrangement: str = "any"

    @property
    def span(self) -> Span:
        """Wheels-in to wheels-out."""
        return self.begin, self.end

    def under(self, years: float) -> bool:
        """Whether the patient is known to be younger."""
        age = self.facts.get("age")
        return age is not None and age < years

    def child(self, clinic: Clinic, rule: str, day: date) -> bool:
        """Whether the patient is a child to a rule."""
        name = "under_years" if rule == "pediatric-anesthesia" else "child_under"
        return "child" in self.flags or self.under(clinic.param(rule, name, 12, day))


@dataclass(frozen=True)
class Stay:
    """A place in a pool of bays, and the rule that asks for it."""

    rule: str
    bay: str
    begin: datetime
    end: datetime

    @property
    def span(self) -> Span:
        """From when until when."""
        return self.begin, self.end


@dataclass(frozen=True)
class Need:
    """One more person in a role, from begin to end."""

    role: str
    certification: str | None
    begin: datetime
    end: datetime
    rule: str
    supervises: bool = False


@dataclass(frozen=True)
class Duty:
    """A person's part in a case: when they are needed, and for which needs."""

    person: str
    role: str
    begin: datetime
    end: datetime
    needs: tuple[Need, ...] = ()

    @property
    def supervises(self) -> bool:
        """Whether it is medical direction alone."""
        return bool(self.needs) and all(need.supervises for need in self.needs)

    @property
    def span(self) -> Span:
        """When the person is needed."""
        return self.begin, self.end


@dataclass(frozen=True)
class Staffing:
    """One way to read a team: its duties, and the needs nobody fills."""

    duties: tuple[Duty, ...]
    missing: tuple[Need, ...]


class Clinic:
    """A clinic file's records, with what follows from them alone."""

    def __init__(self, data: Record) -> None:
        head = data["clinic"]
        self.clock = Clock(head["timezone"])
        self.step = int(head.get("start_step_minutes") or 5)
        self.hours: Record | None = head.get("hours")
        self.holidays = [as_date(row["date"]) for row in head.get("holidays") or []]
        self.planned: str = (head.get("settings") or {}).get("planned", "median")
        self.rooms, self.equipment, self.trays, self.bays, self.staff, self.procedures, self.rules = (
            {key: row or {} for key, row in (data.get(part) or {}).items()}
            for part in ("rooms", "equipment", "trays", "bays", "staff", "procedures", "rules")
        )
        self.blocks: list[Record] = data.get("blocks") or []
        self.readiness: Record = {ref: row or {} for ref, row in (data.get("readiness") or {}).items()}
        self._trays: dict[tuple[str, ...], Counter[str]] = {}

    def judged(self, rule: str) -> bool:
        """Whether a rule binds: not off (YAML reads a bare off as False) and not merely a preference."""
        level = self.rules.get(rule, {}).get("level")
        return (level or ("soft" if rule in ADVISING and level is None else "hard")) not in (
            "off",
            "soft",
        ) and (level is not False)

    def param(self, rule: str, name: str, default: Any, day: date | None = None) -> Any:
        """A rule's parameter: the file's, what holds from a day of surgery on, or the default."""
        setting = self.rules.get(rule, {})
        value = (setting.get("params") or {}).get(name, default)
        for change in sorted(setting.get("dated") or [], key=lambda row: as_date(row["from"])):
            if day is not None and as_date(change["from"]) <= day:
                value = change["params"].get(name, value)
        return value

    def shifts_on(self, person: str, day: date) -> list[Span]:
        """A person's shifts of a day, weekly ones and those of that date."""
        row = self.staff.get(person, {})
        texts = (row.get("shifts") or {}).get(WEEKDAYS[day.weekday()]) or []
        own = [one["hours"] for one in row.get("shifts_on") or [] if as_date(one["date"]) == day]
        return [
            self.clock.window(day, text) for text in [*([texts] if isinstance(texts, str) else texts), *own]
        ]

    def flips(self, case: Case) -> bool:
        """Whether every procedure of a case says which part is critical."""
        return all(self.procedures[name].get("critical") for name in case.procedures)

    def operating(self, case: Case) -> Span:
        """When the surgeon has to be there: the critical parts, where every procedure has one, else all of it."""
        parts = [self.procedures[name]["critical"] for name in case.procedures] if self.flips(case) else []
        spans = [
            (case.begin + minutes(part.get("from") or 0), case.end + minutes(part.get("until") or 0))
            for part in parts
        ]
        begin, end = (
            min((s[0] for s in spans), default=case.begin),
            max((s[1] for s in spans), default=case.end),
        )
        return (begin, end) if case.begin <= begin < end <= case.end else case.span

    def slowest(self, case: Case) -> tuple[int, str]:
        """Minutes of set-up of the equipment that takes longest, and which it is."""
        items = [
            (int(self.equipment[item].get("setup_minutes") or 0), item) for item in self.equipment_of(case)
        ]
        return max(items, default=(0, ""))

    def case(self, raw: Record, name: str, request: Record | None = None) -> Case:
        """A case of the file or of an offer; without an end it lasts its minutes, or what is planned."""
        procedures = (raw["procedure"], *(raw.get("additional_procedures") or ()))
        begin = self.clock.instant(raw["start"])
        length = raw.get("minutes") or self.duration(procedures, raw["surgeon"])
        end = self.clock.instant(raw["end"]) if raw.get("end") else begin + minutes(length)
        used = [row["resource"] for row in raw.get("resources") or []]
        asked = list((request or {}).get("extra_equipment") or [])
        facts = (raw.get("patient") or (request or {}).get("patient")) or {}
        return Case(
            id=str(raw.get("id") or name),
            procedures=procedures,
            surgeon=raw["surgeon"],
            room=raw["room"],
            begin=begin,
            end=end,
            anesthesia=raw.get("anesthesia") or self.default_anesthesia(procedures[0]),
            team=_team(raw),
            named=tuple(
                self._named(row) for row in raw.get("resources") or [] if row.get("unit") is not None
            ),
            extra=tuple(dict.fromkeys([*asked, *(item for item in used if self.mobile(item))])),
            patient=facts.get("ref"),
            flags=frozenset(facts.get("flags") or ()),
            facts=facts,
            follows=raw.get("follows"),
            arrangement=raw.get("arrangement") or "any",
        )

    def _named(self, row: Record) -> tuple[str, str, datetime, datetime]:
        return (
            row["resource"],
            str(row["unit"]),
            self.clock.instant(row["from"]),
            self.clock.instant(row["to"]),
        )

    def default_anesthesia(self, procedure: str) -> str | None:
        """The anesthesia a procedure is done under when nobody says otherwise."""
        default: str | None = (self.procedures[procedure].get("anesthesia") or {}).get("default")
        return default

    def duration(self, procedures: Iterable[str], surgeon: str) -> int:
        """Planned minutes, wheels-in to wheels-out: the longest component."""
        return max(self._component_minutes(procedure, surgeon) for procedure in procedures)

    def _component_minutes(self, procedure: str, surgeon: str) -> int:
        table = self.procedures[procedure]["minutes"]
        row = table.get(surgeon) or table["default"]
        return int(row.get(self.planned) or row["median"])

    def longest(self, case: Case, key: str) -> float:
        """The largest of a number over the case's procedures, 0 when none gives it."""
        return max(self.procedures[procedure].get(key) or 0 for procedure in case.procedures)

    def longest_tail(self) -> float:
        """The longest time for which anything stays in use after a case, in minutes."""
        trays = [row.get("reprocessing_minutes") or 0 for row in self.trays.values()]
        stays = [self._longest_stays(row) for row in self.procedures.values()]
        return float(max([0, *trays, *stays]))

    def longest_gap(self) -> int:
        """Days between two cases within which one may matter to the other."""
        return max([8, *(row.get("stage_gap_days") or 0 for row in self.procedures.values())])

    def _longest_stays(self, row: Record) -> float:
        recovery = max([0, *((row.get("recovery") or {}).get("minutes") or {}).values()])
        beside = ((row.get(kind) or {}).get("minutes") or 0 for kind in ("preop", "phase_two", "ward"))
        return float(recovery + sum(beside))

    def mobile(self, item: str) -> bool:
        """Whether equipment is a pool that moves."""
        return self.equipment.get(item, {}).get("kind") == "mobile"

    def equipment_of(self, case: Case) -> list[str]:
        """Every piece of equipment that the case uses, each once."""
        procedures = [self.procedures[name] for name in case.procedures]
        listed = [item for procedure in procedures for item in procedure.get("equipment") or []]
        return list(dict.fromkeys([*listed, *case.extra]))

    def trays_of(self, case: Case) -> Counter[str]:
        """Tray sets in use; two procedures that name the same set share it."""
        if case.procedures not in self._trays:
            total: Counter[str] = Counter()
            for procedure in case.procedures:
                total |= Counter(self.procedures[procedure].get("trays") or [])
            self._trays[case.procedures] = total
        return self._trays[case.procedures]

    def stays(self, case: Case) -> list[Stay]:
        """Every stay in a bay: before wheels-in, then recovery, second phase and ward, each from the last one's end."""
        recovery = self._recovery(case)
        made = [Stay("pacu-bay", bay, case.end, case.end + minutes(stay)) for bay, stay in recovery.items()]
        for bay, stay in self._longest(case, "preop").items():
            made.append(Stay("preop-bay", bay, case.begin - minutes(stay), case.begin))
        out = case.end + minutes(max(recovery.values(), default=0))
        for rule, kind in (("phase-two", "phase_two"), ("inpatient-bed", "ward")):
            later = self._longest(case, kind)
            made += [Stay(rule, bay, out, out + minutes(stay)) for bay, stay in later.items()]
            out += minutes(max(later.values(), default=0))
        return made

    def _recovery(self, case: Case) -> dict[str, int]:
        """Recovery minutes by bay, the longest of the case's procedures; no stay, no bay."""
        longest: dict[str, int] = {}
        for procedure in case.procedures:
            recovery = self.procedures[procedure].get("recovery") or {}
            stay = (recovery.get("minutes") or {}).get(case.anesthesia) or 0
            if stay:
                longest[recovery["bay"]] = max(stay, longest.get(recovery["bay"], 0))
        return longest

    def _longest(self, case: Case, kind: str) -> dict[str, int]:
        longest: dict[str, int] = {}
        for row in (self.procedures[name].get(kind) for name in case.procedures):
            if row and row["minutes"] > 0:
                longest[row["bay"]] = max(row["minutes"], longest.get(row["bay"], 0))
        return longest

    def needs(self, case: Case) -> list[list[Need]]:
        """People beside the surgeon, a list for each procedure; one person may serve several procedures."""
        operators = [need for item in self.equipment_of(case) for need in self._operator(item, case)]
        return [[*self._team_needs(procedure, case), *operators] for procedure in case.procedures]

    def _operator(self, item: str, case: Case) -> Iterator[Need]:
        row = self.equipment.get(item, {}).get("operator")
        if row:
            yield Need(row["role"], row.get("certification"), case.begin, case.end, "equipment-operator")

    def _team_needs(self, procedure: str, case: Case) -> Iterator[Need]:
        for row in self.procedures[procedure].get("team") or []:
            role = row["role"]
            if role == "anesthesiologist" and case.anesthesia == "local":
                continue
            begin = case.begin + minutes(row.get("from") or 0)
            end = case.end + minutes(row.get("until") or 0)
            if row.get("minutes"):
                end = begin + minutes(row["minutes"])
            rule = ROLE_RULES.get(role, "first-assist")
            end = max(end, begin + minutes(1))
            need = Need(role, row.get("certification"), begin, end, rule, bool(row.get("supervises")))
            yield from [need] * int(row.get("count") or 1)

    def staffings(self, case: Case) -> list[Staffing]:
        """Every way to read the team as filling the needs, each procedure's needs by different people."""
        ways = itertools.product(*(list(_fillings(needs, case.team)) for needs in self.needs(case)))
        return [_staffing(case, way) for way in ways]

    def duties(self, case: Case) -> tuple[Duty, ...]:
        """When each person is needed, the surgeon first; of several readings, the best qualified one."""
        best = min(self.staffings(case), key=lambda way: self._unqualified(case, way))
        return self.with_surgeon(case, best)

    def with_surgeon(self, case: Case, staffing: Staffing) -> tuple[Duty, ...]:
        """The surgeon's duty and the team's."""
        return (Duty(case.surgeon, "surgeon", *self.operating(case)), *staffing.duties)

    def _unqualified(self, case: Case, way: Staffing) -> int:
        day = self.clock.day(case.begin)
        return sum(not self.certified(duty.person, need, day) for duty in way.duties for need in duty.needs)

    def has_role(self, person: str, role: str) -> bool:
        """Whether a person works in a role."""
        row = self.staff.get(person, {})
        return row.get("role") == role or role in (row.get("roles_also") or [])

    def holds(self, person: str, certification: str | None, day: date) -> bool:
        """Whether a person holds a certification, valid on that day; none asked for is held by all."""
        rows = self.staff.get(person, {}).get("certifications") or []
        return certification is None or any(valid(row, day) for row in rows if row["id"] == certification)

    def certified(self, person: str, need: Need, day: date) -> bool:
        """Whether a person holds what the need asks, valid on that day, both ends included."""
        return self.holds(person, need.certification, day)


def valid(row: Record, day: date) -> bool:
    """Whether {from?, until?} holds on a day, both ends included."""
    begins, ends = row.get("from"), row.get("until")
    return (begins is None or as_date(begins) <= day) and (ends is None or day <= as_date(ends))


def _team(raw: Record) -> tuple[tuple[str, str], ...]:
    rows = ((row["role"], row["resource"]) for row in raw.get("team") or [])
    return tuple(row for row in rows if row != ("surgeon", raw["surgeon"]))


Filling = list[tuple[Need, int | None]]


def _fillings(
    needs: list[Need], team: tuple[tuple[str, str], ...], taken: frozenset[int] = frozenset()
) -> Iterator[Filling]:
    if not needs:
        yield []
        return
    need, *rest = needs
    options: list[int | None] = [
        n for n, (role, _) in enumerate(team) if role == need.role and n not in taken
    ]
    for choice in options or [None]:
        for tail in _fillings(rest, team, taken if choice is None else taken | {choice}):
            yield [(need, choice), *tail]


def _staffing(case: Case, way: tuple[Filling, ...]) -> Staffing:
    pairs = [pair for filling in way for pair in filling]
    duties = []
    for n, (role, person) in enumerate(case.team):
        mine = tuple(dict.fromkeys(need for need, choice in pairs if choice == n))
        begin = min((need.begin for need in mine), default=case.begin)
        end = max((need.end for need in mine), default=case.end)
        duties.append(Duty(person, role, begin, end, mine))
    return Staffing(tuple(duties), tuple(dict.fromkeys(need for need, choice in pairs if choice is None)))
