"""Other clinics' spreadsheets come in whole or not at all, with every fault named at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.tools.importing.conftest import Import
from tools.clinic_file import exported, load
from tools.context import Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store
from tools.records.writer import Writer

STAFF = """\
sep=;
Staff list, Harborview Surgery;;;;
;;;;
Employee ID;Last Name;First Name;Job Title (primary);Certs;Mon;Tue*;Extension
N2;Ng;Kim;Circulating Nurse;;07:00 - 3:30 PM;7:00-15:30;4411
S1;"Ortiz";Ana;Surgical Tech;arthroscopy; ;06:30-15:00;4412
;;;;;;;
"""

CASES = """\
\ufeffCase #\tDOS\tSched Start\tSched End\tSurgeon\tOR\tProcedure\tSide\tPt Name\tMRN\tDOB\tCirculator\tComments
A-1\t3/17/2026\t7:30 AM\t8:30 AM\tDr. A\tOR 1\tKnee\tLt\tJane Roe\t="00077"\t1980-05-04\tNurse 1\tcalled
A-2\t17-Mar-2026\t8:00 AM\t9:00 AM\tA\tor-1\t29881\tR\tJohn Doe\t00078\t4 May 1981\tNurse 1\t
A-3\t24 Mar 2026\t10:00 AM\t10:55 AM\tdr-a\tOR 1\tKnee\t\t\t\t\t\t
"""


def test_a_messy_staff_list_comes_in(sheet: Import, store: Store) -> None:
    """A title, an Excel mark, semicolons, foreign headers and mixed clocks are read; what means nothing is listed."""
    done = sheet("staff", STAFF)
    assert (done["status"], done["faults"]) == ("imported", [])
    assert done["created"] == ["n2", "s1"]
    assert done["ignored"] == ["Extension"]
    ana, kim = store.clinic().staff["s1"], store.clinic().staff["n2"]
    assert (kim.name, kim.role, kim.shifts[0], kim.shifts[1]) == (
        "Kim Ng", "circulator", ((420, 930),), ((420, 930),),
    )  # fmt: skip
    assert (ana.name, ana.role, [held.id for held in ana.certifications]) == (
        "Ana Ortiz",
        "scrub",
        ["arthroscopy"],
    )
    assert [entry.action for entry in store.audit_entries()] == ["load", "import-staff"]
    assert exported(load(store.export())) == store.export()


def test_a_dry_run_stores_nothing(sheet: Import, store: Store) -> None:
    """A dry run says the same as the import, and no row of any table changes."""
    before = store.revision()
    done = sheet("bookings", CASES, dry_run=True)
    assert (done["status"], done["flagged"], len(done["created"])) == ("ready", [], 3)
    assert store.revision() == before
    with store.engine.connect() as connection:
        assert len(connection.execute(select(t.patients)).all()) == 1
        assert connection.execute(select(t.worklist)).all() == []
        assert len(connection.execute(select(t.audit)).all()) == 1
    assert sheet("bookings", CASES)["exceptions"] == done["exceptions"]


def test_live_bookings_bring_their_clashes(sheet: Import, store: Store) -> None:
    """Cases that clash come in, are flagged with the rules, and the room stays bookable around them."""
    done = sheet("bookings", CASES)
    assert (done["status"], done["created"]) == ("imported", ["A-1", "A-2", "A-3"])
    clinic = store.clinic()
    first, second, third = (clinic.cases_by_id[id_] for id_ in done["created"])
    assert (first.minutes, second.start - first.start, third.minutes) == (60, 30, 55)
    assert {"room-occupancy", "person-occupancy"} <= set(first.exceptions) & set(second.exceptions)
    assert store.laterality("A-1") == "left"
    patient = store.patient(first.patient or "")
    assert patient is not None
    assert (patient.name, patient.mrn, str(patient.birth_date)) == ("Jane Roe", "00077", "1980-05-04")
    rules = {(one["case"], one["rule"]) for one in done["exceptions"]}
    assert ("A-3", "leave") in rules
    assert ("A-3", "laterality") in rules
    assert len(done["flagged"]) == len(done["exceptions"])
    with store.engine.connect() as connection:
        told = str(connection.execute(select(t.worklist)).all())
    assert "Roe" not in told
    later = first.start + 7 * 24 * 60 * 3
    store.write(lambda w: w.add_case(type(first)(**{**vars(first), "id": "x", "start": later}), "left", 99))


FAULTY = """\
date,start,end,surgeon,room,procedure,patient,mrn,dob,side
03/04/2026,7:30,8:30,Dr. A,OR 1,Knee,Jane Roe,77,,left
2026-03-17,25:00,,Dr. B,OR 1,Nee,Jane Roe,77,3/13/80,left
2026-02-30,7:30,7:30,Nurse 1,OR 7,Knee,Jane Roe,,,up
2026-03-08,2:30,3:30,Dr. A,OR 1,Knee,,,,left
"""


def test_every_fault_is_told_at_once(sheet: Import, store: Store) -> None:
    """Each wrong cell has its line, its column and a way out; a value that may be a patient's isn't repeated."""
    before = store.revision()
    done = sheet("bookings", FAULTY)
    assert done["status"] == "refused"
    found = {(one["line"], one["column"]): one["message"] for one in done["faults"]}
    assert "March 4 or April 3" in found[2, "date"]
    assert {key for key in found if key[0] == 3} == {
        (3, "start"), (3, "surgeon"), (3, "procedure"), (3, "dob"),
    }  # fmt: skip
    assert "Maybe Knee" in found[3, "procedure"]
    assert {key for key in found if key[0] == 4} == {
        (4, "date"),
        (4, "surgeon"),
        (4, "room"),
        (4, "side"),
        (4, "patient"),
    }
    assert "doesn't exist" in found[5, "start"]
    assert all("Maybe" in message for message in found.values()), found
    assert not {one["value"] for one in done["faults"]} & {"Jane Roe", "77", "3/13/80"}
    assert "3/13/80" not in str(done)
    assert store.revision() == before


def test_the_order_of_dates_can_be_said(sheet: Import, store: Store) -> None:
    """With the file's order named, 03/04 is one day, and a date that contradicts it is refused."""
    row = "case,date,start,surgeon,room,procedure,side\nx,{},7:30,Dr. A,OR 1,Knee,left\n"
    assert sheet("bookings", row.format("13/04/2026"), dates="mdy")["status"] == "refused"
    assert sheet("bookings", row.format("07/04/2026"), dates="dmy")["status"] == "imported"
    assert store.clinic().cases_by_id["x"].minutes == 55


