"""Tool results as the server's own sentences: the only source of facts in a reply.

Times here are drawn from ISO 8601 strings with an offset, in the clinic's wall time, which is how tools
give them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Names = Callable[[str], str]
"""Id -> what people call it."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def day_text(day: dt.date) -> str:
    """Weekday and full date: "Tuesday, March 10, 2026"."""
    return f"{LONG[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}, {day.year}"


def clock_text(moment: dt.time, clock: str = "12h") -> str:
    """A wall time: "9:15 AM", or "09:15" in a clinic that reads 24 hours."""
    if clock == "24h":
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"


def joined(words: Iterable[str], last: str = "and") -> str:
    """Words in a list, as in "a, b and c"."""
    listed = list(words)
    return f" {last} ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def procedure_text(case: Mapping[str, Any], names: Names) -> str:
    """A case's procedures by name, the main one first."""
    return " with ".join(
        _inside(names(p)) for p in (case["procedure"], *case.get("additional_procedures", ()))
    )


def _inside(name: str) -> str:
    """A name inside a sentence: "knee arthroscopy", but "ACL reconstruction"."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def case_text(case: Mapping[str, Any], names: Names, clock: str) -> str:
    """One case of an offer: day, wheels-in to wheels-out, room and surgeon."""
    start, end = (dt.datetime.fromisoformat(case[edge]) for edge in ("start", "end"))
    times = f"{clock_text(start.time(), clock)} to {clock_text(end.time(), clock)}"
    return f"{day_text(start.date())}, {times}, {names(case['room'])}, {names(case['surgeon'])}"


def offer_text(offer: Mapping[str, Any], names: Names, clock: str) -> str:
    """An offer whole, by its label; several cases belong together."""
    return f"{offer['label']}: " + "; then ".join(case_text(case, names, clock) for case in offer["cases"])


def window_text(request: Mapping[str, Any], clock: str) -> str:
    """The days and hours that a request covers."""
    first, last = (dt.date.fromisoformat(str(request[edge])) for edge in ("date_from", "date_to"))
    parts = [day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"]
    if request.get("weekdays") and first != last:
        parts.append(joined(LONG[WEEKDAYS.index(day)] + "s" for day in request["weekdays"]) + " only")
    if request.get("exclude_dates"):
        parts.append("without " + joined(_short_date(day) for day in request["exclude_dates"]))
    return ", ".join(parts + _hours(request, clock))


def _short_date(day: Any) -> str:
    date = dt.date.fromisoformat(str(day))
    return f"{LONG[date.weekday()]} {MONTHS[date.month - 1]} {date.day}"


def _hours(request: Mapping[str, Any], clock: str) -> list[str]:
    first, last, end = (_clock_of(request.get(key), clock) for key in ("start_from", "start_until", "end_by"))
    if first and first == last:
        said = [f"starting at {first}"]
    elif first and last:
        said = [f"starting between {first} and {last}"]
    else:
        said = [f"starting {word} {at}" for word, at in (("from", first), ("by", last)) if at]
    return said + ([f"out by {end}"] if end else [])


def _clock_of(value: Any, clock: str) -> str | None:
    if not value:
        return None
    return "midnight" if value == "24:00" else clock_text(dt.time.fromisoformat(str(value)), clock)


LEFT_OUT = ("exclude_surgeons", "exclude_rooms")
_PLAIN = (
    ("anesthesia", "{} anesthesia"), ("duration_minutes", "{} minutes"), ("position", "{} case of the day"),
)  # fmt: skip


def request_text(request: Mapping[str, Any], names: Names, clock: str) -> str:
    """What was asked, read back: who, what, when, where and every narrowing."""
    who = names(request["surgeon"]) if request.get("surgeon") else "any surgeon"
    count = request.get("count", 1)
    what = procedure_text(request, names) + (f" x {count}" if count > 1 else "")
    parts = [who, what, _at_text(request, clock) or window_text(request, clock)]
    parts += [names(request["room"])] if request.get("room") else []
    parts += [f"not {joined(map(names, out), 'or')}" for key in LEFT_OUT if (out := request.get(key))]
    parts += [form.format(request[key]) for key, form in _PLAIN if request.get(key)]
    parts += [f"with {names(unit)}" for unit in request.get("extra_equipment") or ()]
    if count > 1 and request.get("arrangement", "any") != "any":
        parts.append({"back-to-back": "back to back", "flip": "in flip rooms"}[request["arrangement"]])
    parts += _patient_text(request.get("patient") or {})
    parts += [request["urgency"]] if request.get("urgency", "elective") != "elective" else []
    parts += [f"after {request['after_case']}"] if request.get("after_case") else []
    return ", ".join(parts)


def _at_text(request: Mapping[str, Any], clock: str) -> str:
    if not request.get("at"):
        return ""
    return _moment_text(str(request["at"]), clock)


def _patient_text(patient: Mapping[str, Any]) -> list[str]:
    forms = {"age": "{:g} years old", "weight_kg": "{:g} kg", "bmi": "BMI {:g}", "asa": "ASA {:g}"}
    said = [form.format(patient[key]) for key, form in forms.items() if patient.get(key) is not None]
    return said + [_FLAGS.get(flag, flag) for flag in patient.get("flags") or ()]


_FLAGS = {"mrsa": "MRSA", "c-diff": "C. diff"}
"""Flags that people write another way than the records do."""


def _count(number: int) -> str:
    return "1 slot" if number == 1 else f"{number} slots"


def find_text(request: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str) -> str:
    """The request read back and what came of it, in one sentence."""
    asked, offers = request_text(request, names, clock), result.get("offers") or []
    if result["status"] == "not_proven":
        return f"{asked}: not decided in the time allowed, so this is not a no."
    if not offers:
        return f"{asked}: no slot."
    rooms = sorted({names(case["room"]) for offer in offers for case in offer["cases"]})
    where = f"all in {rooms[0]}" if len(offers) > 1 and len(rooms) == 1 else f"in {joined(rooms)}"
    return f"{asked}: {_count(len(offers))}, {where}."


def what_if_text(asked: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str) -> str:
    """What was supposed, and what a request finds with it and without; nothing was written."""
    counts = [_tried(result[side]) for side in ("before", "after")]
    supposed = joined(result.get("changes") or ["no change"])
    request = request_text(asked["request"], names, clock)
    return f"Supposing {supposed}: {request}: {counts[1]} then, {counts[0]} now. Nothing was changed."


def _tried(result: Mapping[str, Any]) -> str:
    if result["status"] == "not_proven":
        return "not decided in the time allowed"
    return _count(len(result["offers"])) if result["offers"] else "no slot"


def check_text(request: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str) -> str:
    """Whether exactly this slot passes, in one sentence."""
    verdict = {"found": "this slot passes every rule.", "infeasible": "this slot can't be booked."}
    undecided = "not decided in the time allowed, so this is not a no."
    return f"{request_text(request, names, clock)}: {verdict.get(result['status'], undecided)}"


def changed_text(request: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str) -> str:
    """The slot read back, and what became of it since it was free; where it never was, since when that holds."""
    asked, since = request_text(request, names, clock), _moment_text(str(request["since"]), clock)
    told = {
        "never-fitted": f"it hasn't fit at any time since {since}.",
        "time": "no change of the book took it: time has passed, and rules about the present forbid it now.",
        "fits": "this slot still passes every rule.",
    }
    return f"{asked}: {told.get(str(result['status'])) or _inside(str(result['summary']))}"


def _moment_text(moment: str, clock: str) -> str:
    at = dt.datetime.fromisoformat(moment)
    return f"{day_text(at.date())} at {clock_text(at.time(), clock)}"


def reasons_of(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The violated rules of a check, or the conflict of a search: each with its rule's own `text`."""
    explanation = result.get("explanation") or {}
    return list(result.get("violations") or explanation.get("conflict") or result.get("conflict") or ())


