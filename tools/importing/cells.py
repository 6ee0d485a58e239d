"""One cell at a time: dates, times, lengths and lists as people type them; what could mean two things is refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress

from solver.clinic import DAYS

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NONE = frozenset({"-", "--", "\u2013", "\u2014", "n/a", "na", "none", "off", "closed", "x", "nil"})
OFF = NONE | {
    "pto", "vac", "vacation", "v", "r/o", "ro", "req off", "sick", "leave", "loa", "fmla", "hol", "holiday",
    "not working", "day off", "frei", "urlaub", "krank", "0",
}  # fmt: skip
"""What a roster says of somebody who doesn't work."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_WEEKDAY = re.compile(
    rf"^(?:{'|'.join(_WEEKDAYS)}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)[,.]* ", re.IGNORECASE
)


class CellError(Exception):
    """What is wrong with a cell and the way out, in one or two sentences."""


def date(text: str, order: str | None = None, *, past: bool = False) -> dt.date:
    """A date; `order` is "mdy" or "dmy" where the whole file is known to be so. `past` wants the year in full."""
    bare = re.sub(r"[T ]0?0:00(:00(\.0+)?)?( AM)?$", "", _WEEKDAY.sub("", text))
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[- .]*([A-Za-z]{3,9})\.?[- ,]*(\d{4}|\d\d)", bare):
        return _made(_year(match[3], past), _month(match[2]), int(match[1]))
    if match := re.fullmatch(r"([A-Za-z]{3,9})\.?[- ]*(\d{1,2})(?:st|nd|rd|th)?[- ,]+(\d{4}|\d\d)", bare):
        return _made(_year(match[3], past), _month(match[1]), int(match[2]))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)", bare):
        return _numeric(int(match[1]), int(match[2]), _year(match[3], past), order)
    if match := re.fullmatch(r"((?:19|20)\d\d)([01]\d)([0-3]\d)", bare):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if re.fullmatch(r"[1-5]\d{4}(?:\.\d+)?", bare):
        raise CellError("is Excel's number of a day, not a date. Maybe format the column as a date.")
    raise CellError("is not a date. Maybe write it as 2026-03-10.")


def _numeric(first: int, second: int, year: int, order: str | None) -> dt.date:
    if order is None and first <= 12 and second <= 12 and first != second:
        one, other = (_made(year, *pair) for pair in ((first, second), (second, first)))
        said = f"can be {_said(one)} or {_said(other)}. Maybe write {one} or {other}, "
        raise CellError(f"{said}or say for the whole file that dates are mdy or dmy.")
    monthly = order == "mdy" if order else second > 12
    return _made(year, *((first, second) if monthly else (second, first)))


def _said(day: dt.date) -> str:
    return f"{day:%B} {day.day}"


def _made(year: int, month: int, day: int) -> dt.date:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        raise CellError("is no day of the calendar. Maybe day and month are swapped.") from None
    if not 1900 <= made.year <= 2199:
        raise CellError("is outside the calendar. Maybe the year has a digit too many.")
    return made


def _year(digits: str, past: bool) -> int:
    if len(digits) == 4:
        return int(digits)
    if past:
        raise CellError("leaves the century open. Maybe write the year with four digits.")
    return 2000 + int(digits)


def _month(word: str) -> int:
    key = word.lower()[:3]
    if key not in MONTHS:
        raise CellError(f"has no month {word!r}. Maybe write it as 2026-03-10.")
    return MONTHS.index(key) + 1


def yearless(text: str) -> bool:
    """Whether this is a day of a month whose year isn't said, as heads of a roster are: "Mon 3/9", "9-Mar"."""
    bare = _WEEKDAY.sub("", f"{text.strip()} ").strip()
    match = re.fullmatch(
        r"(?:\d{1,2}[-/.]\d{1,2}\.?|(\d{1,2})[- .]+([A-Za-z]{3,9})|([A-Za-z]{3,9})[- .]+\d{1,2})", bare
    )
    return match is not None and (match[2] or match[3] or "jan").lower()[:3] in MONTHS


