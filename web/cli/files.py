"""Reading what a person names on the command line."""

from __future__ import annotations

from pathlib import Path

from tools.errors import ToolError


def read_text(name: str, field: str) -> str:
    """A file's text; raises `ToolError("invalid")` in one plain sentence."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ToolError("invalid", f"{name} can't be read: {reason}. Maybe check the path.", field) from None
    except ValueError:
        raise ToolError("invalid", f"{name} is not UTF-8 text. Maybe it is another file.", field) from None