def test_shifts_replace_the_weekdays_they_name(sheet: Import, store: Store) -> None:
    """Weekday rows set those weekdays, two rows of one day make two windows, a dated row adds a shift."""
    text = (
        "Employee|Day|Start|End|Shift Date\nNurse 1|Tue|07:00|11:00|\nNurse 1|Tuesday|12:00|15:30|\n"
        "nurse-1|Mon-Wed & Fri|||\nNurse 1|||||\nNurse 1||0900|1300|2026-03-21\n"
    )
    refused = sheet("shifts", text)
    assert [one["line"] for one in refused["faults"]] == [4, 5]
    good = "\n".join(line for number, line in enumerate(text.splitlines(), 1) if number not in (4, 5))
    assert sheet("shifts", good)["changed"] == ["nurse-1"]
    nurse = store.clinic().staff["nurse-1"]
    assert nurse.shifts[1] == ((420, 660), (720, 930))
    assert [(str(each.date), each.window) for each in nurse.shifts_on] == [("2026-03-21", (540, 780))]


def test_a_roster_has_dates_for_headers(sheet: Import, store: Store) -> None:
    """A column headed by a date adds its shifts on that date; a header that could be two dates is refused."""
    roster = "Employee,{},Sat 21-Mar-26\nNurse 1,7:00-11:00,off\n"
    assert sheet("shifts", roster.format("2026-03-20"))["status"] == "imported"
    assert [str(each.date) for each in store.clinic().staff["nurse-1"].shifts_on] == ["2026-03-20"]
    (fault,) = sheet("shifts", roster.format("3/4/2026"))["faults"]
    assert (fault["line"], "March 4 or April 3" in fault["message"]) == (1, True)
    assert sheet("shifts", roster.format("3/4/2026"), dates="mdy")["status"] == "imported"


def test_shifts_that_no_longer_cover_a_booking_flag_it(sheet: Import) -> None:
    """An imported shift that ends before a booked case does puts the case into the worklist."""
    done = sheet("shifts", "name,day,hours\nNurse 1,Tue,12:00-15:30\n")
    assert [(one["case"], one["rule"]) for one in done["exceptions"]] == [("case-1", "staff-shift")]
    assert len(done["flagged"]) == 1


