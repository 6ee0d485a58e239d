"""Which booked case a message points at: by id, or by surgeon, procedure, room, day and time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.models.offline.book import KnownCase
from assistant.models.offline.dates.say import clock_time, full_date
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.reading import Choice, Issue, Reading, positive
from solver.clinic import DAYS

_ID = re.compile(r"(?<![\w-])\w+(?:-\w+)+(?![\w-])")
MOST_CHOICES = 8


def read_case_ids(r: Reading) -> None:
    """Note the ids of cases that are typed out."""
    known = {case.id.lower(): case.id for case in r.lexicon.book.cases}
    for match in _ID.finditer(r.utterance.text):
        if match[0].lower() in known:
            r.cases.append(known[match[0].lower()])
            r.utterance.take_characters(*match.span(), "case")


def says_which(r: Reading) -> bool:
    """Whether anything but a day or an hour says which case is meant."""
    return bool(r.cases or positive(r.surgeons) or positive(r.rooms) or _procedures(r))


def pointed_at(r: Reading) -> list[KnownCase]:
    """The cases to come that fit everything said; none where nothing says which."""
    coming = r.lexicon.book.coming(r.now)
    if r.cases:
        return [case for case in coming if case.id in r.cases]
    surgeons = {id_ for mention in positive(r.surgeons) for id_ in mention.ids}
    rooms = {id_ for mention in positive(r.rooms) for id_ in mention.ids}
    procedures = _procedures(r)
    if not (says_which(r) or r.fields.get("start_from") or r.fields.get("date_from")):
        return []
    fits = [
        case
        for case in coming
        if case.surgeon not in (r.fields.get("exclude_surgeons") or ())
        and case.room not in (r.fields.get("exclude_rooms") or ())
        and (not surgeons or case.surgeon in surgeons)
        and (not rooms or case.room in rooms)
        and (not procedures or procedures & set(case.procedures))
        and _when(r, case)
    ]
    return _placed(r, fits)


def _procedures(r: Reading) -> set[str]:
    named = {id_ for mention in positive(r.procedures) for id_ in mention.ids}
    asked = {
        choice.patch["procedure"]
        for issue in r.issues
        if issue.slot == "procedure"
        for choice in issue.choices
        if "procedure" in choice.patch
    }
    return named or asked


def _when(r: Reading, case: KnownCase) -> bool:
    first, last = r.fields.get("date_from"), r.fields.get("date_to")
    if first and not date.fromisoformat(first) <= case.day <= date.fromisoformat(last or first):
        return False
    if case.day.isoformat() in (r.fields.get("exclude_dates") or ()):
        return False
    if DAYS[case.day.weekday()] not in (r.fields.get("weekdays") or DAYS):
        return False
    begin, until = r.fields.get("start_from"), r.fields.get("start_until")
    at = f"{case.start:%H:%M}"
    return (not begin or begin <= at) and (not until or at <= until)


def _placed(r: Reading, fits: list[KnownCase]) -> list[KnownCase]:
    """ "his last case on Monday": the last one, where they are all of one day."""
    place = r.fields.get("position")
    if place and fits and len({case.day for case in fits}) == 1:
        return [fits[0] if place == "first" else fits[-1]]
    return fits


def which_case(fits: Sequence[KnownCase], lexicon: Lexicon, doing: str) -> Issue:
    """The question which case is meant, with those that fit as choices while they are few."""
    if not fits:
        return Issue("case", f"Which case shall I {doing}? I find none like that to come: say its surgeon, day "
                             "and time, or its id. I can't look a patient up by name.")  # fmt: skip
    choices = tuple(Choice(case_label(case, lexicon), {"case": case.id}) for case in fits[:MOST_CHOICES])
    more = "" if len(fits) <= MOST_CHOICES else f" There are {len(fits)}; these are the first."
    return Issue("case", f"Which case shall I {doing}?{more}", choices)


def case_label(case: KnownCase, lexicon: Lexicon) -> str:
    """A case in words: who, when, where and what."""
    what = " with ".join(lexicon.name(procedure) for procedure in case.procedures)
    at = f"{full_date(case.day)}, {clock_time(case.start.time(), lexicon.times.clock)}"
    return f"{lexicon.name(case.surgeon)}, {at}, {lexicon.name(case.room)}: {what}"
