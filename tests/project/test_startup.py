"""Start-up stays light: the solver's engine and the model's SDK load when they are first needed."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("anthropic", "ortools", "numpy", "pandas")
TEST_ONLY = ("pytest", "hypothesis", "respx", "playwright")
PROBE = """
import importlib, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
print(*(name for name in sys.argv[1].split(",") if name in sys.modules))
"""


def _loaded_by(modules: list[str], watched: tuple[str, ...]) -> list[str]:
    """Import `modules` in a new interpreter and say which of `watched` that loaded."""
    result = subprocess.run(
        [sys.executable, "-c", PROBE, ",".join(watched), *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def _modules(package: str) -> list[str]:
    """Every module of a package by its path; migrations import only inside Alembic, the mocker only to replay."""
    found = pkgutil.walk_packages([str(ROOT / package)], f"{package}.")
    return [
        package,
        *(module.name for module in found if not {"migrations", "mocker"} & {*module.name.split(".")}),
    ]


@pytest.mark.parametrize("package", ["solver", "tools", "assistant", "web", "evals"])
def test_importing_a_package_loads_no_engine(package: str) -> None:
    """Every module can be imported without OR-Tools, its numerics, Anthropic's SDK or a test tool."""
    assert _loaded_by(_modules(package), HEAVY + TEST_ONLY) == []


def test_the_probe_sees_a_load() -> None:
    """The probe reports an engine that really is imported."""
    assert "ortools" in _loaded_by(["ortools.sat.python.cp_model"], HEAVY)
