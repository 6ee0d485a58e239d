"""users, keys and --as: the command line acts as a named person."""

from pathlib import Path

import pytest

from tests.web.cli.conftest import KNEE, Run

LATER = (*KNEE, "--date-from", "2099-03-10")


@pytest.fixture
def db(run: Run, clinic_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small clinic in a database that has no user."""
    monkeypatch.delenv("SLOTWRIGHT_USER", raising=False)
    monkeypatch.delenv("SLOTWRIGHT_PUBLIC_ORIGIN", raising=False)
    url = f"sqlite:///{tmp_path}/clinic.db"
    assert run("load", clinic_file, "--db", url).code == 0
    return url


@pytest.fixture
def peopled(run: Run, db: str) -> str:
    """The same with an admin, who added a scheduler and an auditor."""
    assert run("users", "add", "rita", "--role", "admin", "--db", db).code == 0
    for name, role in (("ann", "scheduler"), ("carl", "auditor")):
        assert run("users", "add", name, "--role", role, "--db", db, "--as", "rita").code == 0
    return db


def test_a_database_without_users_is_its_keys_holders(run: Run, db: str) -> None:
    """Before the first user, whoever has the file and its key works as the terminal."""
    assert run("find", *LATER, "--db", db).code == 0


def test_a_database_with_users_wants_a_name(run: Run, peopled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After it, a command without a name is refused; --as and SLOTWRIGHT_USER name one."""
    assert "--as USER" in run("find", *LATER, "--db", peopled).refused
    assert "--as USER" in run("export", "--db", peopled).refused
    assert run("find", *LATER, "--db", peopled, "--as", "ann").code == 0
    monkeypatch.setenv("SLOTWRIGHT_USER", "ann")
    assert run("find", *LATER, "--db", peopled).code == 0
    assert "no user" in run("find", *LATER, "--db", peopled, "--as", "ghost").refused


def test_the_role_of_the_named_person_counts(run: Run, peopled: str) -> None:
    """An auditor can't search, a scheduler neither exports nor manages access."""
    assert "auditor" in run("find", *LATER, "--db", peopled, "--as", "carl").refused
    assert "scheduler" in run("export", "--db", peopled, "--as", "ann").refused
    assert "scheduler" in run("users", "list", "--db", peopled, "--as", "ann").refused
    assert "scheduler" in run("keys", "add", "EMR", "--db", peopled, "--as", "ann").refused


def test_the_first_user_is_an_admin(run: Run, db: str) -> None:
    """A scheduler alone couldn't let anyone else in."""
    assert "first user is an admin" in run("users", "add", "ann", "--db", db).refused


def test_users_are_listed_reset_and_deactivated(run: Run, peopled: str) -> None:
    """Each command does its one thing, and the deactivated person can't act."""
    me = ("--db", peopled, "--as", "rita")
    listed = run("users", "list", *me, "--json").body["users"]
    assert [(each["id"], each["role"]) for each in listed] == [
        ("ann", "scheduler"), ("carl", "auditor"), ("rita", "admin"),
    ]  # fmt: skip
    assert (
        run("users", "reset", "ann", *me, "--json").body["link"].startswith("http://127.0.0.1:8000/welcome?")
    )
    assert run("users", "deactivate", "ann", *me).code == 0
    assert "no access" in run("find", *LATER, "--db", peopled, "--as", "ann").refused
    assert run("users", "reactivate", "ann", *me).code == 0
    assert "only admin" in run("users", "deactivate", "rita", *me).refused


def test_keys_are_made_listed_and_revoked(run: Run, peopled: str) -> None:
    """The secret is printed once, and the list has none."""
    me = ("--db", peopled, "--as", "rita")
    key = run("keys", "add", "EMR", "--scope", "find", *me, "--json").body["key"]
    listed = run("keys", "list", *me, "--json")
    assert [each["scopes"] for each in listed.body["keys"]] == [["find"]]
    assert key not in listed.out
    assert run("keys", "revoke", listed.body["keys"][0]["id"], *me).code == 0
    assert run("keys", "list", *me, "--json").body["keys"][0]["works"] is False
    assert "no scope" in run("keys", "add", "EMR", "--scope", "confirm", *me).refused


def test_a_demo_has_no_users(run: Run) -> None:
    """--as beside --demo is refused."""
    assert "user of a database" in run("find", *LATER, "--demo", "--as", "ann").refused


def test_whoever_has_a_database_without_users_reads_what_costs_most(run: Run, db: str) -> None:
    """The report runs where nobody is a user yet; a named scheduler may not read it."""
    run("find", *KNEE, "--date-from", "2099-03-08", "--db", db)  # a Sunday
    ran = run("bottlenecks", "--db", db)
    assert ran.code == 0
    assert "1 request" in ran.out


def test_a_scheduler_by_name_does_not_read_what_costs_most(run: Run, peopled: str) -> None:
    """The role of the named person counts here too."""
    assert "may not read reports" in run("bottlenecks", "--db", peopled, "--as", "ann").refused
