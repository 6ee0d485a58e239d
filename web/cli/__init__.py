"""The command line: `slotwright` and what it prints."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout

from typer import Abort
from typer.exceptions import TyperException

from tools.errors import ToolError
from web.cli.answer import INTERRUPTED, Answer, failed, refused, say
from web.cli.app import app


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code; no traceback reaches the person at the terminal."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = words[: words.index("--")] if "--" in words else words
    as_json = "--json" in options and "--help" not in options
    out = sys.stdout
    # A command that ends in a second frees nothing worth a search for cycles; it spares a tenth of a cold answer.
    gc.disable()
    try:
        # Whatever a library prints goes to stderr, so that stdout holds one JSON object and nothing else.
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            answer = _answer(words)
        return say(answer, out, as_json) if isinstance(answer, Answer) else answer
    except BrokenPipeError:
        # The reader has gone; python would complain once more when it flushes stdout at the end.
        sys.stdout = sys.stderr
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        gc.enable()


def _answer(words: list[str]) -> Answer | int:
    """The command's answer; an exit code alone where Typer has said everything, as for --help."""
    try:
        result: Answer | int | None = app(words, prog_name="slotwright", standalone_mode=False)
        return result or 0
    except ToolError as error:
        return refused(error)
    except TyperException as error:
        return refused(ToolError("invalid", _sentence(error)))
    except (Abort, KeyboardInterrupt, BrokenPipeError):
        raise KeyboardInterrupt from None
    except Exception as error:
        return failed(error)


def _sentence(error: TyperException) -> str:
    said = error.format_message().replace("\n", " ").rstrip(".")
    return f"{said}. Maybe look at: slotwright --help"
