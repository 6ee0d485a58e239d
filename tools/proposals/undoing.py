"""Undoing one's own last change, within a minute, exactly, and only while nothing came after it."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select

from solver.clinic import Case
from solver.request import Plan, patient_of
from tools.context import Context
from tools.proposals.action import Broken, Change, Done, Draft, said_case
from tools.proposals.blocks import lock_day, set_released, turn_back
from tools.proposals.booking import identity
from tools.proposals.contract import ProposeRequest, Touched
from tools.proposals.correcting import values_of
from tools.proposals.writing import locked, verified
from tools.records import holds
from tools.records import tables as t
from tools.records.proposing import StoredProposal
from tools.records.states import CANCELLED, HELD
from tools.records.store import Store
from tools.records.writer import Writer

WITHIN = dt.timedelta(minutes=1)
NOTHING = "You changed nothing within the last minute. Maybe move or cancel the case instead."


@dataclass(frozen=True)
class _Back:
    """One case of a change: as it was before, with its side and hold; and the version that the change made."""

    case: str
    version: int
    before: Case | None
    side: str | None
    hold: tuple[str, float] | None = None


@cache
def _adapter() -> TypeAdapter[list[_Back]]:
    return TypeAdapter(list[_Back])


def remember(
    writer: Writer, proposal: StoredProposal, done: Done, held: Mapping[str, holds.Hold], now: dt.datetime
) -> None:
    """Keeps what a change would take to be undone; `held` are the holds as they were before it."""
    backs = []
    for each in done.changes:
        hold = held.get(each.after.id)
        told = (hold.principal, hold.until.timestamp()) if hold else None
        backs.append(_Back(each.after.id, writer.version(each.after.id), each.before, each.side_before, told))
    changes = {
        "cases": _adapter().dump_python(backs, mode="json"), "block": done.blocks,
        "patient": _sealed(writer, proposal.id, done),
    }  # fmt: skip
    row = {
        "clinic": writer.clinic_id, "proposal": proposal.id, "principal": proposal.principal, "at": now,
        "changes": changes,
    }  # fmt: skip
    c = t.undos.c
    writer.connection.execute(
        delete(t.undos).where(c.clinic == writer.clinic_id, c.principal == proposal.principal)
    )
    writer.connection.execute(insert(t.undos), row)


def _sealed(writer: Writer, proposal: str, done: Done) -> str | None:
    """Who a corrected patient was, and the version that the correction made."""
    if done.corrected is None:
        return None
    before, _ = done.corrected
    value = {"ref": before.ref, "version": writer.patient_version(before.ref), **values_of(before)}
    return base64.b64encode(writer.keys.seal(value, "undos", writer.clinic_id, proposal)).decode()


def _spelt_back(writer: Writer, last: Any) -> None:
    token = last.changes.get("patient")
    if token:
        value = writer.keys.open(base64.b64decode(token), "undos", writer.clinic_id, last.proposal)
        writer.correct_patient(replace(identity(value), ref=value["ref"]), value["version"])


class Undo:
    """Puts back what the principal's last confirmed change took away."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:  # noqa: ARG002 - it is always the last one
        """What would be put back; raises `Broken` when it is too late, or something came after it."""
        last = _last(ctx.store, ctx.principal.id)
        if last is None or ctx.now() - last.at > WITHIN:
            raise Broken([NOTHING])
        clinic = ctx.store.clinic()
        backs = _adapter().validate_python(last.changes["cases"])
        _untouched(ctx.store, backs)
        told = [_told(back, clinic) for back in backs]
        block = last.changes.get("block")
        if block:
            turn_back(ctx, block)
            told.append(
                Touched(
                    kind="block", id=block["block"], text=f"{block['block']} on {block['date']} as before"
                )
            )
        if last.changes.get("patient"):
            case = backs[0].case if backs else ""
            told.append(Touched(kind="edit", id=case, text="the patient's name and birth date as before"))
        return Draft(f"Undo: {'; '.join(touch.text for touch in told)}", {"undoes": last.proposal}, told)

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Restores every case as it was, verified against the book as it is now; raises `Broken`."""
        last = _last(writer, ctx.principal.id)
        if (
            last is None
            or last.proposal != proposal.content["undoes"]
            or ctx.now() - last.at > WITHIN + WITHIN
        ):
            raise Broken([NOTHING])
        backs = _adapter().validate_python(last.changes["cases"])
        block = last.changes.get("block")
        if block:
            lock_day(writer, dt.date.fromisoformat(block["date"]))
            turn_back(ctx, block)
        here = [writer.glance(back.case) for back in backs]
        locked(writer, [*here, *(back.before for back in backs if back.before)])
        now = [writer.case(back.case) for back in backs]
        _untouched(writer, backs)
        changes = [_restored(writer, back, case) for back, case in zip(backs, now, strict=True)]
        _fits(ctx, changes)
        writer.put_cases([(each.after, each.side) for each in changes])
        for back in backs:
            holds.drop(writer, back.case)
            if back.hold and back.before and back.before.status == HELD:
                until = dt.datetime.fromtimestamp(back.hold[1], dt.UTC)
                holds.note(writer, holds.Hold(back.case, back.hold[0], until))
        _spelt_back(writer, last)
        turned = _turned(writer, block) if block else {}
        c = t.undos.c
        writer.connection.execute(
            delete(t.undos).where(c.clinic == writer.clinic_id, c.proposal == last.proposal)
        )
        return Done(changes, **turned)

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Nothing to search for."""
        return None


def _turned(writer: Writer, block: Mapping[str, Any]) -> dict[str, Any]:
    """Writes the block's day as it was before; what is told of it."""
    set_released(writer, block["block"], dt.date.fromisoformat(block["date"]), not block["released"])
    after = {**block, "released": not block["released"]}
    return {"before": dict(block), "after": after, "blocks": after}


def _last(store: Store, principal: str) -> Any:
    c = t.undos.c
    query = select(t.undos).where(c.clinic == store.clinic_id, c.principal == principal)
    with store.reading() as connection:
        return connection.execute(query.order_by(c.at.desc()).limit(1)).first()


def _untouched(store: Store, backs: Sequence[_Back]) -> None:
    """Raises `Broken` where a case was written since, or one that would go has a follower by now."""
    cases = store.clinic().cases
    for back in backs:
        if store.version(back.case) != back.version:
            raise Broken([f"{back.case} was changed after that. Maybe look at it in the schedule."])
        followed = [each.id for each in cases if each.follows == back.case and each.occupies]
        if back.before is None and followed:
            raise Broken([f"{followed[0]} follows {back.case} by now. Maybe cancel that first."])


def _restored(writer: Writer, back: _Back, now: Case) -> Change:
    after = replace(now, status=CANCELLED) if back.before is None else back.before
    return Change(now, after, writer.laterality(back.case), back.side)


def _fits(ctx: Context, changes: Sequence[Change]) -> None:
    """Raises `Broken` where what is put back breaks a rule by now."""
    again = [each.after for each in changes if each.after.occupies]
    gone = [each.after.id for each in changes]
    for case in again:
        plan = Plan((case,), patient=patient_of(case))
        _, other = verified(ctx, plan, frozenset(case.exceptions), gone)
        if other:
            raise Broken([f"{case.id}'s team is needed elsewhere by now."])


def _told(back: _Back, clinic: Any) -> Touched:
    if back.before is None:
        return Touched(kind="case", id=back.case, text=f"{back.case} goes again")
    return Touched(
        kind="case", id=back.case, text=f"{back.case} back to {said_case(back.before, clinic, back.side)}"
    )
