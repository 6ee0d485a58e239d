"""Clinic files with causes planted in them: name -> the file's values and a request that has no slot."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Record = dict[str, Any]
DAY = "2026-03-10"
"""A Tuesday."""


def week(hours: str) -> Record:
    """The same hours Monday to Friday."""
    return dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)


def staff(name: str, role: str, *procedures: str, **more: Any) -> Record:
    """Someone who works long days, privileged for these procedures."""
    held = {"privileges": [{"procedure": each} for each in procedures]} if procedures else {}
    hours = "07:00-16:30" if role == "surgeon" else "06:30-17:30"
    return {"name": name, "role": role, "shifts": week(hours), **held, **more}


def procedure(name: str, equipment: str, tray: str) -> Record:
    """An hour under general anesthesia with one of everything."""
    return {
        "name": name, "minutes": {"default": {"median": 60}}, "setup_minutes": 10, "turnover_minutes": 20,
        "anesthesia": {"default": "general", "options": ["general"]}, "equipment": [equipment], "trays": [tray],
        "team": [{"role": role} for role in ("anesthesiologist", "circulator", "scrub")],
        "recovery": {"bay": "pacu", "minutes": {"general": 60}},
    }  # fmt: skip


BASE: Record = {
    "format": 1,
    "clinic": {
        "id": "planted", "name": "Planted", "timezone": "America/New_York", "start_step_minutes": 30,
        "hours": week("07:00-17:00"),
    },
    "rooms": {
        "or-1": {"name": "OR 1", "hours": week("07:30-16:00"), "equipment": ["tower"]},
        "or-2": {"name": "OR 2", "hours": week("07:30-16:00"), "features": ["lead-lined"]},
    },
    "equipment": {
        "tower": {"name": "Tower", "kind": "fixed"},
        "c-arm": {
            "name": "C-arm", "kind": "mobile", "units": 1, "move_minutes": 10, "room_feature": "lead-lined",
            "operator": {"role": "rad-tech", "certification": "fluoroscopy"},
        },
    },
    "trays": {
        "knee-set": {"name": "Knee set", "units": 2, "reprocessing_minutes": 120},
        "wrist-set": {"name": "Wrist set", "units": 2, "reprocessing_minutes": 60},
    },
    "bays": {"pacu": {"name": "PACU", "units": 2, "hours": week("07:30-18:00")}},
    "staff": {
        "dr-a": staff("Dr. Adams", "surgeon", "knee", "wrist"), "dr-b": staff("Dr. Baker", "surgeon", "wrist"),
        "an-1": staff("Anes One", "anesthesiologist"), "an-2": staff("Anes Two", "anesthesiologist"),
        "ci-1": staff("Circ One", "circulator"), "ci-2": staff("Circ Two", "circulator"),
        "sc-1": staff("Scrub One", "scrub"), "sc-2": staff("Scrub Two", "scrub"),
        "rt-1": staff("Rad One", "rad-tech", certifications=[{"id": "fluoroscopy", "until": "2027-12-31"}]),
    },
    "procedures": {"knee": procedure("Knee", "tower", "knee-set"), "wrist": procedure("Wrist", "c-arm", "wrist-set")},
}  # fmt: skip


def case(id_: str, what: str, room: str, start: str, minutes: int, **more: Any) -> Record:
    """A booked case with the second of everyone, Dr. Adams's knee or Dr. Baker's wrist."""
    people = {"anesthesiologist": "an-2", "circulator": "ci-2", "scrub": "sc-2", **more.pop("team", {})}
    people |= {"rad-tech": "rt-1"} if what == "wrist" else {}
    return {
        "id": id_, "procedure": what, "surgeon": "dr-a" if what == "knee" else "dr-b", "room": room,
        "start": f"{DAY}T{start}", "minutes": minutes, "anesthesia": "general", "status": "booked",
        "team": [{"role": role, "resource": who} for role, who in people.items()],
        "patient": more.pop("patient", {"ref": f"patient-{id_}"}), **more,
    }  # fmt: skip


def leave(clinic: Record) -> None:
    """The surgeon is away."""
    clinic["staff"]["dr-a"]["leave"] = [{"from": DAY, "to": DAY}]


def privilege(clinic: Record) -> None:
    """The privilege ended the day before."""
    clinic["staff"]["dr-a"]["privileges"] = [{"procedure": "knee", "until": "2026-03-09"}]


def reprocessing(clinic: Record) -> None:
    """The only set of trays was used and is not ready again that day."""
    clinic["trays"]["knee-set"] |= {"units": 1, "reprocessing_minutes": 600}
    clinic["cases"] = [case("k1", "knee", "or-1", "07:30", 60)]


def bays(clinic: Record) -> None:
    """The only bay is taken all day."""
    clinic["bays"]["pacu"]["units"] = 1
    clinic["procedures"]["wrist"]["recovery"]["minutes"] = {"general": 480}
    clinic["cases"] = [case("w1", "wrist", "or-2", "07:30", 30)]


def operator(clinic: Record) -> None:
    """Who runs the C-arm isn't on shift."""
    clinic["staff"]["rt-1"]["shifts"] = {"mon": "07:00-15:30"}


def certified(clinic: Record) -> None:
    """The operator's certification ended the day before."""
    clinic["staff"]["rt-1"]["certifications"] = [{"id": "fluoroscopy", "until": "2026-03-09"}]


def block(clinic: Record) -> None:
    """The room is another surgeon's block."""
    clinic["blocks"] = [
        {
            "id": "baker",
            "owner": "dr-b",
            "room": "or-1",
            "day": "tue",
            "hours": "07:00-17:00",
            "release_days": 2,
        }
    ]


