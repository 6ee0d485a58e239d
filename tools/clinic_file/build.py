"""From the file's records to the solver's: strings become instants, weeks and frozen tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from solver.clinic import (
    DEFAULT_RANKING,
    Bay,
    Block,
    Case,
    Clinic,
    Closure,
    ConsentWindow,
    Critical,
    DatedParams,
    DatedShift,
    Duration,
    Equipment,
    Holiday,
    Leave,
    NursesOn,
    Operator,
    Preferences,
    Procedure,
    RankLevels,
    RankTerm,
    Readiness,
    Recovery,
    Room,
    RuleSetting,
    Settings,
    Staff,
    Stay,
    TeamMember,
    TeamNeed,
    Tray,
    Validity,
    Week,
    frozen,
)
from solver.grid import Calendar
from tools.clinic_file import facility as f
from tools.clinic_file import models as m


@dataclass(frozen=True)
class Identity:
    """Who a patient is; the solver only ever sees `ref`."""

    ref: str
    name: str | None = None
    mrn: str | None = None
    birth_date: dt.date | None = None


@dataclass(frozen=True)
class Loaded:
    """A clinic file's content: what the solver reads, and what it has no use for."""

    clinic: Clinic
    patients: tuple[Identity, ...] = ()
    laterality: Mapping[str, str] = field(default_factory=frozen)
    """Case id -> side."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=frozen)
    """Equipment id -> what else people call it."""


def built(file: m.ClinicFile) -> Loaded:
    """The solver's records of a file without faults."""
    calendar = Calendar(file.clinic.timezone)
    clinic = Clinic(
        **_head(file.clinic),
        rooms=frozen({id_: _room(id_, room, calendar) for id_, room in file.rooms.items()}),
        equipment=frozen({id_: _equipment(id_, item, calendar) for id_, item in file.equipment.items()}),
        trays=frozen(
            {id_: Tray(id_, t.name, t.units, t.reprocessing_minutes) for id_, t in file.trays.items()}
        ),
        bays=frozen({id_: _bay(id_, bay) for id_, bay in file.bays.items()}),
        staff=frozen({id_: _staff(id_, person) for id_, person in file.staff.items()}),
        procedures=frozen({id_: _procedure(id_, one) for id_, one in file.procedures.items()}),
        blocks=tuple(_block(block) for block in file.blocks),
        rules=frozen({id_: _setting(rule) for id_, rule in file.rules.items()}),
        ranking=_ranking(file.ranking),
        costs=frozen(file.ranking.costs if file.ranking else {}),
        cases=tuple(_case(case, calendar) for case in file.cases),
        readiness=frozen({ref: _readiness(one, calendar) for ref, one in file.readiness.items()}),
    )
    return Loaded(
        clinic,
        tuple(Identity(p.ref, p.name, p.mrn, p.birth_date) for p in file.patients),
        frozen({case.id: case.laterality for case in file.cases if case.laterality}),
        frozen({id_: tuple(item.aliases) for id_, item in file.equipment.items() if item.aliases}),
    )


def _week(week: Mapping[int, Any]) -> Week:
    return frozen({day: windows for day, windows in sorted(week.items()) if windows})


def _head(record: f.ClinicRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "timezone": record.timezone,
        "hours": _week(record.hours),
        "start_step_minutes": record.start_step_minutes,
        "holidays": tuple(Holiday(day.date, day.name or "") for day in record.holidays),
        "settings": Settings(**record.settings.model_dump()),
    }


def _closures(records: Iterable[f.ClosureRecord], calendar: Calendar) -> tuple[Closure, ...]:
    return tuple(
        Closure(calendar.of(one.from_), calendar.of(one.to), one.reason or "", one.units) for one in records
    )


def _room(id_: str, room: f.RoomRecord, calendar: Calendar) -> Room:
    closures = _closures(room.closures, calendar)
    return Room(id_, room.name, _week(room.hours), tuple(room.equipment), tuple(room.features), closures)


def _equipment(id_: str, item: f.EquipmentRecord, calendar: Calendar) -> Equipment:
    operator = Operator(item.operator.role, item.operator.certification) if item.operator else None
    return Equipment(
        id_, item.name, item.kind == "mobile", item.units, item.move_minutes, item.room_feature, operator,
        _closures(item.maintenance, calendar), item.setup_minutes, item.laser, item.radiation, item.assist,
    )  # fmt: skip


def _bay(id_: str, bay: f.BayRecord) -> Bay:
    nurses = tuple(NursesOn(on.count, _week(on.hours)) for on in bay.nurses)
    return Bay(id_, bay.name, bay.units, _week(bay.hours), nurses)


def _setting(rule: m.RuleRecord) -> RuleSetting:
    dated = tuple(DatedParams(change.from_, frozen(change.params)) for change in rule.dated)
    return RuleSetting(rule.level, frozen(rule.params), dated)


