"""What every speaker is told: a system text that never changes, and the day's facts beside the first words."""

from __future__ import annotations

import datetime as dt
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from solver.clinic import Settings


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("assistant", "."), undefined=StrictUndefined, autoescape=select_autoescape()
    )


@cache
def system_text() -> str:
    """The clinic-independent instructions; byte-stable, so that a provider can cache them."""
    return _pages().get_template("prompt.j2").render()


def context_text(clinic: str, now: dt.datetime, role: str, policy: Settings | None = None) -> str:
    """Today's facts, told with each user message: the clinic, its wall time and policy, and the user's role."""
    policy = policy or Settings()
    days = (now.date() + dt.timedelta(days=ahead) for ahead in range(15))
    return _pages().get_template("context.j2").render(
        clinic=repr(clinic), now=now, role=role, policy=policy, day_first=policy.date_order == "dmy",
        calendar=" ".join(f"{day:%a}={day}" for day in days),
        morning=f"{policy.morning_until // 60:02d}:{policy.morning_until % 60:02d}",
    )  # fmt: skip
