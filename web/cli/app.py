"""The commands, by name; what each needs is imported when it runs."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from web.cli import bench, evaluate, logic_map, records, schema, search, serve, talk, users, why
from web.cli.options import Command, spread

app = typer.Typer(
    name="slotwright",
    help="Finds, verifies and explains slots in a surgical clinic's OR schedule.",
    epilog='Try: slotwright ask "Dr. Smith, knee scope, next Tuesday" --demo',
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

COMMANDS: tuple[Command, ...] = (
    serve.serve,
    talk.ask,
    talk.chat,
    search.find,
    search.check,
    why.explain,
    why.what_if,
    logic_map.logic_map,
    records.load,
    records.export,
    schema.schema,
    evaluate.eval_,
    bench.bench,
)
"""In the order of `slotwright --help`."""

GROUPS: dict[str, tuple[str, Mapping[str, Command]]] = {
    "users": ("Who may use a clinic's database.", users.USERS),
    "keys": ("The API keys of machines.", users.KEYS),
}
"""Commands of two words: group -> (help, word -> command)."""

for run in COMMANDS:
    app.command(run.__name__.strip("_").replace("_", "-"))(spread(run))
for group, (said, commands) in GROUPS.items():
    part = typer.Typer(help=said, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(part, name=group)
    for word, each in commands.items():
        part.command(word)(spread(each))
