"""Records in words: what a change is told as."""

from __future__ import annotations

from web.values import _differing


def test_only_the_rows_that_differ_are_told() -> None:
    """One outage among a year of maintenance is told alone; a list that is new or in another order is told whole."""
    kept = [{"from": f"2026-0{month}-20T07:00"} for month in (3, 4, 5)]
    down = {"from": "2026-03-10T07:00", "reason": "broken"}
    assert _differing(kept, [*kept, down]) == ([], [down])
    assert _differing(kept, kept[1:]) == (kept[:1], [])
    assert _differing([], kept) == ([], kept)
    assert _differing(kept, kept[::-1]) == (kept, kept[::-1])
    assert _differing(["mon"], ["tue"]) == (["mon"], ["tue"])
