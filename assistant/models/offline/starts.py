"""The exact start that a question is about, and the question where it isn't known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.models.offline.dates.say import clock_time, full_date
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.offers import OnTable
from assistant.models.offline.reading import Choice, Issue, Patch

_MOST = 8
_NO_WINDOW = ("weekdays", "exclude_dates", "end_by", "position", "count", "arrangement", "after_case")


def start_of(frame: Patch) -> datetime | None:
    """The one day and start that a request names, in whichever room; else None."""
    day, at = frame.get("date_from"), frame.get("start_from")
    if not (day and at) or day != frame.get("date_to") or at != frame.get("start_until") or at == "24:00":
        return None
    return datetime.fromisoformat(f"{day}T{at}")


def slot_of(offer: OnTable) -> Patch:
    """An offer's own slot, as fields of a request for just that."""
    day, at = offer.start.date().isoformat(), f"{offer.start:%H:%M}"
    more = {"additional_procedures": list(offer.additional) or None}
    where = {"procedure": offer.procedure, "surgeon": offer.surgeon, "room": offer.room, **more}
    when = {"date_from": day, "date_to": day, "start_from": at, "start_until": at}
    return {**where, **when, **dict.fromkeys(_NO_WINDOW)}


def matching(draft: Patch, table: Sequence[OnTable]) -> list[OnTable]:
    """The slots shown, each once, that what is known of a start leaves."""
    known = {(each.start, each.room, each.surgeon): each for each in table if _fits(each, draft)}
    return list(known.values())


def _fits(offer: OnTable, draft: Patch) -> bool:
    day, at = offer.start.date().isoformat(), f"{offer.start:%H:%M}"
    same = all(draft.get(key) in (None, getattr(offer, key)) for key in ("procedure", "surgeon", "room"))
    days = (draft.get("date_from") or day) <= day <= (draft.get("date_to") or day)
    return same and days and (draft.get("start_from") or at) <= at <= (draft.get("start_until") or at)


def completed(draft: Patch, table: Sequence[OnTable]) -> Patch:
    """With the one slot shown that what is known leaves: "the 9am slot" is the one of the list."""
    fits = matching(draft, table)
    return draft | slot_of(fits[0]) if len(fits) == 1 else draft


def missing_start(draft: Patch, table: Sequence[OnTable], lexicon: Lexicon) -> list[Issue]:
    """What must be asked before a question about one start: the slots shown are the choices."""
    if start_of(draft) is not None:
        return []
    one_day = draft.get("date_from") and draft.get("date_from") == draft.get("date_to")
    one_hour = draft.get("start_from") and draft.get("start_from") == draft.get("start_until")
    text = (
        "Which start do you mean? Maybe name the time."
        if one_day
        else "On which day was that start?"
        if one_hour
        else "Which slot do you mean? Maybe name its day and its start."
    )
    return [Issue("when", text, choices_of(matching(draft, table), lexicon))]


def choices_of(offers: Sequence[OnTable], lexicon: Lexicon) -> tuple[Choice, ...]:
    """Slots shown as answers to pick."""
    return tuple(Choice(_label(each, lexicon), slot_of(each)) for each in offers[:_MOST])


def _label(offer: OnTable, lexicon: Lexicon) -> str:
    at = clock_time(offer.start.time(), lexicon.times.clock)
    return f"{offer.label}: {full_date(offer.start.date())} at {at}, {lexicon.name(offer.room)}"
