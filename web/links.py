"""Whether a link would lead somewhere: pages point at each other only where both are there."""

from __future__ import annotations

from fastapi import Request
from starlette.routing import Match


def leads_somewhere(request: Request, path: str) -> bool:
    """Whether this application answers a GET of that path, be it allowed or not."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "headers": [],
        "app": request.app,
    }
    return any(route.matches(dict(scope))[0] is Match.FULL for route in request.app.router.routes)
