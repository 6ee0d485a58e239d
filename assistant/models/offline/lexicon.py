"""The clinic's own names for its surgeons, procedures, rooms and equipment, ready to be looked up in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

from assistant.models.offline.book import Book
from assistant.models.offline.dates.reading import TimeSettings
from assistant.models.offline.surgical import GLUE, STEMS, stem
from assistant.models.offline.text import words_of
from assistant.models.offline.words import FILLERS, GUARDS, NUMBERS
from solver.clinic import SURGEON, Clinic, Procedure, Staff

Phrase = tuple[str, ...]
Table = Mapping[Phrase, tuple[str, ...]]
"""Words -> the ids they may mean, in order."""

_CREDENTIALS = frozenset(["dr", "doctor", "md", "do", "mbbs", "facs", "phd", "jr", "sr", "ii", "iii", "rn"])
_UNIT_WORDS = frozenset(["system", "set", "tower", "unit", "machine", "device", "table"])
_TOO_WIDE = frozenset(
    {"mobile", "small", "large", "major", "minor", "operating", "hardware", "shoulder", "graft"}
)
"""Words of a unit's name that don't stand for it alone."""
_ALSO_CALLED = (
    (("robot",), ("da vinci", "davinci", "robot", "robotic")),
    (("c", "arm"), ("c arm", "carm", "fluoro", "fluoroscopy", "image intensifier", "x ray", "xray")),
    (("arthroscopy", "tower"), ("scope tower", "arthroscopy tower", "arthroscopic tower")),
    (("microscope",), ("microscope", "scope")),
)  # fmt: skip
_ANESTHESIA = {
    "general": ("general", "general anesthesia", "general anaesthesia", "ga", "geta", "under general"),
    "spinal": ("spinal", "spinal anesthesia", "subarachnoid", "under spinal"),
    "regional": ("regional", "regional anesthesia", "nerve block", "regional block", "interscalene block",
                 "under block", "bier block", "axillary block"),
    "mac": ("mac", "monitored anesthesia care", "monitored anesthesia", "mac anesthesia", "sedation",
            "iv sedation", "mac sedation"),
    "local": ("local", "local anesthesia", "local only", "walant", "wide awake", "under local", "straight local"),
}  # fmt: skip


@dataclass(frozen=True)
class Lexicon:
    """Everything the interpreter knows about a clinic; built once per revision."""

    names: Mapping[str, str]
    surgeons: Table
    others: Table
    initials: Table
    procedures: Table
    vocabulary: Mapping[str, frozenset[str]]
    """Procedure -> the stems of all its names."""
    bags: tuple[tuple[frozenset[str], str], ...]
    """The stems of each name of a procedure, with its id."""
    codes: Mapping[str, tuple[str, ...]]
    rooms: Table
    room_numbers: Mapping[int, str]
    equipment: Table
    anesthesia: Table
    privileges: Mapping[str, frozenset[str]]
    needs: Mapping[str, frozenset[str]]
    standing: Mapping[str, frozenset[str]]
    """Equipment -> the rooms that it stands in."""
    minutes: Mapping[tuple[str, str], int]
    """(procedure, surgeon) -> the planned length, in minutes."""
    sided: frozenset[str]
    pools: Table
    """Equipment and trays, of which there may be more."""
    book: Book
    holidays: tuple[tuple[str, date], ...]
    """The clinic's holidays by name, in the order of their dates."""
    times: TimeSettings
    zone: ZoneInfo
    step_minutes: int
    words: frozenset[str]
    """Every word of every name, as a text would have it."""

    @classmethod
    def of(cls, clinic: Clinic, called: Mapping[str, tuple[str, ...]] | None = None) -> Lexicon:
        """The lexicon of one clinic at one revision; `called`: equipment's id -> what else people call it."""
        also = called or {}
        surgeons = [person for person in clinic.staff.values() if person.has_role(SURGEON)]
        others = [person for person in clinic.staff.values() if not person.has_role(SURGEON)]
        named = {p.id: frozenset(_procedure_phrases(p)) for p in clinic.procedures.values()}
        tables = {
            "surgeons": _table((person.id, _person_phrases(person)) for person in surgeons),
            "others": _table((person.id, _person_phrases(person)) for person in others),
            "procedures": _table(named.items()),
            "rooms": _table((r.id, {words_of(r.name), words_of(r.id)}) for r in clinic.rooms.values()),
            "equipment": _table(
                (e.id, _unit_phrases(e.id, e.name, *also.get(e.id, ()))) for e in clinic.equipment.values()
            ),
            "anesthesia": _anesthesia(clinic),
            "pools": _table(
                (unit.id, _with_plurals(_unit_phrases(unit.id, unit.name, *also.get(unit.id, ()))))
                for units in (clinic.equipment, clinic.trays)
                for unit in units.values()
            ),
        }
        return cls(
            names=_names(clinic),
            initials=_table((p.id, {(surname(p)[0],)}) for p in surgeons if surname(p)),
            vocabulary=_vocabulary(clinic, named),
            bags=tuple((_bag(phrase), id_) for id_, phrases in named.items() for phrase in phrases),
            codes=_codes(clinic),
            room_numbers=_room_numbers(clinic),
            privileges={p.id: frozenset(held.id for held in p.privileges) for p in surgeons},
            standing={
                unit: frozenset(room.id for room in clinic.rooms.values() if unit in room.equipment)
                for unit in clinic.equipment
            },
            needs={p.id: frozenset(p.equipment) for p in clinic.procedures.values()},
            minutes=_planned(clinic, surgeons),
            sided=frozenset(p.id for p in clinic.procedures.values() if p.sided),
            book=Book.of(clinic),
            holidays=tuple(sorted(_holidays(clinic), key=lambda named: named[1])),
            times=_times(clinic),
            zone=ZoneInfo(clinic.timezone),
            step_minutes=clinic.start_step_minutes,
            words=_all_words(tables.values()),
            **tables,
        )

    def name(self, id_: str) -> str:
        """What people call it."""
        return self.names.get(id_, id_)


