"""Every visible text goes through the catalogue: nothing in a template is bare, and a made-up language shows all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment
from starlette.testclient import TestClient

from solver.rules import CATALOGUE
from tests.browser.house import Home
from tests.web.catalogue import PSEUDO, WEB, extracted, pseudo, written
from tests.web.signed import PAGE, SECRET
from tools.accounts import links, people
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web import language

TEMPLATES = sorted((WEB / "templates").glob("*.html"))
SAID = ("aria-label", "title", "placeholder", "alt")
"""Attributes that are read out or shown."""
PLAIN = {"Slotwright", "CSV", "·", "OR"}
UNSAID = {"q", "kbd", "script", "style", "code"}
"""Sentences to type stay in the language that the interpreter reads."""
SPOKEN = {"h1", "h2", "h3", "label", "legend", "button", "summary", "dt", "dd", "caption"}
"""Parts of a page that are never a clinic's own words alone."""


class Texts(HTMLParser):
    """The visible texts of a page: (the element that they stand in, or the attribute; the text)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note its attributes, and that it is open."""
        if tag not in {"input", "link", "meta", "img", "br", "rect"}:
            self._open.append(tag)
        self.found += [(f"@{name}", value) for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        """Close it, and whatever was left open inside."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Note a text that can be read."""
        if data.strip() and not UNSAID & set(self._open):
            self.found.append((self._open[-1] if self._open else "", " ".join(data.split())))


def bare(template: Path) -> list[str]:
    """Words that a template writes without asking the catalogue."""
    kept = []
    for _line, kind, value in Environment(autoescape=True).lex(template.read_text()):
        kept.append(value if kind == "data" else "{" if kind == "variable_begin" else "")
    reader = Texts()
    reader.feed("".join(kept))
    words = [(where, re.sub(r"[{·]|&\w+;", " ", text).strip()) for where, text in reader.found]
    return [text for _where, text in words if re.search(r"[^\W\d_]{2}", text) and text not in PLAIN]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_writes_a_bare_text(template: Path) -> None:
    """Between the tags, and in what is read out, stand only calls of the catalogue."""
    assert bare(template) == []


def test_a_bare_text_would_be_found(tmp_path: Path) -> None:
    """The check itself sees a bare text, a bare label and one behind a condition."""
    page = tmp_path / "page.html"
    page.write_text(
        '<p{% if x %} class="a"{% endif %}>Hello {{ name }}</p><i aria-label="Bye">{{ _("Yes") }}</i>'
    )
    assert bare(page) == ["Hello", "Bye"]


def test_the_catalogue_for_translators_is_complete() -> None:
    """What is kept for translators in web/locale/messages.pot is what is extracted now."""
    kept = (WEB / "locale" / "messages.pot").read_bytes()
    assert kept == written(extracted()), "Maybe run: .venv/bin/python scripts/texts"


@pytest.fixture(scope="module")
def house() -> Iterator[Home]:
    """The demo's book with a person of each role and a flooded room."""
    made = Home(store=Store.memory(demo_clinic(dt.date(2026, 3, 5))))
    made.settle()
    link = people.added(made.admin, "nurse", "Nora Charge", "charge-nurse")
    links.set_password(made.store, link, SECRET, made.at)
    made.flood()
    yield made
    made.store.close()


@pytest.fixture
def speaking(house: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The house, in which a language of brackets can be asked for."""
    pseudo(tmp_path)
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    return house


def own_words(house: Home) -> set[str]:
    """What the clinic and its people are called: said in every language alike."""
    clinic = house.store.clinic()
    named = (clinic.rooms, clinic.staff, clinic.procedures, clinic.equipment)
    return {each.name for group in named for each in group.values()} | {rule.title for rule in CATALOGUE.values()} | {
        "Rita Root", "Nora Charge", "Scheduler", "Auditor", "Director", clinic.name,
    }  # fmt: skip


def untranslated(client: TestClient, address: str, own: set[str]) -> list[str]:
    """Texts of a page in the made-up language that aren't in brackets and aren't the clinic's own."""
    answer = client.get(address, headers=PAGE | {"accept-language": f"{PSEUDO},en;q=0.5"})
    assert f'<html lang="{PSEUDO}"' in answer.text
    reader = Texts()
    reader.feed(answer.text)
    said = [(where, text) for where, text in reader.found if where in SPOKEN or where.startswith("@")]
    return [
        f"{where}: {text}"
        for where, text in said
        if "\u27e6" not in text and re.search(r"[^\W\d_]{2}", said_else(text, own))
    ]


def said_else(text: str, own: set[str]) -> str:
    """What is left of a text without the clinic's own words."""
    for name in sorted(own | PLAIN, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


ADDRESSES = {
    "director": ("/worklist", "/worklist?state=all", "/why-not", "/reports", "/account", "/nowhere",
                 "/why-not?procedure=knee-arthroscopy&surgeon=dr-smith&date_from=2026-03-11",
                 *(f"/help?role={role}" for role in ("scheduler", "charge-nurse", "director", "admin", "auditor"))),
    "root": ("/people",),
    "auditor": ("/worklist", "/help"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "address"), [(who, each) for who, group in ADDRESSES.items() for each in group]
)
def test_a_page_speaks_the_readers_language(speaking: Home, who: str, address: str) -> None:
    """Headings, labels, buttons and what is read out come from the catalogue of the language asked for."""
    assert untranslated(speaking.signed_in(who), address, own_words(speaking)) == []


def test_signing_in_speaks_it_too(speaking: Home) -> None:
    """The form before anyone is known follows the browser's wish."""
    assert untranslated(speaking.client(), "/sign-in?bye=true", set()) == []


def test_times_follow_the_language(speaking: Home) -> None:
    """Months and weekdays are those of the language, and so is the word between two times."""
    headers = PAGE | {"accept-language": PSEUDO}
    text = speaking.signed_in("director").get("/worklist", headers=headers).text
    assert "Marto" in text
    assert "March 10, " not in text.replace("on Tuesday, March 10", "")


@pytest.mark.parametrize(
    ("wish", "got"),
    [("", "en"), ("de", "en"), ("fr;q=0.9, *;q=0.1", "en"), ("xx;q=a,;;", "en"), ("en-GB", "en")],
)
def test_a_wish_that_cannot_be_met_is_english(wish: str, got: str) -> None:
    """Unknown, malformed or empty headers give English."""
    assert language.chosen(wish) == got


def test_the_most_wanted_language_is_chosen(speaking: Home) -> None:
    """By weight first, then by place."""
    assert language.chosen(f"de, {PSEUDO};q=0.9, en;q=0.8") == PSEUDO
    assert language.chosen(f"en, {PSEUDO};q=0.9") == "en"
