"""The day board, ready to draw: rooms as rows, boxes placed by `web.geometry`. Pure: no clock, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from web.format import Formats, steady
from web.geometry import MOST_SUBROWS, STEPS_AN_HOUR, USUAL_HOURS, Day, Span, gaps, place, spill, subrows
from web.language import _

FEW, MANY = 5, 13
"""So many rooms or fewer fit a screen with a line more in each box; so many or more with a line less."""


@dataclass(frozen=True)
class Ghost:
    """An offered slot to be drawn: one case of an offer, ISO 8601 with an offset."""

    offer: str
    rank: str
    room: str
    start: str
    end: str
    procedure: str = ""
    surgeon: str = ""


@dataclass(frozen=True)
class Item:
    """One box: `classes` place and paint it, `label` is its whole text for everyone who can't see the place."""

    id: str
    href: str
    """Its own page; empty where there is none, and pressing it does something here."""
    plain: str
    classes: str
    listed: str
    mark: str
    short: str
    title: str
    who: str
    surname: str
    times: str
    starts: str
    ends: str
    """The times without AM and PM, for a face under an axis that tells them."""
    patient: str
    """Initials, for those who may know them."""
    until: str
    """Of a hold: "until 9:30"."""
    note: str
    label: str


@dataclass(frozen=True)
class Tick:
    """The label over one hour."""

    classes: str
    text: str


@dataclass(frozen=True)
class Row:
    """One room: class lists of its two layers, what shades the lower one, and the boxes of the upper in time order."""

    id: str
    name: str
    note: str
    lane: str
    shade: str
    closed: tuple[str, ...]
    items: tuple[Item, ...]
    free: str


@dataclass(frozen=True)
class Board:
    """One day, ready to draw; the page and `GET /api/board` show the same object."""

    date: str
    title: str
    grid: str
    """The classes of the table: few rooms stand high and tell more, many stand low."""
    head: str
    hours: tuple[Tick, ...]
    rows: tuple[Row, ...]
    previous: str
    next: str
    as_of: str
    zone: str
    """The zone as it holds at noon of this day: it may differ from today's."""
    released: tuple[Mapping[str, str], ...] = ()
    """Blocks that were released for this day, each with its page: they may be taken back."""
    shut: tuple[Mapping[str, str], ...] = ()
    """Said of a day on which no room is open and nothing is booked, with the next day that is."""


@dataclass(frozen=True)
class _Box:
    """Something to place, before it has a column."""

    span: Span
    kind: str
    id: str
    data: Mapping[str, Any] = field(default_factory=dict)


def build(
    schedule: Mapping[str, Any],
    date: dt.date,
    formats: Formats,
    now: dt.datetime,
    ghosts: Sequence[Ghost] = (),
    released: Sequence[Mapping[str, str]] = (),
    shut: Sequence[Mapping[str, str]] = (),
) -> Board:
    """The board of `date` from `get_schedule`'s output, with the ghosts that fall on it."""
    day = Day.of(date, formats)
    boxes = {room["id"]: _boxes(day, schedule, room, ghosts) for room in schedule["rooms"]}
    view = _visible(day, schedule["rooms"], boxes)
    hours = (view[1] - view[0]) // STEPS_AN_HOUR
    today = formats.local(now).date()
    return Board(
        date=date.isoformat(),
        title=formats.day(date, today),
        grid=f"grid {_height(len(schedule['rooms']))}".strip(),
        head=f"hours h{hours}",
        hours=tuple(_ticks(day, view)),
        rows=tuple(_row(day, view, room, boxes[room["id"]], now) for room in schedule["rooms"]),
        previous=(date - dt.timedelta(days=1)).isoformat(),
        next=(date + dt.timedelta(days=1)).isoformat(),
        as_of=f"{formats.short_day(today)}, {formats.time(now)}",
        zone=formats.zone_line(dt.datetime.combine(date, dt.time(12), formats.zoneinfo)),
        released=tuple(released),
        shut=tuple(shut),
    )


