"""Imports run one way, and the check that says so bites."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("solver", "tools", "assistant", "web", "evals", "evals/oracle")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The five packages and the oracle, each with one empty module."""
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / "cli.py").touch()
    return tmp_path


def test_the_project_keeps_its_layers() -> None:
    """The code as it is breaks no import contract."""
    result = _lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("web/cli.py", "import evals.cli"),
        ("web/cli.py", "import assistant.cli, tools.cli, solver.cli"),
        ("evals/cli.py", "import assistant.cli, solver.cli"),
        ("assistant/cli.py", "import anthropic"),
    ],
)
def test_what_the_design_allows_passes(house: Path, module: str, line: str) -> None:
    """Imports downwards, the command line's evals and the assistant's model break nothing."""
    (house / module).write_text(f"{line}\n")
    result = _lint_imports(house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("solver/cli.py", "import tools.cli", "Imports run one way"),
        ("tools/cli.py", "import assistant.cli", "Imports run one way"),
        ("assistant/cli.py", "import web.cli", "Imports run one way"),
        ("evals/cli.py", "import web.cli", "Imports run one way"),
        ("assistant/cli.py", "import evals.cli", "Imports run one way"),
        ("evals/oracle/cli.py", "import solver.cli", "The oracle shares no code"),
        ("web/pages.py", "import evals.cli", "Only the command line starts evals"),
        ("solver/cli.py", "import sqlalchemy", "The solver knows no database"),
        ("solver/cli.py", "def later():\n    import fastapi", "The solver knows no database"),
        ("tools/cli.py", "import anthropic", "Only the assistant speaks to a model"),
        ("assistant/cli.py", "from fastapi import Depends", "Nothing below web knows HTTP serving"),
    ],
)
def test_a_planted_violation_is_caught(house: Path, module: str, line: str, contract: str) -> None:
    """One import against the order, hidden in a function or not, breaks the contract that forbids it."""
    (house / module).write_text(f"{line}\n")
    result = _lint_imports(house)
    broken = [row for row in result.stdout.splitlines() if row.endswith("BROKEN")]
    assert result.returncode == 1
    assert any(row.startswith(contract) for row in broken), result.stdout
