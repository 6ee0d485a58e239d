"""What-ifs: the changes that a message supposes, in the vocabulary that corrections use."""

from __future__ import annotations

import re
from datetime import date

from assistant.models.offline.blocks import blocks_meant
from assistant.models.offline.matching import scan
from assistant.models.offline.people import read_people
from assistant.models.offline.places import read_places
from assistant.models.offline.reading import Choice, Issue, Patch, Reading
from assistant.models.offline.text import Utterance, words_of
from assistant.models.offline.when import read_dates
from assistant.models.offline.words import FILLERS, GUARDS
from solver.clinic import DAYS, SURGEON

_CUE = re.compile(
    r"\b(?:what if|what would happen if|suppose|supposing|imagine|assuming|and if|would (?:it|that|this)"
    r" (?:help|work|fit|change anything) if|(?P<would>would|could|can|does|will)(?= .* if (?:we|there|i) ))(?!\S)"
)
_IF = re.compile(r"\bif(?= (?:we|there|i)(?!\S))")
_MORE = re.compile(
    r"\b(?:an? )?(?P<n>one|two|three)? ?(?:more|second|third|another|extra|additional|spare)\b$"
)
_GAINED = frozenset({
    "we", "they", "there", "you", "had", "have", "has", "got", "get", "was", "were", "is", "been", "being",
    "bought", "rented", "borrowed", "added", "add", "could", "would", "used", "just", "only", "put", "moved",
    "stood", "installed", "in", "a", "an", "the", "also", "too",
})  # fmt: skip
_RELEASED = re.compile(
    r"\b(?:releas(?:e|es|ed)|g[ai]ve(?:s|n)? (?:up|back|away)|hand(?:s|ed)? back|freed?)\b", re.IGNORECASE
)
_OPEN = re.compile(
    r"\b(?:open(?:s|ed)?|close[sd]?|ran|runs?|went|goes|worked?)\b.*\b(?:until|till|til|at|to|from)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b(?P<n>two|three|2|3)$")
_UNITS = {"one": 1, "two": 2, "three": 3, "2": 2, "3": 3}
_ROLES = {
    "circulator": ("nurse", "circulating nurse", "rn", "circ"), "scrub": ("scrub tech", "scrub nurse", "tech"),
    "anesthesiologist": ("anesthesia provider", "crna", "anesthetist"), "rad-tech": ("radiology tech", "x ray tech"),
}  # fmt: skip


def read_supposed(r: Reading) -> None:
    """Note what is supposed, before anyone takes its names for the request's own."""
    found = next(r.utterance.find(_CUE), None)
    if found is None:
        return
    match, i, j = found
    if match["would"]:
        i, j = next(((i, j) for _, i, j in r.utterance.find(_IF)), (i, j))
    r.cues.add("what_if")
    r.utterance.take(i, j, "cue")
    changes = _whole_clause(r, j) or [*_more(r, j), *_staffed(r, j), *_standing(r, j)]
    if changes:
        r.fields["changes"] = changes


def _whole_clause(r: Reading, start: int) -> list[Patch]:
    """A block given up, or other hours: the rest of the sentence is about the change alone."""
    if start >= len(r.utterance.words):
        return []
    begin, end = r.utterance.words[start].begin, _clause_end(r, start)
    text = r.utterance.text[begin:end]
    released, opened = _RELEASED.search(text), _OPEN.search(text)
    if not (released or opened) or (GUARDS - {"until", "or", "only", "over"}) & set(words_of(text)):
        return []
    inner = Reading(Utterance.of(text), r.lexicon, r.now)
    read_people(inner)
    read_places(inner)
    read_dates(inner)
    changes, asked = _released(inner) if released else (_hours(inner), None)
    if asked:
        r.issues.append(asked)
    if changes or asked:
        r.utterance.take_characters(begin, end, "change")
    return changes


_LEADS_ON = frozenset({"for", "can", "could", "would", "will", "to", "so", "then", "is", "does", "do"})


_BREAKS = frozenset({",", ";", ".", "?", "!", "-", "--", "\u2013", "\u2014", ", -", "? -"})


_ASKS = frozenset({"would", "could", "can", "does", "will", "is"})


def _apart(u: Utterance, k: int) -> bool:
    """Whether a mark stands before word `k`."""
    return u.text[u.words[k - 1].end : u.words[k].begin].strip() in _BREAKS


def _clause_end(r: Reading, start: int) -> int:
    """Where the change ends and the request begins: "OR 1 stayed open until 7 on Tuesday | for a knee scope"."""
    u = r.utterance
    named = [i for i, _, _ in scan(u, r.lexicon.procedures) if i > start and u.at(i) not in FILLERS | GUARDS]
    asked = next((k for k in range(start + 1, len(u.words)) if u.at(k) in _ASKS and _apart(u, k)), None)
    if asked is not None and not named:
        return u.words[asked].begin
    for k in range(start + 1, named[0] + 1) if named else ():
        gap = u.text[u.words[k - 1].end : u.words[k].begin]
        if u.at(k) in _LEADS_ON or gap.strip() in _BREAKS:
            head = u.text[u.words[start].begin : u.words[k].begin]
            if _RELEASED.search(head) or _OPEN.search(head):
                return u.words[k].begin
    return len(u.text)


def _released(inner: Reading) -> tuple[list[Patch], Issue | None]:
    inner.fields |= _settled(inner)
    choices = _releases(inner)
    if len(choices) == 1 and inner.fields.get("date_from"):
        return list(choices[0].patch["changes"]), None
    if choices:
        return [], Issue("change", "Which day of which block would be released?", tuple(choices[:8]))
    inner.fields = {}
    coming = tuple(_releases(inner)[:8])
    return [], Issue(
        "change", "There is no such block then. Which one would be released?", coming
    ) if coming else None


