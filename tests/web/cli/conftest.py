"""The command line as a function: arguments in; exit code, stdout and stderr out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from web.cli import main

NOW = "2026-03-05T09:00"
DEMO = ("--demo", "--now", NOW)
KNEE = ("--procedure", "knee-arthroscopy", "--surgeon", "dr-smith")
TUESDAY = (*KNEE, "--date-from", "2026-03-10")


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def body(self) -> dict[str, Any]:
        """Stdout as the one JSON object that it must be."""
        read = json.loads(self.out)
        assert isinstance(read, dict)
        return read

    @property
    def refused(self) -> str:
        """The one plain sentence of a refusal, after checking that it is nothing else."""
        assert self.code == 2, self
        assert "Traceback" not in self.err
        assert len(self.err.strip().splitlines()) == 1, self.err
        return self.err.strip()


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `slotwright` in this process, without any of this machine's own settings."""
    for name in ("SLOTWRIGHT_DB", "SLOTWRIGHT_KEY", "SLOTWRIGHT_DEBUG", "COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Ran:
        code = main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


@pytest.fixture
def clinic_file(tmp_path: Path) -> Path:
    """A small clinic of one room and one surgeon, as a file."""
    place = tmp_path / "clinic.yaml"
    place.write_text(SMALL, encoding="utf-8")
    return place


SMALL = """\
format: 1
clinic:
  id: harbor
  name: Harbor Clinic
  timezone: America/New_York
  hours: {tue: "06:30-18:00", thu: "06:30-18:00"}
rooms:
  or-1: {name: OR 1, hours: {tue: "07:30-17:00", thu: "07:30-17:00"}}
staff:
  dr-smith:
    {name: Dr. Smith, role: surgeon, shifts: {tue: "07:00-17:00"}, privileges: [{procedure: knee-arthroscopy}]}
procedures:
  knee-arthroscopy:
    name: Knee arthroscopy
    minutes: {default: {median: 60, p80: 75}}
    anesthesia: {default: local, options: [local]}
    team: []
rules:
  turnover: {params: {specialty_change_minutes: 25}}
cases:
  - {id: case-1, procedure: knee-arthroscopy, surgeon: dr-smith, room: or-1, start: 2026-03-10T08:00,
     minutes: 60, anesthesia: local, patient: {ref: patient-1}}
patients:
  - {ref: patient-1, name: Test Patient, mrn: T0000001, birth_date: 1970-01-01}
"""
