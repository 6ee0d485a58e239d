"""Templates: one Jinja environment, autoescaping, with every text through `_()` and static files by their version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from web.clinical import FLAGS
from web.format import clocked, steady
from web.language import N_, _, language, plural
from web.person import signed_in
from web.reading import clock_shown, reader, tour_due

HERE = Path(__file__).parent
STATIC = HERE / "static"


PAGES = (
    ("/", N_("Schedule"), "SCHEDULE"),
    ("/worklist", N_("Worklist"), "SCHEDULE"),
    ("/why-not", N_("Why not"), "FIND"),
    ("/reports", N_("Reports"), "REPORTS"),
    ("/admin", N_("Admin"), "FACTS"),
    ("/audit", N_("Audit"), "AUDIT"),
    ("/help", N_("Help"), "SCHEDULE"),
)
"""The pages of the top line: address, name, and the permission without which there is no link."""


def top_only() -> tuple[str, ...]:
    """How addresses begin that refuse to stand in another site's frame: a link to them must leave the frame."""
    from web.security import TOP_ONLY  # which reads web.errors, which draws pages

    return TOP_ONLY


class Blank:
    """Stands for "any data" when a macro is rendered into a `<template>`: the page's script fills the clone."""

    def __getattr__(self, name: str) -> Blank:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, name: object) -> Blank:
        return self

    def __iter__(self) -> Iterator[Blank]:
        return iter((self,))

    def __str__(self) -> str:
        return ""

    def __html__(self) -> str:
        return ""


@cache
def version() -> str:
    """Changes when any static file does; it stands in their addresses, so that they can be kept for ever."""
    digest = hashlib.sha256()
    for file in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(file.relative_to(STATIC).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def first_css() -> bytes:
    """The styles of every page as one file: six small ones would weigh a twentieth of the first load more."""
    sheets = ("tokens", "base", "chat", "board", "cols", "form")
    return b"".join((STATIC / "css" / f"{name}.css").read_bytes() for name in sheets)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        _, plural, newstyle=True
    )
    environment.filters.update(steady=steady, clocked=clocked, unmarked=unmarked)
    environment.globals.update(
        blank=Blank(), static=f"/static/{version()}", signed_in=signed_in, pages_of=lambda: PAGES,
        reader=reader, tour_due=tour_due, clock_shown=clock_shown,
        language=language, top_only=top_only, patient_flags=FLAGS,
    )  # fmt: skip
    return environment


_MARKS = re.compile(r' data-(?:text|attr|if|each)="[a-z_:,-]*"')


def unmarked(markup: Markup) -> Markup:
    """Without the marks by which the script fills a clone: what comes filled needs none, so forty rooms weigh less."""
    return Markup(_MARKS.sub("", markup))  # noqa: S704 - what was markup, less some of it


def page(template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A whole page; a name that the template needs and the context lacks is an error, never an empty space."""
    return HTMLResponse(_environment().get_template(template).render(context), status)
