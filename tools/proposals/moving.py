"""Moving a case to an offer that was found for it; those that follow it go along, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from solver.clinic import Case, Clinic
from solver.followers import Moved, Stuck, followers_after
from solver.request import Plan, patient_of
from solver.rules import Catalogue
from solver.snapshot import Snapshot
from tools.context import Context
from tools.errors import ToolError
from tools.proposals.action import Broken, Change, Done, Draft, said_case
from tools.proposals.booking import not_checked
from tools.proposals.contract import ProposeRequest, Touched
from tools.proposals.writing import (
    TEAM_CHANGED,
    exchanged,
    facts_of,
    granted,
    locked,
    override_touches,
    standing,
    swap_touches,
    tell_team,
    touches,
    unchanged,
    verified,
)
from tools.records.plans import plan_from, plan_values
from tools.records.proposing import StoredProposal
from tools.records.writer import Writer

TELL = "Tell the patient the new time of arrival and from when to fast"


class Move:
    """Gives a case another place in the book."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The move; raises `ToolError("invalid")` for an offer that wasn't found for it, `Broken` when it is gone."""
        case = standing(ctx, body.case)
        if body.offer is None:
            said = f"offer is missing. Maybe search with replaces={case.id} and take one of the offers."
            raise ToolError("invalid", said, "offer")
        offer = ctx.store.offer(body.offer)
        if offer.request.get("replaces") != case.id or len(offer.plan.cases) != 1:
            said = f"That offer wasn't found to move {case.id}. Maybe search with replaces={case.id}."
            raise ToolError("invalid", said, "offer")
        if offer.plan.cases[0].procedures != case.procedures:
            said = f"That offer is of another procedure than {case.id}. Maybe search for {case.procedure}."
            raise ToolError("invalid", said, "offer")
        waived = granted(ctx, frozenset(row["rule"] for row in offer.request.get("overrides", ())))
        content = {
            "offer": offer.id,
            "case": case.id,
            "version": ctx.store.version(case.id),
            "waived": sorted(waived),
        }
        return moved_draft(ctx, case, placed(case, offer.plan, waived), waived, content, "Move")

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Moves exactly the case that was shown, with those that follow it; raises `Broken`."""
        return moved(ctx, writer, proposal)

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What was asked when the offer was found; of an edit nothing was."""
        return ctx.store.offer(content["offer"]).request if "offer" in content else None


def placed(case: Case, plan: Plan, waived: frozenset[str]) -> Plan:
    """The plan with the case itself in the offer's place: its identity, patient and relations stay."""
    (found,) = plan.cases
    here = replace(
        case, surgeon=found.surgeon, room=found.room, start=found.start, minutes=found.minutes,
        anesthesia=found.anesthesia, team=found.team, exceptions=tuple(sorted(waived)),
    )  # fmt: skip
    return replace(plan, cases=(here,), patient=plan.patient or patient_of(case))


def moved_draft(
    ctx: Context, case: Case, plan: Plan, waived: frozenset[str], content: dict[str, Any], verb: str
) -> Draft:
    """What a change of a case's place or people would touch, those that follow it included."""
    clinic, side = ctx.store.clinic(), ctx.store.laterality(case.id)
    plan, changed = verified(ctx, plan, waived, [case.id])
    (after,) = plan.cases
    later = _followers(ctx, case, after)
    from_here = Touched(kind="case", id=case.id, text=f"leaves {said_case(case, clinic, side)}")
    tell = [Touched(kind="tell", id=case.id, text=TELL)] if after.start != case.start else []
    if (after.start, after.room) != (case.start, case.room):
        tell.append(tell_team(clinic, case, after))
    return Draft(
        summary=f"{verb} {case.id} to {said_case(after, clinic, side)}",
        content=content | {"plan": plan_values(plan)},
        touches=[
            from_here, *_told(later, clinic), *touches(after, clinic), *swap_touches(plan, clinic),
            *override_touches(waived), *tell,
        ],
        warnings=[TEAM_CHANGED] if changed else [],
        not_checked=not_checked(clinic, plan.patient),
        laterality=side,  # type: ignore[arg-type]
    )  # fmt: skip


def moved(ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
    """Writes the case in its new place, those whose people it exchanges, and those that follow it."""
    content = proposal.content
    waived = granted(ctx, frozenset(content["waived"]))
    plan = plan_from(content["plan"])
    swaps = exchanged(ctx, plan)
    before = writer.glance(content["case"])
    locked(writer, [before, *plan.cases, *(each.after for each in swaps)])
    before = unchanged(writer, content["case"], content["version"])
    plan, changed = verified(ctx, plan, waived, [before.id])
    (after,) = plan.cases
    after = replace(after, patient=content.get("patient", before.patient))
    later = _followers(ctx, before, after)
    locked(writer, [case for each in later for case in (each.before, each.after)])
    side = writer.laterality(before.id)
    changes = [Change(before, after, side, content.get("laterality", side)), *swaps]
    for each in later:
        own = writer.laterality(each.before.id)
        changes.append(Change(each.before, each.after, own, own))
    writer.put_cases([(each.after, each.side) for each in changes])
    return Done(changes, warnings=[TEAM_CHANGED] if changed else [])


def _followers(ctx: Context, case: Case, after: Case) -> list[Moved]:
    """Where those that follow go; raises `Broken` when one of them can't go along and can't stay."""
    facts = facts_of(ctx)
    snapshot = Snapshot(facts, Catalogue.of(facts.clinic))
    found = followers_after(snapshot, case.id, after)
    stuck = [each for each in found if isinstance(each, Stuck)]
    if stuck:
        raise Broken([_stuck(each) for each in stuck])
    return [each for each in found if isinstance(each, Moved)]


def _stuck(each: Stuck) -> str:
    why = " ".join(reason.text for reason in each.reasons)
    return f"{each.case.id} follows it and can't go along: {why} Maybe move {each.case.id} first."


def _told(later: Sequence[Moved], clinic: Clinic) -> list[Touched]:
    return [
        Touched(
            kind="case",
            id=each.before.id,
            text=f"{each.before.id} follows it and moves along to {said_case(each.after, clinic, None)}. {TELL}",
        )
        for each in later
    ]
