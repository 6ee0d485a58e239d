"""A small clinic file that other tests bend."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

TEXT = """\
format: 1
clinic:
  id: small
  name: Small Surgery
  timezone: America/New_York
  hours: {tue: "06:30-18:00", thu: ["06:30-12:00", "13:00-18:00"]}
  holidays: [{date: 2026-05-25, name: Memorial Day}]
rooms:
  or-1: {name: OR 1, hours: {tue: "07:30-17:00", thu: "07:30-17:00"}, equipment: [tower]}
equipment:
  tower: {name: Tower, kind: fixed, aliases: [the tower]}
  c-arm: {name: C-arm, kind: mobile, units: 2, move_minutes: 10, operator: {role: rad-tech}}
trays:
  scope-set: {name: Scope set, units: 2, reprocessing_minutes: 180}
bays:
  pacu: {name: PACU, units: 2, hours: {tue: "07:30-18:00", thu: "07:30-18:00"}}
staff:
  dr-a:
    name: Dr. A
    role: surgeon
    shifts: {tue: "07:00-16:00"}
    leave: [{from: 2026-03-24, to: 2026-03-24}]
    privileges: [{procedure: knee, from: 2024-07-01, until: 2027-06-30}]
  nurse-1: {name: Nurse 1, role: circulator, shifts: {tue: "06:30-15:30"}}
procedures:
  knee:
    name: Knee
    cpt: [29881]
    sided: true
    minutes: {default: {median: 60, p80: 75}, dr-a: {median: 55}}
    turnover_minutes: 20
    anesthesia: {default: local, options: [local, general]}
    equipment: [tower]
    trays: [scope-set]
    team: [{role: circulator}]
    recovery: {bay: pacu, minutes: {general: 75}}
blocks:
  - {id: a-tue, owner: dr-a, room: or-1, day: tue, hours: "07:30-15:30", release_days: 7}
rules:
  turnover: {level: hard, params: {specialty_change_minutes: 10}}
  anesthesia-supervision: {level: off}
cases:
  - id: case-1
    procedure: knee
    surgeon: dr-a
    room: or-1
    start: 2026-03-10T07:30
    minutes: 55
    anesthesia: local
    team: [{role: circulator, resource: nurse-1}]
    patient: {ref: patient-1}
    laterality: left
patients:
  - {ref: patient-1, name: Test Patient, mrn: T0000001, birth_date: 1970-01-01}
"""


@pytest.fixture
def text() -> str:
    """A whole clinic in thirty lines of YAML."""
    return TEXT


@pytest.fixture
def values() -> dict[str, Any]:
    """The same as plain values, dates as dates, ready to be broken."""
    loaded: dict[str, Any] = yaml.load(TEXT, yaml.BaseLoader)
    return loaded