def _readiness(one: m.ReadinessRecord, calendar: Calendar) -> Readiness:
    meal, drink = (calendar.of(at) if at else None for at in (one.last_meal, one.last_drink))
    held = tuple(Validity(each.procedure, each.from_, each.until) for each in one.authorisations)
    return Readiness(one.history_on, one.consent_on, held, one.anticoagulant_stopped, meal, drink)


def _staff(id_: str, person: m.StaffRecord) -> Staff:
    return Staff(
        id=id_,
        name=person.name,
        role=person.role,
        roles_also=tuple(person.roles_also),
        aliases=tuple(person.aliases),
        service=person.service,
        shifts=_week(person.shifts),
        shifts_on=tuple(DatedShift(shift.date, shift.hours) for shift in person.shifts_on),
        leave=tuple(Leave(leave.from_, leave.to, leave.reason or "") for leave in person.leave),
        privileges=tuple(Validity(held.procedure, held.from_, held.until) for held in person.privileges),
        certifications=tuple(Validity(held.id, held.from_, held.until) for held in person.certifications),
        max_cases_day=person.max_cases_day,
        max_minutes_day=person.max_minutes_day,
        max_minutes_week=person.max_minutes_week,
        arrival_minutes=person.arrival_minutes,
        calls=tuple(person.calls),
        restrictions=tuple(Validity(held.id, held.from_, held.until) for held in person.restrictions),
        preferences=_preferences(person.preferences),
    )


def _preferences(said: m.PreferencesRecord) -> Preferences:
    return Preferences(tuple(said.rooms), tuple(said.first), said.consecutive, tuple(said.team))


def _procedure(id_: str, one: m.ProcedureRecord) -> Procedure:
    recovery = Recovery(one.recovery.bay, frozen(one.recovery.minutes)) if one.recovery else None
    return Procedure(
        id=id_,
        name=one.name,
        minutes=frozen({who: Duration(d.median, d.p80 or d.median) for who, d in one.minutes.items()}),
        short=one.short or "",
        service=one.service,
        cpt=tuple(one.cpt),
        synonyms=tuple(one.synonyms),
        sided=one.sided,
        setup_minutes=one.setup_minutes,
        turnover_minutes=one.turnover_minutes,
        anesthesia_default=one.anesthesia.default,
        anesthesia_options=tuple(one.anesthesia.options),
        equipment=tuple(one.equipment),
        trays=tuple(one.trays),
        room_features=tuple(one.room_features),
        team=tuple(_need(need) for need in one.team),
        recovery=recovery,
        lead_time_hours=one.lead_time_hours,
        contamination=one.contamination,
        preop=_stay(one.preop),
        phase_two=_stay(one.phase_two),
        ward=_stay(one.ward),
        critical=Critical(one.critical.from_, one.critical.until) if one.critical else None,
        stage_gap_days=one.stage_gap_days,
        implant_lead_days=one.implant_lead_days,
        anticoagulant_days=one.anticoagulant_days,
        consent=ConsentWindow(one.consent.min_days, one.consent.max_days) if one.consent else None,
        authorisation=one.authorisation,
    )


def _stay(stay: m.StayRecord | None) -> Stay | None:
    return Stay(stay.bay, stay.minutes) if stay else None


def _need(need: m.TeamNeedRecord) -> TeamNeed:
    return TeamNeed(
        need.role, need.certification, need.from_, need.until, need.minutes, need.count, need.supervises
    )


def _block(block: m.BlockRecord) -> Block:
    return Block(
        block.id, block.owner, block.room, block.day, block.hours, tuple(block.weeks), block.release_days,
        tuple(block.released), block.from_, block.until,
    )  # fmt: skip


def _ranking(ranking: m.RankingRecord | None) -> RankLevels:
    if ranking is None or ranking.levels is None:
        return DEFAULT_RANKING
    return tuple(tuple(RankTerm(one.term, one.weight) for one in level) for level in ranking.levels)


def _case(case: m.CaseRecord, calendar: Calendar) -> Case:
    patient = case.patient or m.CasePatientRecord()
    return Case(
        id=case.id,
        procedure=case.procedure,
        surgeon=case.surgeon,
        room=case.room,
        start=calendar.of(case.start),
        minutes=case.minutes,
        anesthesia=case.anesthesia,
        team=tuple(TeamMember(member.role, member.resource) for member in case.team),
        additional_procedures=tuple(case.additional_procedures),
        extra_equipment=tuple(case.extra_equipment),
        patient=patient.ref,
        patient_flags=tuple(patient.flags),
        status=case.status,
        pinned=case.pinned,
        follows=case.follows,
        arrangement=case.arrangement,
        exceptions=tuple(case.exceptions),
    )
