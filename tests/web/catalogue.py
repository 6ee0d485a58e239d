"""The texts of the screens as Babel extracts them, and a language made up of brackets to find what it missed."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

WEB = Path(__file__).parents[2] / "web"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2), "ngettext": (1, 2), "gettext": None}
PSEUDO = "eo"
"""A language that nobody ships here; its texts are the English ones in brackets."""


def extracted() -> Catalog:
    """Every text once, in the order of files, without places: they would change with every line."""
    epoch = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # the file changes with its texts alone
    catalogue = Catalog(
        project="Slotwright", version="0", charset="utf-8", creation_date=epoch, fuzzy=False,
        header_comment="# The texts of Slotwright's screens. Written by scripts/texts.",
        msgid_bugs_address="", last_translator="", language_team="",
    )  # fmt: skip
    found = extract_from_dir(WEB, METHODS, OPTIONS, KEYWORDS)
    for _file, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalogue.add(message, None, auto_comments=comments, context=context)
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file, the same for the same texts whatever the day."""
    target = BytesIO()
    write_po(target, catalogue, width=110)
    return target.getvalue()


def pseudo(folder: Path) -> None:
    """Write the made-up language into a folder of catalogues."""
    catalogue = extracted()
    catalogue.locale = PSEUDO
    for message in catalogue:
        if message.id:
            one = isinstance(message.id, str)
            message.string = _bracketed(message.id) if one else tuple(map(_bracketed, message.id))
    catalogue.fuzzy = False
    place = folder / PSEUDO / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.po").open("wb") as target:
        write_po(target, catalogue)


def _bracketed(text: object) -> str:
    return f"\u27e6{text}\u27e7"
