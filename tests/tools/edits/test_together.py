"""Several people edit at once, on both engines: nobody's change is lost, nobody hangs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from solver.grid import Calendar
from tests.tools.edits.conftest import Call, context
from tools import registry
from tools.edits.drafting import VersionConflict
from tools.records.occupancy import takings
from tools.records.store import Store
from tools.records.writer import Writer, scopes_of

MANY = 8


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What each of many threads got, an exception where it raised one."""

    def one(number: int) -> Any:
        try:
            return work(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_one_of_many_wins_and_the_rest_see_its_version(call: Call, store: Store) -> None:
    """Edits proposed from one version and confirmed together: one is written, every other is told of it."""
    tray = {"kind": "trays", "id": "scope-set", "version": 1, "reason": "count"}
    proposals = [
        call("edit_record", **tray, body={"units": number + 3})["proposal"] for number in range(MANY)
    ]

    def confirm(number: int) -> Any:
        payload = {"proposal": proposals[number], "key": f"key-{number}"}
        return registry.staffed().call("confirm_edit", context(store), payload)

    results = at_once(confirm)
    lost = [each for each in results if isinstance(each, VersionConflict)]
    (won,) = [each for each in results if each not in lost]
    assert (won.status, won.version) == ("saved", 2)
    assert {each.current["version"] for each in lost} == {2}
    assert store.clinic().trays["scope-set"].units == won.after["units"]
    assert store.audit_broken_at() is None


def test_facts_noted_at_once_are_all_kept(store: Store) -> None:
    """Leaves of one person that several people add at the same moment are all on record, each with its version."""

    def add(number: int) -> Any:
        day = (dt.date(2026, 5, 4) + dt.timedelta(days=number)).isoformat()
        leave = {"leave": [{"from": day, "to": day}]}
        payload = {"kind": "staff", "id": "nurse-1", "add": leave, "reason": "sick"}
        return registry.staffed().call("edit_record", context(store), payload)

    results = at_once(add)
    assert sorted(each.version for each in results) == list(range(2, MANY + 2))
    assert len(store.clinic().staff["nurse-1"].leave) == MANY
    assert store.audit_broken_at() is None


def test_edits_and_bookings_take_turns(call: Call, store: Store) -> None:
    """Bookings written while records change are all there, laid out by the records that held last."""
    first = store.clinic().cases[0]
    calendar = Calendar(store.clinic().timezone)

    def book(number: int) -> None:
        case = replace(
            first, id=f"case-{number + 10}", start=first.start + 10080 * (number + 1), patient=None
        )

        def work(writer: Writer) -> None:
            writer.lock(scopes_of(takings(case, writer.clinic()), calendar))
            writer.add_case(case, "left", number + 10)

        store.write(work)

    def edit(number: int) -> None:
        proposal = registry.staffed().call(
            "edit_record",
            context(store),
            {
                "kind": "trays",
                "id": "scope-set",
                "body": {"reprocessing_minutes": 60 + number},
                "version": 1,
                "reason": "washer",
            },
        )
        registry.staffed().call("confirm_edit", context(store), {"proposal": proposal.proposal, "key": "k"})  # type: ignore[attr-defined]

    results = at_once(lambda number: edit(number) if number == 3 else book(number))
    assert results == [None] * MANY
    assert len(store.clinic().cases) == MANY
    later = replace(first, id="case-99", start=first.start + 55 + 63, patient=None)
    store.write(lambda writer: writer.add_case(later, "left", 99))
    assert store.audit_broken_at() is None
