"""What costs us most, on a terminal."""

from __future__ import annotations

import pytest

from web.cli.reports import told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "C-arm: not enough alone (3 tried)"),
        ({"opened": 2, "minutes": 120}, "C-arm: 2 of 3, 120 minutes"),
        ({"opened": 2, "minutes": 120, "already": 1}, "C-arm: 2 of 3, 120 minutes; 1 fit without it"),
        ({"not_proven": 2}, "C-arm: none of 3 so far; 2 not decided in the time"),
        ({"tried": 0, "already": 3}, "C-arm: not needed, as the book is today"),
    ],
)
def test_what_came_of_trying_is_said_as_far_as_it_is_known(more: dict[str, int], said: str) -> None:
    """What wasn't decided is no "not enough", and what fits anyway isn't the new unit's doing."""
    counts = {"tried": 3, "opened": 0, "not_proven": 0, "already": 0, "minutes": 0}
    assert told({"text": "C-arm", **counts, **more}) == said
