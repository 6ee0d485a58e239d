"""The JSON contracts: what every surface sends and gets, as pydantic models.

Names and shapes here are relied on by the command line, the HTTP API, the model's tools and outside checkers:
extend them freely, never rename. Times inside are clinic wall time ("HH:MM") or ISO 8601 with an offset.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Id = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


def _clock(value: str) -> str:
    hours, colon, minutes = value.partition(":")
    fits = hours.isdecimal() and minutes.isdecimal() and len(hours) == len(minutes) == 2 and colon
    if not fits or int(hours) > 24 or int(minutes) > 59 or value > "24:00":
        raise ValueError(f"{value!r} is not a time of day. Maybe write it as HH:MM, for example 09:30")
    return value


Clock = Annotated[str, Field(max_length=20), AfterValidator(_clock)]
"""A wall time "HH:MM"; "24:00" is the end of the day."""


class Input(BaseModel):
    """What comes from outside: unknown keys are refused, so that a misspelt limit can't be ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    model_config = ConfigDict(extra="forbid")


LAST_YEAR = 2199
"""The last year that a request may name; calendars end somewhere, and no clinic plans that far."""


def in_calendar(day: dt.date) -> None:
    """Raises `ValueError` for a day at either end of what can be computed with; instants count from 1970 on."""
    if not 1971 <= day.year <= 9997:
        raise ValueError(f"{day} is outside the calendar. Maybe pick a date of this century")


class PatientFacts(Input):
    """Clinical facts that rules need; leave out what isn't known. No identity belongs here."""

    age: float | None = Field(None, ge=0, le=130, description="Years.")
    weight_kg: float | None = Field(None, gt=0, le=700, description="Kilograms.")
    bmi: float | None = Field(None, gt=0, le=200, description="Body mass index.")
    asa: int | None = Field(None, ge=1, le=6, description="ASA physical status class.")
    flags: list[Id] | None = Field(
        None, max_length=20, description='For example "latex", "mrsa", "diabetic".'
    )


class OverrideIn(Input):
    """A rule that this search may break; only for a role that may waive it."""

    rule: Id = Field(description="Rule id, from a conflict or a violation.")
    reason: Text = Field(description="Why, in the person's words.")


