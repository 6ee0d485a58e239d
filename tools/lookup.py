"""What a word means here: surgeons, procedures, rooms and equipment by name, synonym, code or near miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field
from rapidfuzz import fuzz, utils

from solver.clinic import SURGEON, Clinic
from tools.context import Context, Permission
from tools.contract import Input, Output
from tools.registry import tool

LIKELY, CERTAIN = 70.0, 90.0
"""Scores (of 100) from which a name is a candidate, and from which nothing weaker is worth showing."""


class Words(Input):
    """The words as the person wrote them; give only those to be looked up."""

    surgeon: str | None = Field(
        None, max_length=200, description='A name as it was said, with or without "Dr.".'
    )
    procedure: str | None = Field(
        None, max_length=200, description='A name, a synonym or a CPT code: "knee scope".'
    )
    room: str | None = Field(None, max_length=200, description='For example "OR 2".')
    equipment: str | None = Field(None, max_length=200, description='For example "C-arm".')


class Match(Output):
    id: str
    name: str
    score: float


class Resolved(Output):
    """Candidates by kind, best first; `ambiguous` names the kinds to ask about instead of choosing."""

    surgeon: list[Match] = Field([])
    procedure: list[Match] = Field([])
    room: list[Match] = Field([])
    equipment: list[Match] = Field([])
    ambiguous: list[str] = Field([])


@tool(permission=Permission.FIND, effect="read")
def resolve(ctx: Context, body: Words) -> Resolved:
    """Looks up the ids that the other tools take for what the person called a surgeon, procedure, room or equipment.

    Returns for each kind its candidates (id, name, score of 0 to 100), best first. Ask the person when a kind is in
    `ambiguous` (several fit, or the only one is a near miss) or has no candidate; never make an id up. Not for
    patients, dates, cases or blocks: ids of those come from get_schedule. It says nothing about what is free.
    """
    clinic = ctx.store.clinic()
    found = {
        kind: _matches(word, kind, clinic, ctx.store.aliases())
        for kind, word in body.model_dump().items()
        if word is not None
    }
    ambiguous = [kind for kind, matches in found.items() if len(matches) > 1 or _weak(matches)]
    return Resolved(**found, ambiguous=ambiguous)


def _weak(matches: list[Match]) -> bool:
    """Whether the only candidate is a near miss: "total knee" is no knee arthroscopy."""
    return bool(matches) and matches[0].score < CERTAIN


def _matches(word: str, kind: str, clinic: Clinic, also: Mapping[str, tuple[str, ...]]) -> list[Match]:
    best: dict[str, Match] = {}
    for id_, name, called in _names(kind, clinic, also):
        score = fuzz.WRatio(word, called, processor=utils.default_process)
        if score >= LIKELY and (id_ not in best or score > best[id_].score):
            best[id_] = Match(id=id_, name=name, score=round(score, 1))
    ranked = sorted(best.values(), key=lambda match: (-match.score, match.id))
    certain = [match for match in ranked if match.score >= CERTAIN]
    return certain or ranked[:5]


def _names(kind: str, clinic: Clinic, also: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """(id, name, what it may be called) of every record of a kind; `also`: what else equipment is called."""
    if kind == "surgeon":
        for person in clinic.staff.values():
            for called in (person.name, *person.aliases) if person.has_role(SURGEON) else ():
                yield person.id, person.name, called
    elif kind == "procedure":
        for procedure in clinic.procedures.values():
            for called in (procedure.name, procedure.short, *procedure.synonyms, *procedure.cpt):
                if called:
                    yield procedure.id, procedure.name, called
    else:
        for record in (clinic.rooms if kind == "room" else clinic.equipment).values():
            for called in (record.name, *also.get(record.id, ())):
                yield record.id, record.name, called
