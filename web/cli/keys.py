"""rotate-key: another key for a database, in one step."""

from __future__ import annotations

import base64
import os
from contextlib import nullcontext

from tools.context import Role
from tools.errors import ToolError
from web.cli.answer import Answer
from web.cli.options import Source
from web.cli.source import chosen, opened

NEW = "SLOTWRIGHT_NEW_KEY"
NO_KEY = "Only a database under a key of its own has one to rotate. Maybe name one with --db URL."


def rotate_key(source: Source) -> Answer:
    """Put a database under a new key, and seal everything anew.

    The new key is SLOTWRIGHT_NEW_KEY, or a fresh one where the key is a file beside a SQLite database. Stop serving
    first: whoever still has the old key can't write any more.
    """
    from tools.care.rotation import rotated
    from tools.records.keys import VARIABLE, secret_of
    from web.cli.database import key_file_of, key_of, replaced_key

    ctx = opened(source, Role.ADMIN)
    url = source.db or os.environ.get("SLOTWRIGHT_DB", "")
    old = key_of(url) if chosen(source) == "db" else None
    if old is None:
        raise ToolError("invalid", NO_KEY, "db")
    place = None if VARIABLE in os.environ else key_file_of(url)
    fresh = _fresh(made_here=place is not None)
    with replaced_key(place, fresh) if place else nullcontext():
        done = rotated(ctx, secret_of(old), secret_of(fresh))
    where = f"The new key is in {place}." if place else f"From now on {VARIABLE} is what {NEW} is."
    body = {"patients": done.patients, "proposals": done.proposals, "key_file": str(place) if place else None}
    return Answer(body, f"Sealed anew: {done.patients} patients, {done.proposals} proposals. {where}")


def _fresh(made_here: bool) -> str:
    """The text of the new key; what isn't kept in a file of ours is never made up, lest it be lost."""
    from tools.records.keys import Keys
    from web.cli.database import HOW

    if NEW in os.environ:
        return os.environ[NEW]
    if not made_here:
        raise ToolError("unavailable", f"{NEW} is not set. {HOW}.")
    return base64.b64encode(Keys.fresh()).decode()
