"""How long a sign-in lasts, and how often a password may be guessed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Policy:
    """Idle and absolute ends of a sign-in (45 CFR 164.312(a)(2)(iii)), lockout, and the life of a one-time link."""

    idle: dt.timedelta = dt.timedelta(minutes=15)
    absolute: dt.timedelta = dt.timedelta(hours=12)
    failures: int = 5
    lock: dt.timedelta = dt.timedelta(minutes=15)
    link: dt.timedelta = dt.timedelta(hours=24)


DEFAULT = Policy()
