"""From what was read, over what was asked before, to the fields of a tool's input."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from assistant.models.offline.day_windows import either_day, within
from assistant.models.offline.leaving_out import over
from assistant.models.offline.offers import OnTable
from assistant.models.offline.reading import Choice, Patch, Reading
from assistant.models.offline.when import DAY_FIELDS, HORIZON_DAYS, HOUR_FIELDS

REQUEST_FIELDS = (
    "procedure", "additional_procedures", "surgeon", "room", "exclude_surgeons", "exclude_rooms", "date_from",
    "date_to", "weekdays", "exclude_dates",
    "start_from", "start_until", "end_by", "duration_minutes", "count", "arrangement", "after_case", "position",
    "replaces", "anesthesia", "patient", "extra_equipment", "urgency", "allow_swaps", "limit",
)  # fmt: skip


_RELATIVE = "hours_of_that_day"
"""Set where "earlier" or "later" made the hours from the offers of one day: they say nothing of another."""


def merged(frame: Patch, r: Reading, table: Sequence[OnTable]) -> Patch:
    """The last request with this message's changes."""
    fresh = within(frame, dict(r.fields), r)
    new = dict(frame)
    if any(key in fresh for key in DAY_FIELDS):
        new = {key: value for key, value in new.items() if key not in DAY_FIELDS}
    moved_on = bool(frame.get(_RELATIVE)) and any(fresh.get(key) for key in DAY_FIELDS)
    if moved_on or any(key in fresh for key in HOUR_FIELDS):
        new.pop(_RELATIVE, None)
        new = {key: value for key, value in new.items() if key not in HOUR_FIELDS}
    if "procedure" in fresh:
        new.pop("additional_procedures", None)
    if fresh.get("count") == 1:
        new.pop("arrangement", None)  # one case is neither back to back nor in two rooms
    if isinstance(fresh.get("patient"), dict):
        fresh["patient"] = _more_known(new.get("patient") or {}, fresh["patient"])
    if "adds" in r.edits and new.get("procedure") and "procedure" in fresh:
        fresh |= _added(new, fresh)
    if "also_days" in r.edits:
        fresh |= either_day(frame, fresh)
    new |= fresh | over(frame, fresh, r.edits)
    if "identity" in r.edits:
        new["identity"] = r.edits["identity"]
    _edit(new, r, table, frame)
    return {key: value for key, value in new.items() if value is not None}


def _more_known(known: Patch, said: Patch) -> Patch:
    """Facts of the patient, newer ones first; a flag said takes none away."""
    flags = list(dict.fromkeys([*(known.get("flags") or ()), *(said.get("flags") or ())]))
    return {**known, **said, **({"flags": flags} if flags else {})}


def _added(frame: Patch, fresh: Patch) -> Patch:
    """ "with a meniscectomy" after an ACL: one procedure more of the same case."""
    more = [fresh["procedure"], *(fresh.get("additional_procedures") or ())]
    before = list(frame.get("additional_procedures") or ())
    return {
        "procedure": frame["procedure"],
        "additional_procedures": [*before, *(id_ for id_ in more if id_ not in {frame["procedure"], *before})]
        or None,
    }


def _edit(new: Patch, r: Reading, table: Sequence[OnTable], frame: Patch) -> None:
    edits, today = r.edits, r.now.date()
    if "following" in edits:
        _following(new, edits["following"], today)
    if new.get("date_from"):
        _move_days(new, r, frame)
    elif "shift_days" in edits and edits["shift_days"] > 0 and not new.get("weekdays"):
        day = (today + timedelta(days=edits["shift_days"])).isoformat()
        new |= {"date_from": day, "date_to": day}
    elif edits.get("within_week"):
        _rest_of_week(new, r)
    if "longer" in edits:
        _lengthen(new, edits["longer"], r)
    if "shift_minutes" in edits:
        _at_other_hour(new, edits["shift_minutes"], table)
    if "later" in edits:
        _later(new, edits["later"], today, table)
    _widen(new, r)


