"""Patients become handles before a message leaves, and people again when the answer comes back.

Names, record numbers, birth dates, phones and addresses are replaced everywhere; a lone surname only when its patient
is in this conversation. Handles follow from the messages alone, so the same history gives the same handles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant import identifiers as ids
from assistant.birthdays import iso
from assistant.bodies import inner_of, strings
from assistant.models.protocol import Block, Message, TextBlock, ToolResultBlock, ToolUseBlock
from assistant.naming import given_name, told_by_words, unknown
from assistant.notes import found_in, labelled
from assistant.spelling import Index, folded, indexed, literal, replaced, spelt, visible, words_of_name

_HANDLE = re.compile(r"\b(?:PATIENT|MRN|BIRTHDATE|CONTACT|NOTE)-\d+\b")


_BEGUN = re.compile(r"\b(?:PATIENT|MRN|BIRTHDATE|CONTACT|NOTE)-\d*\Z")
_TYPED = re.compile(r"\b(PATIENT|MRN|BIRTHDATE|CONTACT|NOTE)-(?=\d{3})")
_OF_NAME = (ids.AFTER_NAME, ids.BEFORE_NAME)
EARLIEST = 2020
_TOKEN = re.compile(r"(?<![\w-])[\w-]+(?![\w-])")
_LEAST_NUMBER = 4
_LEAST = 3
"""Signs of a number that is looked for everywhere; a shorter one is hidden in its own place alone."""


@dataclass
class Handles:
    """The identities of one conversation, and the handle of each."""

    known: Sequence[str] = ()
    """Full names in the clinic's records; replaced whenever they occur."""
    vocabulary: frozenset[str] = frozenset()
    """Words, in small letters, that are no one's name here: the clinic's own and those of scheduling."""
    since: int = EARLIEST
    """The first year that dates of the schedule lie in; one before is a birth date, whatever is around it."""
    day_first: bool = False
    """Whether the clinic writes 3/4 for the 3rd of April."""
    notes: tuple[str, ...] = ()
    """What people wrote on the clinic's records; it stays here, or leaves labelled."""
    notes_travel: bool = False
    numbers: frozenset[str] = frozenset()
    """Record numbers of the clinic's patients, folded; replaced wherever one stands by itself."""
    values: dict[str, str] = field(default_factory=dict)
    _of: dict[str, str] = field(default_factory=dict)
    _seen: dict[tuple[str, int], str] = field(default_factory=dict)
    """Texts without the names that were known then: the same short texts come again and again in results."""
    _met: tuple[int, Index] = field(default_factory=lambda: (0, Index.of(())))

    def handle(self, kind: str, value: str) -> str:
        """The handle of an identity, the same for every spelling that differs in case, spacing or order."""
        told = " ".join(words_of_name(value)) if kind == "PATIENT" else ""
        key = f"{kind}:{told or folded(self._iso(value) if kind == 'BIRTHDATE' else value)}"
        if key not in self._of:
            number = 1 + sum(held.startswith(f"{kind}:") for held in self._of)
            self._of[key] = f"{kind}-{number}"
            self.values[self._of[key]] = value
        return self._of[key]

    def hide(self, text: str, spoken: bool = False, prose: bool = False) -> str:
        """The text with every identity replaced; `spoken` text is a person's, where names may be new ones.

        In `prose` a lone surname that a surgeon has too is the patient's of this conversation, unless it is certain.
        """
        return self._without_people(self._without_notes(visible(text)), spoken, prose)

    def _without_people(self, text: str, spoken: bool, prose: bool) -> str:
        text = _TYPED.sub(lambda found: f"{found[1]} ", text)  # a person's "MRN-4712" is no handle of ours
        text = _TOKEN.sub(
            lambda found: self.handle("MRN", found[0]) if self._recorded(found[0]) else found[0], text
        )
        text = text if ids.quiet(text) else self._without_numbers(text)
        if spoken:
            for name in [
                *ids.names_in(text, self.vocabulary),
                *told_by_words(_HANDLE.sub("|", text), self.vocabulary),
            ]:
                self._meet(name)
        text = self._without_surnames(self._without_names(text), spoken or prose)
        if spoken:
            for pattern in _OF_NAME:
                text = pattern.sub(lambda found: self._replaced("MRN", found), text)
            text = ids.BORN_AFTER.sub(lambda found: self._replaced("BIRTHDATE", found), text)
        return self._without_secrets(text)

    def _without_notes(self, text: str) -> str:
        pattern = found_in(self.notes)
        if pattern is None:
            return text
        return pattern.sub(lambda found: self._note(found[0]), text)

    def _note(self, note: str) -> str:
        if not self.notes_travel:
            return self.handle("NOTE", note)
        return labelled(self._without_people(note, spoken=True, prose=True))

    def _without_numbers(self, text: str) -> str:
        for kind, pattern in ids.PATTERNS:
            text = pattern.sub(lambda found, kind=kind: self._replaced(kind, found), text)  # type: ignore[misc]
        return ids.EARLIER.sub(self._earlier, text)

    def _meet(self, name: str) -> None:
        """Somebody is named; whoever is known already, or by one word of a name that is, is nobody new."""
        name = re.sub(r"['\u2019]s$", "", name)
        words = words_of_name(name)
        if any(len(words_of_name(each)) >= len(words) for each in self._names(name)):
            return
        met = (words_of_name(value) for handle, value in self.values.items() if handle.startswith("PATIENT-"))
        if len(words) > 1 or not any(words[0] in parts for parts in met if words):
            self.handle("PATIENT", name)

    def _recorded(self, token: str) -> bool:
        """Whether it is a patient's record number; one that may be a time or a year is only where it is said to be."""
        told = token.casefold() in self.numbers and any(map(str.isdigit, token))
        return told and len(token) >= _LEAST_NUMBER and not ids.TIME_OR_YEAR.fullmatch(token)

    def _earlier(self, found: re.Match[str]) -> str:
        years = re.findall(r"20\d\d", found["value"])
        return self._replaced("BIRTHDATE", found) if int(years[0]) < self.since else found[0]

    def _replaced(self, kind: str, found: re.Match[str]) -> str:
        value = found["value"]
        if self._ours(found) or value.casefold() in self.vocabulary:
            return found[0]
        start, end = (place - found.start() for place in found.span("value"))
        return found[0][:start] + self.handle(kind, value) + found[0][end:]

    def _names(self, text: str) -> list[str]:
        """The names on record and of this conversation that are in a text."""
        met = [value for handle, value in self.values.items() if handle.startswith("PATIENT-")]
        if self._met[0] != len(met):
            self._met = (len(met), Index.of(met))
        found = {*indexed(tuple(self.known)).within(text), *self._met[1].within(text)}
        return sorted(found, key=lambda name: (-len(name), name))

    def _secrets(self) -> Iterable[tuple[str, str]]:
        """(handle, value) of what isn't a name; one of few signs would be found where it isn't meant."""
        return [
            (handle, value)
            for handle, value in self.values.items()
            if not handle.startswith(("PATIENT-", "NOTE-")) and sum(map(str.isalnum, value)) >= _LEAST
        ]

    def _without_names(self, text: str) -> str:
        key = (text, len(self.values))
        if key not in self._seen:
            for name in self._names(text):
                text = replaced(text, spelt(name), lambda _, name=name: self.handle("PATIENT", name))  # type: ignore[misc]
            self._seen[key] = text
        return self._seen[key]

    def _without_secrets(self, text: str) -> str:
        for handle, value in self._secrets():
            text = literal(value).sub(handle, text)
        return text

    def _without_surnames(self, text: str, prose: bool) -> str:
        met = [
            (h, v) for h, v in self.values.items() if h.startswith("PATIENT-") and len(words_of_name(v)) > 1
        ]
        for handle, name in met:
            last = ids.surname(name)
            for word in dict.fromkeys((last, *filter(given_name, re.split(r"[\s,._]+", name)))):
                text = self._without_lone(text, word, handle)
            if prose and last.casefold() in self.vocabulary - ids.SCHEDULING:
                text = self._without_namesake(text, last, handle)
        return text

    def _without_lone(self, text: str, word: str, handle: str) -> str:
        if word.casefold() in self.vocabulary:
            return ids.lone(word, True).sub(lambda found: f"{found['before'] or ''}{handle}", text)
        return replaced(text, ids.lone(word, False), lambda _: handle)

    def _without_namesake(self, text: str, surname: str, handle: str) -> str:
        """A surgeon's surname, which is this patient's as well: hidden wherever it may be the patient's."""
        flags = re.IGNORECASE if unknown(surname, frozenset()) else re.NOFLAG
        said = re.compile(rf"(?<![\w-]){re.escape(surname)}(?!\w)", flags)

        def hidden_unless_sure(found: re.Match[str]) -> str:
            sure = ids.surely_staff(text, found.start(), found.end(), self.vocabulary)
            return found[0] if sure else handle

        return said.sub(hidden_unless_sure, text)

    def restore(self, value: Any, key: str = "") -> Any:
        """A value of the model's with handles made people again; a date as ISO 8601 where it is a field."""
        if isinstance(value, str):
            text = _HANDLE.sub(lambda found: self.values.get(found[0], found[0]), value)
            whole = _HANDLE.fullmatch(value) and value.startswith("BIRTHDATE")
            return self._iso(text) if key == "birth_date" or (key and whole) else text
        if isinstance(value, Mapping):
            return {name: self.restore(part, name) for name, part in value.items()}
        return [self.restore(part) for part in value] if isinstance(value, list) else value

    def _iso(self, text: str) -> str:
        return iso(text, self.day_first, self.since + 1)

    def leak(self, body: Any) -> str | None:
        """What kind of identity a request still holds; None when it may leave."""
        texts = {visible(text) for text in strings(body)}
        if any(self._names(text) for text in texts):
            return "a patient's name"
        for handle, value in self._secrets():
            if any(literal(value).search(text) for text in texts):
                return f"a value hidden as {handle.split('-')[0]}"
        said = {
            visible(text) for text in strings(body.get("messages") if isinstance(body, Mapping) else body)
        }
        pattern = None if self.notes_travel else found_in(self.notes)
        if pattern and any(pattern.search(text) for text in texts):
            return "a note"
        if any(self._recorded(token) for text in said for token in _TOKEN.findall(text)):
            return "a record number"
        loud = [text for text in said if not ids.quiet(text)]
        return next(
            (kind for kind, pattern in ids.PATTERNS for text in loud if self._found(pattern, text)), None
        )

    def _found(self, pattern: re.Pattern[str], text: str) -> bool:
        found = pattern.finditer(text)
        return any(not self._ours(each) and each["value"].casefold() not in self.vocabulary for each in found)

    def _ours(self, found: re.Match[str]) -> bool:
        """Whether what looks like an identity holds a handle of this conversation, or begins inside one."""
        start = found.start("value")
        begun = _BEGUN.search(found.string[:start])
        from_there = found.string[begun.start() if begun else start : found.end("value")]
        return any(each in self.values for each in _HANDLE.findall(from_there))


