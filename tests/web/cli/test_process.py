"""The installed command as other programs run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.web.cli.conftest import DEMO, TUESDAY

SLOTWRIGHT = str(Path(sys.executable).with_name("slotwright"))
HEAVY = (
    "sqlalchemy",
    "fastapi",
    "ortools",
    "anthropic",
    "rapidfuzz",
    "numpy",
    "babel",
    "yaml",
    "assistant",
    "solver",
)


def _slotwright(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("SLOTWRIGHT")}
    return subprocess.run(
        [SLOTWRIGHT, *arguments], capture_output=True, text=True, check=False, env=known | variables
    )


def test_ask_answers() -> None:
    """The command from the README prints slots in OR 1, nothing on stderr, and exits 0."""
    ran = _slotwright("ask", "Dr. Smith, knee scope, next Tuesday", *DEMO)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "OR 1" in ran.stdout


def test_stdout_is_exactly_one_object() -> None:
    """With --json a whole process writes one JSON object and nothing more."""
    ran = _slotwright("find", *TUESDAY, *DEMO, "--json")
    read, end = json.JSONDecoder().raw_decode(ran.stdout)
    assert (read["status"], ran.stdout[end:]) == ("found", "\n")


def test_a_stream_of_ascii_is_no_fault() -> None:
    """Where stdout carries ASCII alone, the picture is drawn with plain letters."""
    ran = _slotwright("find", *TUESDAY, *DEMO, PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert "A1=" in ran.stdout
    assert ran.stdout.isascii()


def test_bad_input_exits_2() -> None:
    """The exit code reaches the shell."""
    assert _slotwright("find", *TUESDAY).returncode == 2


def test_starting_loads_little() -> None:
    """Importing the command loads no database, web server, engine, model's SDK or package below it."""
    probe = f"import sys, web.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
