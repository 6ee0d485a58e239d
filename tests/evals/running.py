"""The eval command as a person calls it, and a text with a sentence taken out."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from web.cli import main


def evaluated(*arguments: str) -> tuple[int, dict[str, Any], str]:
    """`slotwright eval ...` with --json: exit code, the object on stdout, and what stderr has."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["eval", *arguments])
    return code, json.loads(out.getvalue()), err.getvalue()


def moved(text: str, pattern: str) -> str:
    """The text without what the pattern finds, every time."""
    return re.sub(pattern, "...", re.sub(r"\s+", " ", text), flags=re.IGNORECASE)
