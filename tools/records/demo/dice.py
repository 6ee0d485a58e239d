"""Repeatable chance: a function of its keys alone, so a calendar day is the same on every clock."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b


def roll(*keys: object) -> float:
    """A number in [0, 1) drawn from the keys; equal keys give equal numbers on every machine and version."""
    digest = blake2b(repr(keys).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def shuffled(weights: Mapping[str, float], *keys: object) -> list[str]:
    """The names in a random order in which a heavier one tends to come first.

    Each name draws u**(1/weight) and the largest draw leads (Efraimidis and Spirakis, 2006).
    """
    return sorted(weights, key=lambda name: -(roll(*keys, name) ** (1 / weights[name])))
