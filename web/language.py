"""The language of the screens: catalogues in web/locale, one chosen for each request by what the browser reads.

Templates say `_("text")`; Python says `_("text")` where it runs in a request, and `N_("text")` for a name that is kept
and said later. English needs no catalogue. `scripts/texts` writes web/locale/messages.pot for translators.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale

FOLDER = Path(__file__).parent / "locale"
ENGLISH = "en"

_CURRENT: ContextVar[str] = ContextVar("language", default=ENGLISH)
set_language = _CURRENT.set
reset_language = _CURRENT.reset
language = _CURRENT.get


def N_(text: str) -> str:  # noqa: N802 - gettext's own name, which its extractors look for
    """Marks a text for the catalogue and leaves it as it is, to be said by `_` later."""
    return text


def _(text: str) -> str:
    """The text in the language of this request."""
    return _catalogue(FOLDER, language()).gettext(text)


def plural(one: str, many: str, count: int) -> str:
    """The text for so many, in the language of this request."""
    return _catalogue(FOLDER, language()).ngettext(one, many, count)


def locale() -> str:
    """Babel's name of the language, for days, months and hours."""
    return "en_US" if language() == ENGLISH else language()


def chosen(accepted: str) -> str:
    """The best language that there is for an Accept-Language header; English where there is none."""
    named = {name.replace("_", "-"): name for name in (ENGLISH, *_translated(FOLDER))}
    found = negotiate_locale(_wanted(accepted), list(named), sep="-")
    return named.get(found or ENGLISH, ENGLISH)


def _wanted(accepted: str) -> list[str]:
    """The header's languages, most wanted first; what can't be read is left out."""
    ranked = []
    for place, part in enumerate(accepted[:500].split(",")):
        name, _sep, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, name.strip()))
        except ValueError:
            continue
    return [name for weight, _place, name in sorted(ranked) if name and name != "*" and weight < 0]


@cache
def _translated(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/messages.po")))


@cache
def _catalogue(folder: Path, name: str) -> gettext.NullTranslations:
    """Catalogues are kept as text and compiled when first read: the repository holds nothing made."""
    if name not in _translated(folder):
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # English, which needs neither, starts sooner without them
    from babel.messages.pofile import read_po

    with (folder / name / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=_known(name))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _known(name: str) -> str | None:
    try:
        return str(Locale.parse(name))
    except (ValueError, UnknownLocaleError):
        return None
