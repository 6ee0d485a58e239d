"""What is installed is exactly what is locked, from whichever index a machine is given."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)", re.MULTILINE)
LOCKS = ("requirements.lock", "requirements-dev.lock")


def _pins(lock: str) -> set[tuple[str, str]]:
    return {(pin["name"], pin["version"]) for pin in PIN.finditer((ROOT / lock).read_text())}


def _asked_for(*, dev: bool) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + (project["optional-dependencies"]["dev"] if dev else [])
    return {re.split(r"[\[<>=~ ;]", line, maxsplit=1)[0].lower() for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    """Each locked package is followed by at least one sha256."""
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())
    bare = [block.split()[0] for block in blocks if PIN.match(block) and "--hash=sha256:" not in block]
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    """A lock holds neither an option that chooses an index nor any address or path."""
    assert re.findall(r"^-.*|\w+://.*|(?<=\s)/\w+.*", (ROOT / lock).read_text(), re.MULTILINE) == []


@pytest.mark.parametrize(("lock", "dev"), [(LOCKS[0], False), (LOCKS[1], True)])
def test_a_lock_covers_what_is_asked_for(lock: str, dev: bool) -> None:
    """Every dependency of pyproject.toml is pinned: nobody forgot `make lock`."""
    assert _asked_for(dev=dev) - {name for name, _ in _pins(lock)} == set()


def test_both_locks_agree() -> None:
    """The development lock holds every runtime pin at the same version."""
    assert _pins(LOCKS[0]) - _pins(LOCKS[1]) == set()
