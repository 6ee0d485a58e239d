"""What is wrong with a clinic file: every fault at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tools.errors import ToolError
from tools.invalid import path

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One fault: the place as keys and indexes, what is the matter there, and the line where it is known."""

    place: Place
    said: str
    line: int | None = None

    @property
    def where(self) -> str:
        """The place in words, such as "rooms.or-1.hours.tue"."""
        return path(self.place) or "The file"

    def __str__(self) -> str:
        line = f"line {self.line}: " if self.line else ""
        joint = " " if self.said.startswith(("is ", "has ", "brings ")) else ": "
        return f"{line}{self.where}{joint}{self.said}."


class ClinicFileError(ToolError):
    """A clinic file that can't be loaded; nothing of it was. `faults` holds all that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        count = len(self.faults)
        head = "The clinic file has a fault" if count == 1 else f"The clinic file has {count} faults"
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__("invalid", f"{head}; nothing was loaded:\n{lines}", self.faults[0].where)


def maybe(word: str, known: Iterable[str], shown: int = 6) -> str:
    """The way out for a name that isn't known: the nearest one, or what there is."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f'Maybe "{near[0]}"'
    if not names:
        return "There is none in the file"
    more = ", ..." if len(names) > shown else ""
    return f"Known: {_listed(names[:shown])}{more}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
