"""The commands, by name; what each needs is imported when it runs."""

from __future__ import annotations

import typer

from web.cli import (
    audit,
    backup,
    bench,
    edit,
    evaluate,
    forget,
    importing,
    keys,
    logic_map,
    records,
    reports,
    schema,
    search,
    serve,
    talk,
    transcripts,
    users,
    why,
    worklist,
)
from web.cli.groups import Group, typer_of
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
    reports.bottlenecks,
    logic_map.logic_map,
    records.load,
    records.export,
    importing.import_,
    edit.edit,
    worklist.worklist,
    backup.backup,
    backup.restore,
    keys.rotate_key,
    forget.forget,
    schema.schema,
    bench.bench,
)
"""In the order of `slotwright --help`."""

GROUPS: dict[str, Group] = {
    "users": Group("Who may use a clinic's database.", users.USERS),
    "keys": Group("The API keys of machines.", users.KEYS),
    "audit": Group("Who did what, and whether the trail is whole.", audit.AUDIT),
    "transcript": Group("Conversations with the assistant, as they were kept.", transcripts.TRANSCRIPTS),
    "eval": Group(
        "Replay conversations offline and grade them: `eval FILE` is `eval run FILE`.", evaluate.EVAL, "run"
    ),
}
"""Commands of two words, by the first of them."""

for run in COMMANDS:
    app.command(run.__name__.strip("_").replace("_", "-"))(spread(run))
for name, group in GROUPS.items():
    app.add_typer(typer_of(group), name=name)