def clock(text: str) -> int:
    """A time of day in minutes: 7:30, 07:30:00, 0730, 7:30 AM, 7am, 7h30."""
    match = re.fullmatch(
        r"(\d{1,2})(?:[:.h]?([0-5]\d))?(?::[0-5]\d)? ?([ap])?\.?m?\.?(?: ?uhr| ?hrs?)?", text.lower()
    )
    bare = match and match[2] is None and match[3] is None
    if not match or bare:
        raise CellError("is not a time of day. Maybe write it as 07:30.")
    hours, minutes, half = int(match[1]), int(match[2] or 0), match[3]
    if half and not 1 <= hours <= 12:
        raise CellError("has a 24-hour time with AM or PM. Maybe leave one of them out.")
    hours = hours % 12 + (12 if half == "p" else 0) if half else hours
    if hours * 60 + minutes > 24 * 60:
        raise CellError("is later than 24:00. Maybe write it as 07:30.")
    return hours * 60 + minutes


def window(text: str) -> str:
    """A stretch of a day as the clinic file writes it: "7:30 - 3:30 PM" is "07:30-15:30"."""
    parts = re.split(r"\s*(?:-|\u2013|\u2014|\bto\b|\bbis\b)\s*", text.strip())
    if len(parts) != 2:
        raise CellError("is not a stretch of a day. Maybe write it as 07:30-15:30.")
    return joined(clock(_whole(parts[0])), clock(_whole(parts[1])))


def _whole(text: str) -> str:
    return f"{text}:00" if re.fullmatch(r"\d{1,2}", text) else text


def joined(start: int, end: int) -> str:
    """A window from two times of day in minutes."""
    if end <= start:
        raise CellError("ends before it starts. Maybe AM and PM are mixed up, or split it at midnight.")
    return "-".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (start, end))


def length(text: str) -> int:
    """Minutes: 75, 75 min, 1:15, 1h 15m, 1.25 h."""
    bare = text.lower().replace(",", ".")
    if match := re.fullmatch(r"(\d+)(?:\.0+)? ?(?:m|min|mins|minutes?)?\.?", bare):
        return int(match[1])
    if match := re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::00)?", bare):
        return int(match[1]) * 60 + int(match[2])
    hours = r"(?:h|hr|hrs|hours?)"
    if match := re.fullmatch(rf"(\d{{1,2}}) ?{hours} ?(?:(\d{{1,2}}) ?(?:m|min|mins|minutes?)?)?", bare):
        return int(match[1]) * 60 + int(match[2] or 0)
    if match := re.fullmatch(rf"(\d{{1,2}}\.\d+) ?{hours}", bare):
        return round(float(match[1]) * 60)
    raise CellError("is not a length in minutes. Maybe write it as 75.")


def count(text: str) -> int:
    """A whole number."""
    match = re.fullmatch(r"(\d{1,6})(?:[.,]0+)?", text)
    if not match:
        raise CellError("is not a whole number. Maybe write it as 6.")
    return int(match[1])


def switch(text: str) -> bool:
    """Yes or no."""
    word = text.lower().rstrip(".")
    if word in {"yes", "y", "true", "1", "x", "ja", "oui", "wahr"}:
        return True
    if word in {"no", "n", "false", "0", "-", "nein", "non", "falsch"}:
        return False
    raise CellError("is neither yes nor no. Maybe write yes.")


def sided(text: str) -> bool:
    """Whether a procedure has a side: yes or no, or the sides that it may have."""
    with suppress(CellError):
        return switch(text)
    word = text.lower().strip(" .()")
    if word in NONE | {"not applicable", "midline"}:
        return False
    parts = [part for part in re.split(r"\s*(?:[/,;&|]|\bor\b|\band\b)\s*", word) if part]
    if not parts:
        raise CellError("is neither yes nor no. Maybe write yes.")
    return all(side(part) is not None for part in parts)


def side(text: str) -> str | None:
    """Left, right or bilateral; None where no side is meant."""
    word = text.lower().strip(" .()")
    sides = {
        "left": "left", "l": "left", "lt": "left", "links": "left", "li": "left", "right": "right", "r": "right",
        "rt": "right", "rechts": "right", "re": "right", "bilateral": "bilateral", "b": "bilateral",
        "bil": "bilateral", "bilat": "bilateral", "both": "bilateral", "bl": "bilateral", "b/l": "bilateral",
        "beidseits": "bilateral", "bds": "bilateral",
    }  # fmt: skip
    if word in NONE:
        return None
    if word not in sides:
        raise CellError("is not a side. Maybe left, right or bilateral.")
    return sides[word]


