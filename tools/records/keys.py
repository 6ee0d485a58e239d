"""Keys: one secret, and from it a key each for encryption, look-up and the audit chain."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tools.errors import ToolError

_NONCE = 12
VARIABLE = "SLOTWRIGHT_KEY"


def canonical(value: Any) -> bytes:
    """The one way a value is written when it is hashed or sealed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Keys:
    """Seals, indexes and signs. The parts are independent: knowing one says nothing of the others."""

    def __init__(self, secret: bytes, older: Sequence[Epoch] = ()) -> None:
        if len(secret) < 32:
            raise ToolError("invalid", f"The key has {len(secret)} bytes; 32 are needed. {_HOW}")
        self.older = tuple(older)
        self._box = AESGCM(_derived(secret, b"seal"))
        self._index = _derived(secret, b"index")
        self._chain = _derived(secret, b"audit")
        self._bind = _derived(secret, b"bind")

    def of_entry(self, chain: str, seq: int) -> Keys:
        """The keys that were in use when an entry of an append-only chain was written: it is never sealed anew."""
        for epoch in self.older:
            if seq <= epoch.until[chain]:
                return epoch.keys
        return self

    @staticmethod
    def fresh() -> bytes:
        """A new secret."""
        return secrets.token_bytes(32)

    def seal(self, value: Any, *place: str) -> bytes:
        """Encrypts a JSON value, bound to its place (table, clinic, row): it opens nowhere else."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._box.encrypt(nonce, canonical(value), "\x1f".join(place).encode())

    def open(self, sealed: bytes, *place: str) -> Any:
        """What was sealed at that place; raises `ToolError("unavailable")` for another key or place."""
        try:
            plain = self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], "\x1f".join(place).encode())
        except (InvalidTag, ValueError):  # a value that was cut is too short to be one
            raise ToolError(
                "unavailable", f"A sealed value doesn't open. Maybe {VARIABLE} is another key."
            ) from None
        return json.loads(plain)

    def index(self, *parts: str) -> bytes:
        """A keyed hash to look a value up by, without it being readable."""
        return _mac(self._index, "\x1f".join(parts).encode())

    def chain(self, before: bytes, entry: Mapping[str, Any]) -> bytes:
        """The signature of an audit entry, which covers the entry before it."""
        return _mac(self._chain, before + canonical(entry))

    def bind(self, content: Any) -> bytes:
        """The signature of a proposal's exact content."""
        return _mac(self._bind, canonical(content))

    def check(self) -> bytes:
        """What a database keeps to notice that it is opened with another key."""
        return _mac(self._index, b"slotwright")


@dataclass(frozen=True)
class Epoch:
    """Keys that were rotated out, and the last entry of each chain that they signed."""

    keys: Keys
    until: Mapping[str, int]


_HOW = "Maybe make one: python3 -c 'import base64,os;print(base64.b64encode(os.urandom(32)).decode())'"


def secret_of(text: str) -> bytes:
    """The secret that `SLOTWRIGHT_KEY` holds in base64; raises `ToolError("invalid")`."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ToolError("invalid", f"{VARIABLE} is not base64. {_HOW}") from None


def _derived(secret: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"slotwright/" + use).derive(secret)


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()
