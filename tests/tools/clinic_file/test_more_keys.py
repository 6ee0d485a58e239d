"""The keys that the rest of the rule catalogue reads: they survive a round trip, and wrong ones are told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from solver.rules import CATALOGUE, Catalogue
from tools.clinic_file import ClinicFileError, dumped, exported, load

WEEK = {"mon": "07:00-18:00", "tue": "07:00-18:00"}


def file(**more: Any) -> dict[str, Any]:
    """A clinic that says something of everything new."""
    return {
        "format": 1,
        "clinic": {"id": "c", "name": "C", "timezone": "America/New_York", "hours": WEEK},
        "rooms": {"or-1": {"name": "OR 1", "hours": WEEK, "equipment": ["laser"]}},
        "equipment": {
            "laser": {
                "name": "Laser", "kind": "fixed", "laser": True, "radiation": True, "assist": "robot-assist",
                "setup_minutes": 20,
            }
        },
        "bays": {
            "pacu": {"name": "PACU", "units": 2, "hours": WEEK, "nurses": [{"count": 2, "hours": WEEK}]},
            "hall": {"name": "Hall", "units": 2, "hours": WEEK},
            "lounge": {"name": "Lounge", "units": 2, "hours": WEEK},
            "ward": {"name": "Ward", "units": 2, "hours": WEEK},
        },
        "staff": {
            "dr-a": {
                "name": "Dr. A", "role": "surgeon", "arrival_minutes": 15, "calls": ["2026-03-09"],
                "max_minutes_week": 2400, "restrictions": [{"id": "radiation", "until": "2026-06-30"}],
            }
        },
        "procedures": {
            "p": {
                "name": "P", "minutes": {"default": {"median": 60}},
                "team": [{"role": "anesthesiologist", "supervises": True}],
                "recovery": {"bay": "pacu", "minutes": {"general": 60}},
                "preop": {"bay": "hall", "minutes": 60}, "phase_two": {"bay": "lounge", "minutes": 180},
                "ward": {"bay": "ward", "minutes": 1440}, "critical": {"from": 10, "until": -10},
                "stage_gap_days": 42, "implant_lead_days": 2, "anticoagulant_days": 7,
                "consent": {"min_days": 30, "max_days": 180}, "authorisation": True,
            }
        },
        "rules": {"first-case": {"dated": [{"from": "2026-04-01", "params": {"not_before": {"wed": "08:30"}}}]}},
        "cases": [
            {
                "id": "a", "procedure": "p", "surgeon": "dr-a", "room": "or-1", "start": "2026-03-10T08:00",
                "minutes": 60, "anesthesia": "general",
            },
            {
                "id": "b", "procedure": "p", "surgeon": "dr-a", "room": "or-1", "start": "2026-03-10T09:00",
                "minutes": 60, "anesthesia": "general", "follows": "a", "arrangement": "back-to-back",
            },
        ],
        "readiness": {
            "patient-1": {
                "history_on": "2026-03-01", "consent_on": "2026-02-01", "anticoagulant_stopped": "2026-03-02",
                "authorisations": [{"procedure": "p", "until": "2026-04-01"}],
                "last_meal": "2026-03-10T01:00", "last_drink": "2026-03-10T05:00",
            }
        },
    } | more  # fmt: skip


def test_everything_new_survives_a_round_trip() -> None:
    """Loaded, written as values or as text, and loaded again, the clinic is the same."""
    loaded = load(file())
    assert load(exported(loaded, patients=True)) == loaded
    assert load(dumped(exported(loaded, patients=True))) == loaded


def test_dated_parameters_are_judged_on_the_day_of_surgery() -> None:
    """A parameter dated April 1 is not there on March 31, and there from April 1 on."""
    clinic = load(file()).clinic
    rule = next(each for each in Catalogue.of(clinic).rules if each.id == "first-case")
    assert rule.params_on(dt.date(2026, 3, 31))["not_before"] == {}
    assert rule.params_on(dt.date(2026, 4, 1))["not_before"] == {"wed": "08:30"}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"first-case": {"params": {"not_before": {"wed": "8:30"}}}}, "is not a time of day a weekday"),
        ({"first-case": {"dated": [{"from": "2026-04-01", "params": {"befor": 1}}]}}, "is not a parameter"),
        ({"horizon": {"params": {"days": -1}}}, "is not a whole number"),
        ({"first-cases": {}}, 'Maybe "first-case"'),
    ],
)
def test_a_wrong_parameter_is_told(rules: dict[str, Any], said: str) -> None:
    """A value of another kind, a name that isn't one, and a rule that isn't there are faults with a way out."""
    with pytest.raises(ClinicFileError) as raised:
        load(file(rules=rules))
    assert said in str(raised.value)


def test_two_stays_of_a_case_are_in_two_pools() -> None:
    """A second phase in the bay of the first is a fault: one case can't wait for itself."""
    wrong = file()
    wrong["procedures"]["p"]["phase_two"]["bay"] = "pacu"
    with pytest.raises(ClinicFileError, match="bay of two stays"):
        load(wrong)


def test_every_default_fits_its_own_shape() -> None:
    """A file that writes the defaults out is accepted."""
    rules = {id_: {"params": plain(rule.defaults)} for id_, rule in CATALOGUE.items() if rule.defaults}
    assert load(file(rules=rules)).clinic.rules.keys() == rules.keys()


def plain(value: Any) -> Any:
    """Frozen tables and tuples as a file writes them."""
    if hasattr(value, "items"):
        return {key: plain(each) for key, each in value.items()}
    return list(value) if isinstance(value, tuple) else value


def test_a_cost_of_no_change_is_told_with_the_nearest() -> None:
    """`ranking: costs` names types of change; a misspelt one is refused by its place, and none needs levels."""
    assert load(file(ranking={"costs": {"release-block": 3}})).clinic.costs == {"release-block": 3}
    with pytest.raises(ClinicFileError, match='no type of change "realease-block". Maybe "release-block"'):
        load(file(ranking={"costs": {"realease-block": 3}}))
    with pytest.raises(ClinicFileError, match="costs"):
        load(file(ranking={"costs": {"release-block": -1}}))
