"""A clinic's records and cases as rows, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from solver.clinic import Case, Clinic, TeamMember
from tools.clinic_file import Identity, Loaded, exported, load
from tools.records.keys import Keys

TABLES = ("rooms", "equipment", "trays", "bays", "staff", "procedures", "rules", "readiness")
WHOLE = ("clinic", "ranking")
"""Parts of the file that are one record each; the rest of the kinds are tables by id."""


def record_rows(loaded: Loaded) -> list[dict[str, Any]]:
    """One row a record, with the record as the clinic file writes it."""
    values = exported(loaded)
    rows = [_record(kind, kind, 0, values[kind]) for kind in WHOLE if kind in values]
    for kind in TABLES:
        items = enumerate(values.get(kind, {}).items())
        rows += [_record(kind, id_, position, body) for position, (id_, body) in items]
    blocks = enumerate(values.get("blocks", []))
    return rows + [_record("blocks", body["id"], position, body) for position, body in blocks]


def _record(kind: str, id_: str, position: int, body: Any) -> dict[str, Any]:
    return {"kind": kind, "id": id_, "position": position, "version": 1, "body": body}


def loaded_from(rows: Iterable[tuple[str, str, Any]]) -> Loaded:
    """The clinic without its cases; `rows` are (kind, id, body) in order of position."""
    return load(file_values(rows))


def file_values(records: Iterable[tuple[str, str, Any]]) -> dict[str, Any]:
    """The clinic file of records without cases; they are (kind, id, body) in order of position."""
    values: dict[str, Any] = {"format": 1, "rooms": {}}
    for kind, id_, body in records:
        if kind in WHOLE:
            values[kind] = body
        elif kind == "blocks":
            values.setdefault(kind, []).append(body)
        else:
            values.setdefault(kind, {})[id_] = body
    return values


def case_row(case: Case, laterality: str | None, position: int, revision: int) -> dict[str, Any]:
    """The row of a case."""
    return {
        "id": case.id,
        "position": position,
        "version": 1,
        "revision": revision,
        "procedure": case.procedure,
        "surgeon": case.surgeon,
        "room": case.room,
        "start_at": case.start,
        "end_at": case.end,
        "status": case.status,
        "patient": case.patient,
        "follows": case.follows,
        "laterality": laterality,
        "pinned": case.pinned,
        "body": {
            "anesthesia": case.anesthesia,
            "team": [[member.role, member.resource] for member in case.team],
            "additional_procedures": list(case.additional_procedures),
            "extra_equipment": list(case.extra_equipment),
            "patient_flags": list(case.patient_flags),
            "exceptions": list(case.exceptions),
            "arrangement": case.arrangement,
        },
    }


def case_from(row: Row[*tuple[Any, ...]]) -> Case:
    """The case of a row of `cases`."""
    body = row.body
    return Case(
        id=row.id,
        procedure=row.procedure,
        surgeon=row.surgeon,
        room=row.room,
        start=row.start_at,
        minutes=row.end_at - row.start_at,
        anesthesia=body["anesthesia"],
        team=tuple(TeamMember(role, resource) for role, resource in body["team"]),
        additional_procedures=tuple(body["additional_procedures"]),
        extra_equipment=tuple(body["extra_equipment"]),
        patient=row.patient,
        patient_flags=tuple(body["patient_flags"]),
        status=row.status,
        pinned=row.pinned,
        follows=row.follows,
        exceptions=tuple(body["exceptions"]),
        arrangement=body.get("arrangement", "any"),
    )


def patient_row(patient: Identity, clinic: str, keys: Keys) -> dict[str, Any]:
    """The row of a patient: sealed, found again only by the keyed index of an identifier."""
    born = patient.birth_date.isoformat() if patient.birth_date else None
    value = {"name": patient.name, "mrn": patient.mrn, "birth_date": born}
    return {
        "ref": patient.ref,
        "version": 1,
        "sealed": keys.seal(value, "patients", clinic, patient.ref),
        **patient_indexes(patient, clinic, keys),
    }


def patient_indexes(patient: Identity, clinic: str, keys: Keys) -> dict[str, bytes | None]:
    """The keyed indexes of a patient's number, and of the name with the birth date."""
    born = patient.birth_date.isoformat() if patient.birth_date else None
    named = keys.index("birth", clinic, folded(patient.name), born) if patient.name and born else None
    number = keys.index("mrn", clinic, folded(patient.mrn)) if patient.mrn else None
    return {"mrn_index": number, "birth_index": named}


def may_be(one: Identity, other: Identity) -> bool:
    """Whether two of one name and birthday can be one: under two record numbers they are two people."""
    return not one.mrn or not other.mrn or folded(one.mrn) == folded(other.mrn)


def patient_from(ref: str, sealed: bytes, clinic: str, keys: Keys) -> Identity:
    """The patient of a row; raises `ToolError` where the key is another one."""
    value: Mapping[str, Any] = keys.open(sealed, "patients", clinic, ref)
    born = value["birth_date"]
    return Identity(ref, value["name"], value["mrn"], dt.date.fromisoformat(born) if born else None)


def folded(text: str) -> str:
    """How identifiers are compared: case and spacing don't make another patient."""
    return " ".join(text.casefold().split())


def pools(clinic: Clinic) -> list[tuple[str, str, int]]:
    """(kind, resource, units) of everything that can be taken."""
    return [
        *(("room", id_, 1) for id_ in clinic.rooms),
        *(("person", id_, 1) for id_ in clinic.staff),
        *(("equipment", item.id, item.units) for item in clinic.equipment.values() if item.mobile),
        *(("tray", tray.id, tray.units) for tray in clinic.trays.values()),
        *(("bay", bay.id, bay.units) for bay in clinic.bays.values()),
    ]
