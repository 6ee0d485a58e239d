"""From the solver's records back to a clinic file; what was left out of the file stays left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from solver.clinic import (
    DAYS,
    Block,
    Case,
    Clinic,
    Closure,
    Equipment,
    Procedure,
    Readiness,
    Room,
    RuleSetting,
    Settings,
    Staff,
    Stay,
    TeamNeed,
    Validity,
    Week,
    Window,
)
from solver.grid import Calendar
from tools.clinic_file.build import Identity, Loaded
from tools.clinic_file.fields import written_time, written_window
from tools.clinic_file.times import written_moment

Values = dict[str, Any]


def exported(loaded: Loaded, patients: bool = False) -> Values:
    """The clinic file as plain JSON values; patients' identities only on request."""
    clinic = loaded.clinic
    calendar = Calendar(clinic.timezone)
    values = {
        "format": 1,
        "clinic": _head(clinic),
        "rooms": {id_: _room(room, calendar) for id_, room in clinic.rooms.items()},
        "equipment": {
            id_: _equipment(item, calendar, loaded.aliases.get(id_, ()))
            for id_, item in clinic.equipment.items()
        },
        "trays": {
            id_: {"name": t.name, "units": t.units, "reprocessing_minutes": t.reprocessing_minutes}
            for id_, t in clinic.trays.items()
        },
        "bays": {
            id_: {"name": bay.name, "units": bay.units, "hours": _week(bay.hours)}
            | _some(nurses=[{"count": on.count, "hours": _week(on.hours)} for on in bay.nurses])
            for id_, bay in clinic.bays.items()
        },
        "staff": {id_: _staff(person) for id_, person in clinic.staff.items()},
        "procedures": {id_: _procedure(one) for id_, one in clinic.procedures.items()},
        "blocks": [_block(block) for block in clinic.blocks],
        "rules": {
            id_: _some(level=rule.level, params=dict(rule.params), dated=_dated(rule))
            for id_, rule in clinic.rules.items()
        },
        "ranking": {
            "levels": [[{"term": t.term, "weight": t.weight} for t in level] for level in clinic.ranking]
        }
        | _some(costs=dict(clinic.costs)),
        "cases": [case_values(case, calendar, loaded.laterality.get(case.id)) for case in clinic.cases],
        "readiness": {ref: _readiness(one, calendar) for ref, one in clinic.readiness.items()},
        "patients": [patient_values(patient) for patient in loaded.patients] if patients else [],
    }
    return {key: value for key, value in values.items() if value or key == "rooms"}


def dumped(values: Mapping[str, Any]) -> str:
    """The file's values as YAML that `load` reads back the same."""
    text: str = yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True, width=110)
    return text


def patient_values(patient: Identity) -> Values:
    """One entry of `patients`."""
    born = patient.birth_date.isoformat() if patient.birth_date else None
    return _some(ref=patient.ref, name=patient.name, mrn=patient.mrn, birth_date=born)


def case_values(case: Case, calendar: Calendar, laterality: str | None = None) -> Values:
    """One entry of `cases`."""
    patient = _some(ref=case.patient, flags=list(case.patient_flags))
    return _some(
        id=case.id,
        procedure=case.procedure,
        additional_procedures=list(case.additional_procedures),
        surgeon=case.surgeon,
        room=case.room,
        start=written_moment(case.start, calendar),
        minutes=case.minutes,
        anesthesia=case.anesthesia,
        team=[{"role": member.role, "resource": member.resource} for member in case.team],
        extra_equipment=list(case.extra_equipment),
        patient=patient,
        laterality=laterality,
        status=case.status,
        pinned=case.pinned or None,
        follows=case.follows,
        arrangement=case.arrangement if case.arrangement != "any" else None,
        exceptions=list(case.exceptions),
    )


def _some(**values: Any) -> Values:
    """The keys that say something: None and what is empty are left out, 0 and false are not."""
    return {
        key: value
        for key, value in values.items()
        if value is not None and not (isinstance(value, str | list | dict) and not value)
    }


def _windows(windows: tuple[Window, ...]) -> str | list[str]:
    written = [written_window(window) for window in windows]
    return written[0] if len(written) == 1 else written


def _week(week: Week) -> Values:
    return {DAYS[day]: _windows(windows) for day, windows in week.items()}


def _head(clinic: Clinic) -> Values:
    settings = {
        name: getattr(clinic.settings, name) for name in Settings.__dataclass_fields__
    } | {"morning_until": written_time(clinic.settings.morning_until)}  # fmt: skip
    prime = settings.pop("prime_time")
    settings |= {"prime_time": written_window(prime)} if prime else {}
    return {
        "id": clinic.id,
        "name": clinic.name,
        "timezone": clinic.timezone,
        "start_step_minutes": clinic.start_step_minutes,
        "hours": _week(clinic.hours),
        "holidays": [_some(date=day.date.isoformat(), name=day.name) for day in clinic.holidays],
        "settings": settings,
    }


def _closures(closures: tuple[Closure, ...], calendar: Calendar) -> list[Values]:
    return [
        _some(
            **{"from": written_moment(one.start, calendar), "to": written_moment(one.end, calendar)},
            reason=one.reason,
            units=one.units,
        )
        for one in closures
    ]


