"""Random small clinics as clinic files: two rooms, a handful of people, one or two of everything.

Every list is short and every number comes from a few values on purpose: clashes, edges and shortages have to be
common. `plain` leaves out what the clinic file doesn't settle and its readers may settle differently.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

Record = dict[str, Any]
Draw = st.DrawFn

ORDINARY, SPRING, AUTUMN = date(2026, 3, 10), date(2026, 3, 8), date(2026, 11, 1)
DATES = (ORDINARY, ORDINARY, SPRING, AUTUMN)
"""A Tuesday, and the days of 23 and of 25 hours."""

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = ("06:00-18:00", "00:00-24:00", "06:00-18:00", "00:00-24:00", "07:00-13:00", "08:30-12:10")
SHIFTS = (*DAYS, "06:00-10:30", "09:00-15:00", "01:00-07:00")
ROLES = ("anesthesiologist", "circulator", "scrub")
PEOPLE = {
    "a1": "anesthesiologist", "a2": "anesthesiologist", "c1": "circulator", "c2": "circulator",
    "n1": "scrub", "n2": "scrub", "x1": "rad-tech",
}  # fmt: skip
EXPIRES = (None, None, None, None, None, "2026-12-31", "2026-03-10", "2026-03-09", "2026-10-31")


@st.composite
def rarely(draw: Draw, strategy: st.SearchStrategy[Any], otherwise: Any = None) -> Any:
    """`otherwise` seven times of eight."""
    return draw(strategy) if draw(st.sampled_from((False,) * 7 + (True,))) else otherwise


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    """One of a few values, the first the simplest."""
    return st.sampled_from(values)


def weekly(hours: str | list[str]) -> Record:
    """The same hours every day."""
    return dict.fromkeys(WEEK, hours)


def clock(first: int = 6, last: int = 13) -> st.SearchStrategy[str]:
    """A wall time, mostly on the quarter hour and sometimes off every grid."""
    minute = one_of(0, 30, 15, 45, 5, 7)
    return st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(first, last), minute)


@st.composite
def stretches(draw: Draw, day: date, units: int = 0) -> Record:
    """A closure or a maintenance window on the day; of some units where the pool has several."""
    start = draw(st.integers(6, 12))
    end = start + draw(st.integers(1, 3))
    out = {"from": f"{day}T{start:02}:30", "to": f"{day}T{end:02}:10", "reason": "repair"}
    return out | ({"units": draw(st.integers(1, units))} if units > 1 else {})


@st.composite
def rooms(draw: Draw, day: date) -> Record:
    """Two rooms, mostly with everything, sometimes closed for a while."""
    return {
        name: {
            "name": name.upper(),
            "hours": weekly(draw(one_of(*DAYS, ["07:00-09:30", "09:30-14:00"]))),
            "equipment": draw(one_of(["tower"], ["tower"], ["tower"], [])),
            "features": draw(one_of(["lead"], ["lead"], ["lead"], [])),
            "closures": draw(rarely(st.lists(stretches(day), min_size=1, max_size=1), [])),
        }
        for name in ("r1", "r2")
    }


@st.composite
def equipment(draw: Draw, day: date) -> Record:
    """The tower that stands, and one or two arms that move."""
    units = draw(one_of(1, 2))
    arm: Record = {"name": "Arm", "kind": "mobile", "units": units, "move_minutes": draw(one_of(0, 10, 40))}
    if draw(st.booleans()):
        arm["room_feature"] = "lead"
    if draw(st.booleans()):
        arm["operator"] = {"role": "rad-tech", "certification": "fluoro"}
    arm["maintenance"] = draw(rarely(st.lists(stretches(day, units), min_size=1, max_size=2), []))
    return {"tower": {"name": "Tower", "kind": "fixed"}, "arm": arm}


def valid(key: str, name: str) -> st.SearchStrategy[Record]:
    """A privilege or a certification that may end about the day of surgery."""
    return st.builds(lambda until: {key: name} | ({"until": until} if until else {}), one_of(*EXPIRES))


@st.composite
def staff(draw: Draw, day: date) -> Record:
    """Two surgeons and seven others, some of them cross-trained."""
    people: Record = {}
    for surgeon in ("s1", "s2"):
        people[surgeon] = draw(person("surgeon", day)) | {
            "privileges": [draw(valid("procedure", name)) for name in ("p", "q")],
            "max_cases_day": draw(rarely(st.integers(1, 2))),
        }
    for id_, role in PEOPLE.items():
        also = draw(one_of([], ["scrub"], [], ["circulator"], ["rad-tech"], ["circulator", "scrub"]))
        held = [draw(valid("id", "cert"))] if draw(one_of(True, True, True, False)) else []
        held += [draw(valid("id", "fluoro"))] if role == "rad-tech" or "rad-tech" in also else []
        more = {"roles_also": [r for r in also if r != role], "certifications": held}
        people[id_] = draw(person(role, day)) | more
    return {
        id_: {key: value for key, value in row.items() if value is not None} for id_, row in people.items()
    }


@st.composite
def person(draw: Draw, role: str, day: date) -> Record:
    """Someone with a shift, rarely on leave or limited."""
    return {
        "name": role,
        "role": role,
        "shifts": weekly(draw(one_of("00:00-24:00", "06:00-18:00", *SHIFTS))),
        "leave": draw(rarely(one_of([{"from": f"{day}", "to": f"{day}"}]), [])),
        "max_minutes_day": draw(rarely(one_of(100, 60, 200))),
    }


@st.composite
def team(draw: Draw, plain: bool) -> list[Record]:
    """Up to three roles, some certified, doubled or for a part of the case."""
    needs = []
    for role in draw(st.lists(one_of(*ROLES), max_size=3, unique=True)):
        need: Record = {"role": role}
        if draw(one_of(False, False, True)):
            need["certification"] = "cert"
        if role != "anesthesiologist":
            need["count"] = draw(one_of(1, 1, 1, 2))
        need |= draw(rarely(one_of({"minutes": 20}, {"until": 15}, {"until": -10}))) or {}
        if not plain:
            need |= draw(rarely(st.just({"from": 25}))) or {}
        needs.append(need)
    return needs


@st.composite
def procedure(draw: Draw, plain: bool) -> Record:
    """What a case takes: length, team, equipment, trays and recovery."""
    length = draw(one_of(60, 30, 45, 90, 37))
    made: Record = {
        "name": "Procedure",
        "minutes": {"default": {"median": length, "p80": length + 15}},
        "setup_minutes": draw(one_of(0, 15)),
        "turnover_minutes": draw(one_of(0, 20)),
        "anesthesia": {"default": "general", "options": ["general", "local"]},
        "equipment": draw(one_of([], ["arm"], ["tower"], ["arm", "tower"])),
        "trays": draw(one_of([], ["set"], ["set"], ["set", "set"])),
        "team": draw(team(plain)),
        "lead_time_hours": draw(rarely(one_of(26, 48), 0)),
    }
    if draw(st.booleans()):
        made["service"] = draw(one_of("a", "b"))
    if draw(st.booleans()):
        stay = draw(one_of(30, 75, 300))
        made["recovery"] = {"bay": "pacu", "minutes": {"general": stay, "local": 0}}
    return made


@st.composite
def booked(draw: Draw, index: int, day: date, procedures: Record) -> Record:
    """A case in the book with as many people of each role as it asks for; nobody says that it fits."""
    name = draw(one_of("p", "q"))
    anesthesia = draw(one_of("general", "local"))
    needs = [(row["role"], row.get("count", 1)) for row in procedures[name]["team"]]
    if "arm" in procedures[name]["equipment"]:
        needs.append(("rad-tech", 1))
    people = []
    for role, count in needs:
        able = sorted(id_ for id_, own in PEOPLE.items() if own == role)
        chosen = draw(st.permutations(able))[:count]
        people += [{"role": role, "resource": one} for one in chosen]
    if anesthesia == "local":
        people = [row for row in people if row["role"] != "anesthesiologist"]
    return {
        "id": f"case-{index}", "procedure": name, "surgeon": draw(one_of("s1", "s2")),
        "room": draw(one_of("r1", "r2")), "start": f"{day}T{draw(clock())}",
        "minutes": draw(one_of(60, 30, 43)), "anesthesia": anesthesia, "team": people,
        "status": draw(one_of("booked", "booked", "held", "done", "cancelled")),
    }  # fmt: skip


@st.composite
def block(draw: Draw, day: date) -> Record:
    """A block of one surgeon on the day's weekday."""
    return {
        "id": "block", "owner": draw(one_of("s1", "s2")), "room": draw(one_of("r1", "r2")),
        "day": WEEK[day.weekday()], "hours": draw(one_of("07:00-11:00", "06:00-18:00")),
        "release_days": draw(one_of(7, 1, 2)), "weeks": draw(one_of([1, 2, 3, 4, 5], [1], [2, 4])),
        "released": draw(rarely(st.just([str(day)]), [])),
    }  # fmt: skip


