"""Who operates where on which weekday: the pattern that the book is filled from.

A session lies in its surgeon's own block or in unblocked time. Earlier sessions of a day choose staff first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from tools.records.demo.moving import week_of_month

EVERY = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Session:
    """A surgeon's run of cases in a room, wheels-in from `begin`, wheels-out by `end` ("HH:MM").

    `mix` weighs the procedures. `fixed` names the only cases, by wheels-in; without it the run is filled.
    """

    room: str
    surgeon: str
    begin: str
    end: str
    mix: Mapping[str, float]
    weeks: tuple[int, ...] = EVERY
    fixed: tuple[tuple[str, str], ...] = ()


KNEES = {"knee-arthroscopy": 1.0}
SPORTS = {"knee-arthroscopy": 3.0, "shoulder-sad": 2.0, "shoulder-rcr": 2.0, "acl-recon": 2.0}
FRACTURES = {"distal-radius-orif": 2.0, "hardware-removal": 2.0}
HAND = {"ctr-open": 3.0, "trigger": 2.0, "dupuytren": 2.0, "phalanx-orif": 4.0, "distal-radius-orif": 4.0}
SMALL_HAND = {"ctr-open": 3.0, "trigger": 2.0, "dupuytren": 1.0}
GENERAL = {"lap-chole": 3.0, "inguinal-lap": 2.0, "ventral-hernia": 2.0, "inguinal-open": 2.0, "port": 3.0}
AFTERNOON = {"port": 3.0, "inguinal-open": 2.0, "ventral-hernia": 2.0, "lap-appy": 1.0}
ROBOT = {"hysterectomy-lap": 3.0, "myomectomy-lap": 2.0, "colpopexy-lap": 1.0}

MONDAY = (
    Session("or-3", "dr-evans", "07:30", "15:30", ROBOT),
    Session("or-1", "dr-patel", "07:30", "15:30", SPORTS),
    Session("or-2", "dr-garcia", "07:30", "12:00", HAND),
    Session("or-2", "dr-nguyen", "12:30", "16:00", AFTERNOON),
)
# The second Tuesday is kept open for Dr. Smith's knee scopes, with OR 2 in use through mid-morning.
TUESDAY = (
    Session("or-1", "dr-smith", "07:30", "12:30", KNEES, (1, 3, 4, 5)),
    Session(
        "or-1", "dr-smith", "07:30", "15:30", KNEES, (2,),
        fixed=(("07:30", "knee-arthroscopy"), ("12:00", "knee-arthroscopy")),
    ),
    Session("or-2", "dr-patel", "07:30", "12:00", FRACTURES, (1, 3, 4, 5)),
    Session(
        "or-2", "dr-patel", "07:30", "12:00", FRACTURES, (2,),
        fixed=(("07:45", "hardware-removal"), ("09:30", "distal-radius-orif")),
    ),
    Session("or-3", "dr-nguyen", "07:30", "13:00", GENERAL),
    Session("or-2", "dr-garcia", "13:00", "15:30", SMALL_HAND),
)  # fmt: skip
WEDNESDAY = (
    Session("or-3", "dr-evans", "08:30", "16:30", ROBOT, (1, 3)),
    Session("or-2", "dr-nguyen", "08:30", "15:30", GENERAL),
    Session("or-1", "dr-patel", "08:30", "15:30", SPORTS, (2, 4, 5)),
    Session("or-3", "dr-garcia", "08:30", "12:00", HAND, (2, 4, 5)),
    Session("or-1", "dr-garcia", "12:30", "16:00", SMALL_HAND, (1, 3)),
)
THURSDAY = (
    Session("or-3", "dr-evans", "07:30", "14:30", ROBOT, (1, 3, 5)),
    Session("or-1", "dr-smith", "09:00", "13:00", KNEES, (1, 3, 5)),
    Session("or-1", "dr-patel", "07:30", "16:30", SPORTS, (2, 4)),
    Session("or-2", "dr-garcia", "07:30", "13:00", HAND),
    Session("or-3", "dr-nguyen", "07:30", "14:00", GENERAL, (2, 4)),
    Session("or-2", "dr-nguyen", "13:15", "16:00", AFTERNOON, (1, 3, 5)),
)
FRIDAY = (
    Session("or-2", "dr-garcia", "07:30", "12:30", HAND),
    Session("or-3", "dr-nguyen", "07:30", "14:00", GENERAL),
    Session("or-1", "dr-garcia", "12:45", "15:00", SMALL_HAND),
)
WEEK = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, (), ())


def sessions_on(day: dt.date) -> list[Session]:
    """The day's sessions, the one that chooses staff first coming first."""
    return [session for session in WEEK[day.weekday()] if week_of_month(day) in session.weeks]