def _names(clinic: Clinic) -> dict[str, str]:
    tables = (clinic.rooms, clinic.staff, clinic.equipment, clinic.procedures)
    return {id_: record.name for table in tables for id_, record in table.items()}


class Names(dict[Phrase, tuple[str, ...]]):
    """A table with the words that its names begin with, since most words of a message begin none."""

    @cached_property
    def openers(self) -> frozenset[str]:
        """The first words of all names."""
        return frozenset(words[0] for words in self)


def _table(entries: Iterable[tuple[str, Iterable[Phrase]]]) -> Table:
    found: dict[Phrase, list[str]] = {}
    for id_, phrases in entries:
        for words in phrases:
            if words:
                found.setdefault(words, []).append(id_)
    return Names({words: tuple(sorted(ids)) for words, ids in found.items()})


def surname(person: Staff) -> str:
    """The last word of a name, without titles and credentials; "" when there is none."""
    parts = [word for word in words_of(person.name.split(",")[0]) if word not in _CREDENTIALS]
    return parts[-1] if parts else ""


def _person_phrases(person: Staff) -> set[Phrase]:
    """Full name, surname, initial with surname, given name, and the clinic's own aliases."""
    parts = tuple(word for word in words_of(person.name.split(",")[0]) if word not in _CREDENTIALS)
    phrases = {words_of(alias) for alias in person.aliases} | {parts}
    spaced = (text.split(",")[0].replace("'", " ") for text in (person.name, *person.aliases) if "'" in text)
    phrases |= {words_of(text)[-2:] for text in spaced}  # "O Brien"
    phrases |= {tuple(word for word in phrase if word not in _CREDENTIALS) for phrase in phrases}
    if person.has_role(SURGEON) and parts:
        phrases |= {parts[-1:], (parts[0][0], *parts[-1:])} | ({parts[:1]} if len(parts) > 1 else set())
    return {phrase for phrase in phrases if phrase and not all(len(word) == 1 for word in phrase)}


_SHORTEST_HOLIDAY = 8
_PARENTHESES = re.compile(r"\([^)]*\)")
_SLASHED = re.compile(r"([\w-]+)\s?/\s?([\w-]+)")


def _procedure_phrases(procedure: Procedure) -> set[Phrase]:
    """Every way the clinic itself names a procedure, as words."""
    texts = [procedure.name, procedure.short, procedure.id.replace("-", " "), *procedure.synonyms]
    texts += [_PARENTHESES.sub(" ", text) for text in texts]
    texts += [text.split(",")[0] for text in texts]
    texts += [
        text.replace(m.group(), m[side]) for text in texts for m in _SLASHED.finditer(text) for side in (1, 2)
    ]
    named = {words_of(text) for text in texts if words_of(text)}
    return named | {_plural(words) for words in named}


