"""Still more faults to plant: slips between the card and the book, and in what is offered instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from evals.planted import Mutant, patched


def _unverified(method: str, *places: str) -> Mutant:
    """Of some actions one step believes what it is given, whatever the book says by now."""

    @contextmanager
    def planted() -> Iterator[None]:
        from tools.proposals.booking import Book
        from tools.proposals.holding import Hold
        from tools.proposals.moving import Move

        classes = {"booking": Book, "holding": Hold, "moving": Move}
        with ExitStack() as stack:
            for place in places:
                made = _believing(getattr(classes[place], method), f"tools.proposals.{place}.verified")
                stack.enter_context(patch.object(classes[place], method, made))
            yield

    return planted


def _believing(step: Callable[..., Any], verified: str) -> Callable[..., Any]:
    def believing(*given: Any) -> Any:
        with patch(verified, lambda _ctx, plan, *_: (plan, False)):
            return step(*given)

    return believing


@contextmanager
def _changed_unseen() -> Iterator[None]:
    """Nobody looks whether a case was written since its card was shown."""

    def as_it_is(writer: Any, case: str, _version: int) -> Any:
        return writer.case(case)

    with (
        patch("tools.proposals.cancelling.unchanged", as_it_is),
        patch("tools.proposals.moving.unchanged", as_it_is),
    ):
        yield


@contextmanager
def _offers_far() -> Iterator[None]:
    """What is offered in place of what was taken is a week later."""
    from tools.proposals import steps

    looked_for: Callable[..., Any] = steps.looked_for  # type: ignore[attr-defined]

    def later(ctx: Any, body: Any) -> Any:
        week = dt.timedelta(days=7)
        return looked_for(
            ctx,
            body.model_copy(update={"date_from": body.date_from + week, "date_to": body.date_to + week}),
        )

    with patch.object(steps, "looked_for", later):
        yield


@contextmanager
def _undoes_anyones() -> Iterator[None]:
    """Undo takes back what somebody else did last."""
    from tools.proposals import undoing

    last = undoing._last

    def anyones(store: Any, principal: str) -> Any:
        found = (last(store, who) for who in (principal, "elsewhere"))
        return next((each for each in found if each is not None), None)

    with patch.object(undoing, "_last", anyones):
        yield


@contextmanager
def _board_keeps_cancelled() -> Iterator[None]:
    """What was cancelled stays on the board."""
    from solver.clinic import Case
    from tools import schedule

    run = schedule._Board.cases

    def all_of_them(self: Any) -> Any:
        with patch.object(Case, "occupies", True):
            return run(self)

    with patch.object(schedule._Board, "cases", all_of_them):
        yield


@contextmanager
def _what_if_writes() -> Iterator[None]:
    """What was only supposed is written: whoever was on leave isn't any more."""
    from tools.registry import Registry

    call = Registry.call

    def writing(self: Registry, called: str, ctx: Any, payload: Mapping[str, Any]) -> Any:
        output = call(self, called, ctx, payload)
        if called == "what_if":
            ctx.store.write(_without_leave)
        return output

    with patch.object(Registry, "call", writing):
        yield


def _without_leave(writer: Any) -> None:
    from sqlalchemy import select, update

    from tools.records import tables as t
    from tools.records.sealing import opened, sealed

    c = t.records.c
    for found in writer.connection.execute(
        select(t.records).where(c.clinic == writer.clinic_id, c.kind == "staff")
    ):
        row = opened(writer.keys, t.records, found)
        body = {key: value for key, value in row.body.items() if key != "leave"}
        values = sealed(writer.keys, t.records, vars(row), {"body": body, "version": row.version + 1})
        own = (c.clinic == writer.clinic_id) & (c.kind == "staff") & (c.id == row.id)
        writer.connection.execute(update(t.records).where(own).values(values))
    writer.bump()
    meta = t.meta.c
    here = update(t.meta).where(meta.clinic == writer.clinic_id)
    writer.connection.execute(here.values(records_revision=meta.records_revision + 1))


def false_ways(output: Any) -> Any:
    """Each way out of a search's answer sets aside what isn't in the way."""
    why = output.explanation
    if why is None or not why.corrections:
        return output
    ways = [
        way.model_copy(
            update={
                "relaxes": [
                    each.model_copy(update={"rule": "leave", "subject": "nobody"}) for each in way.relaxes
                ]
            }
        )
        for way in why.corrections
    ]
    return output.model_copy(update={"explanation": why.model_copy(update={"corrections": ways})})


def near_misnamed(output: Any) -> Any:
    """Each near miss is said to be another surgeon's."""
    near = [each.model_copy(update={"differs": ["surgeon"]}) for each in output.alternatives]
    return output.model_copy(update={"alternatives": near})


SLIPS: Mapping[str, Mutant] = {
    "proposes-unverified": _unverified("draft", "booking"),
    "books-unverified": _unverified("carry_out", "booking"),
    "holds-unverified": _unverified("carry_out", "holding"),
    "moves-unverified": _unverified("carry_out", "moving"),
    "changed-unseen": _changed_unseen,
    "cards-last": patched("tools.proposals.steps.LASTS", dt.timedelta(days=1)),
    "conflict-offers-far": _offers_far,
    "undoes-anyones": _undoes_anyones,
    "what-if-writes": _what_if_writes,
    "board-keeps-cancelled": _board_keeps_cancelled,
    "board-without-blocks": patched("tools.schedule._Board._blocks", lambda _self: iter(())),
}
