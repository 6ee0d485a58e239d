"""Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane)."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from tools.errors import ToolError

SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(_folded(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one that was kept; None costs the same time and never matches."""
    try:
        return _HASHER.verify(kept or _nobodys(), _folded(password)) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def refuse_weak(password: str, *known: str) -> None:
    """Raises `ToolError("invalid")` for a password that is too short, too long or made of what is `known`."""
    length = len(_folded(password))
    if not SHORTEST <= length <= LONGEST:
        said = f"The password has {length} characters; {SHORTEST} to {LONGEST} are needed."
        raise ToolError("invalid", f"{said} Maybe take four random words.", "password")
    plain = _folded(password).casefold()
    if len(set(plain)) < 5 or any(name and plain.replace(name.casefold(), "") == "" for name in known):
        raise ToolError(
            "invalid", "This password is easy to guess. Maybe take four random words.", "password"
        )


def _folded(password: str) -> str:
    """The same letters are the same password, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode("utf-8"))


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))
