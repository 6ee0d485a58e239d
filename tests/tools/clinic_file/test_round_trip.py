"""What was exported loads again, and loads the same."""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from solver.changes import CHANGES
from solver.clinic import (
    Bay,
    Block,
    Case,
    Clinic,
    Closure,
    DatedShift,
    Duration,
    Equipment,
    Holiday,
    Leave,
    Operator,
    Procedure,
    RankTerm,
    Recovery,
    Room,
    RuleSetting,
    Settings,
    Staff,
    TeamMember,
    TeamNeed,
    Tray,
    Validity,
    Window,
    frozen,
)
from tests.tools.clinic_file.conftest import TEXT
from tools.clinic_file import Identity, Loaded, dumped, exported, json_schema, load

NAMES = st.text(string.ascii_letters + string.digits + " .'éü:#-&*!%@", min_size=1, max_size=12).filter(
    str.strip
)
DATES = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))
INSTANTS = st.integers(29_000_000, 30_500_000)
UNITS = st.integers(1, 4)
MINUTES = st.integers(0, 600)
MAYBE_COUNT = st.none() | st.integers(0, 12)


@st.composite
def windows(draw: Any) -> tuple[Window, ...]:
    """One to three windows of a day, apart from each other."""
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


WEEKS = st.dictionaries(st.integers(0, 6), windows(), max_size=3).map(
    lambda week: frozen(dict(sorted(week.items())))
)


@st.composite
def closures(draw: Any) -> Closure:
    """A closure at any instant, also in the hour that the clocks show twice."""
    start = draw(INSTANTS | st.integers(29_892_180, 29_892_420))
    return Closure(
        start, start + draw(st.integers(1, 5000)), draw(st.just("") | NAMES), draw(st.none() | UNITS)
    )


@st.composite
def validities(draw: Any, ids: tuple[str, ...]) -> Validity:
    """A privilege or certification, open at either end."""
    first, last = sorted((draw(DATES), draw(DATES)))
    return Validity(
        draw(st.sampled_from(ids)), draw(st.none() | st.just(first)), draw(st.none() | st.just(last))
    )


