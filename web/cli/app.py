"""The commands, by name; what each does is imported when it runs."""

from __future__ import annotations

import typer

from web.cli import search
from web.cli.options import spread

app = typer.Typer(
    name="slotwright",
    help="Finds, verifies and explains slots in a surgical clinic's OR schedule.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for run in (search.find, search.check):
    app.command(run.__name__.replace("_", "-"))(spread(run))
