"""The commands that the documents name exist."""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import ModelSettings
from tests.project.manual import manual
from web.settings import Environment

ROOT = Path(__file__).parents[2]
DOCUMENTS = [path for name in ("CONTRIBUTING.md", "README.md") if (path := ROOT / name).exists()]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def _code(document: Path) -> str:
    """The code of a Markdown page: fenced, indented or in backticks."""
    text = document.read_text()
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`|^ {4}.*$", text, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_command_is_a_target(document: Path) -> None:
    """Each `make X` that a document names is in the Makefile, and setup, run and test are among them."""
    named = set(re.findall(r"\bmake ([a-z-]+)", _code(document)))
    assert named <= _targets()
    assert {"setup", "run", "test"} <= named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_program_named_is_installed(document: Path) -> None:
    """Each `.venv/bin/X` that a document names is there after `make setup`."""
    named = set(re.findall(r"\.venv/bin/([\w.-]+)", _code(document)))
    assert {name for name in named if not Path(sys.executable).with_name(name).exists()} == set()


def test_the_command_is_slotwright() -> None:
    """pyproject installs the one command that every document uses."""
    assert PROJECT["scripts"] == {"slotwright": "web.cli:main"}


def test_every_setting_is_in_the_table() -> None:
    """docs/settings.md has every variable that is read: those of serving, and the command line's own."""
    rows = re.findall(r"^\| (`SLOTWRIGHT_[^|]*)\|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"SLOTWRIGHT_[A-Z_]+", row)}
    served = {f"SLOTWRIGHT_{name.upper()}" for name in Environment.model_fields}
    sources = [
        path.read_text()
        for package in ("tools", "assistant", "web")
        for path in (ROOT / package).rglob("*.py")
    ]
    read = {
        name
        for text in sources
        for name in re.findall(r'(?:environ[^"\n]{0,20}|VARIABLE = )"(SLOTWRIGHT_[A-Z_]+)"', text)
    }
    assert served | read <= named


def test_every_command_is_in_the_manual() -> None:
    """docs/commands.md says of every command and option what --help says."""
    kept = (ROOT / "docs" / "commands.md").read_text()
    assert kept == manual(), "Maybe run: .venv/bin/python scripts/commands"


@pytest.mark.parametrize("settings", [ModelSettings, Environment])
def test_every_setting_is_heard(settings: type[Any]) -> None:
    """No setting is read from the environment and then asked for by nobody."""
    code = [
        path.read_text()
        for top in ("assistant", "tools", "web", "evals")
        for path in (ROOT / top).rglob("*.py")
    ]
    asked = {name for text in code for name in re.findall(r"\.([a-z_]+)\b", text)}
    assert settings.model_fields
    assert sorted(settings.model_fields.keys() - asked) == []
