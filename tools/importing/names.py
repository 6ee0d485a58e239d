"""Names of people as lists have them: surname first, titles and degrees before, behind and between."""

from __future__ import annotations

import re

_DEGREES = frozenset({
    "md", "do", "dpm", "dds", "dmd", "phd", "mbbs", "frcs", "facs", "rn", "lpn", "bsn", "msn", "dnp", "aprn", "np",
    "fnp", "cnor", "crnfa", "rnfa", "cnm", "crna", "srna", "aa", "caa", "cst", "csfa", "cfa", "sa", "pa", "pac", "rt",
    "rtr", "crcst", "pharmd", "mba", "mph", "dnap", "bs", "ba", "ms",
})  # fmt: skip
_ENDINGS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_TITLES = frozenset({"mr", "mrs", "ms", "miss"})


def person_name(text: str) -> str:
    """A name as it is said: "SMITH, JOHN MD" is "John Smith", "Dr. Wei Zhang, M.D." is "Dr. Wei Zhang"."""
    first, *more = [part.strip() for part in text.split(",") if part.strip()] or [""]
    said = " ".join(_bare(each) for each in more).split()
    endings = [word for word in said if _key(word) in _ENDINGS]
    given = [word for word in said if word not in endings]
    words = [*given, *_bare(first, keep=1 if given else 2).split(), *endings]
    if len(words) > 1 and _key(words[0]) in _TITLES:
        words = words[1:]
    name = " ".join(words)
    return _cased(name) if given else name


def patient_name(text: str) -> str:
    """A patient's name with the surname last; else as it stands: it has to be what the wristband says."""
    last, comma, first = (part.strip() for part in text.partition(","))
    if not comma or not last or not first or "," in first or _key(first) in _ENDINGS:
        return text
    return f"{first} {last}"


def _bare(part: str, keep: int = 0) -> str:
    """A part without the degrees at its end, of which the first `keep` words are none."""
    words = part.split()
    while len(words) > keep and _degree(words[-1]):
        words.pop()
    return " ".join(words)


def _degree(word: str) -> bool:
    """Degrees are written in capitals or with points: nobody called Do or Ma loses a name."""
    return _key(word) in _DEGREES and (word.upper() == word or "." in word or word in ("PhD", "PharmD"))


def _key(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.casefold())


def _cased(name: str) -> str:
    """A name shouted in capitals said in a normal voice; initials and short words stay."""
    if name.upper() != name or not re.search(r"[^\W\d_]{3}", name):
        return name
    return re.sub(r"[^\W\d_]+(?:['\u2019](?=s\b)[^\W\d_]+)?", _capital, name)


def _capital(match: re.Match[str]) -> str:
    word = match[0]
    return word if _key(word) in {"ii", "iii", "iv"} else word[:1] + word[1:].lower()