def _move_days(new: Patch, r: Reading, frame: Patch) -> None:
    """Other days, told from those asked for."""
    if "shift_days" in r.edits:
        _shift(new, r.edits["shift_days"])
    if "within_week" in r.edits:
        _within_week(new, r.edits["within_week"], r.now.date())
    if r.edits.get("other_day"):
        _other_day(new, r, frame)


def _widen(new: Patch, r: Reading) -> None:
    """What was asked for and is no longer: the hour, the days, equipment; or more offers."""
    if r.edits.get("any_time"):
        new |= dict.fromkeys(HOUR_FIELDS) | {"position": None}
    if r.edits.get("any_day"):
        new |= dict.fromkeys(DAY_FIELDS)
    if r.edits.get("more"):
        new["limit"] = max(10, new.get("limit") or 0)
    if "without" in r.edits:
        kept = [id_ for id_ in new.get("extra_equipment") or () if id_ not in r.edits["without"]]
        new["extra_equipment"] = kept or None


def _shift(new: Patch, days: int) -> None:
    for edge in ("date_from", "date_to"):
        new[edge] = (date.fromisoformat(new[edge]) + timedelta(days=days)).isoformat()
    new |= {"weekdays": None, "exclude_dates": None} if abs(days) == 1 else {}


def _following(new: Patch, weekday: int, today: date) -> None:
    """ "the following Monday": the first one after the days asked for; after today where there are none."""
    after = date.fromisoformat(new["date_to"]) if new.get("date_to") else today
    day = after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)
    new |= {"date_from": day.isoformat(), "date_to": day.isoformat(), "weekdays": None, "exclude_dates": None}


def _at_other_hour(new: Patch, minutes: int, table: Sequence[OnTable]) -> None:
    """ "half an hour later" than the hour asked for, else than the first one shown."""
    shown = sorted(offer.start for offer in table if offer.latest)
    given = {key: new[key] for key in HOUR_FIELDS if new.get(key)}
    if not given and shown:
        given = {"start_from" if minutes > 0 else "start_until": f"{shown[0]:%H:%M}"}
    for key, at in given.items():
        hour, minute = map(int, at.split(":"))
        moved = min(1435, max(0, hour * 60 + minute + minutes))
        new[key] = f"{moved // 60:02d}:{moved % 60:02d}"


def _within_week(new: Patch, way: int, today: date) -> None:
    """ "earlier in the week": the days of the same week before those asked for, or after them."""
    first, last = (date.fromisoformat(new[edge]) for edge in ("date_from", "date_to"))
    if way < 0:
        first, last = max(today, first - timedelta(days=first.weekday())), first - timedelta(days=1)
    else:
        first, last = last + timedelta(days=1), last + timedelta(days=6 - last.weekday())
    if first <= last:
        new |= {
            "date_from": first.isoformat(),
            "date_to": last.isoformat(),
            "weekdays": None,
            "exclude_dates": None,
        }


def _rest_of_week(new: Patch, r: Reading) -> None:
    """ "later this week" where no days were asked for before: from tomorrow to Sunday; "earlier" is gone by."""
    today = r.now.date()
    sunday = today + timedelta(days=6 - today.weekday())
    if r.edits["within_week"] < 0:
        r.ask("when", "Earlier this week has gone by. Which day do you mean?")
    else:
        new |= {
            "date_from": min(today + timedelta(days=1), sunday).isoformat(),
            "date_to": sunday.isoformat(),
        }


def _other_day(new: Patch, r: Reading, frame: Patch) -> None:
    """ "any other day": two weeks from now on, without the days asked for; "any other day next week" stays there."""
    if any(key in r.fields for key in ("date_from", "weekdays", "exclude_dates")):
        out = {*(new.get("exclude_dates") or ()), *_listed_days(frame)}
        inside = sorted(day for day in out if new["date_from"] <= day <= new["date_to"])
        new["exclude_dates"] = inside or None
        return
    horizon = r.now.date() + timedelta(days=HORIZON_DAYS - 1)
    last = max(horizon.isoformat(), new["date_to"])
    new |= {"date_from": r.now.date().isoformat(), "date_to": last, "exclude_dates": _listed_days(new)}
    new["weekdays"] = None


