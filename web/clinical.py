"""What is known of a patient: who it is, and the clinical facts that rules ask for, as forms send them.

A field that is left empty says nothing: its rule stays under "Not checked yet". "None of these" says that nothing on
the list is so, which is a fact of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import Form

from web.language import N_

Typed = Annotated[str, Form(max_length=200)]

FLAGS = (
    ("latex", N_("Latex allergy")), ("mrsa", N_("MRSA")), ("c-diff", N_("C. diff")), ("diabetic", N_("Diabetes")),
    ("anticoagulant", N_("Blood thinner")), ("malignant-hyperthermia", N_("Malignant hyperthermia")),
    ("frail", N_("Frail")), ("none", N_("None of these")),
)  # fmt: skip
"""What rules ask of a patient, as they name it and as people say it."""
IDENTITY = ("name", "mrn", "birth_date")


@dataclass(frozen=True)
class Facts:
    """The clinical fields of a form."""

    age: str = ""
    asa: str = ""
    weight_kg: str = ""
    bmi: str = ""
    flags: Sequence[str] = ()

    def body(self) -> dict[str, Any]:
        """What was given, as the tools take it; they check it."""
        given: dict[str, Any] = {
            name: value
            for name in ("age", "asa", "weight_kg", "bmi")
            if (value := str(getattr(self, name)).strip())
        }
        if self.flags:
            given["flags"] = [each for each in self.flags if each != "none"]
        return given


UNKNOWN = Facts()


@dataclass(frozen=True)
class PatientForm:
    """Who it is, the side, and the facts."""

    name: str = ""
    mrn: str = ""
    birth_date: str = ""
    laterality: str = ""
    facts: Facts = UNKNOWN

    def patient(self) -> dict[str, Any]:
        """The patient as `propose` takes it."""
        return {key: value for key in IDENTITY if (value := getattr(self, key))} | self.facts.body()

    def side(self) -> dict[str, str]:
        """The side, where one was chosen."""
        return {"laterality": self.laterality} if self.laterality else {}

    def values(self) -> Mapping[str, Any]:
        """What was typed, to be shown again."""
        own = {"name": self.name, "mrn": self.mrn, "birth_date": self.birth_date}
        return {**own, "laterality": self.laterality, **asdict(self.facts)}


NOBODY = PatientForm().values()
"""An empty form."""


def facts_typed(
    age: Typed = "", asa: Typed = "", weight_kg: Typed = "", bmi: Typed = "",
    flags: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
) -> Facts:  # fmt: skip
    """The clinical fields that a browser sent."""
    return Facts(age, asa, weight_kg, bmi, tuple(flags))


def patient_typed(
    name: Typed = "", mrn: Typed = "", birth_date: Typed = "", laterality: Typed = "",
    asa: Typed = "", weight_kg: Typed = "", bmi: Typed = "",
    flags: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
) -> PatientForm:  # fmt: skip
    """The patient's fields that a browser sent."""
    return PatientForm(name, mrn, birth_date, laterality, Facts("", asa, weight_kg, bmi, tuple(flags)))
