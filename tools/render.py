"""Solver objects as the JSON contracts: instants become clinic time with its offset, atoms become sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from solver import request as asked
from solver.clinic import Case, Clinic, UnitUse
from solver.grid import Calendar
from tools import contract
from tools.changing import change_out


class Renderer:
    """Draws one clinic's solver objects; holds its calendar and nothing else."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.calendar = Calendar(clinic.timezone)

    def iso(self, instant: int) -> str:
        """ISO 8601 with the clinic's offset, to the second."""
        return self.calendar.wall(instant).isoformat()

    def offer(self, offer: asked.Offer, id_: str, label: str, rank: int) -> contract.Offer:
        """The contract's offer under the id and label that the store gave it."""
        units = offer.plan.units or ((),) * len(offer.plan.cases)
        return contract.Offer(
            id=id_,
            label=label,
            rank=rank,
            cases=[self.case(case, used) for case, used in zip(offer.plan.cases, units, strict=True)],
            swaps=[
                contract.SwapOut.model_validate(
                    {"case": swap.case, "role": swap.role, "from": swap.before, "to": swap.after}
                )
                for swap in offer.plan.swaps
            ],
            terms=dict(offer.terms),
            reasons=list(offer.reasons),
            warnings=list(offer.warnings),
            not_checked=[contract.NotChecked(rule=u.rule, missing=u.missing) for u in offer.not_checked],
            rules_checked=offer.rules_checked,
        )

    def case(self, case: Case, used: Iterable[UnitUse]) -> contract.OfferCase:
        """One case of an offer, with its team and the units that it would use."""
        return contract.OfferCase(
            procedure=case.procedure,
            additional_procedures=list(case.additional_procedures),
            surgeon=case.surgeon,
            room=case.room,
            start=self.iso(case.start),
            end=self.iso(case.end),
            anesthesia=case.anesthesia,
            team=[contract.TeamOut(role=member.role, resource=member.resource) for member in case.team],
            resources=[
                contract.ResourceOut.model_validate(
                    {"resource": u.resource, "unit": u.unit, "from": self.iso(u.start), "to": self.iso(u.end)}
                )
                for u in used
            ],
        )

    def reason(self, reason: asked.Reason) -> contract.Reason:
        """A violated rule, or a member of a conflict, with its facts as plain JSON."""
        return contract.Reason(
            rule=reason.atom.rule,
            subject=reason.atom.subject,
            title=reason.title,
            text=reason.text,
            facts=plain(reason.facts),
            resources=list(reason.resources),
        )

    def explanation(self, explanation: asked.Explanation) -> contract.Explanation:
        """The explanation; an example of a correction is shown and not kept, for nobody can book it as things stand."""
        status = "infeasible" if explanation.status is asked.Status.INFEASIBLE else "not_proven"
        return contract.Explanation(
            status=status,
            conflict=[self.reason(reason) for reason in explanation.conflict],
            corrections=[self.correction(n, each) for n, each in enumerate(explanation.corrections, 1)],
            days=[
                contract.DayOut(date=day.date, conflict=[self.reason(reason) for reason in day.conflict])
                for day in explanation.days
            ],
            lanes=[self.lane(lane) for lane in explanation.lanes],
            minimal=explanation.minimal,
            complete=explanation.complete,
            swaps_allowed=explanation.swaps_allowed,
            sentences=list(explanation.sentences),
            summary=explanation.summary,
        )

    def correction(self, number: int, correction: asked.Correction) -> contract.CorrectionOut:
        """A correction with its changes in the vocabulary of `what_if`."""
        label = f"E{number}"
        example = correction.example
        return contract.CorrectionOut(
            changes=[change_out(change, self.calendar) for change in correction.changes],
            text=correction.text,
            cost=correction.cost,
            granted_by=correction.granted_by,
            opens=correction.opens,
            example=self.offer(example, f"example-{number}", label, 1) if example else None,
            relaxes=[contract.AtomOut(rule=a.rule, subject=a.subject) for a in sorted(correction.atoms)],
        )

    def lane(self, lane: asked.Lane) -> contract.LaneOut:
        """One line of the picture, its stretches in clinic time."""
        return contract.LaneOut(
            label=lane.label,
            rule=lane.kind or None,
            resource=lane.subject or None,
            free=[(self.iso(start), self.iso(end)) for start, end in lane.free],
            blocked=[
                contract.BlockedOut(
                    start=self.iso(b.start),
                    end=self.iso(b.end),
                    cause=b.cause,
                    kind=b.kind or None,
                    record=b.record or None,
                )
                for b in lane.blocked
            ],
            in_conflict=lane.in_conflict,
        )


def plain(value: Any) -> Any:
    """Read-only mappings and tuples as the dicts and lists that JSON has."""
    if isinstance(value, (dict, MappingProxyType, Mapping)):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value
