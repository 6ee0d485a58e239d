"""The clinic file's shape: the clinic itself, its rooms, equipment, trays and bays."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.clinic_file.fields import (
    Count,
    Date,
    Minutes,
    Moment,
    OneWindow,
    Slug,
    Text,
    TimeOfDay,
    Week,
)

Units = Annotated[int, Field(ge=1, le=1000)]


class Record(BaseModel):
    """A part of the file. Unknown keys are refused: a misspelt one would be a limit that nobody holds."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class HolidayRecord(Record):
    """A day on which the whole clinic is closed."""

    date: Date
    name: Text | None = None


class SettingsRecord(Record):
    """How the clinic reads dates and times, and how long it freezes and holds."""

    date_order: Literal["mdy", "dmy", "ymd"] = "mdy"
    clock: Literal["12h", "24h"] = "12h"
    morning_until: TimeOfDay = 12 * 60
    freeze_hours: Count = 18
    hold_minutes: Count = 30
    planned: Literal["median", "p80"] = "median"
    prime_time: OneWindow | None = None


class ClinicRecord(Record):
    """The clinic as a whole; `hours` bound every wheels-in and wheels-out."""

    id: Slug
    name: Text
    timezone: str
    start_step_minutes: Annotated[int, Field(ge=5, le=240, multiple_of=5)] = 15
    hours: Week
    holidays: list[HolidayRecord] = []
    settings: SettingsRecord = SettingsRecord()


class ClosureRecord(Record):
    """Room closures and maintenance, in clinic wall time; `units` is how many are out, without it all."""

    from_: Moment = Field(alias="from")
    to: Moment
    reason: Text | None = None
    units: Units | None = None

    @model_validator(mode="after")
    def _in_order(self) -> ClosureRecord:
        if (self.from_.tzinfo is None) == (self.to.tzinfo is None) and self.to <= self.from_:
            raise ValueError(f"{self.from_:%Y-%m-%dT%H:%M} to {self.to:%Y-%m-%dT%H:%M} ends before it starts")
        return self


class RoomRecord(Record):
    """An operating room, the equipment that stands in it and what it was built with."""

    name: Text
    hours: Week
    equipment: list[Slug] = []
    features: list[Slug] = []
    closures: list[ClosureRecord] = []


class OperatorRecord(Record):
    """Who must be with a piece of equipment while it is in use."""

    role: Slug
    certification: Slug | None = None


class EquipmentRecord(Record):
    """Fixed equipment stands in the rooms that list it; a mobile one is a pool of units that move."""

    name: Text
    kind: Literal["fixed", "mobile"]
    units: Units = 1
    move_minutes: Minutes = 0
    room_feature: Slug | None = None
    operator: OperatorRecord | None = None
    setup_minutes: Minutes = 0
    laser: bool = False
    radiation: bool = False
    assist: Slug | None = None
    aliases: list[Text] = []
    maintenance: list[ClosureRecord] = []


class TrayRecord(Record):
    """Interchangeable sets of instruments, in use until they are sterile again."""

    name: Text
    units: Units
    reprocessing_minutes: Minutes = 0


class NursesRecord(Record):
    """How many nurses look after the bays in these hours."""

    count: Units
    hours: Week


class BayRecord(Record):
    """Interchangeable places before or after the case; `nurses` says how many are on."""

    name: Text
    units: Units
    hours: Week
    nurses: list[NursesRecord] = []