def hidden(messages: Sequence[Message], handles: Handles) -> list[Message]:
    """The messages as they may leave."""
    # What a person says first tells who the patients are, so that a result before it is hidden as well.
    for message in messages:
        for block in message.content:
            _hide_block(block, message.role, handles)
    return [
        message.model_copy(
            update={"content": tuple(_hide_block(b, message.role, handles) for b in message.content)}
        )
        for message in messages
    ]


def _hide_block(block: Block, role: str, handles: Handles) -> Block:
    if isinstance(block, TextBlock):
        return block.model_copy(update={"text": handles.hide(block.text, spoken=role == "user", prose=True)})
    if isinstance(block, ToolUseBlock):
        return block.model_copy(update={"input": _walk(block.input, handles)})
    if isinstance(block, ToolResultBlock):
        inner = inner_of(block.content)
        said = handles.hide(block.content) if inner is None else json.dumps(_walk(inner, handles))
        return block.model_copy(update={"content": said})
    return block


def _walk(value: Any, handles: Handles, key: str = "") -> Any:
    if isinstance(value, str):
        return handles.hide(value)
    if isinstance(value, Mapping):
        return {name: _field(name, part, key, handles) for name, part in value.items()}
    return [_walk(part, handles, key) for part in value] if isinstance(value, list) else value


_FIELDS: Mapping[str, str] = {"name": "PATIENT", "mrn": "MRN", "birth_date": "BIRTHDATE"}


def _field(name: str, value: Any, parent: str, handles: Handles) -> Any:
    """A patient's own fields are hidden whole, whatever they look like."""
    if parent == "patient" and isinstance(value, str) and name in _FIELDS and not _HANDLE.fullmatch(value):
        return handles.handle(_FIELDS[name], value)
    return _walk(value, handles, name)


def restored(blocks: Sequence[Block], handles: Handles) -> tuple[Block, ...]:
    """A reply's blocks with people in the handles' places; a speaker's own notes stay as they are."""
    return tuple(_restore(block, handles.restore) for block in blocks)


def _restore(block: Block, restore: Callable[[Any], Any]) -> Block:
    if isinstance(block, TextBlock):
        return block.model_copy(update={"text": restore(block.text)})
    if isinstance(block, ToolUseBlock):
        return block.model_copy(update={"input": restore(block.input)})
    return block
