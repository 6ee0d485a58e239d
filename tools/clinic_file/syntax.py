"""Text to plain values: YAML (or JSON, its subset) read so that nothing turns into something else.

YAML 1.1 reads `07:30` as the number 450, `off` as false and a repeated key as the last one. Here times and dates
stay text, only `true` and `false` are booleans, and a repeated key is a fault. Every value remembers its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from tools.clinic_file.faults import ClinicFileError, Fault, Place

LARGEST_BYTES = 8_000_000
DEEPEST = 50
MOST_VALUES = 1_000_000
"""Aliases repeat values: a few hundred bytes can stand for billions of them."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"


class _Loader(_Base):  # type: ignore[misc]  # chosen at run time: the C parser where there is one
    """Resolves what YAML 1.2's JSON schema does, and leaves everything else text."""


_Loader.yaml_implicit_resolvers = {}
for _kind, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]*)(\.[0-9]+)([eE][-+]?[0-9]+)?", "-0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(_TAG + _kind, re.compile(f"^(?:{_pattern})$"), list(_first))
_Loader.yaml_implicit_resolvers.setdefault("", []).append((_TAG + "null", re.compile("^$")))


@dataclass
class Document:
    """The values of a file, and the line (from 1) of each place in it."""

    values: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Sequence[str | int]) -> int | None:
        """The line of a place, or of the nearest place around it."""
        for length in range(len(place), 0, -1):
            if tuple(place[:length]) in self.lines:
                return self.lines[tuple(place[:length])]
        return None


def parse(source: str | bytes) -> Document:
    """The document in `source`; raises `ClinicFileError` with every fault of its syntax."""
    text = _decoded(source)
    try:
        _refuse_depth(text)
        node = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        raise ClinicFileError([_syntax_fault(error)]) from None
    except yaml.YAMLError as error:
        raise ClinicFileError([Fault((), f"is not YAML: {str(error).splitlines()[0]}")]) from None
    reader = _Reader()
    document = Document({} if node is None else reader.read(node, ()), reader.lines)
    if reader.faults:
        raise ClinicFileError(reader.faults)
    return document


def _decoded(source: str | bytes) -> str:
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "surrogatepass"))
    if size > LARGEST_BYTES:
        said = f"has {size:,} bytes, more than {LARGEST_BYTES:,}. Maybe leave out old cases"
        raise ClinicFileError([Fault((), said)])
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = f"is not UTF-8 text (byte {error.start}). Maybe save it again as UTF-8"
        raise ClinicFileError([Fault((), said)]) from None


def _refuse_depth(text: str) -> None:
    # The composer recurses on the C stack: enough brackets would end the process, not raise.
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise ClinicFileError([Fault((), "is nested too deeply to be a clinic file", line)])


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = None if mark is None else mark.line + 1
    return Fault((), f"is not YAML: {error.problem or error.context}", line)


class _Reader:
    """Builds plain values from YAML nodes; faults are gathered, not raised."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []
        self._count = 0
        self._open: set[int] = set()

    def read(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        self._count += 1
        if self._count == MOST_VALUES:
            self._fault(node, place, f"brings the file to {MOST_VALUES:,} values. Maybe it repeats an alias")
        if self._count >= MOST_VALUES:
            return None
        if id(node) in self._open:
            self._fault(node, place, "is an alias of something that it is part of")
            return None
        self._open.add(id(node))
        value = self._value(node, place)
        self._open.discard(id(node))
        return value

    def _value(self, node: yaml.Node, place: Place) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _TAG + "merge":
                merged = {**self._merged(value_node, place), **merged}
                continue
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in seen:
                said = (
                    f"is here twice, first in line {seen[key]}. Maybe one of them is meant for another record"
                )
                self._fault(key_node, (*place, key), said)
                continue
            seen[key] = key_node.start_mark.line + 1
            self.lines[(*place, key)] = seen[key]
            found[key] = self.read(value_node, (*place, key))
        return merged | found

    def _merged(self, node: yaml.Node, place: Place) -> dict[str, Any]:
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for each in nodes:
            value = self.read(each, (*place, "<<"))
            if isinstance(value, dict):
                merged = {**value, **merged}
        return merged

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        kind = node.tag.removeprefix(_TAG)
        text = str(node.value)
        if kind == "str":
            return text
        read: dict[str, Callable[[str], Any]] = {"null": _null, "bool": _bool, "int": int, "float": float}
        try:
            return read[kind](text)
        except KeyError:
            self._fault(node, place, f"has the tag {node.tag!r}, which a clinic file can't have")
        except ValueError:
            self._fault(node, place, f"is tagged {kind}, but reads {text[:40]!r}")
        return None

    def _fault(self, node: yaml.Node, place: Place, said: str) -> None:
        self.faults.append(Fault(place, said, node.start_mark.line + 1))


def _null(_: str) -> None:
    return None


def _bool(text: str) -> bool:
    return text.lower() == "true"


def walk(values: Any, pattern: Sequence[str], place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every (place, value) that fits a pattern of keys, where "*" is any key and "[]" any item.

    Values of another shape than the pattern's are passed over: they are someone else's fault to report.
    """
    if not pattern:
        yield place, values
        return
    head, rest = pattern[0], pattern[1:]
    if head == "[]":
        steps: list[tuple[str | int, Any]] = list(enumerate(values)) if isinstance(values, list) else []
    elif not isinstance(values, dict):
        steps = []
    else:
        steps = list(values.items()) if head == "*" else [(head, values[head])] if head in values else []
    for key, value in steps:
        yield from walk(value, rest, (*place, key))
