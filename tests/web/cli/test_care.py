"""backup, restore and rotate-key from the command line."""

import base64
import sqlite3
from pathlib import Path

import pytest

from tests.web.cli.conftest import Run
from tools.records.keys import Keys


@pytest.fixture
def db(run: Run, clinic_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small clinic in a SQLite database with its key beside it."""
    for name in ("SLOTWRIGHT_USER", "SLOTWRIGHT_NEW_KEY"):
        monkeypatch.delenv(name, raising=False)
    url = f"sqlite:///{tmp_path}/clinic.db"
    assert run("load", clinic_file, "--db", url).code == 0
    return url


def fresh_key() -> str:
    """The text of a key."""
    return base64.b64encode(Keys.fresh()).decode()


def patients(run: Run, url: str) -> list[str]:
    """Whose identities open."""
    return [each["name"] for each in run("export", "--with-patients", "--json", "--db", url).body["patients"]]


def test_a_backup_restores_beside_its_key(run: Run, db: str, tmp_path: Path) -> None:
    """The file is its owner's alone; restored with the key's file it opens, and the trail is whole."""
    kept, url = tmp_path / "kept.backup", f"sqlite:///{tmp_path}/other.db"
    assert "1 cases" in run("backup", kept, "--db", db).out
    assert kept.stat().st_mode & 0o777 == 0o600
    key = tmp_path / "clinic.db.key"
    assert run("restore", kept, "--db", url, "--key-file", key, "--json").body["clinic"] == "harbor"
    assert patients(run, url) == ["Test Patient"]
    assert run("audit", "verify", "--db", url).code == 0


def test_a_failed_restore_leaves_nothing(run: Run, db: str, tmp_path: Path) -> None:
    """Another key, no key, a cut file: one sentence, and neither a database nor a key file."""
    kept, wrong = tmp_path / "kept.backup", tmp_path / "wrong.key"
    assert run("backup", kept, "--db", db).code == 0
    wrong.write_text(fresh_key())
    url = f"sqlite:///{tmp_path}/other.db"
    assert "isn't the key" in run("restore", kept, "--db", url, "--key-file", wrong).refused
    assert "SLOTWRIGHT_KEY" in run("restore", kept, "--db", url).refused
    kept.write_bytes(kept.read_bytes()[:-100])
    key = tmp_path / "clinic.db.key"
    assert run("restore", kept, "--db", url, "--key-file", key).refused
    assert "can't be read" in run("restore", tmp_path / "none", "--db", url).refused
    assert not list(tmp_path.glob("other*"))


def test_a_restore_never_touches_what_is_there(run: Run, db: str, tmp_path: Path) -> None:
    """Neither a database nor a key file that exists is overwritten or removed."""
    kept, key = tmp_path / "kept.backup", tmp_path / "clinic.db.key"
    assert run("backup", kept, "--db", db).code == 0
    before = key.read_bytes()
    assert "already" in run("restore", kept, "--db", db, "--key-file", key).refused
    assert patients(run, db) == ["Test Patient"]
    other = tmp_path / "other.db.key"
    other.write_text("mine")
    assert run("restore", kept, "--db", f"sqlite:///{tmp_path}/other.db", "--key-file", key).refused
    assert (other.read_text(), key.read_bytes()) == ("mine", before)


def test_a_backup_that_cannot_be_written_is_one_sentence(run: Run, db: str, tmp_path: Path) -> None:
    """No such folder: refused, and no part of it is left."""
    assert "can't be written" in run("backup", tmp_path / "no" / "kept", "--db", db).refused
    assert not list(tmp_path.glob("**/*.part"))


def test_the_key_beside_a_database_is_rotated(run: Run, db: str, tmp_path: Path) -> None:
    """A fresh key takes the file's place; the old one opens nothing, and the trail is whole."""
    key = tmp_path / "clinic.db.key"
    old = key.read_text()
    assert "Sealed anew: 1 patients" in run("rotate-key", "--db", db).out
    assert key.read_text() != old
    assert key.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.new"))
    assert patients(run, db) == ["Test Patient"]
    assert run("audit", "verify", "--db", db).code == 0
    key.write_text(old)
    assert "not the key" in run("export", "--db", db).refused


def test_the_environments_key_is_rotated_to_the_environments_new_one(
    run: Run, db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the site keeps the key nothing is made up: SLOTWRIGHT_NEW_KEY has to be there, and is taken."""
    key = tmp_path / "clinic.db.key"
    monkeypatch.setenv("SLOTWRIGHT_KEY", key.read_text().strip())
    key.unlink()
    assert "SLOTWRIGHT_NEW_KEY is not set" in run("rotate-key", "--db", db).refused
    new = fresh_key()
    monkeypatch.setenv("SLOTWRIGHT_NEW_KEY", new)
    ran = run("rotate-key", "--db", db)
    assert "From now on SLOTWRIGHT_KEY is what SLOTWRIGHT_NEW_KEY is" in ran.out
    assert new not in ran.out
    assert "not the key" in run("export", "--db", db).refused
    monkeypatch.setenv("SLOTWRIGHT_KEY", new)
    assert patients(run, db) == ["Test Patient"]
    assert not key.exists()


def test_no_key_no_start(run: Run, db: str, tmp_path: Path) -> None:
    """Outside the demo nothing works without the key: neither reading nor serving."""
    (tmp_path / "clinic.db.key").unlink()
    for words in (("export",), ("serve", "--port", "0"), ("backup", tmp_path / "b"), ("audit", "verify")):
        assert "SLOTWRIGHT_KEY" in run(*words, "--db", db).refused


def test_a_demo_has_no_key_to_rotate(run: Run) -> None:
    """Its patients are made up, and its key is with them."""
    assert "has one to rotate" in run("rotate-key", "--demo").refused


def test_only_an_admin_takes_care(run: Run, db: str, tmp_path: Path) -> None:
    """Once there are users, a scheduler is refused all of it."""
    assert run("users", "add", "rita", "--role", "admin", "--db", db).code == 0
    assert run("users", "add", "ann", "--db", db, "--as", "rita").code == 0
    for words in (("backup", tmp_path / "b"), ("rotate-key",)):
        assert "scheduler" in run(*words, "--db", db, "--as", "ann").refused
    assert run("backup", tmp_path / "b", "--db", db, "--as", "rita").code == 0


def test_a_killed_rotation_loses_no_key(run: Run, db: str, tmp_path: Path) -> None:
    """The new key is on disk before anything is sealed with it; a failed rotation leaves the old one working."""
    key = tmp_path / "clinic.db.key"
    old = key.read_text()
    with sqlite3.connect(tmp_path / "clinic.db") as connection:
        connection.execute("UPDATE patients SET sealed = x'00'")
    connection.close()
    assert run("rotate-key", "--db", db).code == 2
    assert key.read_text() == old
    assert not list(tmp_path.glob("*.new"))
    assert run("audit", "verify", "--db", db).code == 0


def test_what_is_kept_too_long_is_deleted_on_request(
    run: Run, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing at first; a day that is no day is refused by its variable; what was deleted is told by table."""
    assert run("forget", "--db", db, "--json").body == {"deleted": {}}
    monkeypatch.setenv("SLOTWRIGHT_PROPOSAL_DAYS", "0")
    assert "SLOTWRIGHT_PROPOSAL_DAYS" in run("forget", "--db", db).refused
    monkeypatch.setenv("SLOTWRIGHT_PROPOSAL_DAYS", "1")
    with sqlite3.connect(str(db).removeprefix("sqlite:///")) as raw:
        row = "INSERT INTO undos VALUES ('harbor', 'proposal-1', 'ann', 0, '{}')"
        raw.execute(row)
    assert "1 undos" in run("forget", "--db", db).out
    assert run("audit", "verify", "--db", db).code == 0
