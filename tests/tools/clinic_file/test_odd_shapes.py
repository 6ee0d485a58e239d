"""Values of a shape that nobody expects are faults, not crashes."""

from __future__ import annotations

from typing import Any

import pytest

from tools.clinic_file import ClinicFileError, load


@pytest.mark.parametrize("odd", [["ortho"], {"a": 1}, 3, True])
@pytest.mark.parametrize("table", ["staff", "procedures"])
def test_a_service_that_is_no_text_is_a_fault(values: dict[str, Any], table: str, odd: Any) -> None:
    """A list or table where a service's name belongs is told with its place."""
    record = next(iter(values[table]))
    values[table][record]["service"] = odd
    with pytest.raises(ClinicFileError, match=f"{table}.{record}.service"):
        load(values)
