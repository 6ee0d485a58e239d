"""What a command has to say, and the one place that says it: JSON or a picture on stdout, the rest on stderr."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from tools.errors import ToolError
from web.terminal.clean import clean

if TYPE_CHECKING:
    from rich.console import Console

ANSWERED, FAILED, BAD_INPUT, NOT_PROVEN, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: answered (a proven "no" and a question are answers), a fault of ours, bad input, out of budget."""

Draw = Callable[["Console"], None] | str
"""How an answer is shown: drawn on a console, or a text for other programs that is printed as it stands."""


@dataclass(frozen=True)
class Answer:
    """A command's result: the JSON object, how it is drawn for a person, and the exit code."""

    body: Mapping[str, Any]
    draw: Draw
    code: int = ANSWERED
    complaint: str | None = None
    """One sentence for stderr, when the code says bad input or a fault."""


def say(answer: Answer, out: TextIO, as_json: bool) -> int:
    """Prints the answer and gives its exit code."""
    if as_json:
        print(as_text(answer.body, out.encoding), file=out)
    else:
        out.write(drawn(answer.draw, out))
    if answer.complaint:
        complain(answer.complaint)
    out.flush()
    return answer.code


def drawn(draw: Draw, out: TextIO) -> str:
    """What `draw` shows on `out`; a drawing goes without the spaces that tables leave at the ends of lines."""
    if isinstance(draw, str):
        return draw if draw.endswith("\n") or not draw else f"{draw}\n"
    console = console_on(out)
    with console.capture() as lines:
        draw(console)
    # Unbreakable spaces have done their work once lines are broken; plain ones can be searched for.
    return "".join(f"{line.rstrip()}\n" for line in lines.get().replace("\u00a0", " ").splitlines())


def as_text(body: Mapping[str, Any], encoding: str | None = "utf-8") -> str:
    """JSON for people and programs; letters beyond ASCII stay readable where the stream can carry them."""
    carries = (encoding or "ascii").lower().replace("-", "") == "utf8"
    return json.dumps(body, indent=2, ensure_ascii=not carries)


def console_on(out: TextIO) -> Console:
    """A console without markup or highlighting: names and sentences are data. Honours NO_COLOR and COLUMNS."""
    from rich.console import Console

    return Console(file=out, markup=False, highlight=False, emoji=False)


def refused(error: ToolError) -> Answer:
    """Bad input: one plain sentence, and the same as an object for programs."""
    body = {"error": {"code": error.code, "message": clean(error.message), "field": error.field}}
    return Answer(body, "", BAD_INPUT, error.message)


def failed(error: Exception) -> Answer:
    """A fault of ours: one sentence, and where it happened only for someone who asks for it."""
    if os.environ.get("SLOTWRIGHT_DEBUG") == "1":
        traceback.print_exception(error)
    sentence = (
        f"Something went wrong here ({type(error).__name__}), and nothing was changed. "
        "Maybe set SLOTWRIGHT_DEBUG=1 to see where."
    )
    body = {"error": {"code": "internal", "message": sentence, "field": None}}
    return Answer(body, "", FAILED, sentence)


def announce(sentence: str) -> None:
    """News while a command runs: on stdout, or on stderr where stdout is kept for one JSON object."""
    print(clean(sentence), flush=True)  # noqa: T201


def complain(sentence: str) -> None:
    """One sentence on stderr."""
    print(clean(sentence), file=sys.stderr, flush=True)  # noqa: T201


def quiet_logs(usual: int = logging.ERROR) -> None:
    """Logs go to stderr, and only what deserves a person's attention."""
    from tools.logs import configure

    configure(sys.stderr, logging.DEBUG if os.environ.get("SLOTWRIGHT_DEBUG") == "1" else usual)


def serving_logs() -> None:
    """A server's logs also tell what each turn cost, and that a model couldn't be asked."""
    quiet_logs(logging.INFO)
