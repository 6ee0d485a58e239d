"""Random tokens: the bearer has the token, the database its hash.

256 random bits can't be guessed, so a plain hash is enough; slow hashes are for passwords.
"""

from __future__ import annotations

import hashlib
import secrets


def fresh() -> str:
    """A new token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
