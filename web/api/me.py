"""Who is signed in here, what they may do, and how long that lasts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from tools.context import Permission
from web.person import signed_in

router = APIRouter(prefix="/api/me", tags=["people"])


@router.get("")
def me() -> dict[str, Any]:
    """The person or machine of this request. Asking doesn't count as doing something."""
    person = signed_in()
    if person is None:
        return {"id": None, "name": None, "role": None, "permissions": [], "seconds_left": None}
    return {
        "id": person.id,
        "name": person.name,
        "role": str(person.principal.role),
        "permissions": [each.name.lower() for each in Permission if person.principal.may(each)],
        "seconds_left": person.seconds_left,
    }


@router.post("/stay")
def stay() -> dict[str, Any]:
    """Stay signed in: the request itself counts as doing something."""
    return me()
