"""Colours as WCAG counts them, and sources without anything that the content security policy would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web import pages

CSS = (pages.STATIC / "css" / "tokens.css").read_text()
LIGHT, DARK = CSS.split("@media (prefers-color-scheme: dark)")
TEXT = [
    ("ink", "panel"), ("ink", "page"), ("ink", "sunk"), ("soft", "panel"), ("soft", "page"), ("soft", "sunk"),
    ("link", "panel"), ("link", "accent-soft"), ("ink", "accent-soft"), ("accent-ink", "accent"),
    ("case-ink", "case"), ("ghost-ink", "ghost"), ("ghost-ink", "ghost-on"), ("panel", "ghost-edge"),
    ("held-ink", "held"), ("block-ink", "block"), ("shut-ink", "shut"), ("bad-ink", "bad"), ("bad-ink", "panel"),
    ("warn-ink", "warn"), ("page", "ink"), ("panel", "held-edge"), ("link", "ghost"), ("accent", "panel"),
    ("panel", "bad-edge"),
]  # fmt: skip
SHAPES = [
    ("edge", "panel"), ("focus", "panel"), ("focus", "page"), ("case-edge", "panel"), ("ghost-edge", "panel"),
    ("block-edge", "panel"), ("held-edge", "panel"), ("bad-edge", "panel"), ("now", "panel"),
]  # fmt: skip


def tokens(dark: bool) -> dict[str, str]:
    """The colours by name."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", DARK if dark else LIGHT))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_meets_wcag_on_its_background(front: str, back: str, dark: bool) -> None:
    """Every text colour has 4.5:1 on every background it stands on, light and dark (WCAG 2.2, 1.4.3)."""
    named = tokens(dark)
    assert contrast(named[front], named[back]) >= 4.5


def test_every_pair_that_a_rule_paints_is_held_to_it() -> None:
    """Where a rule of a style sheet sets both text and background, that pair is among those measured above."""
    painted = set()
    for sheet in (pages.STATIC / "css").glob("*.css"):
        for body in re.findall(r"\{([^{}]*)\}", sheet.read_text()):
            front = re.search(r"(?<![\w-])color:\s*var\(--([\w-]+)\)", body)
            back = re.search(r"background:\s*var\(--([\w-]+)\)", body)
            painted |= {(front[1], back[1])} if front and back else set()
    assert len(painted) > 10
    assert painted <= set(TEXT), f"Maybe add to TEXT: {painted - set(TEXT)}"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_edges_that_mean_something_meet_wcag(front: str, back: str, dark: bool) -> None:
    """Borders, focus rings and marks have 3:1 (WCAG 2.2, 1.4.11)."""
    named = tokens(dark)
    assert contrast(named[front], named[back]) >= 3


def test_dark_defines_what_light_defines() -> None:
    """No colour is left over from the other scheme."""
    assert set(tokens(True)) == set(tokens(False))


SOURCES = [path for path in pages.HERE.rglob("*") if path.suffix in (".html", ".js")]
FORBIDDEN = {
    "inline style": r"<[^>]*\sstyle=",
    "inline handler": r"<[^>]*\son[a-z]+=",
    "markup from text": r"\b(innerHTML|outerHTML|insertAdjacentHTML|DOMParser|document\.write|setHTMLUnsafe)\b",
    "evaluated text": r"\beval\(|new Function\(",
    "unescaped value": r"\|\s*safe\b|Markup\(",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "storage": r"\b(localStorage|sessionStorage|document\.cookie)\b",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_source_holds_what_the_policy_refuses(name: str) -> None:
    """No page or script has inline style, handlers or scripts, markup made from text, or keeps data in the browser."""
    found = [path.name for path in SOURCES if re.search(FORBIDDEN[name], Path(path).read_text())]
    assert sorted(found) == (["idle.js", "talk.js"] if name == "storage" else [])


def test_of_a_conversation_its_id_alone_is_kept_in_the_tab() -> None:
    """Its words stay at the server, which gives them to the person alone who wrote them."""
    script = (pages.STATIC / "js" / "talk.js").read_text()
    assert not re.search(r"localStorage|document\.cookie", script)
    assert re.findall(r"sessionStorage\.setItem\(([^)]*)\)", script) == ["KEPT, field.value"]
    assert 'const field = document.querySelector("#ask [name=conversation]");' in script


def test_the_idle_warning_keeps_marked_fields_in_its_tab() -> None:
    """The idle warning keeps what was typed in the tab alone, and of all fields only the request is marked for it."""
    assert not re.search(r"localStorage|document\.cookie", (pages.STATIC / "js" / "idle.js").read_text())
    marked = [line for path in SOURCES if path.suffix == ".html" for line in path.read_text().splitlines()
              if "data-keep" in line]  # fmt: skip
    assert len(marked) == 1
    assert 'id="text"' in marked[0]
