"""Rooms and equipment in a message."""

from __future__ import annotations

import re

from assistant.models.offline.leaving_out import Kind, either, settle
from assistant.models.offline.matching import scan
from assistant.models.offline.reading import ANY_BUT, Choice, Mention, Reading, listed
from assistant.models.offline.words import FILLERS, GUARDS, NUMBERS

_NUMBERED = re.compile(
    r"\b(?P<kind>ors?|rooms?|rm|theatres?|theaters?|suites?|o r|operating rooms?)(?: (?:number|no))?"
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
_NO_ROOM = _TIMES | {"case", "cases", "hour", "hr", "hrs", "mins", "x"}
_ANY_BUT_NUMBER = re.compile(
    r"\b(?:any|every|all|whichever) (?:(?:other )?(?:or|room|theatre|theater|suite)s? )"
    r"(?:other than|but|except(?: for)?|besides|than|not|excluding)"
    r" (?P<number>\d{1,3}|one|two|three|four|five|six)(?!\S)"
)
_ANY_ROOM = re.compile(
    r"\b(?:any|whichever|whatever) (?:or|room|theatre|theater|suite)s?\b(?! but| other than| except)"
)


def read_places(r: Reading) -> None:
    """Note the rooms named."""
    for _, i, j in r.utterance.find(_ANY_ROOM):
        r.utterance.take(i, j, "room")
        r.fields |= {"room": None, "exclude_rooms": None}
    for i, j, ids in scan(r.utterance, r.lexicon.rooms, lambda i, j: _is_room(r, i, j)):
        _note(r, i, j, ids)
    for match, i, j in r.utterance.find(_NUMBERED):
        _numbered(r, match, i, j)
    for match, i, j in r.utterance.find(_ANY_BUT_NUMBER):
        room = r.lexicon.room_numbers.get(NUMBERS.get(match["number"]) or int(match["number"]))
        if room is not None:
            r.utterance.take(i, j, "room")
            r.fields["room"] = None
            r.rooms.append(Mention(j - 1, j, (room,), negated=True))
    for mention in sorted(r.rooms, key=lambda mention: mention.i):
        _more_numbers(r, mention)


def _more_numbers(r: Reading, mention: Mention) -> None:
    """ "OR 2 or 3": a number behind a numbered room is another one, unless an hour or a count follows from it."""
    u, k = r.utterance, mention.j
    while u.at(k - 1).isdecimal() or u.at(k - 1) in NUMBERS:
        joint = u.at(k) in {"or", "and", "nor"}
        at = k + joint
        mark = u.text[u.words[k - 1].end : u.words[at].begin].strip() if at < len(u.words) else ""
        room = r.lexicon.room_numbers.get(
            NUMBERS.get(u.at(at)) or int(u.at(at) if u.at(at).isdecimal() else 0)
        )
        beside = at + 1 < len(u.words) and (u.words[at + 1].taken == "procedure" or u.at(at + 1) in _NO_ROOM)
        after = u.text[u.words[at].end : u.words[at].end + 1] if at < len(u.words) else ""
        if (
            room is None
            or not u.free(k, at + 1)
            or not (joint or mark in {",", "/"})
            or beside
            or after == ":"
        ):
            return
        u.take(at, at + 1, "room")
        r.rooms.append(Mention(at, at + 1, (room,)))
        k = at + 1


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
        _unknown(r, i, j)


def _unknown(r: Reading, i: int, j: int) -> None:
    """A number that no room has: the rooms are named, to search one of them or to leave one out."""
    written, negator = " ".join(w.raw for w in r.utterance.words[i:j]), r.negator_before(i)
    r.utterance.take(i if negator is None else negator, j, "room")
    names = [r.lexicon.name(ids[0]) for ids in sorted(set(r.lexicon.rooms.values()))]
    which = "Which one?" if negator is None else "Which one shall I leave out?"
    text = f"There is no {written} here. The rooms are {listed(names, 'and')}. {which}"
    r.ask("room", text, _all_rooms(r, out=negator is not None))


def _all_rooms(r: Reading, out: bool = False) -> tuple[Choice, ...]:
    ids = sorted({id_ for found in r.lexicon.rooms.values() for id_ in found})
    if out:
        return tuple(Choice(r.lexicon.name(id_), {"exclude_rooms": [id_]}) for id_ in ids[:10])
    listed_ = tuple(Choice(r.lexicon.name(id_), {"room": id_}) for id_ in ids[:10])
    return (*listed_, Choice("Any room", {"room": None}))


def _note(r: Reading, i: int, j: int, ids: tuple[str, ...]) -> None:
    negator = r.negator_before(i)
    r.utterance.take(i if negator is None else negator, j, "room")
    if negator is not None and r.utterance.at(negator) in ANY_BUT:
        r.fields["room"] = None
    r.rooms.append(Mention(i, j, ids, negated=negator is not None))


def rooms_of(r: Reading) -> Kind:
    """The rooms of a message beside all that the clinic has."""
    return Kind("room", r.rooms, {id_ for found in r.lexicon.rooms.values() for id_ in found})


def settle_room(r: Reading) -> None:
    """Turn the mentions into the request's room, those that are left out, or a question."""
    wanted = settle(r, rooms_of(r))
    if len(wanted) > 1 or (wanted and len(wanted[0].ids) > 1):
        ids = dict.fromkeys(id_ for mention in wanted for id_ in mention.ids)
        r.take_between([*wanted])
        choices = [Choice(r.lexicon.name(id_), {"room": id_}) for id_ in ids]
        choices += [Choice("Any of these", either(rooms_of(r), ids)), Choice("Any room", {"room": None})]
        r.ask("room", "I can search one room, or all of them. Which?", tuple(choices))
    elif wanted:
        r.fields["room"] = wanted[0].ids[0]


def read_equipment(r: Reading) -> None:
    """Note the equipment asked for; what a procedure needs anyway is no extra."""
    u = r.utterance
    for i, j, ids in scan(r.utterance, r.lexicon.equipment, lambda i, j: _is_unit(r, i, j)):
        negator = r.negator_before(i)
        r.utterance.take(i if negator is None else negator, j, "equipment")
        if negator is not None and u.at(j) in _ROOM_WORDS and (rooms := _with_it(r, ids)):
            u.take(j, j + 1, "room")
            r.rooms += [Mention(i, j + 1, (room,), negated=True) for room in sorted(rooms)]
        elif negator is not None:
            r.edits.setdefault("without", []).extend(ids)
        elif len(ids) == 1:
            extra = r.fields.setdefault("extra_equipment", [])
            extra.extend(id_ for id_ in ids if id_ not in extra)
        else:
            choices = tuple(Choice(r.lexicon.name(id_), {"extra_equipment": [id_]}) for id_ in ids)
            names = listed([choice.label for choice in choices])
            r.ask("equipment", f"Which equipment do you mean: {names}?", choices)


def _is_unit(r: Reading, i: int, j: int) -> bool:
    """What a clinic calls "US" or "IT" is meant only in capitals: those letters are small words as well."""
    word = r.utterance.words[i]
    small = j - i == 1 and word.text in FILLERS | GUARDS
    return not small or (word.raw.isupper() and not r.utterance.text.isupper())


_ROOM_WORDS = frozenset({"room", "rooms", "or", "theatre", "theater", "suite"})


def _with_it(r: Reading, ids: tuple[str, ...]) -> frozenset[str]:
    """ "not in the robot room": the rooms that the equipment stands in."""
    return frozenset().union(*(r.lexicon.standing.get(id_, frozenset()) for id_ in ids))
