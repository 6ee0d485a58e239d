"""Rooms and equipment in a message."""

from __future__ import annotations

import re

from assistant.models.offline.matching import scan
from assistant.models.offline.reading import Choice, Mention, Reading, listed, positive
from assistant.models.offline.words import NUMBERS

_NUMBERED = re.compile(
    r"\b(?P<kind>or|room|rm|theatre|theater|suite|o r|operating room)(?: (?:number|no))?"
    r" (?P<number>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)\b(?P<after> (?:am|pm|a m|p m"
    r"|oclock|h|hrs))?"
)
_TIMES = frozenset(
    [
        "am",
        "pm",
        "a",
        "p",
        "oclock",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "st",
        "nd",
        "rd",
        "th",
        "weeks",
        "days",
        "hours",
        "weeks",
        "minutes",
        "min",
    ]
)
_ANY_ROOM = re.compile(r"\b(?:any|whichever|whatever) (?:or|room|theatre|theater|suite)s?\b(?! but)")


def read_places(r: Reading) -> None:
    """Note the rooms named."""
    for _, i, j in r.utterance.find(_ANY_ROOM):
        r.utterance.take(i, j, "room")
        r.fields["room"] = None
    for i, j, ids in scan(r.utterance, r.lexicon.rooms, lambda i, j: _is_room(r, i, j)):
        _note(r, i, j, ids)
    for match, i, j in r.utterance.find(_NUMBERED):
        _numbered(r, match, i, j)


def _is_room(r: Reading, i: int, j: int) -> bool:
    """ "OR 2" is a room unless it ends a choice of times: "1 or 2 pm", "9 or 10"."""
    u = r.utterance
    if u.at(i) != "or" or u.words[i].raw == "OR":
        return True
    after = u.text[u.words[j - 1].end : u.words[j - 1].end + 1]
    return not (u.at(i - 1).isdecimal() or u.at(i - 1) in NUMBERS or u.at(j) in _TIMES or after in {":", "/"})


def _numbered(r: Reading, match: re.Match[str], i: int, j: int) -> None:
    if match["after"] or not _is_room(r, i, j):
        return
    word = match["number"]
    number = NUMBERS.get(word) or int(word)
    if number in r.lexicon.room_numbers:
        _note(r, i, j, (r.lexicon.room_numbers[number],))
    elif match["kind"] != "or" or r.utterance.words[i].raw == "OR":
        written = " ".join(w.raw for w in r.utterance.words[i:j])
        r.utterance.take(i, j, "room")
        names = [r.lexicon.name(ids[0]) for ids in sorted(set(r.lexicon.rooms.values()))]
        r.ask(
            "room",
            f"There is no {written} here. The rooms are {listed(names, 'and')}. Which one?",
            _all_rooms(r),
        )


def _all_rooms(r: Reading, but: frozenset[str] = frozenset()) -> tuple[Choice, ...]:
    ids = sorted({id_ for found in r.lexicon.rooms.values() for id_ in found} - but)
    listed_ = tuple(Choice(r.lexicon.name(id_), {"room": id_}) for id_ in ids[:10])
    return listed_ if but else (*listed_, Choice("Any room", {"room": None}))


def _note(r: Reading, i: int, j: int, ids: tuple[str, ...]) -> None:
    negator = r.negator_before(i)
    r.utterance.take(i if negator is None else negator, j, "room")
    r.rooms.append(Mention(i, j, ids, negated=negator is not None))


def settle_room(r: Reading) -> None:
    """Turn the mentions into the request's room, or into a question."""
    wanted = positive(r.rooms)
    refused = frozenset(id_ for mention in r.rooms if mention.negated for id_ in mention.ids)
    if len(wanted) > 1 or (wanted and len(wanted[0].ids) > 1):
        ids = dict.fromkeys(id_ for mention in wanted for id_ in mention.ids)
        r.take_between(wanted)
        choices = tuple(Choice(r.lexicon.name(id_), {"room": id_}) for id_ in ids)
        r.ask(
            "room",
            "I can search one room, or all of them. Which?",
            (*choices, Choice("Any room", {"room": None})),
        )
    elif wanted:
        r.fields["room"] = wanted[0].ids[0]
    elif refused:
        rest = _all_rooms(r, refused)
        if len(rest) == 1:
            r.fields |= rest[0].patch
        else:
            names = listed([r.lexicon.name(id_) for id_ in sorted(refused)], "and")
            r.ask("room", f"I can't leave out {names} alone in one search. Which room shall I search?", rest)


def read_equipment(r: Reading) -> None:
    """Note the equipment asked for; what a procedure needs anyway is no extra."""
    for i, j, ids in scan(r.utterance, r.lexicon.equipment):
        negator = r.negator_before(i)
        r.utterance.take(i if negator is None else negator, j, "equipment")
        if negator is not None:
            r.edits.setdefault("without", []).extend(ids)
        elif len(ids) == 1:
            extra = r.fields.setdefault("extra_equipment", [])
            extra.extend(id_ for id_ in ids if id_ not in extra)
        else:
            choices = tuple(Choice(r.lexicon.name(id_), {"extra_equipment": [id_]}) for id_ in ids)
            names = listed([choice.label for choice in choices])
            r.ask("equipment", f"Which equipment do you mean: {names}?", choices)