def some(each: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """A tuple of a few."""
    return st.lists(each, max_size=most).map(tuple)


@st.composite
def staff(draw: Any, id_: str, role: str) -> Staff:
    """A person with whatever a person may have."""
    first, last = sorted((draw(DATES), draw(DATES)))
    return Staff(
        id_, draw(NAMES), role, draw(some(st.just("scrub"), 1)), draw(some(NAMES)), draw(st.none() | st.just("eye")),
        draw(WEEKS), draw(some(st.builds(DatedShift, DATES, windows().map(lambda all_: all_[0])))),
        draw(some(st.just(Leave(first, last, "rest")), 1)), draw(some(validities(("p-1", "p-2")))),
        draw(some(validities(("ortho", "robot")))), draw(MAYBE_COUNT), draw(MAYBE_COUNT),
    )  # fmt: skip


@st.composite
def needs(draw: Any) -> TeamNeed:
    """A place in the team, whole case or part of it."""
    length = draw(st.none() | st.integers(1, 60))
    until = draw(st.integers(-60, 60)) if length is None else 0
    return TeamNeed(
        "circulator", draw(st.none() | st.just("ortho")), draw(MINUTES), until, length, draw(UNITS)
    )


@st.composite
def procedures(draw: Any, id_: str) -> Procedure:
    """A procedure with whatever a procedure may have."""
    durations = st.integers(1, 300).flatmap(lambda m: st.builds(Duration, st.just(m), st.integers(m, 400)))
    recovery = Recovery(
        "pacu", frozen(draw(st.dictionaries(st.sampled_from(["general", "mac"]), MINUTES, min_size=1)))
    )
    return Procedure(
        id_, draw(NAMES), frozen({"default": draw(durations), "dr-a": draw(durations)}), draw(st.just("") | NAMES),
        draw(st.none() | st.just("ortho")), draw(some(st.just("29881"), 1)), draw(some(NAMES)), draw(st.booleans()),
        draw(MINUTES), draw(MINUTES), "general", draw(st.sampled_from([(), ("general", "spinal")])),
        draw(some(st.just("tower"), 1)), draw(some(st.just("set"), 1)), draw(some(st.just("lead-lined"), 1)),
        draw(some(needs())), draw(st.none() | st.just(recovery)), draw(st.integers(0, 99)), "clean",
    )  # fmt: skip


@st.composite
def cases(draw: Any, id_: str) -> Case:
    """A case at any instant, in any state."""
    return Case(
        id_, "p-1", "dr-a", "or-1", draw(INSTANTS), draw(st.integers(1, 300)), "general",
        draw(some(st.just(TeamMember("circulator", "nurse")), 1)), draw(some(st.just("p-2"), 1)),
        draw(some(st.just("c-arm"), 1)), draw(st.none() | st.just("patient-1")), draw(some(st.just("latex"), 1)),
        draw(st.sampled_from(["held", "booked", "cancelled", "done"])), draw(st.booleans()),
        draw(st.none() | st.just("case-1")),
        exceptions=draw(some(st.just("turnover"), 1)),
    )  # fmt: skip


@st.composite
def clinics(draw: Any) -> Clinic:
    """A clinic with every kind of record."""
    room = Room(
        "or-1",
        draw(NAMES),
        draw(WEEKS),
        ("tower",),
        draw(some(st.just("lead-lined"), 1)),
        draw(some(closures())),
    )
    c_arm = Equipment(
        "c-arm", draw(NAMES), draw(st.booleans()), draw(UNITS), draw(MINUTES), draw(st.none() | st.just("lead-lined")),
        draw(st.none() | st.sampled_from([Operator("rad-tech"), Operator("rad-tech", "x-ray")])),
        draw(some(closures())),
    )  # fmt: skip
    block = Block(
        "b-1", "dr-a", "or-1", draw(st.integers(0, 6)), draw(windows())[0],
        draw(st.sampled_from([(1, 3), (1, 2, 3, 4, 5)])), draw(MAYBE_COUNT), draw(some(DATES)),
    )  # fmt: skip
    return Clinic(
        id="made-up",
        name=draw(NAMES),
        timezone=draw(st.sampled_from(["America/New_York", "UTC", "Australia/Lord_Howe"])),
        hours=draw(WEEKS),
        start_step_minutes=draw(st.sampled_from([5, 15, 30])),
        holidays=draw(some(st.builds(Holiday, DATES, st.just("") | NAMES))),
        settings=Settings("dmy", "24h", draw(st.integers(0, 1440)), draw(MINUTES), draw(MINUTES), "p80"),
        rooms=frozen({"or-1": room}),
        equipment=frozen({"tower": Equipment("tower", "Tower", False), "c-arm": c_arm}),
        trays=frozen({"set": Tray("set", draw(NAMES), draw(UNITS), draw(MINUTES))}),
        bays=frozen({"pacu": Bay("pacu", draw(NAMES), draw(UNITS), draw(WEEKS))}),
        staff=frozen({"dr-a": draw(staff("dr-a", "surgeon")), "nurse": draw(staff("nurse", "circulator"))}),
        procedures=frozen({"p-1": draw(procedures("p-1")), "p-2": draw(procedures("p-2"))}),
        blocks=(block,),
        rules=frozen(
            {
                "turnover": RuleSetting("warn", frozen({"specialty_change_minutes": 5})),
                "notice": RuleSetting("off"),
            }
        ),
        ranking=((RankTerm("day", 2.0),), (RankTerm("gap"), RankTerm("start", 0.5))),
        costs=frozen(draw(st.dictionaries(st.sampled_from(CHANGES), st.floats(0, 500), max_size=3))),
        cases=(draw(cases("case-1")), draw(cases("case-2"))),
    )


@given(clinic=clinics(), name=st.none() | NAMES, mrn=st.none() | st.just("0000017"))
def test_load_export_load_is_the_same(clinic: Clinic, name: str | None, mrn: str | None) -> None:
    """Any clinic, exported to text and loaded, is equal to what it was, patients and sides included."""
    loaded = Loaded(
        clinic,
        (Identity("patient-1", name, mrn, dt.date(1970, 1, 1)),),
        frozen({"case-1": "left"}),
        frozen({"c-arm": ("fluoro",)}),
    )
    assert load(dumped(exported(loaded, patients=True))) == loaded


@given(clinic=clinics())
def test_exporting_twice_gives_the_same_bytes(clinic: Clinic) -> None:
    """The export of a loaded export is that export."""
    once = dumped(exported(Loaded(clinic)))
    assert dumped(exported(load(once))) == once


def test_patients_leave_only_on_request() -> None:
    """An export has patients' references, and their identities only when asked for."""
    loaded = load(TEXT)
    assert "Test Patient" not in dumped(exported(loaded))
    assert "patient-1" in dumped(exported(loaded))
    assert "Test Patient" in dumped(exported(loaded, patients=True))


def test_the_schema_describes_what_is_exported() -> None:
    """Every key of an export is in the JSON Schema, under the name that the file uses."""
    schema = json_schema()
    assert set(exported(load(TEXT), patients=True)) <= set(schema["properties"])
    leave = schema["$defs"]["LeaveRecord"]["properties"]
    assert set(leave) == {"from", "to", "reason"}
    assert schema["$schema"].startswith("https://json-schema.org/")
