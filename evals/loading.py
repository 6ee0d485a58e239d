"""Conversation files: found, read and refused in one plain sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from evals.conversation import Conversation
from tools.errors import ToolError

SHIPPED = Path(__file__).parent / "conversations"
_ENDINGS = (".yaml", ".yml", ".json")
_MACRO = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Script:
    """A conversation with the folder that its clinic file is looked for in."""

    conversation: Conversation
    folder: Path

    @property
    def id(self) -> str:
        """The conversation's own id."""
        return self.conversation.id

    @property
    def for_a_model(self) -> bool:
        """Whether a model elsewhere may be asked: not where a script answers or something is wrong on purpose."""
        talk = self.conversation
        return talk.model_script is None and talk.mutant is None and not talk.fails


def scripts(names: Iterable[str] = (), suite: str | None = None) -> list[Script]:
    """The conversations of files and folders, those that ship where none is named; in the order of their ids.

    Raises `ToolError("invalid")` for a file that can't be read, two of one id, and a suite that has none.
    """
    paths = [path for name in names for path in _files(Path(name))] or list(_files(SHIPPED))
    found = [script for path in paths for script in read(path)]
    seen: dict[str, Script] = {}
    for script in found:
        if script.id in seen:
            raise _bad(f"Two conversations are called {script.id!r}. Maybe rename one.")
        seen[script.id] = script
    chosen = [script for script in found if suite in (None, script.conversation.suite)]
    if not chosen:
        known = ", ".join(sorted({script.conversation.suite for script in found})) or "none"
        raise _bad(f"No conversation belongs to suite {suite!r}. Maybe one of: {known}.")
    return chosen


def read(path: Path) -> Iterator[Script]:
    """The conversations of one file: a document each, and one a phrasing where `phrasings` are given."""
    try:
        documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _bad(f"{path} can't be read: {reason}. Maybe check the path.") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise _bad(f"{path}{place} is not YAML. Maybe compare it with the published example.") from None
    written = [document for document in documents if document is not None]
    if not written:
        raise _bad(f"{path} holds no conversation. Maybe compare it with the published example.")
    for document in written:
        for one in _phrased(path, document):
            yield Script(_conversation(path, one), path.parent)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for each in sorted(path.rglob("*")):
        beside = {"clinics", "cassettes"} & set(each.relative_to(path).parts)
        if each.suffix in _ENDINGS and not beside:
            yield each


def _phrased(path: Path, document: Any) -> Iterator[Any]:
    """A document once a phrasing: `phrasings: [...]` takes the place of {{text}} in its turns."""
    if not isinstance(document, dict) or "phrasings" not in document:
        yield document
        return
    if not isinstance(document["phrasings"], list) or not document["phrasings"]:
        raise _bad(f'{path}: phrasings: it is no list of texts. Maybe phrasings: ["one", "another"].')
    base = {key: value for key, value in document.items() if key != "phrasings"}
    for number, text in enumerate(document["phrasings"], 1):
        yield _filled(base | {"id": f"{base.get('id')}-{number}"}, {"text": str(text)})


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _MACRO.sub(lambda match: words.get(match[1], match[0]), value)
    if isinstance(value, list):
        return [_filled(part, words) for part in value]
    if isinstance(value, dict):
        return {key: _filled(part, words) for key, part in value.items()}
    return value


def _conversation(path: Path, document: Any) -> Conversation:
    if not isinstance(document, dict):
        raise _bad(f"{path} holds no conversation. Maybe compare it with the published example.")
    try:
        return Conversation.model_validate(document)
    except ValidationError as faults:
        first = faults.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        named = f"{document['id']}: " if isinstance(document.get("id"), str) else ""
        raise _bad(
            f"{path}: {named}{place or 'the file'}: {first['msg']}. Maybe compare it with the example."
        ) from None


def _bad(message: str) -> ToolError:
    return ToolError("invalid", message, "file")
