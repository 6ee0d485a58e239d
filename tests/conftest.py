"""What every test stands on: no network, real PostgreSQL on request, repeatable Hypothesis."""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.network", "tests.postgres"]

# No deadline and no too_slow check anywhere: both would make a busy machine fail a true claim.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", parent=settings.get_profile("dev"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop in its process until the end, and asyncio allows one."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
