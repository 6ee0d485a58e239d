"""The demo clinic is the one that was promised, and its book keeps every rule on any date."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.oracle import World, load
from tools.records.demo import demo_clinic

THE_DAY = dt.date(2026, 3, 5)  # a Thursday
NOW = dt.datetime.fromisoformat("2026-03-05T09:00")  # clinic wall time, as the oracle takes it
TUESDAY, NO_SLOT_THURSDAY = "2026-03-10", "2026-03-12"
DATES = st.dates(dt.date(2026, 1, 20), dt.date(2027, 10, 1))
SOME_DATES = [
    THE_DAY,
    dt.date(2026, 3, 8),  # a Sunday, and the clocks go forward
    dt.date(2026, 10, 29),  # the clocks go back three days on
    dt.date(2026, 11, 23),  # Thanksgiving week
    dt.date(2027, 1, 4),
]
CASE_KEYS = {
    "id", "procedure", "surgeon", "room", "start", "minutes", "anesthesia", "team", "patient", "status",
    "pinned", "follows",
}  # fmt: skip
Record = dict[str, Any]


def by_day(clinic: Record) -> dict[dt.date, list[Record]]:
    """The clinic's cases by date."""
    days: dict[dt.date, list[Record]] = defaultdict(list)
    for case in clinic["cases"]:
        days[dt.date.fromisoformat(case["start"][:10])].append(case)
    return days


def findings(clinic: Record) -> list[str]:
    """What the oracle says of each case, taken out of its day and judged long enough before for its notice."""
    found = []
    for day, cases in by_day(clinic).items():
        world = load({**clinic, "cases": cases})
        for case in cases:
            world.remove(case["id"])
            before = dt.datetime.combine(day, dt.time(9)) - dt.timedelta(days=40)
            found += [f"{case['id']} {words}" for words in world.judge(case, now=before)]
            world.add(case)
    return found


def fill(clinic: Record, day: dt.date) -> float:
    """The share of the day's room hours taken by cases with their set-up and turnover."""
    name = f"{day:%a}".lower()
    open_minutes = sum(minutes_in(room["hours"][name]) for room in clinic["rooms"].values())
    return sum(taken(clinic, case) for case in by_day(clinic)[day]) / open_minutes


def taken(clinic: Record, case: Record) -> int:
    """Minutes that the case takes of its room."""
    row = clinic["procedures"][case["procedure"]]
    return int(case["minutes"] + row["setup_minutes"] + row["turnover_minutes"])


def minutes_in(window: str) -> int:
    """The length of "HH:MM-HH:MM"."""
    begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in window.split("-"))
    return end - begin


def uses(clinic: Record, item: str, case: Record) -> bool:
    """Whether the case's procedure needs that equipment."""
    return item in clinic["procedures"][case["procedure"]]["equipment"]


def smith_starts(world: World, day: str) -> list[dt.datetime]:
    """Every start of a knee arthroscopy by Dr. Smith on a day, as the oracle finds them."""
    request = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": day, "date_to": day}
    return sorted(start for _, _, start in world.feasible_starts(request, now=NOW))


@pytest.fixture(scope="module")
def clinic() -> Record:
    """The demo on the day; read only."""
    return demo_clinic(THE_DAY)


def test_the_house(clinic: Record) -> None:
    """There are exactly fifteen staff and three rooms; OR 1 alone has the tower and OR 3 alone the da Vinci."""
    assert len(clinic["staff"]) == 15
    assert list(clinic["rooms"]) == ["or-1", "or-2", "or-3"]
    for item, room in [("arthroscopy-tower", "or-1"), ("da-vinci", "or-3")]:
        assert [id_ for id_, row in clinic["rooms"].items() if item in row["equipment"]] == [room]


def test_the_surgeons(clinic: Record) -> None:
    """Smith may do knee arthroscopy alone, on Tuesday and Thursday; Evans's every procedure needs the robot."""
    smith, evans = clinic["staff"]["dr-smith"], clinic["staff"]["dr-evans"]
    assert [row["procedure"] for row in smith["privileges"]] == ["knee-arthroscopy"]
    assert set(smith["shifts"]) == {"tue", "thu"}
    needs = [clinic["procedures"][row["procedure"]]["equipment"] for row in evans["privileges"]]
    assert needs == [["da-vinci"]] * len(needs)


