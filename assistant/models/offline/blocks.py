"""Which day of which block a message points at."""

from __future__ import annotations

from datetime import date, timedelta

from assistant.models.offline.book import MOST_WEEKS
from assistant.models.offline.dates.say import full_date
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.reading import Choice, Reading, positive


def blocks_meant(r: Reading) -> list[Choice]:
    """Days of blocks that fit the owner, the room and the days said, as choices."""
    owners = {id_ for mention in positive(r.surgeons) for id_ in mention.ids}
    rooms = {id_ for mention in positive(r.rooms) for id_ in mention.ids}
    first = date.fromisoformat(r.fields.get("date_from") or r.now.date().isoformat())
    last = date.fromisoformat(r.fields.get("date_to") or (first + timedelta(weeks=MOST_WEEKS)).isoformat())
    everyone = {block.owner for block in r.lexicon.book.blocks}
    found = r.lexicon.book.occurrences(owners or (everyone if rooms else ()), first, last)
    return [
        Choice(
            _block_label(r.lexicon, block.owner, block.room, day),
            {"block": block.id, "date": day.isoformat()},
        )
        for block, day in found
        if not rooms or block.room in rooms
    ]


def _block_label(lexicon: Lexicon, owner: str, room: str, day: date) -> str:
    return f"{lexicon.name(owner)}, {full_date(day)}, {lexicon.name(room)}"
