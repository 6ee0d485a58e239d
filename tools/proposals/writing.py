"""What every action shares: verified against the book without what it changes, locked, and told what it touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from solver.book import Facts, swapped
from solver.clinic import Case, Clinic
from solver.grid import Calendar
from solver.request import Patient, Plan
from solver.reteam import reteamed
from solver.rules import CATALOGUE, Catalogue
from solver.snapshot import Snapshot
from solver.verify import sentences, verify
from tools.context import Context, Permission
from tools.errors import ToolError
from tools.proposals.action import Broken, Change
from tools.proposals.contract import Touched
from tools.records.documents import pools
from tools.records.occupancy import takings
from tools.records.states import BEFORE_WHEELS_IN
from tools.records.writer import Writer, scopes_of

TEAM_CHANGED = "The team changed since the offer was made; surgeon, room and times are as offered."


def verified(
    ctx: Context, plan: Plan, waived: frozenset[str] = frozenset(), without: Iterable[str] = ()
) -> tuple[Plan, bool]:
    """The plan, or the same surgeon, room and times with another team (True); raises `Broken`.

    `without` are booked cases that the plan takes the place of. A plan with swaps stands or falls as it is.
    """
    facts = facts_of(ctx, without)
    catalogue = Catalogue.of(facts.clinic)
    broken = verify(plan, facts, catalogue, waived)
    if not broken:
        return plan, False
    again = reteamed(Snapshot(facts, catalogue), plan, waived)
    if again is not None:
        pairs = zip(plan.cases, again.cases, strict=True)
        cases = tuple(replace(case, team=found.team) for case, found in pairs)
        same = replace(plan, cases=cases, units=again.units)
        if not verify(same, facts, catalogue, waived):
            return same, True
    raise Broken(sentences(broken, catalogue))


def facts_of(ctx: Context, without: Iterable[str] = ()) -> Facts:
    """The book as it is now, without some of its cases."""
    clinic = ctx.store.clinic()
    facts = Facts.of(clinic, Calendar(clinic.timezone).of(ctx.now()))
    for case in without:
        facts = facts.without(case)
    return facts


def locked(writer: Writer, cases: Iterable[Case]) -> None:
    """Locks the days and weeks that the cases touch, so that rules over them can't be broken by two at once."""
    clinic = writer.clinic()
    taken = [one for case in cases for one in takings(case, clinic)]
    writer.lock(scopes_of(taken, Calendar(clinic.timezone)))


def exchanged(ctx: Context, plan: Plan) -> list[Change]:
    """The booked cases whose people the plan exchanges, before and after."""
    cases = ctx.store.clinic().cases_by_id
    gone = [swap.case for swap in plan.swaps if swap.case not in cases]
    if gone:
        raise Broken([f"{gone[0]} is not in the book any more."])
    return [
        Change(cases[after.id], after, ctx.store.laterality(after.id), ctx.store.laterality(after.id))
        for after in swapped(cases, plan.swaps)
    ]


def granted(ctx: Context, waived: frozenset[str]) -> frozenset[str]:
    """The rules that the offer was found without; raises "forbidden" unless this principal may waive each."""
    for rule in sorted(waived):
        ctx.require(Permission.OVERRIDE)
        least = getattr(CATALOGUE.get(rule), "waivable_by", None)
        if least is None or not least.grants(ctx.principal.role):
            said = f"{rule} may be set aside by {least or 'nobody'}, not by {ctx.principal.role}."
            raise ToolError("forbidden", f"{said} Maybe take an offer that keeps it.")
    return waived


def unchecked(clinic: Clinic, patient: Patient | None) -> list[tuple[str, str]]:
    """(rule, what is missing) of every rule that couldn't be judged for want of a fact of the patient."""
    return [
        (rule.id, missing)
        for rule in Catalogue.of(clinic).rules
        for missing in rule.unknown(patient or Patient())
    ]


def touches(case: Case, clinic: Clinic) -> list[Touched]:
    """Everything the case would take: the room, each person in their role, each pool."""
    roles = {member.resource: member.role for member in case.team} | {case.surgeon: "surgeon"}
    shared = {resource for kind, resource, _ in pools(clinic) if kind not in ("room", "person")}
    seen: dict[str, Touched] = {}
    for one in takings(case, clinic):
        name = clinic.name_of(one.resource)
        text = f"{name} ({roles[one.resource]})" if one.resource in roles else name
        kind = "pool" if one.resource in shared else str(one.kind)
        seen.setdefault(one.resource, Touched(kind=kind, id=one.resource, text=text))
    return list(seen.values())


def swap_touches(plan: Plan, clinic: Clinic) -> list[Touched]:
    """Each person of another case who is exchanged for another, and who must be told."""
    return [
        Touched(
            kind="swap",
            id=swap.case,
            text=f"{swap.case}: {clinic.name_of(swap.after)} in place of {clinic.name_of(swap.before)} "
            f"({swap.role}); both must be told",
        )
        for swap in plan.swaps
    ]


def tell_team(clinic: Clinic, *cases: Case) -> Touched:
    """The surgeon and everybody of the team, before and after a change: their day looks different then."""
    people = [each for case in cases for each in (case.surgeon, *(member.resource for member in case.team))]
    named = ", ".join(clinic.name_of(each) for each in dict.fromkeys(people))
    return Touched(kind="tell", id=cases[0].id, text=f"Tell {named}")


def override_touches(waived: Iterable[str]) -> list[Touched]:
    """Each rule that a person sets aside, which goes on record."""
    return [Touched(kind="override", id=rule, text=f"Set aside on record: {rule}") for rule in sorted(waived)]


def standing(ctx: Context, case_id: str | None) -> Case:
    """A case that can still be changed; raises `ToolError`, or `Broken` for one that is over or cancelled."""
    if case_id is None:
        raise ToolError("invalid", "case is missing. Maybe add the id of the case that it is about.", "case")
    case = ctx.store.clinic().cases_by_id.get(case_id)
    if case is None:
        said = f"There is no case {case_id[:60]!r}. Maybe look it up in the schedule."
        raise ToolError("not-found", said, "case")
    if case.status not in BEFORE_WHEELS_IN:
        raise Broken([f"{case.id} is {case.status} already."])
    if case.start <= Calendar("UTC").of(ctx.now()):
        raise Broken([f"{case.id} has begun. Maybe note its end instead."])
    return case


def unchanged(writer: Writer, case_id: str, version: int) -> Case:
    """The case as it was shown; raises `Broken` when it was written since."""
    case = writer.case(case_id)
    if writer.version(case_id) != version:
        raise Broken([f"{case_id} was changed after this was shown. Maybe look at it again."])
    return case