def _room(room: Room, calendar: Calendar) -> Values:
    return {"name": room.name, "hours": _week(room.hours)} | _some(
        equipment=list(room.equipment),
        features=list(room.features),
        closures=_closures(room.closures, calendar),
    )


def _equipment(item: Equipment, calendar: Calendar, aliases: tuple[str, ...]) -> Values:
    operator = item.operator
    return _some(
        name=item.name,
        kind="mobile" if item.mobile else "fixed",
        units=item.units,
        move_minutes=item.move_minutes,
        room_feature=item.room_feature,
        operator=_some(role=operator.role, certification=operator.certification) if operator else None,
        setup_minutes=item.setup_minutes or None,
        laser=item.laser or None,
        radiation=item.radiation or None,
        assist=item.assist,
        aliases=list(aliases),
        maintenance=_closures(item.maintenance, calendar),
    )


def _validity(key: str, held: Validity) -> Values:
    first, last = (day.isoformat() if day else None for day in (held.first, held.last))
    return _some(**{key: held.id, "from": first, "until": last})


def _staff(person: Staff) -> Values:
    wish = person.preferences
    return _some(
        name=person.name,
        role=person.role,
        roles_also=list(person.roles_also),
        aliases=list(person.aliases),
        service=person.service,
        shifts=_week(person.shifts),
        shifts_on=[
            {"date": shift.date.isoformat(), "hours": written_window(shift.window)}
            for shift in person.shifts_on
        ],
        leave=[
            _some(**{"from": one.first.isoformat(), "to": one.last.isoformat(), "reason": one.reason})
            for one in person.leave
        ],
        privileges=[_validity("procedure", held) for held in person.privileges],
        certifications=[_validity("id", held) for held in person.certifications],
        max_cases_day=person.max_cases_day,
        max_minutes_day=person.max_minutes_day,
        max_minutes_week=person.max_minutes_week,
        arrival_minutes=person.arrival_minutes,
        calls=[night.isoformat() for night in person.calls],
        restrictions=[_validity("id", held) for held in person.restrictions],
        preferences=_some(
            rooms=list(wish.rooms),
            first=list(wish.first),
            consecutive=wish.consecutive or None,
            team=list(wish.team),
        ),
    )


def _procedure(one: Procedure) -> Values:
    recovery = {"bay": one.recovery.bay, "minutes": dict(one.recovery.minutes)} if one.recovery else None
    return _some(
        name=one.name,
        short=one.short,
        service=one.service,
        cpt=list(one.cpt),
        synonyms=list(one.synonyms),
        sided=one.sided,
        minutes={who: {"median": d.median, "p80": d.p80} for who, d in one.minutes.items()},
        setup_minutes=one.setup_minutes,
        turnover_minutes=one.turnover_minutes,
        anesthesia=_anesthesia(one),
        equipment=list(one.equipment),
        trays=list(one.trays),
        room_features=list(one.room_features),
        team=[_need(need) for need in one.team],
        recovery=recovery,
        lead_time_hours=one.lead_time_hours,
        contamination=one.contamination,
        preop=_stay(one.preop),
        phase_two=_stay(one.phase_two),
        ward=_stay(one.ward),
        critical={"from": one.critical.begin, "until": one.critical.until} if one.critical else None,
        stage_gap_days=one.stage_gap_days,
        implant_lead_days=one.implant_lead_days,
        anticoagulant_days=one.anticoagulant_days,
        consent=_some(min_days=one.consent.min_days, max_days=one.consent.max_days) if one.consent else None,
        authorisation=one.authorisation or None,
    )


def _stay(stay: Stay | None) -> Values | None:
    return {"bay": stay.bay, "minutes": stay.minutes} if stay else None


def _dated(rule: RuleSetting) -> list[Values]:
    return [{"from": change.first.isoformat(), "params": dict(change.params)} for change in rule.dated]


def _readiness(one: Readiness, calendar: Calendar) -> Values:
    days = (one.history_on, one.consent_on, one.anticoagulant_stopped)
    history, consent, stopped = (day.isoformat() if day else None for day in days)
    meal, drink = (written_moment(at, calendar) if at else None for at in (one.last_meal, one.last_drink))
    return _some(
        history_on=history,
        consent_on=consent,
        authorisations=[_validity("procedure", held) for held in one.authorisations],
        anticoagulant_stopped=stopped,
        last_meal=meal,
        last_drink=drink,
    )


def _anesthesia(one: Procedure) -> Values:
    return _some(default=one.anesthesia_default, options=list(one.anesthesia_options))


def _need(need: TeamNeed) -> Values:
    return _some(
        role=need.role,
        certification=need.certification,
        **{"from": need.begin or None, "until": need.until or None},
        minutes=need.minutes,
        count=need.count if need.count != 1 else None,
        supervises=need.supervises or None,
    )


def _block(block: Block) -> Values:
    return _some(
        id=block.id,
        owner=block.owner,
        room=block.room,
        day=DAYS[block.day],
        weeks=list(block.weeks),
        hours=written_window(block.window),
        release_days=block.release_days,
        released=[day.isoformat() for day in block.released],
        **{"from": block.first.isoformat() if block.first else None},
        until=block.last.isoformat() if block.last else None,
    )