def _releases(inner: Reading) -> list[Choice]:
    return [
        Choice(choice.label, {"changes": [{"type": "release-block", **choice.patch}]})
        for choice in blocks_meant(inner)
    ]


def _settled(inner: Reading) -> Patch:
    """The day that an ambiguous one most likely is: the first of those it could be."""
    asked = next((issue for issue in inner.issues if issue.slot == "when" and issue.choices), None)
    return asked.choices[0].patch if asked else {}


def _hours(inner: Reading) -> list[Patch]:
    """ "OR 1 stayed open until 7 pm on Tuesdays": the weekday's window with another end, or another beginning.

    Without a weekday the change has none yet: it is the one of the request.
    """
    room = next((mention.ids[0] for mention in inner.rooms if len(mention.ids) == 1), None)
    at = next((inner.fields[k] for k in ("end_by", "start_until", "start_from") if inner.fields.get(k)), None)
    if room is None or at is None:
        return []
    edge = "start" if _opens_at(inner) else "end"
    opens = min((window[0] for day in inner.lexicon.book.hours[room].values() for window in day), default=0)
    hour, minute = map(int, at.split(":"))
    if edge == "end" and hour * 60 + minute <= opens:  # "open until 7" is no hour before it opens
        at = f"{(hour + 12) % 24:02d}:{minute:02d}"
    return [{"type": "set-hours", "resource": room, "day": day, edge: at} for day in _weekdays(inner) or [""]]


def _opens_at(inner: Reading) -> bool:
    return bool(
        re.search(r"\b(?:open(?:s|ed)?|start(?:s|ed)?) (?:at|from)\b", inner.utterance.text, re.IGNORECASE)
    )


def _weekdays(inner: Reading) -> list[str]:
    if inner.fields.get("weekdays"):
        return list(inner.fields["weekdays"])
    first, last = inner.fields.get("date_from"), inner.fields.get("date_to")
    return [DAYS[date.fromisoformat(first).weekday()]] if first and first == last else []


def _more(r: Reading, start: int) -> list[Patch]:
    """ "a second C-arm", "two more knee scope sets", "had two C-arms": units of a pool."""
    found: list[Patch] = []
    u = r.utterance
    for i, j, ids in scan(u, r.lexicon.pools):
        before = " ".join(u.at(k) for k in range(max(start, i - 3), i))
        more, number = _MORE.search(before), _NUMBER.search(before)
        if i < start or not (more or number):
            continue
        units = _UNITS.get(more["n"] or "", 1) if more else _UNITS[number["n"]] - r.lexicon.book.units[ids[0]]  # type: ignore[index]
        _take_gained(r, i - len((more or number)[0].split()), j, start)  # type: ignore[index]
        if len(ids) == 1 and r.lexicon.book.pools[ids[0]] != "fixed" and units > 0:
            found.append({"type": "add-unit", "resource": ids[0], "units": units})
        else:
            _where(r, ids)
    return found


def _staffed(r: Reading, start: int) -> list[Patch]:
    """ "another circulator": one more person of a role, on the request's day."""
    u, found = r.utterance, []
    for role in sorted(r.lexicon.book.roles - {SURGEON}):
        called = "|".join(
            [*_ROLES.get(role, ()), re.escape(role.replace("-", " "))]
        )  # "scrub tech" before "scrub"
        for match, i, j in u.find(
            re.compile(
                rf"\b(?:an? |one )?(?:more|second|third|another|extra|additional|spare) (?:{called})s?(?!\S)"
            )
        ):
            if i >= start and match:
                _take_gained(r, i, j, start)
                found.append({"type": "add-staff", "role": role})
    return found


def _where(r: Reading, ids: tuple[str, ...]) -> None:
    rooms = sorted({id_ for found in r.lexicon.rooms.values() for id_ in found})
    choices = tuple(
        Choice(f"{r.lexicon.name(id_)} in {r.lexicon.name(room)}",
               {"changes": [{"type": "add-equipment", "room": room, "equipment": id_}]})
        for id_ in ids if r.lexicon.book.pools[id_] == "fixed" for room in rooms
    )  # fmt: skip
    r.ask("change", "In which room would it stand?", choices[:12])


def _standing(r: Reading, start: int) -> list[Patch]:
    """ "OR 2 had an arthroscopy tower": fixed equipment in one more room."""
    u = r.utterance
    units = [(i, j, ids) for i, j, ids in scan(u, r.lexicon.equipment) if i >= start and len(ids) == 1]
    rooms = [(i, j, ids) for i, j, ids in scan(u, r.lexicon.rooms) if i >= start and len(ids) == 1]
    if len(units) != 1 or len(rooms) != 1 or r.lexicon.book.pools[units[0][2][0]] != "fixed":
        return []
    (i, j, unit), (k, n, room) = units[0], rooms[0]
    first, last = min(i, k), max(j, n)
    between = {u.at(m) for m in range(min(j, n), max(i, k))}
    if not between <= _GAINED:
        return []
    _take_gained(r, first, last, start)
    return [{"type": "add-equipment", "room": room[0], "equipment": unit[0]}]


def _take_gained(r: Reading, first: int, last: int, start: int) -> None:
    """Account for the words of a change and the small ones that lead to it."""
    while first > start and r.utterance.at(first - 1) in _GAINED:
        first -= 1
    r.utterance.take(first, last, "change")
