"""audit: searched, exported, verified and anchored from the command line."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.cli.conftest import Run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the clinic's database is."""
    return tmp_path / "clinic.db"


@pytest.fixture
def db(run: Run, clinic_file: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small clinic in a database, with an admin, a scheduler and an auditor: four entries."""
    monkeypatch.delenv("SLOTWRIGHT_USER", raising=False)
    url = f"sqlite:///{file}"
    assert run("load", clinic_file, "--db", url).code == 0
    assert run("users", "add", "rita", "--role", "admin", "--db", url).code == 0
    for name, role in (("ann", "scheduler"), ("carl", "auditor")):
        assert run("users", "add", name, "--role", role, "--db", url, "--as", "rita").code == 0
    monkeypatch.setenv("SLOTWRIGHT_USER", "carl")
    return url


def tampered(file: Path, *statements: str) -> None:
    """What a thief of the file does to it."""
    with sqlite3.connect(file) as connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_the_trail_is_searched(run: Run, db: str) -> None:
    """Newest first, by person and object; a person sees one line an entry."""
    found = run("audit", "search", "--principal", "rita", "--db", db, "--json").body
    assert [(each["action"], each["objects"]) for each in found["entries"]] == [
        ("user-added", ["carl"]), ("user-added", ["ann"]),
    ]  # fmt: skip
    assert "user-added  ann" in run("audit", "search", "--object", "ann", "--db", db).out
    assert run("audit", "search", "--object", "nobody", "--db", db).out == "No entry fits.\n"
    assert "slotwright audit export" in run("audit", "search", "--limit", "2", "--db", db).out


def test_only_an_auditor_may(run: Run, db: str) -> None:
    """A scheduler and an admin are refused in one sentence, which says how to get an auditor."""
    for name in ("ann", "rita"):
        for word in ("search", "export"):
            said = run("audit", word, "--db", db, "--as", name).refused
            assert "read the audit trail" in said
            assert said.endswith("slotwright users add USER --role auditor")
    for word in ("verify", "anchor"):
        assert "Maybe ask an auditor" in run("audit", word, "--db", db, "--as", "ann").refused


def test_an_admin_checks_that_the_trail_is_whole(run: Run, db: str) -> None:
    """Whoever keeps the data verifies and anchors it without an auditor: neither shows an entry."""
    assert run("audit", "verify", "--db", db, "--as", "rita").code == 0
    assert ":" in run("audit", "anchor", "--db", db, "--as", "rita", "--json").body["heads"]["audit"]


@pytest.mark.parametrize(
    ("option", "value"),
    [("--from", "yesterday"), ("--to", "2026-02-30"), ("--from", "9999-12-31"), ("--limit", "0")],
)
def test_bad_input_is_refused(run: Run, db: str, option: str, value: str) -> None:
    """One plain sentence names what is wrong."""
    assert run("audit", "search", option, value, "--db", db).refused


def test_a_whole_trail_is_verified(run: Run, db: str) -> None:
    """Exit 0 and both chains' verdicts."""
    ran = run("audit", "verify", "--db", db, "--json")
    assert ran.code == 0
    assert [(each["chain"], each["whole"], each["entries"]) for each in ran.body["chains"]] == [
        ("audit", True, 4), ("access", True, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit SET principal = 'ann' WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)", 1),
    ],
)
def test_a_broken_trail_exits_1_and_names_the_entry(
    run: Run, db: str, file: Path, statement: str, at: int
) -> None:
    """Edited, removed or reordered by raw SQL: found, and it can't be anchored."""
    tampered(file, statement, "UPDATE audit SET seq = -seq WHERE seq < 0")
    ran = run("audit", "verify", "--db", db, "--json")
    assert ran.code == 1
    assert ran.body["chains"][0]["broken_at"] in (at, at + 1)
    assert "tampered" in ran.err
    assert "isn't anchored" in run("audit", "anchor", "--db", db).refused


def test_a_cut_tail_shows_against_an_anchor(run: Run, db: str, file: Path, tmp_path: Path) -> None:
    """The newest entry is gone and the head set back: only the anchored head, as file or text, tells."""
    kept = tmp_path / "head.json"
    assert run("audit", "anchor", "--output", kept, "--db", db).code == 0
    head = run("audit", "anchor", "--db", db, "--json").body["heads"]["audit"]
    assert kept.stat().st_mode & 0o777 == 0o600
    for anchor in (str(kept), head):
        assert run("audit", "verify", "--anchor", anchor, "--db", db).code == 0
    tampered(
        file,
        "DELETE FROM audit WHERE seq = 4",
        "UPDATE audit_heads SET seq = 3, mac = (SELECT mac FROM audit WHERE seq = 3)",
    )
    assert run("audit", "verify", "--db", db).code == 0
    for anchor in (str(kept), head):
        ran = run("audit", "verify", "--anchor", anchor, "--db", db)
        assert ran.code == 1
        assert "cut off" in ran.err


def test_an_anchor_that_is_none_is_refused(run: Run, db: str, tmp_path: Path) -> None:
    """No such file, another file, another clinic's: one sentence each."""
    other = tmp_path / "other.json"
    other.write_text('{"clinic": "elsewhere", "heads": {}}')
    assert "can't be read" in run("audit", "verify", "--anchor", tmp_path / "none", "--db", db).refused
    assert "elsewhere" in run("audit", "verify", "--anchor", other, "--db", db).refused
    other.write_text("[]")
    assert "isn't what" in run("audit", "verify", "--anchor", other, "--db", db).refused
    assert "no anchored head" in run("audit", "verify", "--anchor", "3:abc", "--db", db).refused


def test_the_trail_is_taken_out_as_csv(run: Run, db: str, tmp_path: Path) -> None:
    """A header and a line an entry; that it was taken out is in the other chain."""
    lines = run("audit", "export", "--csv", "--db", db).out.splitlines()
    assert lines[0] == "seq,at,principal,role,action,objects,before,after"
    assert len(lines) == 5
    place = tmp_path / "trail.csv"
    assert run("audit", "export", "--output", place, "--from", "2020-01-01", "--db", db).code == 0
    assert place.read_text().splitlines() == lines
    assert place.stat().st_mode & 0o777 == 0o600


def test_who_took_the_patients_out_is_entered(run: Run, db: str, tmp_path: Path) -> None:
    """An export with identities is in the chain of who looked, one without isn't; neither holds a user or secret."""
    assert run("users", "add", "dora", "--role", "director", "--db", db, "--as", "rita").code == 0
    plain = run("export", "--db", db, "--as", "dora").out
    command = [
        Path(sys.executable).with_name("slotwright"),
        "export",
        "--with-patients",
        "--db",
        db,
        "--as",
        "dora",
    ]
    whole = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # its end enters it
    found = run("audit", "search", "--access", "--db", db, "--json").body["entries"]
    assert [(each["principal"], each["action"], each["after"]) for each in found] == [
        ("dora", "patients-exported", {"patients": 1}),
    ]  # fmt: skip
    assert "Test Patient" in whole
    for kept in ("Test Patient", "T0000001", "1970-01-01"):
        assert kept not in plain
    secret = (tmp_path / "clinic.db.key").read_text().strip()
    for text in (plain, whole):
        assert not any(word in text for word in ("rita", "argon2", "token", secret))