def _height(rooms: int) -> str:
    return "few" if rooms <= FEW else "many" if rooms >= MANY else ""


def _boxes(
    day: Day, schedule: Mapping[str, Any], room: Mapping[str, Any], ghosts: Sequence[Ghost]
) -> list[_Box]:
    """Everything of one room on the day, cases before ghosts before what is blocked."""
    found = [
        *(("case", case["id"], case) for case in schedule["cases"] if case["status"] != "cancelled"),
        *(("ghost", ghost.offer, vars(ghost)) for ghost in ghosts),
        *(("block" if b["kind"] == "block" else "blocked", "", b) for b in schedule["blocked"]),
    ]
    here = ((kind, id_, data) for kind, id_, data in found if data["room"] == room["id"])
    spans = ((day.span(data["start"], data["end"]), kind, id_, data) for kind, id_, data in here)
    return [_Box(span, kind, id_, data) for span, kind, id_, data in spans if span]


def _open(day: Day, room: Mapping[str, Any]) -> list[Span]:
    return [span for start, end in room["hours"] if (span := day.span(start, end))]


def _visible(day: Day, rooms: Sequence[Mapping[str, Any]], boxes: Mapping[str, list[_Box]]) -> Span:
    """Whole hours that hold the rooms' hours and everything booked or offered."""
    spans = [span for room in rooms for span in _open(day, room)]
    spans += [box.span for row in boxes.values() for box in row if box.kind in ("case", "ghost")]
    if not spans:
        return USUAL_HOURS[0] * STEPS_AN_HOUR, USUAL_HOURS[1] * STEPS_AN_HOUR
    low = min(start for start, _ in spans) // STEPS_AN_HOUR
    high = -(-max(end for _, end in spans) // STEPS_AN_HOUR)
    return low * STEPS_AN_HOUR, high * STEPS_AN_HOUR


def _ticks(day: Day, view: Span) -> Iterable[Tick]:
    for step in range(view[0], view[1], STEPS_AN_HOUR):
        yield Tick(place(view, (step, step + STEPS_AN_HOUR)), day.formats.hour(day.at(step)))


def _row(day: Day, view: Span, room: Mapping[str, Any], boxes: list[_Box], now: dt.datetime) -> Row:
    lying = [box for box in boxes if box.kind in ("case", "ghost")]
    rows = subrows([box.span for box in lying])
    band = any(box.kind == "block" for box in boxes)
    placed = [
        *((box, f"r{min(row, MOST_SUBROWS - 1) + 1 + band}") for box, row in zip(lying, rows, strict=True)),
        *((box, "r1") for box in boxes if box.kind == "block"),
        *((box, "all") for box in boxes if box.kind == "blocked"),
    ]
    placed.sort(key=lambda pair: (pair[0].span, pair[1]))
    lanes = {id(box): row for box, row in zip(lying, rows, strict=True)}
    hours = f"h{(view[1] - view[0]) // STEPS_AN_HOUR}"
    high = f"rows{min(max(rows, default=0) + 1, MOST_SUBROWS)}" + (" banded" if band else "")
    return Row(
        id=room["id"],
        name=room["name"],
        note=room.get("note") or "",
        lane=f"lane {hours} {high}",
        shade=f"shade {hours}",
        closed=(*_closed(day, view, room, boxes), *_now(day, view, now)),
        items=tuple(
            _item(day, view, room, box, f"{row} {_spill(box, boxes, lanes, view)}".strip())
            for box, row in placed
        ),
        free="" if lying else "free",
    )


def _spill(box: _Box, boxes: list[_Box], lanes: Mapping[int, int], view: Span) -> str:
    """The classes with which a narrow case's words go on behind it, up to whatever stands there."""
    if id(box) not in lanes:
        return ""
    own = lanes[id(box)]
    taken = [
        other.span
        for other in boxes
        if other is not box and (other.kind == "blocked" or lanes.get(id(other)) == own)
    ]
    steps = spill(box.span, taken, view[1])
    return f"spill s{steps}" if steps else ""


def _closed(day: Day, view: Span, room: Mapping[str, Any], boxes: list[_Box]) -> Iterable[str]:
    """Where to shade the time outside the room's hours that no record already explains."""
    known = [box.span for box in boxes if box.kind == "blocked"]
    for gap in gaps([*_open(day, room), *known], view):
        yield f"closed {place(view, gap)}"


def _now(day: Day, view: Span, now: dt.datetime) -> Iterable[str]:
    step = day.step_of(now)
    if step is not None and view[0] <= step < view[1]:
        yield f"now {place(view, (step, step + 1))}"


def _item(day: Day, view: Span, room: Mapping[str, Any], box: _Box, row: str) -> Item:
    times = day.formats.times(box.data["start"], box.data["end"])
    words = {"case": _case, "ghost": _ghost, "block": _blocked, "blocked": _blocked}[box.kind](day, box)
    said = [words["label"], words["who"], room["name"], times, words["note"]]
    paint = f"{box.kind} {words['state']}".strip()
    return Item(
        id=box.id,
        href=(href := _href(day, box)),
        plain="" if href else "plain",
        classes=f"bar {paint} {place(view, box.span)} {row}",
        listed=f"listed {paint}",
        mark=words["mark"],
        short=words["short"],
        title=words["title"],
        who=words["who"],
        surname=words["who"].rpartition(" ")[2],
        times=times,
        starts=day.formats.bare(box.data["start"]),
        ends=f"\u2013{day.formats.bare(box.data['end'])}",
        patient=words.get("patient", ""),
        until=words.get("until", ""),
        note=words["note"],
        label=", ".join(part for part in said if part),
    )


def _href(day: Day, box: _Box) -> str:
    """Where a case or a block says what it is and what can be done to it."""
    if box.kind == "case":
        return f"/case/{quote(box.id)}"
    block = box.data.get("block") if box.kind == "block" else None
    return f"/block/{quote(str(block))}/{day.date.isoformat()}" if block else ""


def _case(day: Day, box: _Box) -> dict[str, str]:
    data, status = box.data, str(box.data["status"])
    title = sided(data.get("title") or data["procedure"], data.get("laterality"))
    initials = data.get("initials") or ""
    until = data.get("held_until")
    said = _("held until %(time)s") % {"time": day.formats.time(until)} if until else status
    against = " ".join(steady(text) for text in data.get("against") or ())
    notes = [said, f"patient {initials}" if initials else "", _("conflict: %s") % against if against else ""]
    return {
        "state": f"{status} clash" if against else status,
        "mark": "!" if against else "",
        "short": data.get("short") or title,
        "title": title,
        "who": data.get("surgeon_name") or data["surgeon"],
        "patient": initials,
        "until": _("until %(time)s") % {"time": day.formats.bare(until)} if until else "",
        "note": ", ".join(filter(None, notes)),
        "label": title,
    }


def sided(title: str, side: str | None) -> str:
    """ "Knee arthroscopy, left"."""
    said = {"left": _("left"), "right": _("right"), "bilateral": _("both sides")}.get(side or "")
    return f"{title}, {said}" if said else title


def _ghost(day: Day, box: _Box) -> dict[str, str]:
    data = box.data
    title = data["procedure"] or "Proposed"
    return {
        "state": "",
        "mark": data["rank"],
        "short": day.formats.bare(data["start"]),
        "title": title,
        "who": data["surgeon"],
        "note": "proposed, not booked",
        "label": f"Offer {data['rank']}: {title}",
    }


def _blocked(_day: Day, box: _Box) -> dict[str, str]:
    cause = str(box.data["cause"])
    label = cause if box.kind == "block" else f"Blocked: {cause}"
    return {
        "state": "", "mark": "", "short": cause, "title": cause, "who": "", "note": "", "label": label,
    }  # fmt: skip
