"""What a row says of each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from solver.clinic import DAYS
from tools.edits.applying import Body
from tools.importing import cells
from tools.importing.cells import CellError
from tools.importing.hours import shifts, week_of, window_of
from tools.importing.names import person_name
from tools.importing.rows import Row
from tools.importing.world import World, put


def staff(row: Row, world: World) -> None:
    """A person: role, names, limits, weekly shifts, privileges and certifications."""
    name = _person_name(row)
    if name is None:
        return
    key = world.key("staff", row, name)
    if key is None or _seen(row, world, key):
        return
    body = world.change(key, row.line)
    put(
        body,
        name=name,
        role=row.read("role", world.role) if "role" in body else row.need("role", world.role),
        roles_also=row.each("roles_also", world.role),
        aliases=row.each("aliases", str),
        service=row.read("service", cells.slug),
        max_cases_day=row.read("max_cases_day", cells.count),
        max_minutes_day=row.read("max_minutes_day", cells.length),
    )
    week_of(row, body, "shifts")
    for procedure in row.each("privileges", lambda text: world.id_of("procedures", text, "procedure")):
        _hold(body, "privileges", {"procedure": procedure}, keep=True)
    for held in row.each("certifications", world.certification):
        _hold(body, "certifications", {"id": held}, keep=True)


def certifications(row: Row, world: World) -> None:
    """A certification or a privilege of one person, and when it holds."""
    person = row.need("person", world.person)
    held = row.read("certification", world.certification)
    procedure = row.read("procedure", lambda text: world.id_of("procedures", text, "procedure"))
    if not row.has("certification") and not row.has("procedure"):
        row.fault(
            "certification", "Neither a certification nor a procedure is named. Maybe fill one of them."
        )
    first, last = row.date("from"), _until(row)
    if person is None:
        return
    body = world.change(("staff", person), row.line)
    days = {"from": first.isoformat() if first else None, "until": last.isoformat() if last else None}
    if held:
        _hold(body, "certifications", {"id": held} | days)
    if procedure:
        _hold(body, "privileges", {"procedure": procedure} | days)


def rooms(row: Row, world: World) -> None:
    """A room with its hours, the equipment that stands in it and what it was built with."""
    name = row.text("name") or row.text("id")
    key = world.key("rooms", row, name)
    if key is None or name is None or _seen(row, world, key):
        return
    body = world.change(key, row.line)
    put(
        body,
        name=name,
        equipment=row.each("equipment", lambda text: world.id_of("equipment", text, "equipment")),
        features=row.each("features", cells.slug),
    )
    week_of(row, body, "hours")
    window = window_of(row)
    if window is not None:
        open_on = row.read("days", cells.days) or [DAYS[day] for day in world.clinic.hours]
        body["hours"] = body.get("hours", {}) | dict.fromkeys(open_on, window)
    if "hours" not in body and not any(row.has(column) for column in ("hours", "start", "end", *DAYS)):
        row.fault("hours", "The hours are missing. Maybe fill hours, or a column for each weekday.")


def procedures(row: Row, world: World) -> None:
    """A procedure: how long it takes and what it needs."""
    name = row.text("name") or row.text("id")
    key = world.key("procedures", row, name)
    if key is None or name is None or _seen(row, world, key):
        return
    body = world.change(key, row.line)
    put(
        body,
        name=name if not body else body.get("name"),
        short=row.text("short"),
        cpt=row.each("cpt", str),
        synonyms=row.each("synonyms", str),
        service=row.read("service", cells.slug),
        sided=row.read("sided", cells.sided),
        setup_minutes=row.read("setup_minutes", cells.length),
        turnover_minutes=row.read("turnover_minutes", cells.length),
        room_features=row.each("room_features", cells.slug),
        lead_time_hours=row.read("lead_time_hours", cells.count),
        contamination=row.read("contamination", cells.slug),
        equipment=row.each("equipment", lambda text: world.id_of("equipment", text, "equipment")),
        trays=row.each("trays", lambda text: world.id_of("trays", text, "tray")),
        team=row.each("team", partial(_need, world)),
    )
    _durations(row, body)
    _anesthesia(row, body)
    _recovery(row, body, world)


READERS: Mapping[str, Callable[[Row, World], None]] = {
    "staff": staff,
    "shifts": shifts,
    "certifications": certifications,
    "rooms": rooms,
    "procedures": procedures,
}


def _person_name(row: Row) -> str | None:
    first, last = row.text("first"), row.text("last")
    name = row.text("name") or " ".join(part for part in (first, last) if part) or row.text("id")
    if not name:
        row.fault("name", "The name is missing. Maybe fill the cell.")
        return None
    return person_name(name)


def _seen(row: Row, world: World, key: tuple[str, str]) -> bool:
    """Whether an earlier row was about the same record: one of the two is a mistake."""
    if key not in world.lines:
        return False
    said = f"Line {world.lines[key]} is about {key[1]} too. Maybe remove one, or give them different ids."
    row.faults.add(row.line, None, key[1], said)
    return True


def _until(row: Row) -> Any:
    text = str(row.text("until") or "").lower()
    return (
        None if text in cells.NONE | {"never", "indefinite", "permanent", "no expiry"} else row.date("until")
    )


def _hold(body: Body, name: str, held: Body, keep: bool = False) -> None:
    """Puts a privilege or a certification in place of the one held before; `keep` leaves that as it is."""
    label = "procedure" if name == "privileges" else "id"
    there = [one for one in body.get(name, []) if one[label] == held[label]]
    if there and keep:
        return
    others = [one for one in body.get(name, []) if one not in there]
    body[name] = [*others, {key: value for key, value in held.items() if value is not None}]


def _need(world: World, text: str) -> Body:
    """A place in the team: "scrub", "scrub:arthroscopy", "2 x circulator"."""
    number, times, rest = text.partition(" x ")
    count = int(number) if times and number.isdecimal() else 1
    role, _, certification = (rest if times and number.isdecimal() else text).partition(":")
    need: Body = {"role": world.role(role.strip())}
    if certification.strip():
        need["certification"] = world.certification(certification.strip())
    return need | ({"count": count} if count != 1 else {})


def _durations(row: Row, body: Body) -> None:
    median, p80 = row.read("minutes", cells.length), row.read("p80", cells.length)
    if "minutes" not in body and not row.has("minutes"):
        row.fault("minutes", "The duration is missing. Maybe fill minutes.")
    if median is None:
        return
    held = body.get("minutes", {}).get("default", {}).get("p80")
    longer = p80 if p80 is not None else held if held is not None and held >= median else None
    default = {"median": median} | ({"p80": longer} if longer is not None else {})
    body["minutes"] = body.get("minutes", {}) | {"default": default}


def _anesthesia(row: Row, body: Body) -> None:
    named = row.each("anesthesia", anesthesia, cells.choices)
    options = [*named, *row.each("options", anesthesia, cells.choices)]
    if options:
        if not row.has("options"):  # a sheet of usual anesthesias takes none of the others away
            options += body.get("anesthesia", {}).get("options", [])
        first = (named or [body.get("anesthesia", {}).get("default") or options[0]])[0]
        body["anesthesia"] = {"default": first, "options": list(dict.fromkeys([first, *options]))}


def _recovery(row: Row, body: Body, world: World) -> None:
    stay = row.read("stay", cells.length)
    bay = row.read("bay", lambda text: world.id_of("bays", text, "bay"))
    if stay is None:
        return
    bays = [id_ for (kind, id_) in world.bodies() if kind == "bays"]
    place = bay or body.get("recovery", {}).get("bay") or (bays[0] if len(bays) == 1 else None)
    if place is None:
        row.fault("stay", "needs a bay to stay in. Maybe add a column bay.")
        return
    kinds = body.get("anesthesia", {}).get("options") or ["general"]
    body["recovery"] = {"bay": place, "minutes": {kind: stay for kind in kinds if kind != "local"}}


def anesthesia(text: str) -> str:
    """A kind of anesthesia by what it is called elsewhere."""
    words = {
        "general": "general|ga|geta|gett|lma|gen|gen eta|general eta|general lma|vollnarkose|itn",
        "spinal": "spinal|sab|neuraxial|spa|epidural",
        "local": "local|la|none|topical|straight local|local only|lokal",
        "regional": "regional|block|nerve block|ra|peripheral nerve block|pnb|bier block|plexus",
        "mac": "mac|sedation|iv sedation|monitored|tiva|moderate sedation|conscious sedation|deep sedation|"
        "moderate|local mac|mac local|monitored care|ivs",
    }  # fmt: skip
    word = " ".join(text.lower().replace("anesthesia", "").replace("anaesthesia", "").split()).strip(" .")
    found = next((kind for kind, called in words.items() if word in called.split("|")), None)
    if found is None:
        raise CellError(f"is no anesthesia. Maybe one of: {', '.join(words)}.")
    return found
