"""The clinic file's shape, record by record: what a key may hold, before records are looked at together."""
# ruff: noqa: RUF012  # pydantic copies defaults; ruff sees that only where it sees BaseModel

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tools.clinic_file.facility import (
    BayRecord,
    ClinicRecord,
    EquipmentRecord,
    Record,
    RoomRecord,
    TrayRecord,
)
from tools.clinic_file.fields import (
    Code,
    Count,
    Date,
    Length,
    Minutes,
    Moment,
    OneWindow,
    Slug,
    Switch,
    Text,
    Week,
    Weekday,
    closed_dates,
)

Level = Annotated[Literal["hard", "warn", "soft", "off"], Switch]


class LeaveRecord(Record):
    """Whole days, both ends included."""

    from_: Date = Field(alias="from")
    to: Date
    reason: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> LeaveRecord:
        closed_dates(self.from_, self.to)
        return self


class DatedShiftRecord(Record):
    """A shift on one date, beside the weekly ones."""

    date: Date
    hours: OneWindow


class _Valid(Record):
    """From and until, both included; open where left out."""

    from_: Date | None = Field(None, alias="from")
    until: Date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> _Valid:
        closed_dates(self.from_ or dt.date.min, self.until or dt.date.max)
        return self


class PrivilegeRecord(_Valid):
    """What a surgeon may do here."""

    procedure: Slug


class CertificationRecord(_Valid):
    """What a person is certified for."""

    id: Slug


class RestrictionRecord(_Valid):
    """What a person isn't assigned to, as asked for by that person; the file has no place for a reason."""

    id: Literal["radiation"]


class PreferencesRecord(Record):
    """What a surgeon would rather have; it ranks offers and never forbids one."""

    rooms: list[Slug] = []
    first: list[Slug] = []
    consecutive: bool = False
    team: list[Slug] = []


class StaffRecord(Record):
    """A person who works here."""

    name: Text
    role: Slug
    roles_also: list[Slug] = []
    aliases: list[Text] = []
    service: Slug | None = None
    shifts: Week = {}
    shifts_on: list[DatedShiftRecord] = []
    leave: list[LeaveRecord] = []
    privileges: list[PrivilegeRecord] = []
    certifications: list[CertificationRecord] = []
    max_cases_day: Count | None = None
    max_minutes_day: Count | None = None
    max_minutes_week: Count | None = None
    arrival_minutes: Minutes | None = None
    calls: list[Date] = []
    restrictions: list[RestrictionRecord] = []
    preferences: PreferencesRecord = PreferencesRecord()


class DurationRecord(Record):
    """Wheels-in to wheels-out; without `p80` the median stands for both."""

    median: Length
    p80: Length | None = None

    @model_validator(mode="after")
    def _in_order(self) -> DurationRecord:
        if self.p80 is not None and self.p80 < self.median:
            raise ValueError(f"p80 {self.p80} is below the median {self.median}. Maybe they are swapped")
        return self


class AnesthesiaRecord(Record):
    """How the procedure is anesthetised; `local` takes no anesthesiologist."""

    default: Slug
    options: list[Slug] = []

    @model_validator(mode="after")
    def _among(self) -> AnesthesiaRecord:
        if self.options and self.default not in self.options:
            raise ValueError(f'default "{self.default}" is not among the options {", ".join(self.options)}')
        return self


class TeamNeedRecord(Record):
    """A place in the team: `from` after wheels-in, `until` relative to wheels-out, or `minutes` from `from`."""

    role: Slug
    certification: Slug | None = None
    from_: Minutes = Field(0, alias="from")
    until: Annotated[int, Field(ge=-1440, le=1440)] = 0
    minutes: Length | None = None
    count: Annotated[int, Field(ge=1, le=20)] = 1
    supervises: bool = False

    @model_validator(mode="after")
    def _one_end(self) -> TeamNeedRecord:
        if self.minutes is not None and self.until:
            raise ValueError(f"until {self.until} and minutes {self.minutes} both say when it ends. Keep one")
        return self


class RecoveryRecord(Record):
    """Where the patient recovers, and for how long under which anesthesia."""

    bay: Slug
    minutes: dict[Slug, Minutes]


class StayRecord(Record):
    """A place in a pool of bays for some minutes; a ward's may be days."""

    bay: Slug
    minutes: Annotated[int, Field(ge=1, le=30 * 1440)]


class CriticalRecord(Record):
    """The surgeon's part: `from` after wheels-in, `until` relative to wheels-out."""

    from_: Minutes = Field(0, alias="from")
    until: Annotated[int, Field(ge=-1440, le=0)] = 0


class ConsentRecord(Record):
    """The days before surgery between which the consent is signed."""

    min_days: Count = 0
    max_days: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> ConsentRecord:
        if self.max_days is not None and self.max_days < self.min_days:
            raise ValueError(
                f"max_days {self.max_days} is below min_days {self.min_days}. Maybe they are swapped"
            )
        return self


