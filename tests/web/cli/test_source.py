"""Which clinic a command works on, and what time it is there."""

from pathlib import Path

import pytest

from tests.web.cli.conftest import DEMO, KNEE, TUESDAY, Run


def test_no_clinic_says_how_to_name_one(run: Run) -> None:
    """A command without a clinic is refused with the ways out."""
    said = run("find", *TUESDAY).refused
    assert "Maybe add --demo" in said
    assert "SLOTWRIGHT_DB" in said


def test_two_clinics_are_one_too_many(run: Run, clinic_file: Path) -> None:
    """--demo and --clinic together are refused."""
    assert "two clinics" in run("find", *TUESDAY, *DEMO, "--clinic", clinic_file).refused


def test_the_environment_names_a_database(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SLOTWRIGHT_DB is used where no option names a clinic, and a missing file is said, not made."""
    monkeypatch.setenv("SLOTWRIGHT_DB", f"sqlite:///{tmp_path}/none.db")
    assert "There is no database" in run("find", *TUESDAY).refused
    assert not (tmp_path / "none.db").exists()
    assert run("find", *TUESDAY, *DEMO).code == 0


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/x", "://", ""])
def test_an_address_that_is_none_is_refused(run: Run, url: str) -> None:
    """What is no address of a database is one plain sentence."""
    assert run("find", *TUESDAY, "--db", url).refused


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("yesterday", "not a time"),
        ("2026-03-08T02:30", "doesn't exist"),
        ("2026-11-01T01:30", "happens twice"),
        ("0001-01-01T00:00", "outside the calendar"),
        ("9999-12-31T23:59", "outside the calendar"),
    ],
)
def test_a_time_that_is_none_is_refused(run: Run, now: str, said: str) -> None:
    """--now must be a wall time that the clinic's clock shows once."""
    assert said in run("find", *TUESDAY, "--demo", "--now", now).refused


def test_now_sets_the_demo_around_its_date(run: Run) -> None:
    """The demo clinic's book lies around the clock's date, so another week has slots too."""
    days = ("--date-from", "2026-09-08", "--date-to", "2026-09-10")
    ran = run("find", *KNEE, *days, "--demo", "--now", "2026-09-01T08:00", "--json")
    assert ran.body["status"] == "found"


def test_the_clock_runs_without_now(run: Run) -> None:
    """Without --now, a date long past is past."""
    assert "past" in run("find", *TUESDAY, "--demo").refused


def test_a_file_is_a_clinic(run: Run, clinic_file: Path) -> None:
    """--clinic FILE searches an in-memory clinic made from the file."""
    ran = run("find", *TUESDAY, "--clinic", clinic_file, "--now", "2026-03-05T09:00", "--json")
    assert ran.body["status"] == "found"
    assert all("T08:" not in offer["cases"][0]["start"] for offer in ran.body["offers"])


def test_old_clashes_of_a_file_are_taken_and_said(run: Run, clinic_file: Path) -> None:
    """A file whose cases overlap is searched all the same, with a warning that names them."""
    text = clinic_file.read_text()
    again = text.replace("patients:", "  - {id: case-2, procedure: knee-arthroscopy, surgeon: dr-smith, room: or-1,"
                         " start: 2026-03-10T08:30, minutes: 60, anesthesia: local}\npatients:")  # fmt: skip
    clinic_file.write_text(again)
    ran = run("find", *TUESDAY, "--clinic", clinic_file, "--now", "2026-03-05T09:00", "--json")
    assert ran.body["status"] == "found"
    assert "case-2" in ran.err


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"rooms: [", b"just words"])
def test_a_file_that_is_no_clinic_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    """Bytes, emptiness, broken YAML and prose are refused without a traceback."""
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    ran = run("find", *TUESDAY, "--clinic", file)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


def test_now_on_a_database_reads(run: Run, clinic_file: Path, tmp_path: Path) -> None:
    """find at another time on a database answers, and leaves no offer behind."""
    url = f"sqlite:///{tmp_path}/clinic.db"
    assert run("load", clinic_file, "--db", url).code == 0
    ran = run("find", *TUESDAY, "--db", url, "--now", "2026-03-05T09:00", "--json")
    assert ran.body["status"] == "found"
    assert _offers(tmp_path / "clinic.db") == 0


def test_without_now_a_database_keeps_offers(run: Run, clinic_file: Path, tmp_path: Path) -> None:
    """The same search at the real time keeps its offers, so the count above can fail."""
    url = f"sqlite:///{tmp_path}/clinic.db"
    assert run("load", clinic_file, "--db", url).code == 0
    ran = run("find", *KNEE, "--date-from", "2099-03-10", "--db", url, "--json")
    assert _offers(tmp_path / "clinic.db") == len(ran.body["offers"]) > 0


def _offers(place: Path) -> int:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(place)) as database:
        return int(database.execute("select count(*) from offers").fetchone()[0])


def test_now_on_a_database_refuses_a_write(run: Run, clinic_file: Path, tmp_path: Path) -> None:
    """load with --now is refused, and makes nothing."""
    ran = run("load", clinic_file, "--db", f"sqlite:///{tmp_path}/clinic.db", "--now", "2026-03-05T09:00")
    assert "reads only" in ran.refused
    assert not (tmp_path / "clinic.db").exists()