def test_the_c_arm(clinic: Record) -> None:
    """The one C-arm goes to OR 2 and OR 3 and takes a fluoroscopy-certified operator."""
    c_arm = clinic["equipment"]["c-arm"]
    leaded = [id_ for id_, row in clinic["rooms"].items() if c_arm["room_feature"] in row["features"]]
    assert (c_arm["units"], c_arm["move_minutes"], leaded) == (1, 10, ["or-2", "or-3"])
    assert c_arm["operator"] == {"role": "rad-tech", "certification": "fluoroscopy"}


def test_procedures_have_surgeons(clinic: Record) -> None:
    """Every procedure has a privileged surgeon, a short code of its own and CPT numbers shared with no other."""
    held = {row["procedure"] for person in clinic["staff"].values() for row in person.get("privileges", [])}
    rows = clinic["procedures"].values()
    codes = [code for row in rows for code in row["cpt"]]
    assert held == set(clinic["procedures"])
    assert len({row["short"] for row in rows}) == len(clinic["procedures"]) >= 12
    assert len(set(codes)) == len(codes)


def test_cases_are_whole(clinic: Record) -> None:
    """A case has the clinic file's keys and no others, a 15-minute start and a synthetic patient of its own."""
    refs = [case["patient"]["ref"] for case in clinic["cases"]]
    assert {frozenset(case) for case in clinic["cases"]} == {frozenset(CASE_KEYS)}
    assert all(int(case["start"][-2:]) % 15 == 0 for case in clinic["cases"])
    assert sorted(refs) == [patient["ref"] for patient in clinic["patients"]]
    assert all(patient["name"].startswith("Test Patient ") for patient in clinic["patients"])


def test_ids_are_unique(clinic: Record) -> None:
    """No two cases share an id, and no two patients a ref."""
    for part, key in [("cases", "id"), ("patients", "ref")]:
        assert len({row[key] for row in clinic[part]}) == len(clinic[part])


@pytest.mark.parametrize("today", SOME_DATES, ids=str)
def test_a_patient_of_ones_own_is_nobody_here(today: dt.date) -> None:
    """Whoever tries the demo with a made-up number, as T0000001 or T0001234, meets nobody's record under it."""
    assert all(each["mrn"] >= "T8600000" for each in demo_clinic(today)["patients"])


def test_it_is_json(clinic: Record) -> None:
    """The clinic consists of plain JSON values, and asking again for the same date gives the same bytes."""
    assert json.dumps(clinic) == json.dumps(demo_clinic(THE_DAY))


def test_callers_may_change_it() -> None:
    """Changing one copy leaves the next one as it was."""
    demo_clinic(THE_DAY)["staff"].clear()
    assert len(demo_clinic(THE_DAY)["staff"]) == 15


@pytest.mark.parametrize("today", SOME_DATES, ids=str)
def test_every_rule_is_kept(today: dt.date) -> None:
    """The oracle finds nothing wrong with any booking of the demo on the dates that are easy to get wrong."""
    assert findings(demo_clinic(today)) == []


@settings(max_examples=5, deadline=None)
@given(DATES)
def test_every_rule_is_kept_on_any_date(today: dt.date) -> None:
    """The oracle finds nothing wrong with any booking of the demo, whatever today is."""
    assert findings(demo_clinic(today)) == []


@settings(max_examples=10, deadline=None)
@given(DATES, st.integers(1, 40))
def test_the_same_day_keeps_its_bookings(today: dt.date, later: int) -> None:
    """As the clock moves on, a day only gains cases: none changes its room, time, team or patient."""
    settled = {"status": None}
    before, after = by_day(demo_clinic(today)), by_day(demo_clinic(today + dt.timedelta(days=later)))
    for day in before.keys() & after.keys():
        known = {case["id"]: case | settled for case in after[day]}
        assert all(known[case["id"]] == case | settled for case in before[day])


