"""Patients become handles before a message leaves, and people again when the answer comes back.

Names, record numbers, birth dates, phones and addresses are replaced everywhere; a lone surname only when its patient
is in this conversation. Handles follow from the messages alone, so the same history gives the same handles.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant import identifiers as ids
from assistant.models.protocol import Block, Message, TextBlock, ToolResultBlock, ToolUseBlock
from assistant.naming import given_name, told_by_words, unknown

_HANDLE = re.compile(r"\b(?:PATIENT|MRN|BIRTHDATE|CONTACT)-\d+\b")


@dataclass
class Handles:
    """The identities of one conversation, and the handle of each."""

    known: Sequence[str] = ()
    """Full names in the clinic's records; replaced whenever they occur."""
    vocabulary: frozenset[str] = frozenset()
    """Words, in small letters, that are no one's name here: the clinic's own and those of scheduling."""
    values: dict[str, str] = field(default_factory=dict)
    _of: dict[str, str] = field(default_factory=dict)
    _seen: dict[tuple[str, int], str] = field(default_factory=dict)
    """Texts without the names that were known then: the same short texts come again and again in results."""

    def handle(self, kind: str, value: str) -> str:
        """The handle of an identity, the same for every spelling that differs in case or spacing."""
        key = f"{kind}:{ids.folded(_iso(value) if kind == 'BIRTHDATE' else value)}"
        if key not in self._of:
            number = 1 + sum(held.startswith(f"{kind}:") for held in self._of)
            self._of[key] = f"{kind}-{number}"
            self.values[self._of[key]] = value
        return self._of[key]

    def hide(self, text: str, spoken: bool = False, prose: bool = False) -> str:
        """The text with every identity replaced; `spoken` text is a person's, where names may be new ones.

        In `prose` a lone surname that a surgeon has too is the patient's of this conversation, unless it is certain.
        """
        text = ids.visible(text)
        for kind, pattern in ids.PATTERNS:
            text = pattern.sub(lambda found, kind=kind: self._replaced(kind, found), text)  # type: ignore[misc]
        if spoken:
            for name in [
                *ids.names_in(text, self.vocabulary),
                *told_by_words(_HANDLE.sub("|", text), self.vocabulary),
            ]:
                self.handle("PATIENT", name)
        text = self._without_surnames(self._without_names(text), spoken or prose)
        return ids.AFTER_NAME.sub(self._numbered, text) if spoken else text

    def _numbered(self, found: re.Match[str]) -> str:
        value = found["value"] or found["bare"]
        return found[0].removesuffix(value) + self.handle("MRN", value)

    def _replaced(self, kind: str, found: re.Match[str]) -> str:
        value = found["value"]
        if _HANDLE.fullmatch(value) or value in self.vocabulary:
            return found[0]
        return found[0].replace(value, self.handle(kind, value))

    def _names(self) -> list[str]:
        met = [value for handle, value in self.values.items() if handle.startswith("PATIENT-")]
        return sorted({*self.known, *met}, key=len, reverse=True)

    def _without_names(self, text: str) -> str:
        key = (text, len(self.values))
        if key not in self._seen:
            for name in self._names():
                if ids.mentions(text, name):
                    text = ids.spelt(name).sub(self.handle("PATIENT", name), text)
            self._seen[key] = text
        return self._seen[key]

    def _without_surnames(self, text: str, prose: bool) -> str:
        met = [(h, v) for h, v in self.values.items() if h.startswith("PATIENT-") and " " in v.strip()]
        for handle, name in met:
            for word in {ids.surname(name), *filter(given_name, re.split(r"[\s,]+", name))}:
                common = word.casefold() in self.vocabulary
                text = ids.lone(word, common).sub(lambda found, h=handle: f"{found[1]}{h}", text)  # type: ignore[misc]
            if prose and ids.surname(name).casefold() in self.vocabulary - ids.SCHEDULING:
                text = self._without_namesake(text, ids.surname(name), handle)
        return text

    def _without_namesake(self, text: str, surname: str, handle: str) -> str:
        """A surgeon's surname, which is this patient's as well: hidden wherever it may be the patient's."""
        flags = re.IGNORECASE if unknown(surname, frozenset()) else re.NOFLAG
        said = re.compile(rf"(?<![\w-]){re.escape(surname)}(?!\w)", flags)

        def hidden_unless_sure(found: re.Match[str]) -> str:
            sure = ids.surely_staff(text, found.start(), found.end(), self.vocabulary)
            return found[0] if sure else handle

        return said.sub(hidden_unless_sure, text)

    def restore(self, value: Any, key: str = "") -> Any:
        """A value of the model's with handles made people again; a birth date as ISO 8601 where it is a field."""
        if isinstance(value, str):
            text = _HANDLE.sub(lambda found: self.values.get(found[0], found[0]), value)
            return _iso(text) if key == "birth_date" else text
        if isinstance(value, Mapping):
            return {name: self.restore(part, name) for name, part in value.items()}
        return [self.restore(part) for part in value] if isinstance(value, list) else value

    def leak(self, body: Any) -> str | None:
        """What kind of identity a request still holds; None when it may leave."""
        texts = list(_strings(body))
        for name in self._names():
            if any(ids.mentions(text, name) for text in texts):
                return "a patient's name"
        secrets = [(h, v) for h, v in self.values.items() if not h.startswith("PATIENT-")]
        for handle, value in secrets:
            if any(ids.mentions(text, value) for text in texts):
                return f"a value hidden as {handle.split('-')[0]}"
        said = list(_strings(body.get("messages") if isinstance(body, Mapping) else body))
        return next(
            (kind for kind, pattern in ids.PATTERNS for text in said if self._found(pattern, text)), None
        )

    def _found(self, pattern: re.Pattern[str], text: str) -> bool:
        values = (match["value"] for match in pattern.finditer(text))
        return any(not _HANDLE.fullmatch(value) and value not in self.vocabulary for value in values)


def _strings(value: Any) -> Iterable[str]:
    """Every string in a JSON value; a string that is JSON itself is read as well."""
    if isinstance(value, str):
        inner = _json(value)
        if inner is None:
            yield value
        else:
            yield from _strings(inner)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _json(text: str) -> Any:
    if text[:1] not in "{[":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _iso(text: str) -> str:
    for form in ("%m/%d/%Y", "%B %d, %Y", "%B %d %Y", "%d %B %Y", "%b %d, %Y", "%m-%d-%Y", "%m/%d/%y"):
        try:
            return dt.datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text


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
        inner = _json(block.content)
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
