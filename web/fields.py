"""Forms from JSON Schema: a record's body as typed fields, and what was typed as a body again.

What is typed is kept flat, by paths like "leave.0.from", so that a page with a fault loses nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from web.values import label as named

Schema = Mapping[str, Any]
Typed = Mapping[str, str]

KEY = "key"
"""Where a row of a table with keys has its key; `VALUE` where it has a value that is no record."""
VALUE = "value"
MOST_ROWS = 400


@dataclass(frozen=True)
class Field:
    """One control, or several under one name: `group` has parts, `rows` a group for each row."""

    path: str
    label: str
    control: str
    value: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    problem: str = ""
    parts: tuple[Field, ...] = ()
    known: str = ""
    """Which of the page's lists of known ids may be typed here, by its name."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all stands in it, and nothing is wrong with it."""
        return not self.value and not self.problem and all(part.empty for part in self.parts)


class Form:
    """The fields of one kind of record, by the JSON Schema of its body."""

    def __init__(self, schema: Schema, keys: Iterable[str] | None = None) -> None:
        """`keys` limits the form to some of the record's keys."""
        self._defs: Schema = schema.get("$defs", {})
        shown = schema["properties"] if keys is None else {name: schema["properties"][name] for name in keys}
        self._schema = {**schema, "properties": shown}

    def flat(self, body: Mapping[str, Any]) -> dict[str, str]:
        """What the fields hold when the record is opened."""
        return dict(self._flat(self._schema, body, ""))

    def fields(self, typed: Typed, at: str = "", problem: str = "") -> tuple[Field, ...]:
        """The controls with what was typed; `problem` stands by the field `at`, as the tools name it."""
        place = at.removeprefix("body.").replace("[", ".").replace("]", "")
        return self._field(self._schema, "", "", typed, (place, problem)).parts

    def body(self, typed: Typed) -> dict[str, Any]:
        """What was typed, as the clinic file writes it; what fits no type stays text for the check to refuse."""
        found = self._body(self._schema, typed, "")
        return found if isinstance(found, dict) else {}

    def _plain(self, schema: Schema) -> tuple[Schema, bool]:
        """Without references and `null`; and whether there was a null."""
        if "$ref" in schema:
            return self._plain(self._defs[schema["$ref"].rsplit("/", 1)[-1]])
        options = schema.get("anyOf", ())
        real = [one for one in options if one.get("type") != "null"]
        if not real:
            return schema, False
        return self._plain(real[0])[0], len(real) < len(options)

    def _flat(self, schema: Schema, value: Any, path: str) -> Iterable[tuple[str, str]]:
        schema, _ = self._plain(schema)
        control = control_of(schema, self._plain)
        if value is None:
            return
        if control == "group":
            for name, part in members(schema).items():
                yield from self._flat(part, value.get(name), _below(path, name))
        elif control == "rows":
            for index, (key, item) in enumerate(_items(schema, value)):
                row = _below(path, str(index))
                if key is not None:
                    yield _below(row, KEY), key
                yield from self._flat(self._row(schema), _wrapped(schema, item, self._plain), row)
        else:
            yield path, _written(control, value)

    def _row(self, schema: Schema) -> Schema:
        """The schema of one row of a table, without its key."""
        if schema.get("type") == "array":
            return self._plain(schema["items"])[0]
        inner = self._plain(inner_of(schema))[0]
        return inner if inner.get("properties") else {"type": "object", "properties": {VALUE: inner}}

    def _field(self, schema: Schema, path: str, name: str, typed: Typed, wrong: tuple[str, str]) -> Field:
        plain, _ = self._plain(schema)
        control = control_of(plain, self._plain)
        label = named(name)
        problem = wrong[1] if path and wrong[0] == path else ""
        if control == "group":
            return Field(path, label, control, problem=problem, parts=self._group(plain, path, typed, wrong))
        if control == "rows":
            rows = tuple(self._line(plain, path, row, typed, wrong) for row in range(_count(path, typed) + 1))
            return Field(path, label, control, problem=problem, parts=rows)
        problem = problem or (wrong[1] if wrong[0].startswith(f"{path}.") else "")
        choices = tuple(
            str(each) for each in plain.get("enum", (plain["const"],) if "const" in plain else ())
        )
        hint = str(schema.get("hint", "") or (plain.get("examples") or [""])[0])
        known = known_of(path) if control in ("text", "lines") else ""
        return Field(path, label, control, typed.get(path, ""), choices, False, hint, problem, known=known)

    def _group(self, schema: Schema, path: str, typed: Typed, wrong: tuple[str, str]) -> tuple[Field, ...]:
        return tuple(
            self._field(part, _below(path, name), name, typed, wrong)
            for name, part in members(schema).items()
        )

    def _line(self, schema: Schema, path: str, row: int, typed: Typed, wrong: tuple[str, str]) -> Field:
        place = _below(path, str(row))
        parts = self._group(self._row(schema), place, typed, wrong)
        if schema.get("type") != "array":
            at = _below(place, KEY)
            key = typed.get(at, "")
            told = wrong[1] if key and wrong[0].startswith(_below(path, key)) else ""
            parts = (
                Field(at, named("for"), "text", key, problem=told, known=known_of(f"{path}.for")),
                *parts,
            )
        return Field(place, str(row + 1), "group", parts=parts)

    def _body(self, schema: Schema, typed: Typed, path: str) -> Any:
        schema, _ = self._plain(schema)
        control = control_of(schema, self._plain)
        if control == "group":
            made = {
                name: self._body(part, typed, _below(path, name)) for name, part in members(schema).items()
            }
            return {name: value for name, value in made.items() if value is not None} or None
        if control == "rows":
            return self._rows(schema, typed, path)
        return _read(control, typed.get(path, "").strip())

    def _rows(self, schema: Schema, typed: Typed, path: str) -> Any:
        row, keyed = self._row(schema), schema.get("type") != "array"
        made = []
        for index in range(_count(path, typed)):
            place = _below(path, str(index))
            body = self._body(row, typed, place)
            if body is not None:
                made.append((typed.get(_below(place, KEY), "").strip(), body))
        if not keyed:
            return [body for _, body in made] or None
        bare = VALUE in row["properties"] and len(row["properties"]) == 1
        return {key: body[VALUE] if bare else body for key, body in made} or None


