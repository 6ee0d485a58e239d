"""Whose case it is, by initials and never by name: what the board, the day sheet and a case's page show."""

from __future__ import annotations

from typing import Any

from tools.context import Permission
from tools.errors import ToolError
from web.desk import Desk


def with_initials(desk: Desk, found: dict[str, Any]) -> dict[str, Any]:
    """The book with patients' initials and sides, for those who may know them; without them where none can be read."""
    if not desk.principal.may(Permission.PATIENTS) or not found["cases"]:
        return found
    try:
        shown = desk.call("case_initials", {"cases": [each["id"] for each in found["cases"]]})["cases"]
    except ToolError:  # no key for patients' records here: a board without initials is still a board
        return found
    known = {each["case"]: {"initials": each["initials"], "laterality": each["laterality"]} for each in shown}
    return found | {"cases": [each | known.get(each["id"], {}) for each in found["cases"]]}
