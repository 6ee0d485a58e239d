"""The public time-phrase suites, read when they lie beside the repository."""

import importlib.util
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.models.offline.dates import read_when
from tests.assistant.offline.score_adapter import window

SHARED = Path(__file__).parents[4] / "shared" / "data"
SUITES = sorted(SHARED.glob("time-phrases.jsonl"))
NEGATIVES = sorted(SHARED.glob("time-phrases-negative.jsonl"))


def verdicts(path: Path, suite: str, field: str) -> Counter[str]:
    """How many core rows of a suite are exact, start-right, wrong or unanswered."""
    spec = importlib.util.spec_from_file_location("score_dates", SHARED / "score_dates.py")
    assert spec is not None
    assert spec.loader is not None
    scorer: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["suite"] == suite and row["tier"] == "core"]
    results, _ = scorer.run(window, rows, field)
    return Counter(verdict for _, _, verdict in results)


@pytest.mark.parametrize("field", ["phrase", "input", "surgical"])
@pytest.mark.parametrize(("suite", "exact"), [("duckling", 0.90), ("recognizers", 0.84)])
def test_the_public_suites_are_read(field: str, suite: str, exact: float) -> None:
    """Duckling's core rows are read exactly at 90 %, Recognizers' at 84 %: our conventions differ on the rest."""
    for path in SUITES:
        found = verdicts(path, suite, field)
        assert found["exact"] >= exact * found.total()
        assert found["wrong"] <= 0.025 * found.total()


def test_no_date_is_found_where_there_is_none() -> None:
    """The suites' texts without a time yield none."""
    for path in NEGATIVES:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        now = datetime.fromisoformat
        assert [r["input"] for r in rows if read_when(r["input"], now(r["reference"])) is not None] == []
