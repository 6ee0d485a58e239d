from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.oracle.book import Record
from evals.oracle.oracle import load
from evals.oracle.pack import Use, clash, fits
from tests.evals.oracle.claims import BLOCK, CLAIMS, Spoil, put, recovers, uses
from tests.evals.oracle.small import DAY, NOW, ZONE, booked, case, clinic, may, person, team, weekly


def rules(found: list[str]) -> set[str]:
    """The ids of the violated rules."""
    return {line.split()[0] for line in found}


@pytest.mark.parametrize(
    ("rule", "spoils", "good", "bad"), CLAIMS, ids=lambda it: it if isinstance(it, str) else ""
)
def test_a_rule_finds_its_violation_and_no_other(
    rule: str, spoils: list[Spoil], good: Record, bad: Record
) -> None:
    """Each rule accepts the case at its edge, refuses the one just past it, and no other rule speaks up."""
    data = clinic()
    for spoil in spoils:
        spoil(data)
    world = load(data)
    request = {"duration_minutes": bad_minutes(bad)} if rule == "staff-hours" else None
    assert world.judge(good, now=NOW) == []
    assert rules(world.judge(bad, now=NOW, request=request)) == {rule}


def bad_minutes(offered: Record) -> int:
    """How long an offered case lasts."""
    begin, end = (datetime.fromisoformat(offered[key]) for key in ("start", "end"))
    return int((end - begin).total_seconds() // 60)


@pytest.mark.parametrize("rule", sorted({claim[0] for claim in CLAIMS} - {"start-step", "duration"}))
def test_a_rule_that_is_off_is_silent(rule: str) -> None:
    """A level of off, also as the False that YAML reads a bare off as, silences a rule."""
    _, spoils, _, bad = next(claim for claim in CLAIMS if claim[0] == rule)
    for level in ("off", False):
        data = clinic()
        for spoil in [*spoils, put(f"rules.{rule}", {"level": level})]:
            spoil(data)
        request = {"duration_minutes": bad_minutes(bad)}
        assert rule not in rules(load(data).judge(bad, now=NOW, request=request))


@pytest.mark.parametrize(
    ("minutes_apart", "params", "fits_in"),
    [
        (45, {}, True),
        (30, {}, False),
        (45, {"specialty_change_minutes": 20}, False),
        (60, {"specialty_change_minutes": 20}, True),
    ],
)
def test_another_specialty_takes_longer(minutes_apart: int, params: Record, fits_in: bool) -> None:
    """Turnover grows by specialty_change_minutes between two services, and by nothing when one is unknown."""
    data = clinic()
    data["procedures"]["scope"].update(service="ortho", setup_minutes=10)
    data["procedures"]["hand"].update(service="plastics")
    data["rules"] = {"turnover": {"level": "hard", "params": params}}
    data["cases"] = [booked("10:00", room="r1", procedure="hand")]
    start = (datetime(2026, 3, 3, 11, tzinfo=ZONE) + timedelta(minutes=minutes_apart)).strftime("%H:%M")
    assert (load(data).judge(case(start), now=NOW) == []) is fits_in
    del data["procedures"]["hand"]["service"]
    assert load(data).judge(case("11:30"), now=NOW) == []


def test_a_block_opens_on_its_release_day() -> None:
    """A block holds until its release date and no longer on it; without release days it always holds."""
    data = clinic() | {"blocks": [BLOCK]}
    held, open_ = (datetime(2026, 2, day, 23, 59, tzinfo=ZONE) for day in (23, 24))
    assert rules(load(data).judge(case(), now=held)) == {"block"}
    assert load(data).judge(case(), now=open_) == []
    data["blocks"] = [{**BLOCK, "release_days": None}]
    assert rules(load(data).judge(case(), now=open_)) == {"block"}


def test_cancelled_cases_occupy_nothing() -> None:
    """A cancelled case leaves its room free, as does a removed one; an added case takes it."""
    world = load(clinic() | {"cases": [booked("08:00", room="r1", status="cancelled")]})
    assert world.judge(case(), now=NOW) == []
    name = world.add(case(surgeon="s2", team=team("a2", "c2")))
    assert rules(world.judge(case(), now=NOW)) == {"room-occupancy"}
    world.remove(name)
    assert world.judge(case(), now=NOW) == []


def test_yesterdays_tray_blocks_this_morning() -> None:
    """A tray's reprocessing reaches over midnight."""
    data = clinic()
    uses("trays", "set", reprocessing_minutes=480)(data)
    data["cases"] = [booked("22:00", day="2026-03-02")]
    assert rules(load(data).judge(case("06:45"), now=NOW)) == {"tray-reprocessing"}
    assert load(data).judge(case("07:00"), now=NOW) == []


def test_pool_units_are_repacked() -> None:
    """Two units booked 8-10 and 12-14 do not hide a free 9-13, and a third use at one moment does not fit."""
    data = clinic()
    uses("equipment", "arm", units=2)(data)
    data["staff"] |= {"s3": person("surgeon", privileges=may("scope"))}
    others = [booked("08:00", minutes=120), booked("12:00", minutes=120)]
    data["cases"] = others
    wide = case("09:00", length=240)
    request = {"duration_minutes": 240}
    assert load(data).judge(wide, now=NOW, request=request) == []
    data["cases"] = [*others, booked("09:30", room="r3", surgeon="s3", team=[])]
    data["rooms"]["r3"] = data["rooms"]["r2"]
    assert rules(load(data).judge(wide, now=NOW, request=request)) == {"equipment-pool"}


@pytest.mark.parametrize("spoil", [uses("trays", "set", units=2), recovers(units=2)])
def test_two_units_serve_two_cases_at_once(spoil: Spoil) -> None:
    """A second tray set or bay lets two cases run side by side."""
    data = clinic() | {"cases": [booked()]}
    spoil(data)
    assert load(data).judge(case(), now=NOW) == []


def test_cases_of_one_offer_are_judged_together() -> None:
    """Two cases that fit alone are refused together when they share a person or name one unit twice."""
    first, second = case(), case(room="r2", surgeon="s2", team=team("a2", "c2"))
    assert load(clinic()).judge_all([first, second], now=NOW) == []
    shared = {**second, "team": team("a2", "c1")}
    assert rules(load(clinic()).judge_all([first, shared], now=NOW)) == {"person-occupancy"}
    data = clinic()
    uses("equipment", "arm", units=2)(data)
    named = [{"resource": "arm", "unit": 1, "from": first["start"], "to": first["end"]}]
    pair = [{**one, "resources": named} for one in (first, second)]
    assert rules(load(data).judge_all(pair, now=NOW)) == {"unit-occupancy"}


def test_a_request_bounds_its_offers() -> None:
    """An offer outside the asked days, hours, room, surgeon or procedure is refused, the edge is not."""
    world = load(clinic())
    good: Record = {
        "date_from": DAY,
        "date_to": DAY,
        "start_from": "08:00",
        "start_until": "08:00",
        "end_by": "09:00",
    }
    assert world.judge(case(), now=NOW, request=good) == []
    bad: list[Record] = [
        {"date_from": "2026-03-04"},
        {"date_to": "2026-03-02"},
        {"weekdays": ["wed"]},
        {"exclude_dates": [DAY]},
        {"start_from": "08:15"},
        {"start_until": "07:45"},
        {"end_by": "08:45"},
        {"room": "r2"},
        {"surgeon": "s2"},
        {"exclude_rooms": ["r2", "r1"]},
        {"exclude_surgeons": ["s1"]},
        {"procedure": "hand"},
        {"anesthesia": "local"},
    ]
    for request in bad:
        assert rules(world.judge(case(), now=NOW, request=request)) == {"request"}, request


def test_overrides_and_urgency_relax_only_what_may_be() -> None:
    """An override silences turnover but never occupancy; an urgent case needs no notice but no past start."""
    world = load(clinic() | {"cases": [booked("10:00", room="r1")]})
    waived = {"overrides": [{"rule": name, "reason": "-"} for name in ("turnover", "room-occupancy")]}
    assert world.judge(case("11:00"), now=NOW, request=waived) == []
    assert rules(world.judge(case("10:30"), now=NOW, request=waived)) == {"room-occupancy"}
    data = clinic()
    data["procedures"]["scope"]["lead_time_hours"] = 48
    today = "2026-02-02"
    assert load(data).judge(case("10:00", day=today), now=NOW, request={"urgency": "urgent"}) == []
    assert rules(load(data).judge(case("08:00", day=today), now=NOW, request={"urgency": "urgent"})) == {
        "notice"
    }


def test_replacing_a_case_ignores_its_own_reservations() -> None:
    """A moved case doesn't collide with itself."""
    world = load(clinic() | {"cases": [booked("08:00", room="r1", id="mine")]})
    assert rules(world.judge(case(), now=NOW)) == {"room-occupancy"}
    assert world.judge(case(), now=NOW, request={"replaces": "mine"}) == []


def test_unknown_names_are_told() -> None:
    """A room or a person that the file doesn't hold is one finding, not a crash."""
    assert rules(load(clinic()).judge(case(room="r9", surgeon="nobody"), now=NOW)) == {"unknown"}


@pytest.mark.parametrize(
    ("start", "good_end", "bad_end"),
    [
        ("2026-03-08T01:30-05:00", "2026-03-08T03:30-04:00", "2026-03-08T02:30-05:00"),
        ("2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00", "2026-11-01T02:30-05:00"),
    ],
)
def test_durations_are_elapsed_minutes_when_the_clocks_change(
    start: str, good_end: str, bad_end: str
) -> None:
    """An hour from 01:30 ends at 03:30 on 2026-03-08, and at the second 01:30 on 2026-11-01."""
    spring = datetime.fromisoformat(good_end) == datetime.fromisoformat(bad_end)
    world = load(clinic())
    assert world.judge(case(start) | {"end": good_end}, now=NOW) == []
    assert (world.judge(case(start) | {"end": bad_end}, now=NOW) == []) is spring


@pytest.mark.parametrize(
    ("day", "turned", "early"), [("2026-03-08", "04:15", "04:00"), ("2026-11-01", "02:15", "02:00")]
)
def test_turnover_is_elapsed_minutes_when_the_clocks_change(day: str, turned: str, early: str) -> None:
    """35 minutes of turnover after a case that ran through the change are counted on the elapsed clock."""
    data = clinic()
    data["cases"] = [booked("01:30", day=day, room="r1", minutes=65)]
    assert load(data).judge(case(turned, day=day), now=NOW) == []
    assert rules(load(data).judge(case(early, day=day), now=NOW)) == {"turnover"}


@pytest.mark.parametrize(("day", "starts"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_short_and_long_days_have_23_and_25_hourly_starts(day: str, starts: int) -> None:
    """The hour that doesn't exist is no start, the hour that comes twice is two, and each is judged fit."""
    data = clinic()
    data["clinic"]["start_step_minutes"] = 60
    request = {"procedure": "scope", "surgeon": "s1", "room": "r1", "date_from": day, "date_to": day}
    world = load(data)
    found = world.feasible_starts(request, now=NOW)
    assert len(found) == starts
    assert all(world.judge(case(start.isoformat()), now=NOW, request=request) == [] for _, _, start in found)


def test_feasible_starts_find_a_team_around_the_bookings() -> None:
    """Starts vanish where no team of distinct qualified people is free, and only there."""
    data = clinic()
    data["staff"]["a1"]["shifts"] = weekly("08:00-12:00")
    data["staff"]["a2"]["shifts"] = weekly("11:00-13:00")
    data["cases"] = [booked("09:00", surgeon="s2", team=team("a1", "c1"))]
    request: Record = {"procedure": "scope", "surgeon": "s1", "room": "r1", "date_from": DAY, "date_to": DAY}
    found = load(data).feasible_starts(request, now=NOW)
    clocks = sorted(f"{start:%H:%M}" for _, _, start in found)
    assert clocks == [
        "08:00",
        *(f"{h:02}:{m:02}" for h, m in itertools.product((10, 11), (0, 15, 30, 45))),
        "12:00",
    ]
    assert ("r1", "s1", datetime.fromisoformat(f"{DAY}T08:00-05:00")) in found


def test_cross_trained_people_fill_one_role_at_a_time() -> None:
    """Two needs that one cross-trained person could fill alone are not met by that person alone."""
    data = clinic()
    data["staff"] = {name: data["staff"][name] for name in ("s1", "a1")}
    data["staff"]["a1"]["roles_also"] = ["circulator"]
    request: Record = {"procedure": "scope", "date_from": DAY, "date_to": DAY}
    assert load(data).feasible_starts(request, now=NOW) == set()
    data["staff"]["c1"] = person("circulator")
    assert load(data).feasible_starts(request, now=NOW) != set()


def test_searching_several_cases_is_refused() -> None:
    """A request about several cases raises instead of answering another question."""
    for key, value in {"count": 2}.items():
        with pytest.raises(ValueError, match=key):
            load(clinic()).feasible_starts({"procedure": "scope", key: value}, now=NOW)


@st.composite
def some_uses(draw: st.DrawFn) -> list[Use]:
    """Up to five uses of a pool in half a day."""
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 12), st.integers(1, 5), st.sampled_from(["r1", "r2", None])), max_size=5
        )
    )
    zero = datetime(2026, 3, 3, tzinfo=UTC)
    hour = timedelta(hours=1)
    return [Use(zero + hour * begin, zero + hour * (begin + length), room) for begin, length, room in rows]


@given(some_uses(), st.integers(1, 3), st.sampled_from([0, 30, 60, 120]))
def test_packing_agrees_with_trying_every_assignment(new: list[Use], units: int, move: int) -> None:
    """A pool fits exactly when one of all assignments of uses to units has no clash on a unit."""
    ways = itertools.product(range(units), repeat=len(new))
    pairs = list(itertools.combinations(range(len(new)), 2))
    free = any(all(way[a] != way[b] or not clash(new[a], new[b], move) for a, b in pairs) for way in ways)
    assert fits(new, [], units, move) is free