def test_certifications_and_privileges(sheet: Import, store: Store) -> None:
    """A certification and a privilege are set with their days; one that is misspelt is refused."""
    text = (
        "Staff,Credential,Privilege,Issued,Expires\nNurse 1,ortho,,2026-01-01,31 Dec 2026\nA,,Knee,,never\n"
    )
    assert sheet("certifications", text)["status"] == "imported"
    (held,) = store.clinic().staff["nurse-1"].certifications
    assert (held.id, str(held.last)) == ("ortho", "2026-12-31")
    (privilege,) = store.clinic().staff["dr-a"].privileges
    assert privilege.last is None
    refused = sheet("certifications", "Staff,Credential\nNurse 1,orto\n")
    assert "Maybe write ortho" in refused["faults"][0]["message"]


def test_rooms_and_procedures(sheet: Import, store: Store) -> None:
    """A room and a procedure come in from their sheets and can be booked together."""
    rooms = "Theatre,Hours,Days,Fixed equipment,Features\nOR 2,7:30-17:00,Mon-Thu,Tower,lead lined\n"
    assert sheet("rooms", rooms)["created"] == ["or-2"]
    room = store.clinic().rooms["or-2"]
    assert (sorted(room.hours), room.equipment, room.features) == ([0, 1, 2, 3], ("tower",), ("lead-lined",))
    text = (
        "Code,Procedure Name,CPT,Duration (min),P80,Turnover,Anaesthesia,Trays,Team,PACU minutes\n"
        "shoulder,Shoulder scope,29827/29828,1h 30m,105,20 min,GA,Scope set,circulator; scrub:arthroscopy,75\n"
    )
    assert sheet("procedures", text)["faults"] == []
    made = store.clinic().procedures["shoulder"]
    assert (made.minutes["default"].median, made.cpt, made.trays) == (90, ("29827", "29828"), ("scope-set",))
    assert [(need.role, need.certification) for need in made.team] == [
        ("circulator", None),
        ("scrub", "arthroscopy"),
    ]
    assert dict(made.recovery.minutes if made.recovery else {}) == {"general": 75}


def test_sheets_of_other_clinics_as_they_are(sheet: Import, store: Store) -> None:
    """Titles behind names, hours in two columns, two anesthesias in a cell, a line that sums up: all are read."""
    staff = (
        'Printed 3/5/2026;\nName;Job Title;Tue\n"Nunez, Ana, RN";Circulating RN;7:00a-3:30p\n'
        "Bo Ek;Surg Tech;\nTotal: 2;;\n"
    )
    assert sheet("staff", staff)["created"] == ["ana-nunez", "bo-ek"]
    assert store.clinic().staff["ana-nunez"].shifts[1] == ((420, 930),)
    rooms = "Room,Open,Close,Days\nOR 4,7:30 AM,5:00 PM,Tue/Thu\n"
    assert sheet("rooms", rooms)["created"] == ["or-4"]
    assert store.clinic().rooms["or-4"].hours == {1: ((450, 1020),), 3: ((450, 1020),)}
    assert sheet("procedures", "Name,Duration,Anes\nHip scope,90,General/Regional\n")["faults"] == []
    hip = store.clinic().procedures["hip-scope"]
    assert (hip.anesthesia_default, hip.anesthesia_options) == ("general", ("general", "regional"))


