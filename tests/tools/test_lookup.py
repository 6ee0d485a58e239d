"""Names looked up: equipment goes by the other names in the clinic's file as well."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from tools.context import Context, Principal, Role
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default

NOW = dt.datetime(2026, 3, 5, 9, tzinfo=ZoneInfo("America/New_York"))


def test_an_alias_of_equipment_is_that_equipment() -> None:
    """ "fluoro" is no word of "C-arm", and the demo's file says that people call it so."""
    store = Store.memory(demo_clinic(NOW.date()), demo=True)
    ctx = Context(store, Principal("user", "The person who asks", Role.SCHEDULER), lambda: NOW)
    found = default().call("resolve", ctx, {"equipment": "fluoro"})
    assert [match.id for match in found.equipment] == ["c-arm"]  # type: ignore[attr-defined]
    store.close()