class Request(Input):
    """A search for a slot: procedure and dates are needed, everything else narrows."""

    procedure: Id = Field(description="Procedure id, from resolve.")
    additional_procedures: list[Id] = Field(
        [], max_length=6, description="Ids of procedures done in the same case."
    )
    surgeon: Id | None = Field(None, description="Surgeon id; null for any privileged surgeon.")
    room: Id | None = Field(None, description="Room id; null for any room.")
    exclude_surgeons: list[Id] = Field(
        [], max_length=400, description="Not with these: ids of surgeons who won't do."
    )
    exclude_rooms: list[Id] = Field([], max_length=400, description="Not in these: ids of rooms.")
    date_from: dt.date = Field(description="First date, clinic time.")
    date_to: dt.date = Field(description="Last date, included.")
    weekdays: list[Day] | None = Field(None, description="Only these weekdays.")
    exclude_dates: list[dt.date] = Field([], max_length=400, description="Not on these dates.")
    start_from: Clock | None = Field(None, description="Earliest wheels-in, HH:MM.")
    start_until: Clock | None = Field(None, description="Latest wheels-in, HH:MM.")
    end_by: Clock | None = Field(None, description="Latest wheels-out, HH:MM.")
    duration_minutes: int | None = Field(None, ge=5, le=1440, description="Wheels-in to wheels-out.")
    count: int = Field(1, ge=1, le=8, description="How many such cases, planned together.")
    arrangement: Literal["any", "back-to-back", "flip"] = Field(
        "any", description="Of several cases: one right after the other, or in two rooms in turn (flip)."
    )
    after_case: Id | None = Field(None, description="Case id, from get_schedule, that this one follows.")
    position: Literal["first", "last"] | None = Field(None, description="First or last of the room's day.")
    replaces: Id | None = Field(
        None, description="Case id, from get_schedule, to be moved; its own reservations are ignored."
    )
    anesthesia: Id | None = Field(
        None,
        description="Such as general, spinal, regional, mac or local; null for the procedure's usual one.",
    )
    patient: PatientFacts | None = Field(None, description="Clinical facts that were said; never who it is.")
    extra_equipment: list[Id] = Field(
        [], max_length=10, description="Equipment ids, beside what the procedure needs anyway."
    )
    urgency: Literal["elective", "add-on", "urgent"] = Field(
        "elective", description="Add-on or urgent only when the person says so."
    )
    overrides: list[OverrideIn] = Field(
        [], max_length=20, description="Rules to set aside, only when the person asks for exactly that."
    )
    allow_swaps: bool = Field(
        False, description="Whether staff of other cases may be exchanged among the qualified."
    )
    limit: int = Field(5, ge=1, le=50, description="How many offers at most.")

    @model_validator(mode="after")
    def _in_order(self) -> Request:
        if self.date_to < self.date_from:
            raise ValueError(
                f"date_to {self.date_to} is before date_from {self.date_from}. Maybe they are swapped"
            )
        if self.date_to.year > LAST_YEAR:
            raise ValueError(f"date_to {self.date_to} is too far ahead. Maybe this century")
        if (self.date_to - self.date_from).days > 366:
            raise ValueError(
                f"date_to {self.date_to} is more than a year after date_from {self.date_from}. Maybe narrow the dates"
            )
        if self.start_from and self.start_until and self.start_until < self.start_from:
            raise ValueError(
                f"start_until {self.start_until} is before start_from {self.start_from}. Maybe they are swapped"
            )
        if self.start_from and self.end_by and self.end_by <= self.start_from:
            raise ValueError(f"end_by {self.end_by} is not after start_from {self.start_from}")
        return self


def written(value: Any) -> Any:
    """A moment is written out: a bare number would be read as seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError(f"{value} is no date and time. Maybe write it as YYYY-MM-DDTHH:MM")
    return value


def _dated(data: dict[str, Any]) -> dict[str, Any]:
    """The request with the dates of its `at`; of one that is none, the fault is `at`'s own."""
    try:
        day = dt.date.fromisoformat(data["at"][:10]).isoformat()
    except ValueError:
        return {name: value for name, value in data.items() if name not in ("date_from", "date_to")}
    return {**data, "date_from": day, "date_to": day}


class CheckRequest(Request):
    """A request about one exact slot; `at` is clinic wall time, and its date replaces the dates."""

    date_from: dt.date = Field(  # type: ignore[assignment]  # filled from `at`
        None, validate_default=False, description="Leave out; `at` has the date."
    )
    date_to: dt.date = Field(  # type: ignore[assignment]  # filled from `at`
        None, validate_default=False, description="Leave out; `at` has the date."
    )
    at: Annotated[dt.datetime, BeforeValidator(written)] = Field(
        description="Wheels-in, YYYY-MM-DDTHH:MM, clinic wall time."
    )

    @model_validator(mode="before")
    @classmethod
    def _dates_of_at(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("at"), str):
            return _dated(data)
        return data


class TeamIn(Input):
    """A person in one place of a case's team."""

    role: Id
    resource: Id


class TeamOut(Output):
    role: str
    resource: str


class ResourceOut(Output):
    resource: str
    unit: int
    from_: str = Field(alias="from")
    to: str
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class OfferCase(Output):
    procedure: str
    additional_procedures: list[str] = []
    surgeon: str
    room: str
    start: str = Field(description="Wheels-in, ISO 8601 with offset.")
    end: str = Field(description="Wheels-out, ISO 8601 with offset.")
    anesthesia: str
    team: list[TeamOut]
    resources: list[ResourceOut]


class SwapOut(Output):
    case: str
    role: str
    from_: str = Field(alias="from")
    to: str
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class NotChecked(Output):
    rule: str
    missing: str


