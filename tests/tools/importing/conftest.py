"""The small clinic of the editing tests, and one call that imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.edits.conftest import call, store

__all__ = ["call", "store"]

Import = Callable[..., dict[str, Any]]


@pytest.fixture(name="sheet")
def _sheet(call: Callable[..., dict[str, Any]]) -> Import:
    """Imports a sheet for good, unless `dry_run=True`."""

    def made(kind: str, text: str, **more: Any) -> dict[str, Any]:
        return call("import_csv", **{"kind": kind, "text": text, "dry_run": False} | more)

    return made
