"""Patients' initials and sides for the boards of those who book: enough to tell cases apart on a wall, no name."""

from __future__ import annotations

from pydantic import Field

from tools.context import Context, Permission
from tools.contract import Id, Input, Output
from tools.records.identities import names_of
from tools.registry import tool

MOST = 2000


class OnBoard(Input):
    """Ids of cases that are shown."""

    cases: list[Id] = Field(max_length=MOST)


class Marked(Output):
    """One case: its patient's initials, and its side where it has one."""

    case: str
    initials: str
    laterality: str | None


class Initials(Output):
    """Those of the cases of which either is known."""

    cases: list[Marked]


@tool(permission=Permission.PATIENTS, effect="read")
def case_initials(ctx: Context, body: OnBoard) -> Initials:
    """Shows the initials of the patients of cases, and the side. Nothing is written."""
    state = ctx.store.state()  # read once: a board asks for every case of a day
    known = state.clinic.cases_by_id
    refs = {id_: known[id_].patient for id_ in body.cases if id_ in known}
    names = names_of(ctx.store, {ref for ref in refs.values() if ref})
    told = [
        Marked(case=id_, initials=initials(names.get(ref or "", "")), laterality=state.sides.get(id_))
        for id_, ref in refs.items()
    ]
    return Initials(cases=[each for each in told if each.initials or each.laterality])


def initials(name: str) -> str:
    """ "J.S." of Jane Sample, whatever the order of the names."""
    return "".join(
        f"{part[0].upper()}."
        for part in name.replace(",", " ").replace("-", " ").split()
        if part[0].isalpha()
    )