def _plural(words: Phrase) -> Phrase:
    """ "two ACLs", "knee scopes": the last word as several; one that ends in s stays."""
    last = words[-1]
    return words if last.endswith("s") or len(last) < 3 else (*words[:-1], f"{last}s")


def _bag(phrase: Phrase) -> frozenset[str]:
    return frozenset(stem(word) for word in phrase if word not in GLUE)


def _vocabulary(clinic: Clinic, named: Mapping[str, frozenset[Phrase]]) -> dict[str, frozenset[str]]:
    return {
        id_: frozenset(
            stem(word)
            for phrase in (*phrases, words_of(clinic.procedures[id_].service or ""))
            for word in phrase
            if word not in GLUE
        )
        for id_, phrases in named.items()
    }


def _codes(clinic: Clinic) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for procedure in clinic.procedures.values():
        for code in procedure.cpt:
            found.setdefault(code, []).append(procedure.id)
    return {code: tuple(ids) for code, ids in found.items()}


def _planned(clinic: Clinic, surgeons: Iterable[Staff]) -> dict[tuple[str, str], int]:
    quantile = "p80" if clinic.settings.planned == "p80" else "median"
    return {
        (procedure.id, surgeon.id): getattr(procedure.duration(surgeon.id), quantile)
        for procedure in clinic.procedures.values()
        for surgeon in surgeons
    }


def _unit_phrases(id_: str, name: str, *aliases: str) -> set[Phrase]:
    phrases = {words_of(name), words_of(id_)}
    phrases |= {words[:-1] for words in phrases if len(words) > 1 and words[-1] in _UNIT_WORDS}
    for marks, called in _ALSO_CALLED:
        if any(
            set(marks) <= set(phrase) or ({"vinci"} & set(phrase) and marks == ("robot",))
            for phrase in phrases
        ):
            phrases |= {words_of(name) for name in called}
    phrases |= {("".join(words),) for words in phrases if 1 < len(words) < 3}
    phrases |= {(word,) for word in words_of(name) if len(word) > 4 and word not in _UNIT_WORDS | _TOO_WIDE}
    return (phrases - {("scope",), ("table",)}) | {words_of(alias) for alias in aliases}


def _with_plurals(phrases: set[Phrase]) -> set[Phrase]:
    return phrases | {_plural(words) for words in phrases}


def _anesthesia(clinic: Clinic) -> Table:
    offered = {
        option
        for procedure in clinic.procedures.values()
        for option in (procedure.anesthesia_default, *procedure.anesthesia_options)
    }
    return _table(
        (option, {words_of(text) for text in (*_ANESTHESIA.get(option, ()), option)})
        for option in sorted(offered)
    )


def _room_numbers(clinic: Clinic) -> dict[int, str]:
    """The number in a room's name, when no other room has it."""
    found: dict[int, list[str]] = {}
    for room in clinic.rooms.values():
        for word in words_of(room.name):
            number = NUMBERS.get(word, int(word) if word.isdecimal() else 0)
            if number:
                found.setdefault(number, []).append(room.id)
    return {number: ids[0] for number, ids in found.items() if len(ids) == 1}


def _holidays(clinic: Clinic) -> Iterable[tuple[str, date]]:
    """Each holiday's name without what is in parentheses, and without its "Day"."""
    for holiday in clinic.holidays:
        name = _PARENTHESES.sub("", holiday.name or "").strip()
        if len(name) >= _SHORTEST_HOLIDAY:
            yield name, holiday.date


def _times(clinic: Clinic) -> TimeSettings:
    """Opening hours bound "morning"; weekdays without hours are the weekend."""
    windows = [window for room in clinic.rooms.values() for day in room.hours.values() for window in day]
    windows = windows or [window for day in clinic.hours.values() for window in day]
    first = min((start for start, _ in windows), default=390)
    last = max((end for _, end in windows), default=1080)
    return TimeSettings(
        date_order="dmy" if clinic.settings.date_order == "dmy" else "mdy",
        clock="24h" if clinic.settings.clock == "24h" else "12h",
        opening=_time(first),
        closing=_time(last),
        morning_until=_time(clinic.settings.morning_until),
        weekend=frozenset(day for day in range(7) if not clinic.hours.get(day)) or frozenset({5, 6}),
    )


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60) if minutes < 1440 else time(23, 59)


def _all_words(tables: Iterable[Table]) -> frozenset[str]:
    names = {word for table in tables for phrase in table for word in phrase}
    return frozenset(names | set(STEMS) | FILLERS | GUARDS)
