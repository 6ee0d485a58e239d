"""Reading a clinic file: all of it, or nothing and every fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from solver.clinic import Clinic, Instant
from solver.grid import Calendar
from solver.request import Violation
from solver.rules import Catalogue
from solver.verify import clashes, sentences
from tools.clinic_file.build import Loaded, built
from tools.clinic_file.faults import ClinicFileError, Fault
from tools.clinic_file.references import crossed
from tools.clinic_file.shape import shaped
from tools.clinic_file.syntax import Document, parse
from tools.clinic_file.times import timed


def load(
    source: str | bytes | Mapping[str, Any],
    *,
    as_of: dt.datetime | None = None,
    accept_existing: bool = False,
) -> Loaded:
    """The clinic in `source`: YAML or JSON text, or plain values.

    With `as_of` its cases are checked against every rule: clashes among them are faults, or with
    `accept_existing` become the cases' flagged exceptions. Raises `ClinicFileError` with all faults.
    """
    document = Document(dict(source)) if isinstance(source, Mapping) else parse(source)
    if not isinstance(document.values, dict) or not document.values:
        raise ClinicFileError([Fault((), "is not a table of keys. Maybe it is another file")])
    file, faults = shaped(document.values)
    faults += [*crossed(document.values), *timed(document.values)]
    if file is None or faults:
        raise ClinicFileError(_ordered(faults, document))
    loaded = built(file)
    if as_of is None:
        return loaded
    instant = Calendar(loaded.clinic.timezone).of(as_of)
    return replace(loaded, clinic=accepted(loaded.clinic, instant, accept_existing, document))


def accepted(
    clinic: Clinic, as_of: Instant, accept_existing: bool, document: Document | None = None
) -> Clinic:
    """The clinic with its existing clashes on record as exceptions; raises `ClinicFileError` unless told to."""
    found = clashes(clinic, as_of)
    if not found:
        return clinic
    if not accept_existing:
        faults = _clashing(clinic, found)
        raise ClinicFileError(_ordered(faults, document or Document({})))
    cases = tuple(
        replace(case, exceptions=_with(case.exceptions, found.get(case.id, ()))) for case in clinic.cases
    )
    return replace(clinic, cases=cases)


def _with(exceptions: tuple[str, ...], violations: Iterable[Violation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*exceptions, *(violation.rule for violation in violations)]))


def _clashing(clinic: Clinic, found: Mapping[str, tuple[Violation, ...]]) -> list[Fault]:
    catalogue = Catalogue.of(clinic)
    place = {case.id: ("cases", index) for index, case in enumerate(clinic.cases)}
    return [
        Fault(place[case], f"{case}: {said.rstrip('.')}. Maybe accept existing clashes as exceptions")
        for case, violations in found.items()
        for said in sentences(violations, catalogue)
    ]


def _ordered(faults: Iterable[Fault], document: Document) -> list[Fault]:
    """The faults with their lines, in the order of the file."""
    placed = [replace(fault, line=fault.line or document.line(fault.place)) for fault in faults]
    return sorted(placed, key=lambda fault: (fault.line or 0, [str(key) for key in fault.place]))
