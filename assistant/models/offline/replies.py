"""Replies as templates: facts and offers as markers, nothing else that could be wrong."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("assistant.models.offline", "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(),
        trim_blocks=False,
    )


def write(page: str, **values: Any) -> str:
    """The reply `page` with these values; every value is a marker's id or a text of our own."""
    return _pages().get_template(f"{page}.j2").render(**values).strip()


def plain(written: str, most: int = 60) -> str:
    """The user's words for saying back: short, and without anything that looks like a marker."""
    kept = written.replace("[[", "").replace("]]", "")
    return kept if len(kept) <= most else f"{kept[:most].rstrip()}\u2026"
