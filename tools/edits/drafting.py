"""An edit thought through: the records that it changes, the clinic as it would be, and what that breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from solver.clinic import Clinic
from solver.grid import Calendar
from tools.breaks import Break, breaks
from tools.clinic_file import ClinicFileError, Fault, Loaded, case_values, load
from tools.context import Context
from tools.edits.applying import Body, Key, applied
from tools.edits.contract import EditRequest
from tools.edits.kinds import SINGLE, TITLES, facts_of
from tools.errors import ToolError
from tools.invalid import path
from tools.records.documents import file_values, record_rows
from tools.records.state import record_rows_of
from tools.records.store import Store


@dataclass(frozen=True)
class Held:
    """A record as it is stored."""

    version: int
    position: int
    body: Body


class VersionConflict(ToolError):
    """Somebody else changed the record since it was looked at: both versions, to choose from."""

    def __init__(self, key: Key, held: Held, seen: int | None, yours: Body | None) -> None:
        said = (
            f"{key[0]}/{key[1]} is at version {held.version}, and this was made from version {seen}. "
            "Maybe look at both and send it again with the present version."
        )
        super().__init__("conflict", said, "version")
        self.current = {"version": held.version, "body": held.body}
        self.yours = {"version": seen, "body": yours}


@dataclass(frozen=True)
class Draft:
    """What an edit would do. `changes` has each record before and after; None where there is none."""

    request: EditRequest
    key: Key
    held: Mapping[Key, Held]
    changes: Mapping[Key, tuple[Body | None, Body | None]]
    before: Clinic
    after: Clinic
    breaks: tuple[Break, ...]

    @property
    def facts_only(self) -> bool:
        """Whether it only notes what has happened: then it is saved at once."""
        if self.request.op == "end" and self.key[0] != "readiness":
            return False
        return all(
            _differing(old or {}, new or {}) <= facts_of(kind)
            for (kind, _), (old, new) in self.changes.items()
        )

    @property
    def version(self) -> int:
        """The record's version as it stands; 0 for one that isn't there."""
        held = self.held.get(self.key)
        return held.version if held else 0


def drafted(ctx: Context, request: EditRequest) -> Draft:
    """Thinks an edit through, on the clinic as `ctx.store` has it; writes nothing.

    Raises `ToolError` "not-found", "conflict" (`VersionConflict` too) or "invalid" with the key at fault.
    """
    key = (request.kind, _id(request))
    held = held_records(ctx.store)
    _there(request, key, held)
    bodies = {each: one.body for each, one in held.items()}
    changed = applied(request, key, bodies)
    _version(request, key, held, changed)
    before = ctx.store.clinic()
    loaded = _checked(ctx.store, held, changed, before)
    _same_clinic(before, loaded.clinic)
    canonical = {(row["kind"], row["id"]): row["body"] for row in record_rows(loaded)}
    changes = {each: (bodies.get(each), canonical.get(each)) for each in changed}
    real = {each: pair for each, pair in changes.items() if pair[0] != pair[1]}
    after = replace(loaded.clinic, cases=before.cases)
    found = breaks(before, after, Calendar(before.timezone).of(ctx.now())) if real else []
    return Draft(request, key, held, real, before, after, tuple(found))


def held_records(store: Store) -> dict[Key, Held]:
    """Every record as it is stored, in the order of the clinic file."""
    with store.reading() as connection:
        rows = list(record_rows_of(connection, store.clinic_id, store.keys))
    return {(row.kind, row.id): Held(row.version, row.position, row.body) for row in rows}


def _id(request: EditRequest) -> str:
    if request.kind in SINGLE:
        if request.id not in (None, request.kind):
            raise ToolError("invalid", f"{request.kind} is one record. Maybe leave its id out.", "id")
        return request.kind
    if request.id is None:
        said = f"id is missing. Maybe add the id of the record among {request.kind}."
        raise ToolError("invalid", said, "id")
    return request.id


def _there(request: EditRequest, key: Key, held: Mapping[Key, Held]) -> None:
    if request.op == "create" and key in held:
        said = f"{key[0]}/{key[1]} is there already. Maybe change it, or take another id."
        raise ToolError("conflict", said, "id")
    if request.op != "create" and key not in held:
        from tools.asking import unknown

        known = [id_ for kind, id_ in held if kind == key[0]]
        way = (
            "Maybe create it." if not known else unknown(TITLES[key[0]].lower(), key[1], known, "id").message
        )
        raise ToolError("not-found", f"There is no {key[0]}/{key[1][:60]}. {way.split('. ', 1)[-1]}", "id")


def _version(
    request: EditRequest, key: Key, held: Mapping[Key, Held], changed: Mapping[Key, Body | None]
) -> None:
    if request.op == "create":
        return
    if request.version is None:
        if request.op == "change" and request.add and not request.body:
            return  # two who each add an item both mean what they say
        said = f"version is missing. Maybe version {held[key].version}, if that is what was looked at."
        raise ToolError("invalid", said, "version")
    if request.version != held[key].version:
        raise VersionConflict(key, held[key], request.version, changed.get(key))


def _checked(
    store: Store, held: Mapping[Key, Held], changed: Mapping[Key, Body | None], before: Clinic
) -> Loaded:
    """The clinic with the change in it, if a clinic file could say so with all the cases that there are."""
    bodies: dict[Key, Body] = {key: one.body for key, one in held.items()}
    for key, body in changed.items():
        if body is None:
            bodies.pop(key, None)
        else:
            bodies[key] = body
    calendar = Calendar(before.timezone)
    sides = store.state().sides
    values = file_values((kind, id_, body) for (kind, id_), body in bodies.items())
    values["cases"] = [case_values(case, calendar, sides.get(case.id)) for case in before.cases]
    try:
        return load(values)
    except ClinicFileError as error:
        raise _refused(error, next(iter(changed)), values) from None


def _refused(error: ClinicFileError, key: Key, values: Mapping[str, Any]) -> ToolError:
    named = {name: [each.get("id", "?") for each in values.get(name, [])] for name in ("cases", "blocks")}
    told = [_told(fault, key, named) for fault in error.faults]
    said = " ".join(f"{name}: {text}." if name else f"{text}." for name, text in told[:8])
    more = f" ({len(told) - 8} more)" if len(told) > 8 else ""
    return ToolError("invalid", f"{said}{more}", told[0][0] or "body")


def _told(fault: Fault, key: Key, named: Mapping[str, list[str]]) -> tuple[str, str]:
    """(the key at fault, what is wrong); records of lists are named by their ids."""
    place, own = fault.place, (key[0],) if key[0] in SINGLE else key
    text = fault.said.rstrip(".")
    if len(place) > 1 and isinstance(place[1], int) and place[0] in named:
        place = (place[0], named[str(place[0])][place[1]], *place[2:])
    if place[: len(own)] == own:
        return path(place[len(own) :]), text
    return path(place), f"{text} (a case in the book says so)" if place[:1] == ("cases",) else text


def _same_clinic(before: Clinic, after: Clinic) -> None:
    if before.id != after.id:
        raise ToolError("invalid", f"The clinic's id stays {before.id!r}. Maybe change its name.", "id")
    if before.timezone != after.timezone:
        said = f"The time zone stays {before.timezone}: every case was booked by it. Maybe load a new clinic."
        raise ToolError("invalid", said, "timezone")


def _differing(old: Body, new: Body) -> set[str]:
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}
