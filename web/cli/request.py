"""A request from options and from a file: the contract's fields by the contract's names, with dashes."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, fields
from typing import Annotated, Any

import typer

from tools.errors import ToolError
from web.cli.files import read_text

LARGEST = 1_000_000
"""Characters of a request file; no request is longer."""

Text = str | None
Many = list[str]


def _option(help_: str, metavar: str | None = None, panel: str = "The request") -> Any:
    return typer.Option(help=help_, metavar=metavar, rich_help_panel=panel)


@dataclass(frozen=True)
class Asked:
    """Everything that a request may say. Values stay text: the contract's own model reads and refuses them."""

    request: Annotated[Text, _option("The request as JSON; options given beside it win.", "FILE|-")] = None
    procedure: Annotated[Text, _option("Procedure id.", "ID")] = None
    additional_procedures: Annotated[Many, _option("Done in the same case.", "ID,...")] = field(
        default_factory=list
    )
    surgeon: Annotated[Text, _option("Surgeon id; any privileged surgeon if left out.", "ID")] = None
    room: Annotated[Text, _option("Room id.", "ID")] = None
    exclude_surgeons: Annotated[Many, _option("Not with these surgeons.", "ID,...")] = field(
        default_factory=list
    )
    exclude_rooms: Annotated[Many, _option("Not in these rooms.", "ID,...")] = field(default_factory=list)
    date_from: Annotated[Text, _option("First date, clinic time.", "DATE")] = None
    date_to: Annotated[Text, _option("Last date, included; the first if left out.", "DATE")] = None
    weekdays: Annotated[Many, _option("Only these weekdays: mon,thu.", "DAY,...")] = field(
        default_factory=list
    )
    exclude_dates: Annotated[Many, _option("Not on these dates.", "DATE,...")] = field(default_factory=list)
    start_from: Annotated[Text, _option("Earliest wheels-in.", "HH:MM")] = None
    start_until: Annotated[Text, _option("Latest wheels-in.", "HH:MM")] = None
    end_by: Annotated[Text, _option("Latest wheels-out.", "HH:MM")] = None
    duration_minutes: Annotated[Text, _option("Wheels-in to wheels-out.", "MINUTES")] = None
    count: Annotated[Text, _option("How many such cases.", "N")] = None
    arrangement: Annotated[Text, _option("any, back-to-back or flip.", "HOW")] = None
    after_case: Annotated[Text, _option("Case that this one follows.", "ID")] = None
    position: Annotated[Text, _option("first or last of the room's day.", "WHICH")] = None
    replaces: Annotated[Text, _option("Case to be moved; its own reservations don't count.", "ID")] = None
    anesthesia: Annotated[Text, _option("general, spinal, regional, mac or local.", "KIND")] = None
    patient_age: Annotated[Text, _option("Years.", "YEARS")] = None
    patient_weight_kg: Annotated[Text, _option("Weight.", "KG")] = None
    patient_bmi: Annotated[Text, _option("Body mass index.", "NUMBER")] = None
    patient_asa: Annotated[Text, _option("ASA physical status class.", "1-6")] = None
    patient_flags: Annotated[Many, _option("latex, mrsa, diabetic, ... or none.", "FLAG,...")] = field(
        default_factory=list
    )
    extra_equipment: Annotated[Many, _option("Equipment beside the procedure's own.", "ID,...")] = field(
        default_factory=list
    )
    urgency: Annotated[Text, _option("elective, add-on or urgent.", "KIND")] = None
    overrides: Annotated[Many, _option("A rule to set aside, with the reason on record.", "RULE=REASON")] = (
        field(default_factory=list)
    )
    allow_swaps: Annotated[
        bool, typer.Option("--allow-swaps", help="People of other cases may be exchanged.")
    ] = False
    limit: Annotated[Text, _option("How many offers.", "N")] = None

    def payload(self) -> dict[str, Any]:
        """The request as the contract's model reads it; fields that nobody gave are left out."""
        given = from_file(self.request) if self.request is not None else {}
        given |= {name: value for name, value in self._options() if value}
        if "patient" in given and isinstance(given["patient"], dict):
            given["patient"] = given["patient"] | dict(self._patient())
        elif patient := dict(self._patient()):
            given["patient"] = patient
        if given.get("date_from") and not given.get("date_to"):
            given["date_to"] = given["date_from"]
        return given

    def _options(self) -> list[tuple[str, Any]]:
        names = [f.name for f in fields(self) if f.name != "request" and not f.name.startswith("patient_")]
        return [(name, self._value(name)) for name in names]

    def _value(self, name: str) -> Any:
        value = getattr(self, name)
        if name == "overrides":
            return [_override(each) for each in value]
        return _listed(value) if isinstance(value, list) else value

    def _patient(self) -> list[tuple[str, Any]]:
        facts = [(name, getattr(self, f"patient_{name}")) for name in ("age", "weight_kg", "bmi", "asa")]
        flags = [flag for flag in _listed(self.patient_flags) if flag != "none"]
        known = [("flags", flags)] if self.patient_flags else []
        return [(name, value) for name, value in facts if value is not None] + known


def from_file(name: str) -> dict[str, Any]:
    """The JSON object in a file, or on stdin for "-"; raises `ToolError("invalid")`."""
    where = "stdin" if name == "-" else name
    text = sys.stdin.read() if name == "-" else read_text(name, "request")
    if len(text) > LARGEST:
        raise ToolError(
            "invalid", f"{where} has {len(text)} characters. Maybe it is another file.", "request"
        )
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ToolError(
            "invalid", f"{where} is not JSON: {error}. Maybe it is another file.", "request"
        ) from None
    if not isinstance(read, dict):
        raise ToolError(
            "invalid", f"{where} is not a JSON object. Maybe put the request in {{ }}.", "request"
        )
    return read


def _listed(values: list[str]) -> list[str]:
    """Options may be repeated, or hold several values with commas between."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _override(text: str) -> dict[str, str]:
    rule, equals, reason = text.partition("=")
    if not equals or not reason.strip():
        raise ToolError(
            "invalid", f"{text!r} gives no reason. Maybe write it as block='the owner agreed'.", "overrides"
        )
    return {"rule": rule.strip(), "reason": reason.strip()}
