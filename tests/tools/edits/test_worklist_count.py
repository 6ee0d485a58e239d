"""The number beside the worklist's name, on both engines."""

from __future__ import annotations

from tests.tools.edits.conftest import Call

SICK = {"from": "2026-03-10", "to": "2026-03-10", "reason": "sick"}
FLOOD = {"from": "2026-03-10T07:00", "to": "2026-03-10T12:00", "reason": "flood"}


def test_it_counts_open_cases_and_their_entries(call: Call) -> None:
    """None at first; one case however much hits it; the entries one by one; none once each was dealt with."""
    assert call("count_worklist") == {"cases": 0, "entries": 0}
    call("edit_record", kind="staff", id="nurse-1", add={"leave": [SICK]}, reason="called in")
    call("edit_record", kind="rooms", id="or-1", add={"closures": [FLOOD]}, reason="flood")
    items = call("worklist")["items"]
    assert call("count_worklist") == {"cases": 1, "entries": len(items)}
    assert len(items) >= 2
    for left, item in zip(reversed(range(len(items))), items, strict=True):
        call("resolve_exception", id=item["id"], note="moved")
        assert call("count_worklist") == {"cases": min(left, 1), "entries": left}
