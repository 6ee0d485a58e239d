"""The typed changes of a clinic's records, the same in corrections and what-ifs, and the contract of a what-if.

Extend them freely, never rename: the command line, the HTTP API, the model's tools and outside checkers rely on them.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from tools.contract import Clock, Day, FindResult, Id, Input, Output, Request, TeamIn, Text


class AddUnitIn(Input):
    """More units of an equipment, tray or bay pool."""

    type: Literal["add-unit"]
    resource: Id
    units: int = Field(1, ge=1, le=100)


class AddEquipmentIn(Input):
    """Fixed equipment placed in one more room."""

    type: Literal["add-equipment"]
    room: Id
    equipment: Id


class AddFeatureIn(Input):
    """A room built out with a feature."""

    type: Literal["add-feature"]
    room: Id
    feature: Id


class SetHoursIn(Input):
    """New hours of a weekday for a room, a bay or the clinic ("clinic"); without start and end it is closed."""

    type: Literal["set-hours"]
    resource: Id
    day: Day
    start: Clock | None = None
    end: Clock | None = None


class AddShiftIn(Input):
    """A shift of one person on one date."""

    type: Literal["add-shift"]
    staff: Id
    date: dt.date
    start: Clock
    end: Clock


class AddStaffIn(Input):
    """One more person of a role for some hours of one date."""

    type: Literal["add-staff"]
    role: Id
    date: dt.date
    start: Clock
    end: Clock
    certifications: list[Id] = Field([], max_length=20)
    privileges: list[Id] = Field(
        [], max_length=20, description="procedures that a surgeon who comes in may do"
    )


class RemoveLeaveIn(Input):
    """One person back at work, both dates included."""

    type: Literal["remove-leave"]
    staff: Id
    first: dt.date
    last: dt.date


class ReleaseBlockIn(Input):
    """One occurrence of a block given up by its owner."""

    type: Literal["release-block"]
    block: Id
    date: dt.date


class SetParamIn(Input):
    """Another value of one rule's parameter."""

    type: Literal["set-param"]
    rule: Id
    param: Id
    value: Any


class SetRecordIn(Input):
    """Other values of one record, by the keys of the clinic file; null takes a key out, an unknown id adds a record."""

    type: Literal["set-record"]
    kind: Literal["clinic", "rooms", "equipment", "trays", "bays", "staff", "procedures", "blocks"]
    id: Id | None = Field(None, description="Left out for the clinic itself.")
    values: dict[str, Any] = Field(
        min_length=1, max_length=40, description='Like {"reprocessing_minutes": 60} of a tray.'
    )


class MoveCaseIn(Input):
    """A booked case at another time (clinic wall time, or with an offset), in another room, or both."""

    type: Literal["move-case"]
    case: Id
    start: dt.datetime | None = None
    room: Id | None = None
    team: list[TeamIn] | None = Field(None, max_length=20)


class OverrideRuleIn(Input):
    """A rule set aside for this case."""

    type: Literal["override-rule"]
    rule: Id
    reason: Text = "what-if"


class ReopenRoomIn(Input):
    """A closed room open again on one date, because what closed it is over."""

    type: Literal["reopen-room"]
    room: Id
    date: dt.date


class AddNursesIn(Input):
    """More nurses for a pool of bays in some hours of a weekday."""

    type: Literal["add-nurses"]
    bay: Id
    day: Day
    start: Clock
    end: Clock
    count: int = Field(1, ge=1, le=20)


class ChangeRequestIn(Input):
    """The same asked with another surgeon or anesthesia; without a value it is left open."""

    type: Literal["change-request"]
    field: Literal["surgeon", "anesthesia"]
    value: Id | None = None


Change = Annotated[
    AddUnitIn | AddEquipmentIn | AddFeatureIn | SetHoursIn | AddShiftIn | AddStaffIn | RemoveLeaveIn
    | ReleaseBlockIn | SetParamIn | SetRecordIn | MoveCaseIn | OverrideRuleIn | ReopenRoomIn | AddNursesIn
    | ChangeRequestIn,
    Field(discriminator="type"),
]  # fmt: skip
"""One change of the clinic's records: the same in corrections and what-ifs."""


class WhatIfRequest(Input):
    """A request, and the changes to try on the clinic; several at once, in order."""

    request: Request
    changes: list[Change] = Field(
        min_length=1, max_length=20, description="The changes, such as a correction of an explanation."
    )


class WhatIfResult(Output):
    """What the request finds as things stand, and with the changes; offers after them can't be booked."""

    before: FindResult
    after: FindResult
    changes: list[str] = Field([], description="The changes in words.")
