"""How an identity may be spelt, and which of many names a text may hold: accents, hyphens, order and case aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_BASE = str.maketrans("øłđßæœðþıħ\u2019\u2018\u02bc\u00b4`", "oldsaodtih'''''")


def visible(text: str) -> str:
    """The text without signs that can't be seen, which may stand in a name, and with the usual digits."""
    if text.isascii():
        return text
    seen = (mark for mark in unicodedata.normalize("NFC", text) if unicodedata.category(mark) != "Cf")
    return "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in seen)


def plain(text: str) -> str:
    """The text in small letters without accents, sign for sign: a place in it is the same place in the text."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(mark: str) -> str:
    return unicodedata.normalize("NFD", mark)[0].lower()[0].translate(_BASE)


def folded(text: str) -> str:
    """How numbers and addresses are compared."""
    return " ".join(text.casefold().split())


def replaced(text: str, pattern: re.Pattern[str], made: Callable[[re.Match[str]], str]) -> str:
    """The text with what `pattern` finds in its plain letters replaced."""
    parts, at = [], 0
    for found in pattern.finditer(plain(text)):
        parts += [text[at : found.start()], made(found)]
        at = found.end()
    return "".join([*parts, text[at:]])


def family_last(name: str) -> str:
    """The name with its family name last, and without a comma."""
    family, _, given = name.partition(",")
    return f"{given.strip()} {family.strip()}".strip()


@lru_cache(maxsize=4096)
def words_of_name(name: str) -> tuple[str, ...]:
    """A name's words in plain letters, the family name last."""
    return tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain(family_last(visible(name)))))


@lru_cache(maxsize=4096)
def spelt(name: str) -> re.Pattern[str]:
    """Finds a name in plain letters: in order, or with the family name first, with middle names or without."""
    words = words_of_name(name)
    ahead = [(*words[-1:], *words[:-1]), (*words[1:], *words[:1])]
    orders = [words]
    if len(words) > 2:
        orders.append((words[0], words[-1]))
        ahead.append((words[-1], words[0]))
    forms = [
        *("".join(_linked(order, "")) for order in orders),
        *("".join(_linked(order, ",")) for order in ahead),
    ]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(dict.fromkeys(forms)) or '(?!)'})(?![^\W_])")


def _linked(words: Sequence[str], comma: str) -> Iterator[str]:
    """A pattern of these words with what may stand between them; a comma only where the family name is first."""
    for place, word in enumerate(words):
        yield re.escape(word).replace("'", r"['\s]?")
        if place + 1 < len(words):
            yield r"[\s_.-]*" if len(word) == 1 else rf"(?:[\s_-]+|\s*[{comma}(]\s*|\.(?!\s)|)"


@lru_cache(maxsize=4096)
def literal(value: str) -> re.Pattern[str]:
    """Finds a number or an address whatever its case and spacing."""
    body = r"\s+".join(map(re.escape, value.split()))
    return re.compile(rf"(?<![\w-])(?:{body})(?!\w|-\d|:\d)", re.IGNORECASE)


def mentions(text: str, value: str) -> bool:
    """Whether the name or number is in the text."""
    text = visible(text)
    return bool(literal(value).search(text) or (words_of_name(value) and spelt(value).search(plain(text))))


@dataclass(frozen=True)
class Index:
    """Many names by their words, so that a text is searched for those alone whose words are in it."""

    _by_word: dict[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False)
    """The family name's spellings, and both ends written as one -> (the first name, the whole name)."""

    @classmethod
    def of(cls, names: Iterable[str]) -> Index:
        """The index of these names."""
        made = cls()
        for name in names:
            words = words_of_name(name)
            if not words:
                continue
            for key in _spellings(words[-1]):
                made._by_word.setdefault(key, []).append((words[0], name))
            for whole in ("".join(words), "".join((*words[-1:], *words[:-1]))):
                made._by_word.setdefault(whole.replace("'", ""), []).append(("", name))
        return made

    def within(self, text: str) -> list[str]:
        """The names that are in a text, the longest first."""
        told = plain(text)
        words = {each for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", told) for each in _spellings(word)}
        near = {
            name
            for word in words & self._by_word.keys()
            for first, name in self._by_word[word]
            if not first or not words.isdisjoint(_spellings(first))
        }
        found = [name for name in near if spelt(name).search(told)]
        return sorted(found, key=lambda name: (-len(name), name))


@lru_cache(maxsize=8192)
def _spellings(word: str) -> frozenset[str]:
    """A word with its apostrophe, without it, and each part of it."""
    return (
        frozenset({word, word.replace("'", ""), *word.split("'")} - {""})
        if "'" in word
        else frozenset({word})
    )


@lru_cache(maxsize=4)
def indexed(names: tuple[str, ...]) -> Index:
    """The index of a clinic's patients, made once for as long as nobody is added."""
    return Index.of(names)