@st.composite
def clinics(draw: Draw, day: date = ORDINARY, plain: bool = False) -> Record:
    """A clinic file's content around one day."""
    procedures = {name: draw(procedure(plain)) for name in ("p", "q")}
    count = draw(st.integers(0, 4))
    return {
        "format": 1,
        "clinic": {
            "id": "small", "name": "Small", "timezone": "America/New_York",
            "start_step_minutes": draw(one_of(30, 15)), "hours": weekly(draw(one_of(*DAYS))),
            "holidays": draw(rarely(one_of([{"date": str(day), "name": "Holiday"}]), [])),
            "settings": {"planned": draw(one_of("median", "p80"))},
        },
        "rooms": draw(rooms(day)),
        "equipment": draw(equipment(day)),
        "trays": {
            "set": {"name": "Set", "units": draw(one_of(2, 1)), "reprocessing_minutes": draw(one_of(0, 60, 180))}
        },
        "bays": {"pacu": {"name": "PACU", "units": draw(one_of(1, 2)), "hours": weekly(draw(one_of(*DAYS)))}},
        "staff": draw(staff(day)),
        "procedures": procedures,
        "blocks": draw(st.lists(block(day), max_size=1)),
        "rules": {"turnover": {"params": {"specialty_change_minutes": draw(one_of(10, 0))}}},
        "cases": [draw(booked(n, day, procedures)) for n in range(count)],
    }  # fmt: skip


