"""What may fill a family's slots: the words of a clinic's schedulers, each with the fields it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from tools.clinic_file import load
from tools.records.demo import demo_clinic

CLINICS = ("demo", "juniper")
Fields = dict[str, Any]


@dataclass(frozen=True)
class Fill:
    """Words for one slot, and the fields they set; `own` is the surgeon or procedure behind them."""

    text: str
    fields: Fields
    own: str = ""


@dataclass(frozen=True)
class Words:
    """One clinic, its clock, and its vocabulary."""

    name: str
    clinic: Clinic
    now: dt.datetime
    said: Mapping[str, Any]

    @classmethod
    def of(cls, name: str) -> Words:
        """The words of the clinic called `name`; its `now` is clinic wall time."""
        said = {**_yaml("words/common.yaml"), **_yaml(f"words/{name}.yaml")}
        said = {key: _plain(value) for key, value in said.items()}
        now = dt.datetime.fromisoformat(said["now"])
        return cls(name, clinic_of(name, now.date()), now, said)

    def surgeons(self) -> list[str]:
        """The surgeons' ids."""
        return list(self.said["surgeons"])

    def procedures_of(self, surgeon: str | None, sided: bool = False) -> list[str]:
        """Procedures with words of their own, of one surgeon or of all."""
        held = (
            {p.id for p in self.clinic.staff[surgeon].privileges} if surgeon else set(self.said["procedures"])
        )
        ids = [id_ for id_ in self.said["procedures"] if id_ in held]
        return [id_ for id_ in ids if self.clinic.procedures[id_].sided] if sided else ids

    def listed(self, key: str, random: Random) -> Fill:
        """One of the entries [text, fields, ...] of a list; a third part is what may be read as well."""
        entry = random.choice(self.said[key])
        more = {name: {"any": [value, None]} for name, value in (entry[2] if len(entry) > 2 else {}).items()}
        return Fill(entry[0], {**(entry[1] if len(entry) > 1 else {}), **more})

    def cases(self) -> Iterator[tuple[Case, dt.datetime]]:
        """The cases booked in the days to come, with their wheels-in on the wall clock."""
        calendar = Calendar(self.clinic.timezone)
        for case in self.clinic.cases:
            at = calendar.wall(case.start).replace(tzinfo=None)
            if case.occupies and self.now.date() < at.date() <= self.now.date() + dt.timedelta(days=8):
                yield case, at

    def case(self, random: Random) -> tuple[Case, str]:
        """A case to come and words that point at it alone: its surgeon, time and day."""
        case, at = random.choice(list(self.cases()))
        who = self.said["surgeons"][case.surgeon][0]
        return case, f"{who}'s {_clock(at)} {self._day(at.date(), random)}"

    def _day(self, day: dt.date, random: Random) -> str:
        ahead = (day - self.now.date()).days
        dated = f"on {day.month}/{day.day}"
        if ahead == 1:
            return random.choice(("tomorrow", dated))
        return random.choice((f"on {day:%A}", dated)) if ahead < 7 else dated


def _clock(at: dt.datetime) -> str:
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"


@cache
def clinic_of(name: str, day: dt.date) -> Clinic:
    """The clinic behind a vocabulary, as it stands on `day`."""
    if name == "demo":
        return load(demo_clinic(day)).clinic
    return load(_yaml("clinic.yaml")).clinic


def families(half: str) -> Sequence[Mapping[str, Any]]:
    """The template families of a half."""
    found: Sequence[Mapping[str, Any]] = _plain(_yaml(f"families/{half}.yaml"))
    return found


def by_hand(half: str) -> Sequence[Mapping[str, Any]]:
    """The requests written one by one."""
    found: Sequence[Mapping[str, Any]] = _plain(_yaml(f"families/{half}-by-hand.yaml"))
    return found


def _yaml(path: str) -> Any:
    return yaml.safe_load(files("evals.corpus").joinpath(path).read_text(encoding="utf-8"))


def _plain(value: Any) -> Any:
    """Dates as ISO text: YAML reads them as dates."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, dt.date) else value