KNOWN = {
    "procedure": "procedures", "procedures": "procedures", "room": "rooms", "owner": "owners", "equipment": "equipment",
    "assist": "equipment", "trays": "trays", "bay": "bays", "role": "roles", "roles_also": "roles",
    "service": "services", "certification": "certifications", "certifications.id": "certifications",
    "minutes.for": "surgeons", "features": "features", "room_features": "features", "room_feature": "features",
}  # fmt: skip
"""The key of a field, or the key of its table before it -> the list of ids that it takes."""


def known_of(path: str) -> str:
    """Which list of known ids the field at `path` takes; "" for none."""
    keys = [key for key in path.split(".") if not key.isdigit()]
    return KNOWN.get(".".join(keys[-2:])) or KNOWN.get(keys[-1], "")


def control_of(schema: Schema, plain: Any = lambda schema: (schema, False)) -> str:
    """Which control shows a value of this schema."""
    kind = schema.get("type")
    if schema.get("hours"):
        return "hours"
    if schema.get("enum") or "const" in schema:
        return "select"
    if kind == "object":
        return "group" if members(schema) else "rows"
    if kind == "array":
        inner = plain(schema["items"])[0]
        return {"object": "rows", "array": "levels", "integer": "numbers"}.get(inner.get("type"), "lines")
    if kind == "string":
        return _of_string(schema)
    return {"integer": "number", "number": "decimal", "boolean": "flag"}.get(str(kind), "any")


def _of_string(schema: Schema) -> str:
    if "YYYY-MM-DDTHH:MM" in schema.get("description", ""):
        return "moment"
    return "date" if schema.get("format") == "date" else "text"


def members(schema: Schema) -> Mapping[str, Schema]:
    """The named parts of an object; a week's are its days."""
    days = schema.get("propertyNames", {}).get("enum")
    if days:
        return {day: {"hours": True, "hint": "07:30-17:00"} for day in days}
    found: Mapping[str, Schema] = schema.get("properties", {})
    return found


def inner_of(schema: Schema) -> Schema:
    """The schema of the values of an object with free keys."""
    patterns = schema.get("patternProperties")
    if patterns:
        return dict(next(iter(patterns.values())))
    inner = schema.get("additionalProperties")
    return inner if isinstance(inner, dict) else {}


def _items(schema: Schema, value: Any) -> list[tuple[str | None, Any]]:
    if schema.get("type") == "array":
        return [(None, item) for item in value]
    return [(key, item) for key, item in value.items()]


def _wrapped(schema: Schema, item: Any, plain: Any) -> Any:
    bare = schema.get("type") != "array" and not plain(inner_of(schema))[0].get("properties")
    return {VALUE: item} if bare else item


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _count(path: str, typed: Typed) -> int:
    """How many rows of a table something was typed in, up to the last one."""
    start = f"{path}."
    rows = [
        name.removeprefix(start).split(".")[0]
        for name, text in typed.items()
        if text and name.startswith(start)
    ]
    return min(max((int(row) + 1 for row in rows if row.isascii() and row.isdigit()), default=0), MOST_ROWS)


def _written(control: str, value: Any) -> str:
    if control in ("lines", "numbers"):
        return "\n".join(str(one) for one in ([value] if isinstance(value, str) else value))
    if control == "hours":
        return value if isinstance(value, str) else ", ".join(value)
    if control == "levels":
        return "\n".join(
            ", ".join(f"{one['term']} {one.get('weight', 1)}" for one in level) for level in value
        )
    if control == "flag":
        return "yes" if value else "no"
    return json.dumps(value) if control == "any" and not isinstance(value, str) else str(value)


def _read(control: str, text: str) -> Any:
    if not text:
        return None
    if control in ("lines", "numbers"):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return [_number(line, int) for line in lines] if control == "numbers" else lines
    if control == "hours":
        spans = [one.strip() for one in text.split(",")]
        return spans if len(spans) > 1 else text
    if control == "levels":
        return [
            [_term(one) for one in line.split(",") if one.strip()]
            for line in text.splitlines()
            if line.strip()
        ]
    if control in ("number", "decimal"):
        return _number(text, int if control == "number" else float)
    if control == "flag":
        return text == "yes"
    return _any(text) if control == "any" else text


def _number(text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        return text


def _term(text: str) -> dict[str, Any]:
    name, _, weight = text.strip().partition(" ")
    return {"term": name} | ({"weight": _number(weight, float)} if weight else {})


def _any(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