class ProcedureRecord(Record):
    """What is done, how long it takes and what it needs."""

    name: Text
    short: Text | None = None
    service: Slug | None = None
    cpt: list[Code] = []
    synonyms: list[Text] = []
    sided: bool = False
    minutes: dict[Slug, DurationRecord]
    setup_minutes: Minutes = 0
    turnover_minutes: Minutes = 0
    anesthesia: AnesthesiaRecord = AnesthesiaRecord(default="general", options=["general"])
    equipment: list[Slug] = []
    trays: list[Slug] = []
    room_features: list[Slug] = []
    team: list[TeamNeedRecord] = []
    recovery: RecoveryRecord | None = None
    lead_time_hours: Count = 0
    contamination: Slug = "clean"
    preop: StayRecord | None = None
    phase_two: StayRecord | None = None
    ward: StayRecord | None = None
    critical: CriticalRecord | None = None
    stage_gap_days: Count | None = None
    implant_lead_days: Annotated[int, Field(ge=0, le=365)] | None = None
    anticoagulant_days: Count | None = None
    consent: ConsentRecord | None = None
    authorisation: bool = False

    @model_validator(mode="after")
    def _bays_apart(self) -> ProcedureRecord:
        recovery = [self.recovery.bay] if self.recovery else []
        bays = recovery + [stay.bay for stay in (self.preop, self.phase_two, self.ward) if stay]
        twice = sorted({bay for bay in bays if bays.count(bay) > 1})
        if twice:
            raise ValueError(
                f'"{twice[0]}" is the bay of two stays of this case. Maybe name another pool for one'
            )
        return self

    @model_validator(mode="after")
    def _has_default(self) -> ProcedureRecord:
        if "default" not in self.minutes:
            raise ValueError("minutes has no default. Maybe add minutes: {default: {median: 60}}")
        return self


class BlockRecord(_Valid):
    """Without `release_days` a block is never released; from and until bound the days that it is given."""

    id: Slug
    owner: Slug
    room: Slug
    day: Weekday
    weeks: list[Annotated[int, Field(ge=1, le=5)]] = [1, 2, 3, 4, 5]
    hours: OneWindow
    release_days: Count | None = None
    released: list[Date] = []


class DatedParamsRecord(Record):
    """Parameters that hold from a day of surgery on."""

    from_: Date = Field(alias="from")
    params: dict[str, Any]


class RuleRecord(Record):
    """What the clinic changes of one rule, and what it will from a day of surgery on."""

    level: Level | None = None
    params: dict[str, Any] = {}
    dated: list[DatedParamsRecord] = []


class TermRecord(Record):
    """One term of the ranking."""

    term: Slug
    weight: Annotated[float, Field(ge=0, le=1_000_000)] = 1.0


class RankingRecord(Record):
    """Levels in order; inside a level, weighted terms are added up. And what opening a slot takes."""

    levels: list[list[TermRecord]] | None = None
    """The clinic's own order of offers; the default order where there is none."""
    costs: dict[Slug, Annotated[float, Field(ge=0, le=100_000)]] = {}
    """Type of change -> points of trouble: which ways out of a "no" are named first."""


class TeamMemberRecord(Record):
    """Who fills which place."""

    role: Slug
    resource: Slug


class CasePatientRecord(Record):
    """The patient by reference, with the flags that rules read; no identity."""

    ref: Slug | None = None
    flags: list[Slug] = []


class CaseRecord(Record):
    """A case in the book, in clinic wall time; `minutes` run from wheels-in to wheels-out."""

    id: Slug
    procedure: Slug
    additional_procedures: list[Slug] = []
    surgeon: Slug
    room: Slug
    start: Moment
    minutes: Length
    anesthesia: Slug
    team: list[TeamMemberRecord] = []
    extra_equipment: list[Slug] = []
    patient: CasePatientRecord | None = None
    laterality: Literal["left", "right", "bilateral"] | None = None
    status: Literal["held", "booked", "cancelled", "done"] = "booked"
    pinned: bool = False
    follows: Slug | None = None
    arrangement: Literal["any", "back-to-back", "flip"] = "any"
    exceptions: list[Slug] = []


class PatientRecord(Record):
    """Who a patient is."""

    ref: Slug
    name: Text | None = None
    mrn: Code | None = None
    birth_date: Date | None = None


class AuthorisationRecord(_Valid):
    """What a payer has authorised, and when it holds."""

    procedure: Slug


class ReadinessRecord(Record):
    """What is on record of a patient's way to surgery; dates and times only."""

    history_on: Date | None = None
    consent_on: Date | None = None
    authorisations: list[AuthorisationRecord] = []
    anticoagulant_stopped: Date | None = None
    last_meal: Moment | None = None
    last_drink: Moment | None = None


class ClinicFile(Record):
    """A whole clinic: its records, rules and cases. Times are clinic wall time, lists left out are empty."""

    format: Literal[1]
    clinic: ClinicRecord
    rooms: dict[Slug, RoomRecord]
    equipment: dict[Slug, EquipmentRecord] = {}
    trays: dict[Slug, TrayRecord] = {}
    bays: dict[Slug, BayRecord] = {}
    staff: dict[Slug, StaffRecord] = {}
    procedures: dict[Slug, ProcedureRecord] = {}
    blocks: list[BlockRecord] = []
    rules: dict[Slug, RuleRecord] = {}
    ranking: RankingRecord | None = None
    cases: list[CaseRecord] = []
    readiness: dict[Slug, ReadinessRecord] = {}
    patients: list[PatientRecord] = []


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a clinic file, as `slotwright schema clinic` prints it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ClinicFile.model_json_schema(by_alias=True, mode="validation"),
    }
