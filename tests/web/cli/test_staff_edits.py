"""edit, import and worklist: the clinic's staff at the command line, each under their own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.cli.conftest import DEMO, Run

EMPTY = "Nothing is left to work off."
HOURS = 'hours={tue: "10:00-17:00"}'


@pytest.fixture
def db(run: Run, clinic_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The small clinic with a case to come, an admin, a director and a scheduler; the director acts."""
    monkeypatch.delenv("SLOTWRIGHT_USER", raising=False)
    clinic_file.write_text(clinic_file.read_text().replace("2026-03-10T08:00", "2099-03-10T08:00"))
    url = f"sqlite:///{tmp_path}/clinic.db"
    assert run("load", clinic_file, "--db", url).code == 0
    assert run("users", "add", "rita", "--role", "admin", "--db", url).code == 0
    for name in ("director", "scheduler"):
        assert run("users", "add", name, "--role", name, "--db", url, "--as", "rita").code == 0
    return ("--db", url, "--as", "director")


def test_a_policy_waits_for_yes(run: Run, db: tuple[str, ...]) -> None:
    """Without --yes the bookings that it breaks are listed and nothing changes; with it they go to the worklist."""
    asked = run("edit", "rooms", "or-1", "--set", HOURS, "--reason", "staffing", *db)
    assert (asked.code, "case-1" in asked.out, "Add --yes" in asked.out) == (0, True, True)
    assert "07:30-17:00" in run("edit", "rooms", "or-1", *db).out
    assert run("worklist", *db).out.strip() == EMPTY
    done = run("edit", "rooms", "or-1", "--set", HOURS, "--reason", "staffing", "--yes", *db, "--json").body
    assert (done["status"], done["version"]) == ("saved", 2)
    assert "version 2" in run("edit", "rooms", "or-1", *db).out
    assert "case-1" in run("worklist", *db).out


def test_a_fact_is_saved_at_once_and_resolved(run: Run, db: tuple[str, ...]) -> None:
    """A leave needs no --yes; its case is in the worklist until somebody says what was done."""
    leave = "leave={from: 2099-03-10, to: 2099-03-10, reason: sick}"
    done = run("edit", "staff", "dr-smith", "--add", leave, "--reason", "called in", *db, "--json").body
    (entry,) = done["flagged"]
    assert "called in" in run("worklist", *db).out
    assert "resolved" in run("worklist", "--resolve", entry, "--note", "moved to May", *db).out
    assert run("worklist", *db).out.strip() == EMPTY
    assert "moved to May" in run("worklist", "--state", "resolved", *db).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rooms", "or-1", "--set", "hours", "--reason", "x"), "KEY=VALUE"),
        (("rooms", "or-1", "--set", HOURS), "reason is missing"),
        (("rooms", "or-1", "--set", HOURS, "--reason", "x", "--version", "7"), "version 1"),
        (("rooms", "or-1", "--end", "--from", "soon", "--reason", "x"), "not a date"),
        (("castles",), "castles"),
        (("rooms", "or-9", "--set", HOURS, "--reason", "x"), "or-9"),
    ],
)
def test_bad_edits_are_one_sentence(run: Run, db: tuple[str, ...], words: tuple[str, ...], told: str) -> None:
    """What can't be is refused with exit code 2 and the way out."""
    assert told in run("edit", *words, *db).refused


def test_a_spreadsheet_is_tried_then_imported(run: Run, db: tuple[str, ...], tmp_path: Path) -> None:
    """A dry run says what would come in; faults are listed with their lines; Excel's encodings are read."""
    sheet = tmp_path / "staff.csv"
    sheet.write_bytes("Name;Rôle;Role;Tue\nZoë Núñez;;Surgeon;7:00-15:30\n".encode("utf-16"))
    tried = run("import", "staff", sheet, "--dry-run", *db)
    assert (tried.code, "1 new" in tried.out, "Left out: Rôle" in tried.out) == (0, True, True)
    assert run("import", "staff", sheet, *db, "--json").body["created"] == ["zoe-nunez"]
    sheet.write_bytes("Name,Role,Tue\nJos\xe9,pilot,7-3\n".encode("cp1252"))
    refused = run("import", "staff", sheet, *db)
    assert refused.code == 2
    assert "line 2, Role" in refused.out
    assert "line 2, Tue" in refused.out
    assert "has 2 faults" in refused.refused


def test_bookings_that_clash_are_flagged(run: Run, db: tuple[str, ...], tmp_path: Path) -> None:
    """A booking on top of another comes in, and both are in the worklist."""
    sheet = tmp_path / "cases.csv"
    sheet.write_text("Date,Start,Surgeon,OR,Procedure\n2099-03-10,8:30 AM,Smith,OR 1,Knee arthroscopy\n")
    done = run("import", "bookings", sheet, *db)
    assert "1 new" in done.out
    assert {item["case"] for item in run("worklist", *db, "--json").body["items"]} == {"case-1", "case-0002"}


def test_files_that_are_no_sheets(run: Run, db: tuple[str, ...], tmp_path: Path) -> None:
    """A missing file and a workbook are refused in a sentence."""
    assert "can't be read" in run("import", "staff", tmp_path / "none.csv", *db).refused
    book = tmp_path / "staff.xlsx"
    book.write_bytes(b"PK\x03\x04rest")
    assert "save the sheet as CSV" in run("import", "staff", book, *db).refused


def test_a_scheduler_may_not(run: Run, db: tuple[str, ...], tmp_path: Path) -> None:
    """Records are for a director or an admin; the worklist is for whoever sees the schedule."""
    sheet = tmp_path / "staff.csv"
    sheet.write_text("name,role\nKim,surgeon\n")
    me = (*db[:2], "--as", "scheduler")
    assert "scheduler" in run("edit", "rooms", *me).refused
    assert "scheduler" in run("import", "staff", sheet, *me).refused
    assert run("worklist", *me).code == 0


def test_the_demo_can_be_tried(run: Run) -> None:
    """On the demo clinic an edit shows what it would break."""
    shown = run("edit", "rooms", "or-1", "--set", HOURS, "--reason", "x", *DEMO)
    assert "would stand against a rule" in shown.out
