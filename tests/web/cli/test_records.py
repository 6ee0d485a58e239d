"""load and export: a clinic into a database and out of it again."""

import json
from pathlib import Path

import pytest
import yaml

from tests.web.cli.conftest import DEMO, Run
from tools.clinic_file.syntax import parse


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a SQLite database that doesn't exist yet."""
    return f"sqlite:///{tmp_path}/clinic.db"


def test_load_and_export_round_trip(run: Run, clinic_file: Path, url: str, tmp_path: Path) -> None:
    """What export writes with patients loads into another database and exports the same again."""
    loaded = run("load", clinic_file, "--db", url)
    assert (loaded.code, loaded.out) == (0, "Loaded Harbor Clinic: 1 cases, 1 patients.\n")
    first = run("export", "--db", url, "--with-patients")
    assert first.code == 0
    again, other = tmp_path / "again.yaml", f"sqlite:///{tmp_path}/other.db"
    again.write_text(first.out)
    assert run("load", again, "--db", other).code == 0
    assert run("export", "--db", other, "--with-patients").out == first.out


def test_the_demo_clinic_round_trips(run: Run, tmp_path: Path) -> None:
    """The demo's export is a clinic file that gives the same export."""
    whole = run("export", *DEMO, "--with-patients").out
    (tmp_path / "demo.yaml").write_text(whole)
    again = run("export", "--clinic", tmp_path / "demo.yaml", "--now", "2026-03-05T09:00", "--with-patients")
    assert again.out == whole


def test_patients_leave_only_on_request(run: Run, clinic_file: Path) -> None:
    """Without --with-patients, no identity is in an export."""
    kept, gone = (
        run("export", "--clinic", clinic_file, "--with-patients"),
        run("export", "--clinic", clinic_file),
    )
    assert "Test Patient" in kept.out
    assert "Test Patient" not in gone.out
    assert "T0000001" not in gone.out


def test_export_as_json_is_the_same_clinic(run: Run, clinic_file: Path) -> None:
    """--json gives the file's content as one object."""
    written = run("export", "--clinic", clinic_file).out
    assert run("export", "--clinic", clinic_file, "--json").body == parse(written).values


def test_export_to_a_file_is_private(run: Run, clinic_file: Path, tmp_path: Path) -> None:
    """--output writes a file that only its owner can read, and says so on stdout."""
    out = tmp_path / "out.yaml"
    ran = run("export", "--clinic", clinic_file, "--output", out, "--json")
    assert ran.body == {"output": str(out), "cases": 1, "patients": 0}
    assert out.stat().st_mode & 0o077 == 0
    assert yaml.safe_load(out.read_text())["clinic"]["name"] == "Harbor Clinic"


def test_an_output_that_cannot_be_written_is_refused(run: Run, clinic_file: Path, tmp_path: Path) -> None:
    """A folder that isn't there is one plain sentence."""
    assert (
        "can't be written"
        in run("export", "--clinic", clinic_file, "--output", tmp_path / "no" / "x").refused
    )


def test_a_bad_file_gets_every_fault_and_loads_nothing(
    run: Run, clinic_file: Path, url: str, tmp_path: Path
) -> None:
    """Three faults are three lines with their places, and no database comes to be."""
    text = clinic_file.read_text().replace("name: OR 1,", "nam: OR 1,").replace("role: surgeon", "role: 7")
    clinic_file.write_text(text.replace("surgeon: dr-smith, room: or-1", "surgeon: dr-who, room: or-1"))
    ran = run("load", clinic_file, "--db", url)
    assert (ran.code, ran.out) == (2, "")
    for place in ("rooms.or-1", "staff.dr-smith", "cases[0].surgeon", "line "):
        assert place in ran.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clinic.yaml"]


OVERLAP = (
    "  - {id: case-2, procedure: knee-arthroscopy, surgeon: dr-smith, room: or-1, start: 2026-03-10T08:30, \
minutes: 60, anesthesia: local}\npatients:"
)


def test_old_clashes_need_a_word(run: Run, clinic_file: Path, url: str) -> None:
    """Overlapping cases are refused by load, and taken as flagged exceptions with --accept-existing."""
    clinic_file.write_text(clinic_file.read_text().replace("patients:", OVERLAP))
    refused = run("load", clinic_file, "--db", url)
    assert refused.code == 2
    assert "case-2" in refused.err
    taken = run("load", clinic_file, "--db", url, "--accept-existing", "--json")
    assert (taken.code, set(taken.body["exceptions"])) == (0, {"case-1", "case-2"})
    assert "room-occupancy" in taken.body["exceptions"]["case-2"]
    exported = run("export", "--db", url, "--json").body
    assert "room-occupancy" in exported["cases"][1]["exceptions"]


def test_a_second_clinic_is_refused(run: Run, clinic_file: Path, url: str) -> None:
    """A database that holds a clinic keeps it."""
    assert run("load", clinic_file, "--db", url).code == 0
    assert "Maybe name an empty one" in run("load", clinic_file, "--db", url).refused


def test_load_needs_a_database(run: Run, clinic_file: Path) -> None:
    """load without a database says how to name one."""
    assert "--db sqlite:///clinic.db" in run("load", clinic_file).refused


def test_a_folder_that_is_not_there_is_refused(run: Run, clinic_file: Path, tmp_path: Path) -> None:
    """A database in a folder that doesn't exist is one plain sentence, and leaves no key behind."""
    run("load", clinic_file, "--db", f"sqlite:///{tmp_path}/no/clinic.db").refused  # noqa: B018 - it asserts
    assert not (tmp_path / "no").exists()


def test_the_key_lies_beside_a_sqlite_file(run: Run, clinic_file: Path, url: str, tmp_path: Path) -> None:
    """Without SLOTWRIGHT_KEY a private key file is made and said; without it the database stays shut."""
    ran = run("load", clinic_file, "--db", url)
    key = tmp_path / "clinic.db.key"
    assert str(key) in ran.err
    assert key.stat().st_mode & 0o077 == 0
    key.unlink()
    assert "SLOTWRIGHT_KEY" in run("export", "--db", url).refused


def test_a_set_key_is_used_and_not_written(
    run: Run, clinic_file: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SLOTWRIGHT_KEY seals the patients, and nothing is written beside the database."""
    monkeypatch.setenv("SLOTWRIGHT_KEY", "c2xvdHdyaWdodCB0ZXN0IGtleSwgMzIgYnl0ZXMgbG9uZw==")
    assert run("load", clinic_file, "--db", url).err == ""
    assert not (tmp_path / "clinic.db.key").exists()
    assert b"Test Patient" not in (tmp_path / "clinic.db").read_bytes()
    assert "Test Patient" in run("export", "--db", url, "--with-patients").out


def test_a_loaded_count_is_an_object(run: Run, clinic_file: Path, url: str) -> None:
    """load --json says what is in the book now."""
    ran = run("load", clinic_file, "--db", url, "--json")
    assert json.loads(ran.out) == {
        "clinic": "harbor",
        "cases": 1,
        "patients": 1,
        "exceptions": {},
        "revision": 1,
    }