@st.composite
def requests(draw: Draw, day: date = ORDINARY) -> Record:
    """A request for `p` on the day, sometimes with more said."""
    asked: Record = {"procedure": "p", "date_from": str(day), "date_to": str(day)}
    who_and_where = one_of(
        {"surgeon": "s1"}, {"room": "r2"}, {"surgeon": "s2", "room": "r1"}, {"exclude_rooms": ["r1"]},
        {"exclude_surgeons": ["s2"]}, {"exclude_surgeons": ["s1"], "exclude_rooms": ["r2"]},
    )  # fmt: skip
    asked |= draw(rarely(who_and_where)) or {}
    more = one_of(
        {"anesthesia": "local"}, {"duration_minutes": 50}, {"extra_equipment": ["arm"]}, {"urgency": "urgent"},
        {"start_from": "08:10", "start_until": "11:00"}, {"end_by": "12:05"}, {"replaces": "case-0"},
        {"start_from": "01:30", "start_until": "03:30"}, {"additional_procedures": ["q"]},
        {"additional_procedures": ["q"]}, {"additional_procedures": ["q"]},
    )  # fmt: skip
    return asked | (draw(rarely(more)) or {})


@st.composite
def situations(draw: Draw, plain: bool = False) -> tuple[Record, Record, datetime]:
    """A clinic file, a request about it, and the clinic wall time at which it is asked."""
    day = draw(one_of(*DATES))
    data = draw(clinics(day, plain))
    request = draw(requests(day))
    if request.get("replaces") and not data["cases"]:
        del request["replaces"]
    now = draw(one_of(datetime.fromisoformat("2026-03-01T09:00"), datetime.fromisoformat(f"{day}T07:40")))
    return data, request, now
