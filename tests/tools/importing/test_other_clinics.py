"""Sheets as other clinics' programs export them: read as their clerks mean them, or told in words they can act on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.importing.conftest import Import
from tools.importing import cells
from tools.importing.columns import column_of
from tools.importing.names import patient_name, person_name
from tools.records.store import Store


def said(done: dict[str, Any]) -> list[tuple[int, str | None, str]]:
    """Every fault of an import, short."""
    return [(one["line"], one["column"], one["message"]) for one in done["faults"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SMITH, JOHN MD", "John Smith"), ("Dr. Wei Zhang, M.D.", "Dr. Wei Zhang"), ("Lopez,Ana", "Ana Lopez"),
        ("O'BRIEN, MARY-KATE RN, CNOR", "Mary-Kate O'Brien"), ("Johnson, Robert A. Jr., CRNA", "Robert A. Johnson Jr."),
        ("Smith, MD", "Smith"), ("DO, MINH", "Minh Do"), ("Minh Do, DO", "Minh Do"), ("Li, Do", "Do Li"),
        ("CRNA 1", "CRNA 1"), ("Ms. Bo Ek", "Bo Ek"), ("RN", "RN"), ("", ""), (",", ""),
    ],
)  # fmt: skip
def test_a_name_is_said_as_people_say_it(text: str, name: str) -> None:
    """Surnames in front, degrees behind and capitals are how lists write; a name that looks like a degree stays."""
    assert person_name(text) == name


def test_a_patients_name_is_turned_and_else_kept() -> None:
    """A patient's name is only turned: capitals and endings stay as the record has them."""
    assert patient_name("ROE, JANE") == "JANE ROE"
    assert patient_name("Roe, Jr.") == "Roe, Jr."
    assert patient_name("Jane Roe") == "Jane Roe"


def test_a_staff_list_with_degrees_and_grades(sheet: Import, store: Store) -> None:
    """Degrees leave the name, grades leave the role, and shifts find the people by how they were first written."""
    text = (
        "Emp #,Employee Name,Job Title,Cert(s)\n"
        '00012,"SMITH, JOHN MD",Surgeon,\n00014,"Lopez,Ana, CST",Surgical Technologist II,arthroscopy\n'
    )
    done = sheet("staff", text)
    assert (done["status"], done["created"], done["ignored"]) == ("imported", ["00012", "00014"], [])
    staff = store.clinic().staff
    assert [(staff[id_].name, staff[id_].role) for id_ in done["created"]] == [
        ("John Smith", "surgeon"),
        ("Ana Lopez", "scrub"),
    ]
    assert sheet("shifts", 'Provider,Day,Hours\n"SMITH, JOHN MD",Tue,7:00-15:00\n')["changed"] == ["00012"]


def test_a_german_sheet(sheet: Import, store: Store) -> None:
    """Semicolons, German headers, roles and days off are read; an umlaut stays one."""
    text = "Personalnr.;Nachname;Vorname;Funktion;Di;Mi\n0101;M\u00fcller;J\u00fcrgen;Springer;7.00-15.30 Uhr;frei\n"
    assert sheet("staff", text)["created"] == ["0101"]
    made = store.clinic().staff["0101"]
    assert (made.name, made.role, dict(made.shifts)) == (
        "J\u00fcrgen M\u00fcller",
        "circulator",
        {1: ((420, 930),)},
    )
    case = (
        "Fallnummer;OP-Datum;Beginn;Ende;Saal;Operateur;Eingriff;Seite;Patient;Patientennummer;Geburtsdatum;Narkose\n"
        'F1;17.03.2026;10:00;11:00;OR 1;A;Knee;rechts;"Muster, Max";0001;13.02.1970;Vollnarkose\n'
    )
    assert sheet("bookings", case)["faults"] == []
    assert store.laterality("F1") == "right"


@pytest.mark.parametrize(
    "header", ["Min", "Est. Length", "Scheduled Duration (min)", "Case Length, min", "Length (mins)"]
)
def test_lengths_are_found_under_any_header(header: str) -> None:
    """A length that isn't read would be replaced by a planned one: its headers are known in every dress."""
    assert column_of("bookings", header) == "minutes"


def test_a_length_that_is_not_read_is_no_secret(sheet: Import) -> None:
    """Where no length is read and a column looks like one, the sheet is refused, naming it."""
    text = "case,date,start,surgeon,room,procedure,side,Block length x\nx,2026-03-17,7:30,Dr. A,OR 1,Knee,left,90\n"
    ((line, column, message),) = said(sheet("bookings", text))
    assert (line, column) == (1, "Block length x")
    assert "Maybe call it minutes" in message
    assert sheet("bookings", text.replace("Block length x", "Block"))["status"] == "imported"


def test_days_off_are_no_shift_and_no_fault(sheet: Import, store: Store) -> None:
    """OFF in both cells of a shift, or PTO in a roster, adds nothing; a head without its year is told."""
    text = "Staff,Shift Date,Start,End\nNurse 1,2026-03-20,OFF,OFF\nNurse 1,2026-03-21,0700,1100\n"
    assert sheet("shifts", text)["status"] == "imported"
    assert sheet("shifts", "Staff,2026-03-23,2026-03-24\nNurse 1,PTO,7a-11a\n")["status"] == "imported"
    assert [str(each.date) for each in store.clinic().staff["nurse-1"].shifts_on] == [
        "2026-03-21",
        "2026-03-24",
    ]
    faults = said(sheet("shifts", "Staff,Mon 3/9,10-Mar\nNurse 1,7a-11a,7a-11a\n"))
    assert [(line, column) for line, column, _ in faults][:2] == [(1, "10-Mar"), (1, "Mon 3/9")]
    assert all("without its year" in message for _, _, message in faults[:2])