def ways_of(result: Mapping[str, Any]) -> list[str]:
    """What would open a slot, each change as it was solved again, with who may grant it."""
    explanation = result.get("explanation") or result
    return [
        way["text"] + (f" To be granted by: {way['granted_by']}." if way.get("granted_by") else "")
        for way in explanation.get("corrections") or ()
    ]


def offers_of(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every verified offer in a result, near misses included."""
    near = [alternative["offer"] for alternative in result.get("alternatives") or ()]
    own = list(result.get("offers") or ()) + ([result["offer"]] if result.get("offer") else [])
    return own + near


_MOST_LINES = 12
_MOST_CITED = 60


def schedule_text(request: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str) -> str:
    """How many cases the board shows, and the cases themselves when they are few."""
    scope = [names(request[key]) for key in ("surgeon", "room") if request.get(key)]
    cases = result.get("cases") or []
    count = "1 case" if len(cases) == 1 else f"{len(cases)} cases"
    head = ", ".join([window_text(request, clock), *scope]) + f": {count}."
    return "\n".join(
        [head, *(_case_line(case, names, clock) for case in cases)] if len(cases) <= _MOST_LINES else [head]
    )


def schedule_lines(
    request: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str
) -> Iterable[str]:
    """The board in one, then each of its cases, blocks and closures by itself."""
    yield schedule_text(request, result, names, clock)
    yield from (_case_line(case, names, clock) for case in (result.get("cases") or [])[:_MOST_CITED])
    yield from (_blocked_line(time, names, clock) for time in (result.get("blocked") or [])[:_MOST_CITED])


def _case_line(case: Mapping[str, Any], names: Names, clock: str) -> str:
    held = ", on hold" if case.get("status") == "held" else ""
    what = procedure_text(case, names)
    return f"{_between(case, clock)}, {names(case['room'])}: {what}, {names(case['surgeon'])}{held}"


def _blocked_line(time: Mapping[str, Any], names: Names, clock: str) -> str:
    return f"{_between(time, clock)}, {names(time['room'])}: {time['cause']}"


def _between(span: Mapping[str, Any], clock: str) -> str:
    start, end = (dt.datetime.fromisoformat(span[edge]) for edge in ("start", "end"))
    times = f"{clock_text(start.time(), clock)} to {clock_text(end.time(), clock)}"
    return f"{_short_date(start.date().isoformat())}, {times}"


def left_over(result: Mapping[str, Any]) -> list[str]:
    """What still forbids a slot when what was supposed holds."""
    after = result.get("after") or {}
    return [f"Even then: {reason['text']}" for reason in reasons_of(after)]
