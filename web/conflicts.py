"""What a booked case stands against, as the worklist has it: the board marks it, and says what is in the way."""

from __future__ import annotations

from typing import Any

from tools.errors import ToolError
from web.desk import Desk


def with_conflicts(desk: Desk, found: dict[str, Any]) -> dict[str, Any]:
    """The book, each of its cases that a rule finds against it today with the rule's own sentences as `against`."""
    cases = [each["id"] for each in found["cases"]]
    try:
        if not cases or not desk.call("count_worklist", {})["cases"]:
            return found
        items = desk.call("worklist", {"state": "open", "cases": cases})["items"]
    except ToolError:  # a board without its worklist is still a board
        return found
    against: dict[str, list[str]] = {}
    for item in items:
        if item["still"]:
            against.setdefault(item["case"], []).append(item["text"])
    return found | {"cases": [each | {"against": against.get(each["id"], [])} for each in found["cases"]]}
