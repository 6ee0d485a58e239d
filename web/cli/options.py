"""Options that several commands share: a dataclass a group, spread over a command's signature for Typer."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Annotated, Any, get_type_hints

import typer

from web.cli.answer import Answer

Command = Callable[..., Answer]


@dataclass(frozen=True)
class Source:
    """Which clinic, and what time it is there."""

    demo: Annotated[bool, typer.Option("--demo", help="The demo clinic, fresh and in memory.")] = False
    clinic: Annotated[
        str | None, typer.Option(metavar="FILE", help="A clinic file (YAML or JSON), in memory.")
    ] = None
    db: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="A database: sqlite:///path or postgresql://... [env: SLOTWRIGHT_DB]"
        ),
    ] = None
    now: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The clinic's wall time, like 2026-03-05T09:00; a database then only reads."
        ),
    ] = None
    acting: Annotated[
        str | None,
        typer.Option("--as", metavar="USER", help="Who you are in a database [env: SLOTWRIGHT_USER]"),
    ] = None


@dataclass(frozen=True)
class Output:
    """How the answer is written."""

    json: Annotated[bool, typer.Option("--json", help="Exactly one JSON object on stdout.")] = False


def spread(run: Command) -> Command:
    """A command that Typer can read, from one that takes whole groups of options.

    `def find(asked: Fields, source: Source)` becomes a function with the fields of both dataclasses as its
    parameters; `--json` is added to each, and is looked at where the answer is printed.
    """
    hints = get_type_hints(run, include_extras=True)
    groups: dict[str, Any] = {
        name: hint for name, hint in hints.items() if is_dataclass(hint) and name != "return"
    }

    @functools.wraps(run)
    def command(**given: Any) -> Answer:
        given.pop("json")
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        return run(**given)

    own = inspect.signature(run, eval_str=True).parameters
    plain = [each for name, each in own.items() if name not in groups]
    parameters = [*plain, *(p for group in (*groups.values(), Output) for p in _parameters(group))]
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what inspect.signature reads
        [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    )
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    del command.__wrapped__  # its hints are those of the groups
    return command


def _parameters(group: Any) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field), annotation=hints[field.name]
        )


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else inspect.Parameter.empty
