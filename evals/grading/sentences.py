"""The sentence of a reason against its atom: it must name whom or what the reason is about, not somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evals.grading.checks import Graded
from evals.heard import Heard

NAMED = ("staff", "rooms", "equipment", "trays", "bays")
"""The records whose names a sentence can hold."""


def named(result: Graded, turn: int, heard: Heard) -> None:
    """Every reason about a record of the clinic has that record's name in its sentence."""
    exported = next((proof.exported for proof in (*heard.proven_none, *heard.proofs)), None)
    if exported is None or not heard.reasons():
        return
    wrong = list(_strangers(heard.reasons(), exported))
    result.add("each reason names its own subject", turn, not wrong, "; ".join(wrong[:2]))


def _strangers(reasons: list[Mapping[str, Any]], exported: Mapping[str, Any]) -> Iterator[str]:
    owners = {block["id"]: block["owner"] for block in exported.get("blocks") or () if block.get("id")}
    for reason in reasons:
        subject = str(reason["subject"])
        name = _name(exported, owners.get(subject, subject))
        if name and name.casefold() not in str(reason["text"]).replace("\u00a0", " ").casefold():
            yield f"{reason['rule']}:{subject} is told as {str(reason['text'])[:80]!r}"


def _name(exported: Mapping[str, Any], subject: str) -> str | None:
    """The name of a person, a room or a thing; None for what has none, as a day or the whole clinic."""
    for part in NAMED:
        record = (exported.get(part) or {}).get(subject)
        if record is not None:
            return str(record.get("name") or subject)
    return None
