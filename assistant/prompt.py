"""What every speaker is told: a system text that never changes, and the day's facts beside the first words."""

from __future__ import annotations

import datetime as dt
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@cache
def system_text() -> str:
    """The clinic-independent instructions; byte-stable, so that a provider can cache them."""
    pages = Environment(
        loader=PackageLoader("assistant", "."), undefined=StrictUndefined, autoescape=select_autoescape()
    )
    return pages.get_template("prompt.j2").render()


def context_text(clinic: str, now: dt.datetime, role: str) -> str:
    """Today's facts, told with each user message: the clinic, its wall time, and the user's role."""
    days = (now.date() + dt.timedelta(days=ahead) for ahead in range(15))
    calendar = " ".join(f"{day:%a}={day}" for day in days)
    return f"<context clinic={clinic!r} now={now:%Y-%m-%dT%H:%M} weekday={now:%A} role={role} calendar={calendar!r}>"
