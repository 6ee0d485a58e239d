"""The manual of the command line, docs/commands.md: what --help of every command says, one after the other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

from typer.main import get_command

from web.cli import main
from web.cli.app import app

HEAD = """# Commands

Written by `scripts/commands` from what `--help` says; a test holds it to that.
"""


def manual() -> str:
    """The whole page."""
    parts = [
        f"## slotwright {' '.join(path)}\n\n```text\n{_help(path)}```\n" for path in _paths(get_command(app))
    ]
    return "\n".join([HEAD, *parts])


def _paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command's words, a group before what it holds."""
    if path:
        yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from _paths(each, (*path, name))


def _help(path: tuple[str, ...]) -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        main([*path, "--help"])
    return said.getvalue()
