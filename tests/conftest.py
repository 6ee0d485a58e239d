"""What every test stands on: no network, real PostgreSQL on request, repeatable Hypothesis."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.network", "tests.postgres"]

# No deadline and no too_slow check anywhere: both would make a busy machine fail a true claim.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", parent=settings.get_profile("dev"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