def days(text: str) -> list[str]:
    """Weekdays: "Mon", "Mon-Fri", "Tue, Thu", "daily"."""
    found: list[str] = []
    word = text.lower().strip()
    if word in {"daily", "all", "every day", "mon-sun"}:
        return list(DAYS)
    if word in {"weekdays", "m-f"}:
        return list(DAYS[:5])
    if run := _run(text.strip()):
        return run
    for part in items(word.replace("&", ",").replace(" and ", ",")):
        ends = [_day(end) for end in re.split(r"\s*(?:-|\u2013|\bto\b)\s*", part)]
        if len(ends) > 2 or ends[-1] < ends[0]:
            raise CellError("is not a row of weekdays. Maybe write Mon-Fri, or Tue, Thu.")
        found += DAYS[ends[0] : ends[-1] + 1]
    return list(dict.fromkeys(found))


def _run(text: str) -> list[str]:
    """Weekdays written as one word, as timetables have it: MWF, MTWThF, TTh, MTWRF. A lone T or S could be two."""
    signs = re.findall(r"Tu|Th|Sa|Su|M|T|W|R|F", text)
    if len(signs) < 2 or "".join(signs) != text:
        return []
    order = {"M": 0, "Tu": 1, "T": 1, "W": 2, "Th": 3, "R": 3, "F": 4, "Sa": 5, "Su": 6}
    found = [order[sign] for sign in signs]
    if text == "MTWTF":
        found = [0, 1, 2, 3, 4]
    return [DAYS[index] for index in found] if found == sorted(set(found)) else []


def _day(text: str) -> int:
    word = text.strip(" .").removesuffix("s")
    fits = [index for index, name in enumerate(_WEEKDAYS) if name.startswith(word)]
    if len(word) >= 2 and len(fits) == 1:
        return fits[0]
    raise CellError("is not a weekday. Maybe write Mon.")


def items(text: str) -> list[str]:
    """The parts of a cell that lists something: divided by semicolons, bars, slashes, or else commas."""
    parts = re.split(r"[;|\n/]", text) if re.search(r"[;|\n/]", text) else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def choices(text: str) -> list[str]:
    """The parts of a cell that says one or another: "General or Spinal", "GA + block"."""
    return [
        part for item in items(text) for part in re.split(r"\s+(?:or|and|with)\s+|\s*[+&]\s*", item) if part
    ]


def slug(text: str) -> str:
    """An id from a name: "OR 1" is "or-1"."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    made = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")
    if not made:
        raise CellError("gives no id. Maybe add a column id with letters and digits.")
    return made


def own_id(text: str) -> str:
    """An id as another system gave it, where it can stand as it is; else one made of it."""
    return text if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text) else slug(text)


def folded(text: str) -> str:
    """How names are compared: case, points, titles and spacing make no difference."""
    words = re.sub(r"[^\w\s-]", " ", text.casefold()).split()
    return " ".join(word for word in words if word not in {"dr", "md", "mr", "mrs", "ms", "prof", "rn"})


def known(text: str, called: Iterable[tuple[str, str]], what: str) -> str:
    """The id of what a cell names, by (name, id); raises `CellError` for none or several, with the nearest."""
    from difflib import get_close_matches

    ids: dict[str, set[str]] = {}
    names: dict[str, tuple[str, str]] = {}
    for name, id_ in called:
        for key in (folded(name), squashed(name)):
            ids.setdefault(key, set()).add(id_)
        names.setdefault(folded(name), (name, id_))
    ways = (folded(text), folded(_turned(text)), squashed(text))
    found = next((ids[key] for key in ways if key in ids), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise CellError(f"is what several are called: {', '.join(sorted(found))}. Maybe write the id.")
    close = [names[key] for key in get_close_matches(folded(text), list(names), n=3, cutoff=0.5)]
    near = list({id_: name for name, id_ in reversed(close)}.values())[::-1]
    way = f"Maybe {' or '.join(near[:2])}." if near else f"Maybe import the {what} first."
    raise CellError(f"is no {what} here. {way}")


def squashed(text: str) -> str:
    """A name without any sign but letters and digits: OR3, OR-3 and OR 3 are one."""
    return re.sub(r"[\W_]+", "", folded(text))


def _turned(text: str) -> str:
    """ "Smith, John" as "John Smith"."""
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else text