def test_faults_between_records_have_their_line(sheet: Import) -> None:
    """What only the whole clinic can tell, such as a P80 below the median, points at the row that says so."""
    text = "name,minutes,p80,turnover\nHip scope,90,60,20\nWrist,twenty,,\n"
    found = sheet("procedures", text)["faults"]
    assert [(one["line"], "p80" in one["message"]) for one in found] == [(2, True), (3, False)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing in it"),
        ("a,b\n1,2\n", "No row of headers"),
        ("name,role\n", "no row below"),
        ("name,role\nKim,circulator,extra\n", "more cells"),
        ("name,role\nKim,pilot\n", "no role here"),
        ("role\ncirculator\n", "no column"),
        ("name,role\nKim,circulator\nKIM,scrub\n", "Line 2 is about kim"),
        ('name,role\n"Kim,circulator\n', "missing"),
        ("PK\x00\x03", "no text"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(sheet: Import, text: str, words: str) -> None:
    """A file that can't be read, or has another shape, is refused with a sentence and a line."""
    done = sheet("staff", text)
    assert done["status"] == "refused"
    assert words in " ".join(one["message"] for one in done["faults"]), done["faults"]


def test_an_mrn_of_somebody_else_is_a_fault(sheet: Import, store: Store) -> None:
    """A record number under another name stops the import, and the other rows with it."""
    text = (
        "case,date,start,surgeon,room,procedure,side,patient,mrn\n"
        "x,2026-03-17,7:30,Dr. A,OR 1,Knee,left,Other Person,T0000001\n"
        "y,2026-03-17,12:30,Dr. A,OR 1,Knee,left,New Person,T9\n"
    )
    done = sheet("bookings", text)
    assert [(one["line"], done["status"]) for one in done["faults"]] == [(2, "refused")]
    assert "y" not in store.clinic().cases_by_id
    again = sheet("bookings", text.replace("T0000001", "T8"))
    assert again["status"] == "imported"
    twice = sheet("bookings", text.replace("T0000001", "T8"))
    assert {one["message"].split("in the book")[1][:8] for one in twice["faults"]} == {" already"}


def test_only_who_edits_imports(sheet: Import) -> None:
    """A charge nurse and a scheduler may not import."""
    for role in (Role.CHARGE_NURSE, Role.SCHEDULER):
        with pytest.raises(ToolError, match="may not"):
            sheet("staff", STAFF, role=role)


def test_a_dry_run_locks_nobody_out(sheet: Import, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a dry run finds, and whatever is refused, it writes in no transaction."""

    def refused(*_: Any) -> Any:
        raise AssertionError("a write transaction was begun")

    monkeypatch.setattr(Store, "write", refused)
    for text in (CASES, FAULTY):
        sheet("bookings", text, dry_run=True)
    assert sheet("bookings", FAULTY)["status"] == "refused"


@pytest.mark.parametrize("times", [1, 9])
def test_a_book_that_changes_meanwhile_is_looked_at_anew(
    sheet: Import, store: Store, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """A write between the checking and the writing is noticed; a book that never rests is held still at last."""
    written, turns = Store.write, iter(range(times))

    def late(self: Store, work: Any) -> Any:
        if not isinstance(self, Writer) and next(turns, None) is not None:
            written(store, lambda writer: writer.bump())
        return written(self, work)

    monkeypatch.setattr(Store, "write", late)
    done = sheet("bookings", CASES)
    assert (done["status"], done["created"]) == ("imported", ["A-1", "A-2", "A-3"])
    assert {"A-1", "A-2", "A-3"} <= set(store.clinic().cases_by_id)
    assert store.audit_broken_at() is None


SAME = """\
date,start,surgeon,room,procedure,patient,mrn,side
2026-03-17,07:30,Dr. A,OR 1,Knee,Jane Roe,77,left
2026-03-24,07:30,Dr. A,OR 1,Knee,Jane  ROE,77,left
2026-03-31,07:30,Dr. A,OR 1,Knee,Jan Row,77,left
"""


def test_one_number_is_one_patient_within_a_sheet(sheet: Import, store: Store) -> None:
    """Two rows of a new patient make one; a third under another name is a fault of its line, in a dry run too."""
    for dry in (True, False):
        (fault,) = sheet("bookings", SAME, dry_run=dry)["faults"]
        assert (fault["line"], fault["column"]) == (4, "patient")
        assert "belongs to a patient with another name" in fault["message"]
    done = sheet("bookings", SAME.rsplit("\n", 2)[0] + "\n")
    assert done["status"] == "imported"
    refs = {store.clinic().cases_by_id[each].patient for each in done["created"]}
    assert len(refs) == 1
    assert len(store.export(patients=True)["patients"]) == 2


def test_an_entry_is_of_a_case_and_a_rule(sheet: Import, call: Callable[..., dict[str, Any]]) -> None:
    """Whatever of a case is taken twice, the worklist has it once a rule, and says how many more there are."""
    head, row = (
        "date,start,surgeon,room,procedure,circulator,side\n",
        "2026-03-17,07:30,Dr. A,OR 1,Knee,Nurse 1,left\n",
    )
    done = sheet("bookings", head + row * 4)
    keys = [(one["case"], one["rule"]) for one in done["exceptions"]]
    assert len(keys) == len(set(keys))
    assert any("more against this rule" in one["text"] for one in done["exceptions"])
    items = call("worklist")["items"]
    assert len(items) == len(keys)
    assert all(item["still"] for item in items)
