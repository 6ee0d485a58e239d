"""No name, and no value that nobody vouched for, reaches a log."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tools.logs import configure

ROOT = Path(__file__).parents[2]
PLANTED = "Planted Person"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """A stream that the product's logging writes to."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure(stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def test_a_fault_is_told_by_type_and_place(log: io.StringIO) -> None:
    """Neither the message of an exception nor a local variable of the code that raised it is written."""
    patient = PLANTED
    try:
        raise ValueError(f"{patient} has no record")
    except ValueError:
        structlog.get_logger().exception("turn failed", conversation="c1")
    entry = json.loads(log.getvalue())
    assert entry["error"] == "ValueError"
    assert "test_a_fault_is_told_by_type_and_place" in entry["at"]
    assert PLANTED not in log.getvalue()


def test_a_key_that_nobody_vouched_for_is_dropped_by_name(log: io.StringIO) -> None:
    """The value is gone; that there was one is said."""
    structlog.get_logger().error("booked", patient=PLANTED, proposal="p1")
    assert json.loads(log.getvalue())["dropped"] == ["patient"]
    assert PLANTED not in log.getvalue()


def test_a_library_says_its_name_and_level_alone(log: io.StringIO) -> None:
    """SQLAlchemy, httpx2 and the rest put statements and bodies into messages: those stay out."""
    logging.getLogger("sqlalchemy").error("INSERT ... %s", PLANTED)
    assert log.getvalue() == "ERROR sqlalchemy\n"


def test_no_code_of_the_product_logs_a_traceback() -> None:
    """`exception()` and `exc_info` would print values in a process that didn't configure its logs."""
    sources = [p for part in ("solver", "tools", "assistant", "web") for p in (ROOT / part).rglob("*.py")]
    guilty = [p.name for p in sources if re.search(r"_log\.exception\(|exc_info=", p.read_text())]
    assert guilty == []