def holiday(clinic: Record) -> None:
    """The clinic is closed."""
    clinic["clinic"]["holidays"] = [{"date": DAY, "name": "Founders' Day"}]


def closed(clinic: Record) -> None:
    """The room is closed."""
    clinic["rooms"]["or-1"]["closures"] = [
        {"from": f"{DAY}T00:00", "to": f"{DAY}T20:00", "reason": "humidity"}
    ]


def providers(clinic: Record) -> None:
    """No anesthesiologist works that day."""
    for who in ("an-1", "an-2"):
        clinic["staff"][who]["shifts"] = {"mon": "07:00-15:00"}


def hours(clinic: Record) -> None:
    """Both circulators have no minutes left."""
    clinic["staff"]["ci-1"]["max_minutes_day"], clinic["staff"]["ci-2"]["max_minutes_day"] = 60, 30
    clinic["cases"] = [case("k1", "knee", "or-1", "07:30", 60, team={"circulator": "ci-1"})]


def turnover(clinic: Record) -> None:
    """A gap that turnover fills."""
    clinic["cases"] = [case("k1", "knee", "or-1", "07:30", 60), case("k2", "knee", "or-1", "10:00", 360)]
    clinic["trays"]["knee-set"]["units"] = 5


def latex(clinic: Record) -> None:
    """A gap that an extra clean before does not fit into."""
    turnover(clinic)
    clinic["rules"] = {"latex-first": {"params": {"applies": True, "clean_minutes": 60}}}


def infected(clinic: Record) -> None:
    """An extra clean after the first case lasts all day."""
    clinic["rules"] = {"infection-order": {"params": {"clean_minutes": 600}}}
    clinic["cases"] = [case("k1", "knee", "or-1", "07:30", 60, patient={"ref": "other", "flags": ["mrsa"]})]


def history(clinic: Record) -> None:
    """The history and physical is too old."""
    clinic["rules"] = {"history-and-physical": {"params": {"days": 30}}}
    clinic["cases"] = [case("k1", "knee", "or-1", "08:00", 60) | {"start": "2026-03-05T08:00"}]
    clinic["readiness"] = {"patient-k1": {"history_on": "2026-02-04"}}


def supervised(clinic: Record) -> None:
    """The only medical director covers as many rooms as allowed."""
    for each in clinic["procedures"].values():
        each["team"] = [{"role": "anesthesiologist", "supervises": True}, *each["team"][1:], {"role": "crna"}]
    clinic["staff"] |= {who: staff(who, "crna") for who in ("cr-1", "cr-2")}
    del clinic["staff"]["an-2"]
    team = {"anesthesiologist": "an-1", "crna": "cr-2"}
    clinic["cases"] = [case("w1", "wrist", "or-2", "07:30", 490, team=team)]
    clinic["rules"] = {"anesthesia-supervision": {"params": {"most_rooms": 1}}}


def staggered(clinic: Record) -> None:
    """Another induction at the same minute."""
    supervised(clinic)
    clinic["rules"] = {"staggered-induction": {"level": "hard", "params": {"minutes": 10}}}


def breaks(clinic: Record) -> None:
    """Nobody would get a break."""
    clinic["rules"] = {"breaks": {"params": {"after_minutes": 300, "minutes": 45}}}
    for who in ("an-1", "ci-1", "sc-1"):
        del clinic["staff"][who]
    clinic["cases"] = [case("k1", "knee", "or-1", "07:30", 270)]


def twice(clinic: Record) -> None:
    """One person for two places."""
    for who in ("ci-1", "ci-2", "sc-1", "sc-2"):
        del clinic["staff"][who]
    clinic["staff"]["x-1"] = staff("Cross One", "circulator", roles_also=["scrub"])


def both(clinic: Record) -> None:
    """Two causes, both of which have to go."""
    leave(clinic)
    holiday(clinic)


def asked(what: str = "knee", **more: Any) -> Record:
    """A request for Dr. Adams on the day, in the hours around the clinic's own."""
    bounds = {"start_from": "07:00", "start_until": "16:00"}
    return {"procedure": what, "surgeon": "dr-a", "date_from": DAY, "date_to": DAY, **bounds, **more}


NARROW = {"start_from": "08:30", "start_until": "09:00"}

PLANTED: tuple[tuple[Callable[[Record], None], Record, str], ...] = (
    (leave, asked(), "leave"), (privilege, asked(), "surgeon-privilege"),
    (reprocessing, asked(end_by="16:00"), "tray-reprocessing"),
    (bays, asked(start_from="08:00", end_by="15:30"), "pacu-bay"),
    (operator, asked("wrist"), "staff-shift"), (certified, asked("wrist"), "staff-certification"),
    (block, asked(), "block"), (holiday, asked(), "holiday"), (closed, asked(room="or-1"), "room-closed"),
    (providers, asked(), "staff-shift"), (hours, asked(), "staff-hours"), (turnover, asked(**NARROW), "turnover"),
    (latex, asked(**NARROW, patient={"flags": ["latex"]}), "latex-first"), (infected, asked(), "infection-order"),
    (history, asked(replaces="k1"), "history-and-physical"), (supervised, asked(), "anesthesia-supervision"),
    (staggered, asked(start_from="07:30", start_until="07:30"), "staggered-induction"),
    (breaks, asked(start_from="12:00", start_until="12:00"), "breaks"), (twice, asked(), "person-occupancy"),
    (both, asked(), "leave"),
)  # fmt: skip
"""What is planted, the request, and a rule of the reason."""


def planted(plant: Callable[[Record], None]) -> Record:
    """The file with its cause."""
    clinic = deepcopy(BASE)
    plant(clinic)
    return clinic
