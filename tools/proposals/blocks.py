"""Releasing one day of a block to everyone, and reclaiming it while nobody else has booked in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from solver.clinic import Block
from solver.grid import Calendar
from solver.wording import Wording
from tools.context import Context, Role
from tools.errors import ToolError
from tools.proposals.action import Broken, Done, Draft
from tools.proposals.contract import ProposeRequest, Touched
from tools.records import tables as t
from tools.records.proposing import StoredProposal
from tools.records.sealing import opened, sealed
from tools.records.writer import Writer

MAY = frozenset({Role.DIRECTOR, Role.ADMIN})
"""Roles that may release or reclaim anybody's block; its owner may their own."""


@dataclass(frozen=True)
class Release:
    """Gives a day of a block free; with `back` it takes that again."""

    back: bool = False

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The release; raises "forbidden" unless it is the principal's block, or a director's doing."""
        block, day = self._asked(ctx, body)
        self.possible(ctx, block, day)
        words, clinic = Wording(ctx.store.clinic()), ctx.store.clinic()
        what = f"{clinic.name_of(block.owner)}'s block in {clinic.name_of(block.room)} on {words.day(day)}"
        told = Touched(kind="tell", id=block.owner, text=f"{clinic.name_of(block.owner)} must be told")
        taken = Touched(
            kind="room", id=block.room, text=f"{clinic.name_of(block.room)} {words.span(block.window)}"
        )
        verb = "Reclaim" if self.back else "Release"
        content = {"block": block.id, "date": day.isoformat(), "back": self.back}
        return Draft(f"{verb} {what}", content, [taken, told])

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Writes it into the block's record; raises `Broken` where it can't be any more."""
        content = proposal.content
        day = dt.date.fromisoformat(content["date"])
        lock_day(writer, day)
        block = _block(ctx, content["block"])
        _owned(ctx, block)
        self.possible(ctx, block, day)
        set_released(writer, block.id, day, released=not self.back)
        state = {"block": block.id, "date": content["date"], "released": not self.back}
        return Done(before={**state, "released": self.back}, after=state, blocks=state)

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Nothing to search for."""
        return None

    def _asked(self, ctx: Context, body: ProposeRequest) -> tuple[Block, dt.date]:
        if body.block is None or body.date is None:
            missing = "block" if body.block is None else "date"
            raise ToolError(
                "invalid", f"{missing} is missing. Maybe add it: a block and a day are needed.", missing
            )
        block = _block(ctx, body.block)
        _owned(ctx, block)
        if not block.falls_on(body.date):
            said = f"{block.id} doesn't fall on {body.date}. Maybe another day."
            raise ToolError("invalid", said, "date")
        return block, body.date

    def possible(self, ctx: Context, block: Block, day: dt.date) -> None:
        """Raises `Broken` where it is so already, the day is over, or somebody else has booked in it."""
        calendar = Calendar(ctx.store.clinic().timezone)
        if day < calendar.date(calendar.of(ctx.now())):
            raise Broken([f"{day} is over."])
        if (day in block.released) is not self.back:
            raise Broken([f"{block.id} {'is not' if self.back else 'is already'} released on {day}."])
        if self.back and (others := _others(ctx, block, day, calendar)):
            raise Broken(
                [f"{', '.join(others)} {'is' if len(others) == 1 else 'are'} booked in it by others."]
            )


def lock_day(writer: Writer, day: dt.date) -> None:
    """Keeps everybody else from booking on a day whose block changes."""
    year, week, _ = day.isocalendar()
    writer.lock({day.isoformat(), f"{year}-W{week:02d}"})


def turn_back(ctx: Context, change: Mapping[str, Any]) -> None:
    """Raises `Broken` where a release or a reclaim can't be turned back any more."""
    opposite = Release(back=bool(change["released"]))
    opposite.possible(ctx, _block(ctx, change["block"]), dt.date.fromisoformat(change["date"]))


def set_released(writer: Writer, block: str, day: dt.date, released: bool) -> None:
    """Writes a day of a block as released, or as not released."""
    c, meta = t.records.c, t.meta.c
    own = (c.clinic == writer.clinic_id) & (c.kind == "blocks") & (c.id == block)
    found = writer.connection.execute(select(t.records).where(own).with_for_update()).one()
    row = opened(writer.keys, t.records, found)
    days = set(row.body.get("released") or ()) - {day.isoformat()}
    body = {**row.body, "released": sorted(days | ({day.isoformat()} if released else set()))}
    values = sealed(writer.keys, t.records, vars(row), {"body": body, "version": row.version + 1})
    writer.connection.execute(update(t.records).where(own).values(values))
    writer.bump()
    here = update(t.meta).where(meta.clinic == writer.clinic_id)
    writer.connection.execute(here.values(records_revision=meta.records_revision + 1))


def _block(ctx: Context, id_: str) -> Block:
    blocks = {block.id: block for block in ctx.store.clinic().blocks}
    if id_ not in blocks:
        said = f"There is no block {id_[:60]!r}. Maybe one of: {', '.join(sorted(blocks)[:8]) or 'none'}."
        raise ToolError("not-found", said, "block")
    return blocks[id_]


def owned(ctx: Context, id_: str) -> None:
    """Raises "forbidden" unless the principal owns the block, or may by their role; one that is gone is nobody's."""
    blocks = {block.id: block for block in ctx.store.clinic().blocks}
    if id_ in blocks:
        _owned(ctx, blocks[id_])


def _owned(ctx: Context, block: Block) -> None:
    if ctx.principal.role not in MAY and ctx.principal.id != block.owner:
        said = f"{block.id} is {ctx.store.clinic().name_of(block.owner)}'s. Maybe ask them, or a director."
        raise ToolError("forbidden", said, "block")


def _others(ctx: Context, block: Block, day: dt.date, calendar: Calendar) -> list[str]:
    """Cases of others in the block's room and hours that day."""
    ((start, end),) = calendar.windows(day, (block.window,))
    services = {block.owner}
    owner = ctx.store.clinic().staff.get(block.owner)
    return [
        case.id
        for case in ctx.store.clinic().cases
        if case.occupies and case.room == block.room and case.start < end and case.end > start
        and case.surgeon not in services and (owner is not None or not _of_service(ctx, case.surgeon, block.owner))
    ]  # fmt: skip


def _of_service(ctx: Context, surgeon: str, owner: str) -> bool:
    person = ctx.store.clinic().staff.get(surgeon)
    return person is not None and getattr(person, "service", None) == owner
