"""The store keeps every kind of record that a clinic file may hold, the rarer ones too."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tools.clinic_file import exported, load
from tools.records.demo import demo_clinic
from tools.records.store import Store


def test_readiness_and_arrangements_survive_the_store() -> None:
    """What a file says of a patient's readiness, and how a case is tied to another, comes back as it went in."""
    values: dict[str, Any] = demo_clinic(dt.date(2026, 3, 5))
    first, second = sorted(
        (
            case
            for case in values["cases"]
            if case["room"] == "or-1" and case["start"].startswith("2026-03-10")
        ),
        key=lambda case: str(case["start"]),
    )[:2]
    second["follows"], second["arrangement"] = first["id"], "back-to-back"
    values["readiness"] = {first["patient"]["ref"]: {"consent_on": "2026-03-01"}}
    given = exported(load(values))
    assert exported_of(Store.memory(values)) == given
    kept = Store.memory(values).clinic()
    assert kept.cases_by_id[second["id"]].arrangement == "back-to-back"
    assert first["patient"]["ref"] in kept.readiness


def exported_of(store: Store) -> Any:
    """The store's clinic as a clinic file, patients left out as they are there."""
    return store.export(patients=False)