@pytest.mark.parametrize(
    ("text", "days"),
    [("MWF", ["mon", "wed", "fri"]), ("TTh", ["tue", "thu"]), ("MTWThF", ["mon", "tue", "wed", "thu", "fri"]),
     ("MTWTF", ["mon", "tue", "wed", "thu", "fri"]), ("TR", ["tue", "thu"])],
)  # fmt: skip
def test_weekdays_in_one_word(text: str, days: list[str]) -> None:
    """Weekdays run together, as timetables have them."""
    assert cells.days(text) == days


@pytest.mark.parametrize(
    ("text", "sided"),
    [
        ("R/L", True),
        ("Left or Right", True),
        ("both", True),
        ("Y", True),
        ("x", True),
        ("N/A", False),
        ("No", False),
    ],
)
def test_a_procedure_has_a_side_or_none(text: str, sided: bool) -> None:
    """The sides that a procedure may have say that it has one."""
    assert cells.sided(text) is sided


def test_what_a_spreadsheet_spoilt_is_told_once(sheet: Import) -> None:
    """Numbers cut short, columns too narrow and errors are told a cell each, never stored; a number isn't repeated."""
    text = (
        "case,date,start,surgeon,room,procedure,side,patient,mrn,dob\n"
        "a,########,7:30,Dr. A,OR 1,Knee,left,Jane Roe,1.23E+05,29345\n"
        "b,46098.3125,#N/A,Dr. A,OR 1,Knee,left,Jane Roe,12,1980-05-04\n"
    )
    faults = said(sheet("bookings", text))
    assert [(line, column) for line, column, _ in faults] == [
        (2, "date"), (2, "dob"), (2, "mrn"), (3, "date"), (3, "start"),
    ]  # fmt: skip
    assert "1.23" not in str(faults)
    assert "Excel's number" in faults[3][2]


def test_a_time_to_be_decided_is_no_date(sheet: Import) -> None:
    """Beside a column of dates, TBD as a start lacks a time of day."""
    text = "case,date,start,surgeon,room,procedure,side\nx,20260317,TBD,Dr. A,OR 1,Knee,left\n"
    ((_, column, message),) = said(sheet("bookings", text))
    assert (column, "time of day" in message) == ("start", True)


ROWS = """\
date,start,surgeon,room,procedure,side,patient,mrn,dob
2026-03-17,7:30,Dr. A,OR 1,Knee,left,"ROE, JANE",00077,1980-05-04
"""


def test_faults_of_patients_come_with_all_others(sheet: Import) -> None:
    """A number of somebody else in one row is told together with a wrong room in another."""
    text = (
        ROWS
        + "2026-03-24,7:30,Dr. A,OR 1,Knee,left,John Doe,00077,1980-05-04\n2026-03-24,9:30,Dr. A,OR 9,Knee,,,,\n"
    )
    assert [(line, column) for line, column, _ in said(sheet("bookings", text))] == [
        (3, "patient"),
        (4, "room"),
    ]


def test_a_sheet_imported_twice_is_refused(sheet: Import, store: Store) -> None:
    """Rows without case numbers aren't doubled: each says which case of the book it is already."""
    made = sheet("bookings", ROWS)["created"]
    ((line, _, message),) = said(sheet("bookings", ROWS.replace("ROE, JANE", "Jane Roe")))
    assert (line, made[0] in message) == (2, True)
    ((line, _, message),) = said(sheet("bookings", f"{ROWS}{ROWS.splitlines()[1]}\n".replace("17", "24")))
    assert (line, "line 2 too" in message) == (3, True)
    assert len(store.export(patients=True)["patients"]) == 2


@pytest.mark.parametrize("number", ["77", "0077"])
def test_zeros_that_a_spreadsheet_dropped_make_no_second_patient(sheet: Import, number: str) -> None:
    """A number that lost its zeros, of somebody with the same name and birthday, is a fault; another number isn't."""
    sheet("bookings", ROWS)
    later = ROWS.replace("03-17", "03-24")
    ((line, column, message),) = said(sheet("bookings", later.replace("00077", number)))
    assert (line, column, "zeros" in message) == (2, "patient", True)
    assert number not in message
    assert sheet("bookings", later.replace("00077", "00078"))["status"] == "imported"


def test_a_sheet_of_averages_takes_nothing_away(sheet: Import, store: Store) -> None:
    """An average and a usual anesthesia of a procedure that is there leave its P80 and its other anesthesias."""
    before = store.clinic().procedures["knee"]
    text = (
        f"CPT,Procedure Description,Avg Minutes,Anes Type\n,Knee,{before.minutes['default'].median},Spinal\n"
    )
    assert sheet("procedures", text)["status"] == "imported"
    after = store.clinic().procedures["knee"]
    assert after.minutes["default"] == before.minutes["default"]
    assert after.anesthesia_default == "spinal"
    assert set(after.anesthesia_options) == {*before.anesthesia_options, "spinal"}
