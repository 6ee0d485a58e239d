"""eval record and eval author: cassettes of a model's responses, and of replies written by hand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.errors import ToolError
from web.cli.answer import Answer, quiet_logs

if TYPE_CHECKING:
    from evals.loading import Script
    from evals.replay.cassette import Cassette

Files = Annotated[
    list[str] | None, typer.Argument(metavar="[FILE]...", help="Conversation files; else all that ship.")
]
Shelf = Annotated[
    str | None,
    typer.Option(
        "--cassettes", metavar="DIR", help="Where to keep them; else ours, or `cassettes` beside the file."
    ),
]


def record(
    files: Files = None,
    suite: Annotated[str | None, typer.Option(metavar="NAME", help="Only this suite.")] = None,
    shelf: Shelf = None,
) -> Answer:
    """Ask the configured model, and keep its responses for replay.

    What would hold a patient's identity isn't written. Exit code 2 when no model is configured.
    """
    from evals import loading
    from evals.replay import talks

    quiet_logs()
    settings = talks.live_settings()
    scripts = [each for each in loading.scripts(files or (), suite) if each.for_a_model]
    if not scripts:
        raise ToolError(
            "invalid", "None of these conversations is for a model: they bring their own script, or are wrong "
            "on purpose. Maybe another file.", "file",
        )  # fmt: skip
    done, refused = [], []
    for script in scripts:
        try:
            _, cassette, told = talks.record(script, settings, "recorded", _today())
        except ToolError as fault:
            refused.append(fault.message)
            continue
        done.append(_kept(script, cassette, told, shelf))
    body = {"recorded": done, "refused": refused}
    said = [f"{len(done)} of {len(scripts)} conversations recorded.", *done, *refused]
    return Answer(body, "\n".join(said), 1 if refused else 0, refused[0] if refused else None)


def author(
    files: Files = None,
    replies: Annotated[
        str | None, typer.Option(metavar="FILE", help="The written replies; ours if left out.")
    ] = None,
    shelf: Shelf = None,
) -> Answer:
    """Make cassettes from replies written by hand, labelled so.

    Where the replies run out, the request that waits for one is printed, and nothing is written for that conversation.
    """
    from evals import loading
    from evals.replay import author as writing

    quiet_logs()
    written = writing.replies(Path(replies) if replies else writing.AUTHORED)
    scripts = [each for each in loading.scripts(files or ()) if each.id in written]
    unknown = sorted(written.keys() - {each.id for each in scripts}) if not files else []
    if unknown:
        raise ToolError(
            "invalid", f"No conversation is called {unknown[0]!r}. Maybe rename its replies.", "replies"
        )
    done, waiting = [], {}
    for script in scripts:
        try:
            _, cassette, told = writing.author(script, written[script.id], _today())
        except writing.Unwritten as fault:
            waiting[script.id] = _asked(fault.request)
            continue
        done.append(_kept(script, cassette, told, shelf))
    said = [f"{len(done)} cassettes authored."]
    for id_, request in waiting.items():
        said += ["", f"{id_} waits for a reply to:", json.dumps(request, indent=1)]
    return Answer({"authored": done, "waiting": waiting}, "\n".join(said), 1 if waiting else 0)


def _asked(request: Any) -> Any:
    """The messages that a reply is wanted for; results in full, as a model gets them."""
    return request["messages"]


def _kept(script: Script, cassette: Cassette, told: Any, shelf: str | None) -> str:
    from evals.replay.cassette import folder_for, path_for, save
    from evals.replay.talks import keep_told, prune_told

    path = path_for(script, shelf)
    save(path, cassette)
    keep_told(folder_for(script, shelf), told)
    prune_told(folder_for(script, shelf))
    return str(path)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
