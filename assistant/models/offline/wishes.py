"""What is only wished for, told apart from what is required."""

from __future__ import annotations

import re

from assistant.models.offline.dates import read_when
from assistant.models.offline.leaving_out import LEFT_OUT
from assistant.models.offline.reading import Patch, Reading
from assistant.models.offline.when import HOUR_FIELDS, fields_of
from assistant.models.offline.wish_words import LEADING, WISH, kind_beside


def read_wishes(r: Reading) -> None:
    """ "OR 2 if possible": the nearest thing before it is a wish; "preferably OR 2": the nearest after it."""
    for match, i, j in r.utterance.find(WISH):
        leads = match[0].startswith(LEADING)
        kind = kind_beside(r, j, 1) if leads else kind_beside(r, i - 1, -1)
        kind = kind or (kind_beside(r, i - 1, -1) if leads else "")
        kind = kind or kind_beside(r, j, 1)  # "if possible OR 3": nothing stands before it
        kind = {"equipment": "extra_equipment"}.get(kind, kind)
        if kind in LEFT_OUT and r.fields.get(kind) is None:
            kind = LEFT_OUT[kind]
        if (
            kind in {*LEFT_OUT.values(), "extra_equipment", "room", "surgeon", "position", "anesthesia"}
            and r.fields.get(kind) is not None
        ):
            r.wishes.add(kind)
            r.utterance.take(i, j, "wish")
        elif kind == "when" and not r.edits.get("wished_when") and (hours := _hours_of(r)):
            r.edits["wished_when"] = hours
            r.fields = {key: value for key, value in r.fields.items() if key not in hours}
            r.utterance.take(i, j, "wish")


_EARLY = re.compile(r"\b(?:as |nice and |go |goes |be |real |somewhat )*(?P<way>early|late)"
                    r"(?: in the day| as possible| on)?"
                    r"(?: if (?:at all )?possible| is best)?(?!\S)")  # fmt: skip


def read_early_or_late(r: Reading) -> None:
    """A bare "early" is a wish for the first hours of the day, "late" for the last ones."""
    for match, i, j in r.utterance.find(_EARLY):
        part = {"early": "early in the morning", "late": "late in the afternoon"}[match["way"]]
        when = read_when(part, r.now, r.lexicon.times)
        if when is None or _hours_of(r) or r.edits.get("wished_when"):
            return
        r.edits["wished_when"] = {k: v for k, v in fields_of(when, r.now.date()).items() if v is not None}
        r.utterance.take(i, j, "wish")


def _hours_of(r: Reading) -> Patch:
    """The hours asked for: of a day and an hour that are wished for, the hour gives way first."""
    return {key: r.fields[key] for key in HOUR_FIELDS if key in r.fields}