@settings(max_examples=10, deadline=None)
@given(DATES)
def test_past_is_done(today: dt.date) -> None:
    """Cases before today are done and the others booked, on weekdays from 14 days back to 45 ahead."""
    for day, cases in by_day(demo_clinic(today)).items():
        assert -14 <= (day - today).days <= 45
        assert day.weekday() < 5
        assert {case["status"] for case in cases} == {"done" if day < today else "booked"}


@settings(max_examples=10, deadline=None)
@given(DATES)
def test_the_book_thins_out(today: dt.date) -> None:
    """The coming week is 40 to 85 % full on average, and emptier five weeks on."""
    clinic = demo_clinic(today)
    closed = {holiday["date"] for holiday in clinic["clinic"]["holidays"]}
    near, far = ([today + dt.timedelta(days=first + n) for n in range(7)] for first in (0, 35))
    means = []
    for days in (near, far):
        fills = [fill(clinic, day) for day in days if day.weekday() < 5 and day.isoformat() not in closed]
        means.append(sum(fills) / len(fills))
    assert 0.40 <= means[0] <= 0.85
    assert means[1] < means[0]


@pytest.mark.parametrize("today", SOME_DATES, ids=str)
def test_the_c_arm_is_used_most_days(today: dt.date) -> None:
    """The C-arm is booked for part of most days in the weeks around today."""
    clinic = demo_clinic(today)
    near = [cases for day, cases in by_day(clinic).items() if abs((day - today).days) <= 14]
    assert sum(any(uses(clinic, "c-arm", case) for case in cases) for cases in near) > len(near) / 2


def test_smith_has_openings_on_tuesday(clinic: Record) -> None:
    """On Tuesday, March 10 Smith has at least four starts in OR 1, though every room has bookings."""
    starts = smith_starts(load(clinic), TUESDAY)
    assert len(starts) >= 4
    assert {case["room"] for case in by_day(clinic)[dt.date(2026, 3, 10)]} == {"or-1", "or-2", "or-3"}


def test_or_2_is_refused_for_several_reasons(clinic: Record) -> None:
    """Smith in OR 2 on Tuesday at 10:00 lacks the tower, and is in Patel's block and another case's time."""
    team = [("anesthesiologist", "anesthesiologist-1"), ("circulator", "circulator-1"), ("scrub", "scrub-1")]
    case = {
        "procedure": "knee-arthroscopy",
        "surgeon": "dr-smith",
        "room": "or-2",
        "start": f"{TUESDAY}T10:00",
        "team": [{"role": role, "resource": person} for role, person in team],
    }
    rules = {found.split()[0] for found in load(clinic).judge(case, now=NOW)}
    assert rules == {"room-equipment", "block", "room-occupancy"}


def test_or_2_is_occupied_through_mid_morning(clinic: Record) -> None:
    """On Tuesday, March 10 a case holds OR 2 from 09:30 to 11:00."""
    held = [(case["start"], case["minutes"]) for case in clinic["cases"] if case["room"] == "or-2"]
    assert (f"{TUESDAY}T09:30", 90) in held


def test_smith_has_nothing_on_thursday(clinic: Record) -> None:
    """On Thursday, March 12 Smith has no start: Patel's block holds OR 1, with cases in it."""
    world = load(clinic)
    inside = [case for case in by_day(clinic)[dt.date(2026, 3, 12)] if case["room"] == "or-1"]
    assert smith_starts(world, NO_SLOT_THURSDAY) == []
    assert inside
    assert {case["surgeon"] for case in inside} == {"dr-patel"}


@pytest.mark.parametrize("year", [2026, 2029, 2035])
def test_the_demo_is_alive_in_any_year(year: int) -> None:
    """Nobody's privilege has lapsed on the clock's day: what ends is renewed before it does."""
    today = dt.date(year, 6, 2)
    staff = demo_clinic(today)["staff"].values()
    ends = [dt.date.fromisoformat(held["until"]) for person in staff for held in person.get("privileges", ())]
    assert min(ends) > today
