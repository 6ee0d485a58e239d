"""The records as an import finds and changes them, and what their names mean in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from solver.clinic import ANESTHESIOLOGIST, SURGEON, Clinic
from tools.edits.applying import Body, Key
from tools.edits.drafting import Held
from tools.importing import cells
from tools.importing.cells import CellError
from tools.importing.names import person_name
from tools.importing.rows import Row

ROLE_WORDS: Mapping[str, str] = {
    "surgeon": (
        "surgeon|attending|attending surgeon|physician surgeon|operating surgeon|dr|md|chirurg|chirurgin|operateur"
    ),
    "anesthesiologist": (
        "anesthesiologist|anaesthesiologist|anesthetist|anaesthetist|anesthesia|mda|anes|anesthesiology|"
        "an\u00e4sthesist|an\u00e4sthesistin"
    ),
    "circulator": (
        "circulator|circulating nurse|circulating rn|circulating|or nurse|or rn|circ|rn|registered nurse|"
        "rn circulator|circulator rn|op schwester|op pflege|op pfleger|springer"
    ),
    "scrub": (
        "scrub|scrub tech|scrub technician|scrub nurse|surg tech|surgical tech|surgical technologist|st|cst|"
        "scrub person|ota|instrumentierende|instrumentierpflege"
    ),
    "rad-tech": (
        "rad-tech|rad tech|radiology tech|radiographer|radiologic technologist|x-ray tech|xray tech|rt|rt r"
    ),
    "crna": "crna|nurse anesthetist|nurse anaesthetist",
    "first-assist": "first-assist|first assist|first assistant|rnfa|assistant",
}
"""What other clinics call the roles."""


@dataclass
class World:
    """Bodies by key, copied when they are first changed; `lines` says which line of the file changed which."""

    clinic: Clinic
    held: Mapping[Key, Held]
    changed: dict[Key, Body] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    """(kind, cell) -> what the cell names, as long as the file has changed nothing."""
    weekdays: dict[int, set[str]] = field(default_factory=dict)
    """Body (by identity) -> the weekdays that the file has given it so far."""

    def body(self, key: Key) -> Body | None:
        """A record as it would be."""
        held = self.held.get(key)
        return self.changed.get(key) or (held.body if held else None)

    def change(self, key: Key, line: int) -> Body:
        """A record to write to; an empty one where it isn't there yet."""
        if key not in self.changed:
            held = self.held.get(key)
            self.changed[key] = deepcopy(held.body) if held else {}
        self.lines[key] = line
        return self.changed[key]

    def bodies(self) -> dict[Key, Body]:
        """All records with the changes in them, in the order of the clinic file."""
        return {key: one.body for key, one in self.held.items()} | self.changed

    def named(self, kind: str) -> Iterator[tuple[str, str]]:
        """(what it may be called, id) of every record of a kind."""
        for (each, id_), body in self.bodies().items():
            if each == kind:
                names = (body.get("name"), id_, body.get("short"), *body.get("aliases", []))
                more = (*body.get("synonyms", []), *body.get("cpt", []))
                yield from ((str(name), id_) for name in (*names, *more) if name)

    def id_of(self, kind: str, text: str, what: str) -> str:
        """The id of what a cell names; raises `CellError`."""
        if self.changed:  # a row may just have named something anew
            return cells.known(text, dict.fromkeys(self.named(kind)), what)
        if (kind, text) not in self.found:
            self.found[kind, text] = cells.known(text, dict.fromkeys(self.named(kind)), what)
        return self.found[kind, text]

    def person(self, text: str) -> str:
        """The id of a person by name, alias or id; a surname alone where only one has it."""
        try:
            return self.id_of("staff", text, "person")
        except CellError:
            if (called := person_name(text)) != text:
                with suppress(CellError):
                    return self.id_of("staff", called, "person")
            wanted = cells.folded(text)
            found = {id_ for name, id_ in self.named("staff") if cells.folded(name).split()[-1:] == [wanted]}
            if len(found) == 1:
                return next(iter(found))
            raise

    def key(self, kind: str, row: Row, name: str | None) -> Key | None:
        """The key of the record that a row is about: one there is by id or name, else a new one."""
        given = row.text("id")
        label = given or name
        if label is None:
            return None
        for text in (given, name):
            if text:
                found = {
                    id_ for called, id_ in self.named(kind) if cells.folded(called) == cells.folded(text)
                }
                if len(found) == 1:
                    return kind, next(iter(found))
        made = row.read("id", cells.slug) if given else _slug(row, label)
        return (kind, made) if made else None

    def role(self, text: str) -> str:
        """A role by what it is called here or elsewhere; raises `CellError` for one that nobody has or needs."""
        there = self.roles()
        if cells.slug(text) in there:
            return cells.slug(text)
        plain = " ".join(text.lower().replace("-", " ").strip(" .").split())
        graded = re.sub(
            r"^(?:senior|sr|lead|staff|per diem|travel(?:er)?) | (?:i{1,3}|iv|[1-4]|lead|senior)$", "", plain
        )
        for role, words in ROLE_WORDS.items():
            if {plain, graded, cells.folded(text)} & set(words.split("|")):
                return role
        raise CellError(f"is no role here. Maybe one of: {', '.join(sorted(there))}.")

    def roles(self) -> set[str]:
        """Every role that somebody has or a procedure needs."""
        staff = {role for one in self.clinic.staff.values() for role in (one.role, *one.roles_also)}
        needed = {need.role for one in self.clinic.procedures.values() for need in one.team}
        return staff | needed | {SURGEON, ANESTHESIOLOGIST}

    def certification(self, text: str) -> str:
        """A certification's id; one that is spelt almost like a known one is refused."""
        from difflib import get_close_matches

        made, there = cells.slug(text), self._certifications()
        near = get_close_matches(made, there, n=1, cutoff=0.8)
        if made not in there and near:
            raise CellError(f"is not known, but {near[0]} is. Maybe write {near[0]}.")
        return made

    def _certifications(self) -> set[str]:
        held = {one.id for person in self.clinic.staff.values() for one in person.certifications}
        needed = {need.certification for one in self.clinic.procedures.values() for need in one.team}
        operators = {item.operator.certification for item in self.clinic.equipment.values() if item.operator}
        return {each for each in held | needed | operators if each}


def _slug(row: Row, label: str) -> str | None:
    try:
        return cells.slug(label)
    except CellError as error:
        row.fault("name", str(error))
        return None


def put(body: Body, **values: Any) -> None:
    """Sets what the row says; what it doesn't say stays."""
    body.update({name: value for name, value in values.items() if value not in (None, [], {})})