def _listed_days(window: Patch) -> list[str]:
    """The days of a window one by one, a week of them at most."""
    if not (window.get("date_from") and window.get("date_to")):
        return []
    first, last = (date.fromisoformat(window[edge]) for edge in ("date_from", "date_to"))
    return [(first + timedelta(days=n)).isoformat() for n in range(min(7, (last - first).days + 1))]


def _lengthen(new: Patch, minutes: int, r: Reading) -> None:
    base = new.get("duration_minutes") or r.edits.get("base_minutes")
    if base is None:
        text = "How many minutes is the case in all, from wheels-in to wheels-out?"
        r.ask(
            "duration",
            text,
            tuple(Choice(f"{n} minutes", {"duration_minutes": n}) for n in (60, 90, 120, 180)),
        )
    else:
        new["duration_minutes"] = min(1440, max(5, base + minutes))


def _later(new: Patch, later: bool, today: date, table: Sequence[OnTable]) -> None:
    """Within a day, starts after (or before) those shown; over several days, other days."""
    if not new.get("date_from"):
        return
    inside = [
        o.start
        for o in table
        if o.latest and new["date_from"] <= o.start.date().isoformat() <= new["date_to"]
    ]
    if inside and new["date_from"] == new["date_to"]:
        _other_hours(new, later, sorted(inside))
    else:
        _other_days(new, later, sorted(inside), today)


def _other_hours(new: Patch, later: bool, starts: list[datetime]) -> None:
    minutes = starts[-1 if later else 0].hour * 60 + starts[-1 if later else 0].minute + (5 if later else -5)
    at = f"{minutes // 60:02d}:{minutes % 60:02d}"
    new |= {"start_from": at, "start_until": None} if later else {"start_from": None, "start_until": at}
    new[_RELATIVE] = True


def _other_days(new: Patch, later: bool, starts: list[datetime], today: date) -> None:
    first, last = (date.fromisoformat(new[edge]) for edge in ("date_from", "date_to"))
    if later:
        after = (starts[-1].date() if starts else last) + timedelta(days=1)
        new |= {
            "date_from": after.isoformat(),
            "date_to": max(last, after + timedelta(days=HORIZON_DAYS - 1)).isoformat(),
        }
    else:
        before = max(today, (starts[0].date() if starts else first) - timedelta(days=1))
        new |= {"date_from": today.isoformat(), "date_to": before.isoformat()}


def with_window(frame: Patch, today: date, wished: Patch) -> tuple[Patch, str]:
    """The request with a window, and the assumption to say when none was named."""
    if frame.get("date_from") or wished.get("date_from"):
        days = {
            "date_from": today.isoformat(),
            "date_to": (today + timedelta(days=HORIZON_DAYS - 1)).isoformat(),
        }
        return {**(days if not frame.get("date_from") else {}), **frame}, ""
    last = today + timedelta(days=HORIZON_DAYS - 1)
    window = {"date_from": today.isoformat(), "date_to": last.isoformat()}
    return {**frame, **window}, "No day was named, so I searched the next two weeks."


def find_input(frame: Patch) -> Patch:
    """The input of `find_slots`: what the frame sets and nothing else."""
    given = {key: frame[key] for key in REQUEST_FIELDS if frame.get(key) not in (None, [], "")}
    if given.get("date_from") == given.get("date_to"):
        given.pop("weekdays", None)
    return given


def exact_slot(frame: Patch) -> datetime | None:
    """The one slot a request names: a room, a day and an exact start; else None."""
    day, at = frame.get("date_from"), frame.get("start_from")
    if not (frame.get("room") and frame.get("procedure") and day and at):
        return None
    if day != frame.get("date_to") or at != frame.get("start_until") or frame.get("count", 1) > 1:
        return None
    return datetime.fromisoformat(f"{day}T{at}")


def check_input(frame: Patch, at: datetime) -> Patch:
    """The input of `check_slot`."""
    windows = {
        "date_from",
        "date_to",
        "weekdays",
        "exclude_dates",
        "start_from",
        "start_until",
        "end_by",
        "limit",
    }
    given = {key: value for key, value in find_input(frame).items() if key not in windows}
    return {**given, "at": f"{at:%Y-%m-%dT%H:%M}"}
