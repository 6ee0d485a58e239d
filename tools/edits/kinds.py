"""The kinds of records: what one is made of, and which of its keys are facts."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from tools.clinic_file import facility as f
from tools.clinic_file import models as m

MODELS: Mapping[str, type[BaseModel]] = {
    "clinic": f.ClinicRecord,
    "rooms": f.RoomRecord,
    "equipment": f.EquipmentRecord,
    "trays": f.TrayRecord,
    "bays": f.BayRecord,
    "staff": m.StaffRecord,
    "procedures": m.ProcedureRecord,
    "blocks": m.BlockRecord,
    "rules": m.RuleRecord,
    "ranking": m.RankingRecord,
    "readiness": m.ReadinessRecord,
}

TITLES: Mapping[str, str] = {
    "clinic": "Clinic",
    "rooms": "Rooms",
    "equipment": "Equipment",
    "trays": "Trays",
    "bays": "Bays",
    "staff": "Staff",
    "procedures": "Procedures",
    "blocks": "Blocks",
    "rules": "Rules",
    "ranking": "Ranking",
    "readiness": "Patients' readiness",
}

SINGLE = frozenset({"clinic", "ranking"})
"""Kinds that are one record, whose id is the kind."""

FACTS: Mapping[str, frozenset[str]] = {
    "staff": frozenset({"leave"}),
    "rooms": frozenset({"closures"}),
    "equipment": frozenset({"maintenance"}),
    "readiness": frozenset(m.ReadinessRecord.model_fields),
}
"""What happens whether the clinic likes it or not: it is saved at once and flags the cases that it hits."""


def facts_of(kind: str) -> frozenset[str]:
    """The keys of a kind whose change is a fact."""
    return FACTS.get(kind, frozenset())