class Offer(Output):
    """A slot that the verifier passed against every active rule, for the facts given."""

    id: str
    label: str
    rank: int
    cases: list[OfferCase]
    swaps: list[SwapOut] = []
    terms: dict[str, float]
    reasons: list[str]
    warnings: list[str]
    not_checked: list[NotChecked]
    verified: Literal[True] = True
    rules_checked: int


class Alternative(Output):
    offer: Offer
    differs: list[str]


class Reason(Output):
    """One member of a conflict, or one violated rule, in the rule's own sentence."""

    rule: str
    subject: str
    title: str
    text: str
    facts: dict[str, Any]
    resources: list[str] = []


class AtomOut(Output):
    """What could be set aside: one rule about one subject."""

    rule: str
    subject: str


class CorrectionOut(Output):
    changes: list[dict[str, Any]] = Field(description="Typed changes, as `what_if` takes them.")
    text: str
    cost: float
    granted_by: str | None
    opens: int
    example: Offer | None = None
    relaxes: list[AtomOut] = Field(
        [], description="What it sets aside; empty for a part of another correction."
    )


class DayOut(Output):
    date: dt.date
    conflict: list[Reason]


class BlockedOut(Output):
    start: str
    end: str
    cause: str
    kind: Literal["case", "block", "leave", "rule", "outside"] | None = Field(
        None, description="what `record` is the id of; outside: no start that was asked for reaches it"
    )
    record: str | None = None


class LaneOut(Output):
    label: str
    rule: str | None = None
    resource: str | None = None
    free: list[tuple[str, str]]
    blocked: list[BlockedOut]
    in_conflict: bool


class Explanation(Output):
    status: Literal["infeasible", "not_proven"]
    conflict: list[Reason]
    corrections: list[CorrectionOut] = []
    days: list[DayOut] = []
    lanes: list[LaneOut] = []
    minimal: bool
    complete: bool
    swaps_allowed: bool = False
    sentences: list[str] = Field(
        [], description="The conflict for a reader: members that differ only in whom they are about, in one."
    )
    summary: str = Field("", description="A longer window in one sentence.")


class FindResult(Output):
    status: Literal["found", "infeasible", "not_proven"]
    offers: list[Offer]
    alternatives: list[Alternative] = []
    explanation: Explanation | None = None
    solver_ms: float


class CheckResult(Output):
    status: Literal["found", "infeasible", "not_proven"]
    violations: list[Reason]
    offer: Offer | None = None
    alternatives: list[Alternative] = []
    solver_ms: float


class ExplainRequest(Request):
    """A request to be explained; with `at` the question is about exactly that start."""

    date_from: dt.date = Field(  # type: ignore[assignment]  # filled from `at`
        None, validate_default=False, description="First date, clinic time; leave out with `at`."
    )
    date_to: dt.date = Field(  # type: ignore[assignment]  # filled from `at`
        None, validate_default=False, description="Last date, included; leave out with `at`."
    )
    at: Annotated[dt.datetime | None, BeforeValidator(written)] = Field(
        None, description="Wheels-in, YYYY-MM-DDTHH:MM, clinic wall time."
    )

    @model_validator(mode="before")
    @classmethod
    def _dates_of_at(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("at"), str):
            return _dated(data)
        if isinstance(data, dict):
            missing = [name for name in ("date_from", "date_to") if data.get(name) is None]
            if missing:
                raise ValueError(
                    f"{' and '.join(missing)} missing. Maybe add the dates, or `at` for one start"
                )
        return data


class CompareRequest(Input):
    """Two offers of an answer, as they were shown to you."""

    first: Id = Field(description="An offer that was shown.")
    second: Id = Field(description="Another one.")


class TermOut(Output):
    term: str
    level: int
    weight: float
    first: float
    second: float
    decides: bool


class CompareResult(Output):
    """Which of two offers ranks higher, and the terms side by side; smaller is better."""

    higher: str | None
    terms: list[TermOut]
    text: str
