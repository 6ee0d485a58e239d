"""Commands of two words, such as `users add`; in some groups one word may be left out, as in `eval FILE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

from web.cli.options import Command, spread


@dataclass(frozen=True)
class Group:
    """A group's help, its commands by their word, and the word that is meant where none is said."""

    help: str
    commands: Mapping[str, Command]
    default: str | None = None


def typer_of(group: Group) -> typer.Typer:
    """The group as Typer has it."""
    made = typer.Typer(
        cls=_defaulting(group.default) if group.default else TyperGroup,
        help=group.help,
        no_args_is_help=group.default is None,
        rich_markup_mode=None,
    )
    for word, each in group.commands.items():
        made.command(word)(spread(each))
    return made


def _defaulting(default: str) -> type[TyperGroup]:
    class Defaulting(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            word = args[0] if args else ""
            meant = word in self.commands or word == "--help"
            return list(super().parse_args(ctx, args if meant else [default, *args]))

    return Defaulting
