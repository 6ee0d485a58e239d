"""Answers as a person reads them: what was found, why not, what else, what stays to be checked, and the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from web.terminal.clean import clean
from web.terminal.day import OFFER, in_ascii, picture

if TYPE_CHECKING:
    from rich.console import Console

    from web.terminal.page import Page

Body = Mapping[str, Any]

WIDE = 110
"""Columns from which near misses show their teams too."""
MISSING = {
    "patient": "who the patient is",
    "asa": "ASA class",
    "bmi": "BMI",
    "weight_kg": "weight",
    "flags": "allergies and infections",
}
"""A fact about the patient as people call it."""


def draw_found(console: Console, page: Page, body: Body) -> None:
    """A search's answer: the offers, or the reason why there are none and the nearest alternatives."""
    offers, reasons = body["offers"], (body["explanation"] or {}).get("conflict", [])
    if body["status"] == "not_proven":
        _say(console, "Not decided in the time allowed, so this is not a no.")
    elif not offers:
        _say(console, "No slot, and that is proven.")
    _drawn(console, page, offers, reasons, body["alternatives"])
    draw_ways_out(console, body["explanation"])


def draw_ways_out(console: Console, explanation: Mapping[str, Any] | None) -> None:
    """The days in one sentence, and the corrections with who may grant them."""
    if explanation is None:
        return
    if explanation.get("summary"):
        _say(console, explanation["summary"])
    if explanation["corrections"]:
        console.print()
        _say(console, "What would open a slot:", style="bold")
    for correction in explanation["corrections"]:
        granted = f" ({correction['granted_by']})" if correction["granted_by"] else ""
        _say(console, f"  - {correction['text']}{granted}")


def draw_checked(console: Console, page: Page, body: Body) -> None:
    """A check's answer: the verified offer, or everything that stands against it."""
    verdicts = {
        "found": "This slot passes every rule.",
        "infeasible": "This slot can't be booked.",
        "not_proven": "Not decided in the time allowed, so this is not a no.",
    }
    _say(console, verdicts[body["status"]])
    offers = [body["offer"]] if body["offer"] else []
    _drawn(console, page, offers, body["violations"], body["alternatives"])


def draw_asked(console: Console, page: Page, answer: Body) -> None:
    """A reply in words, and below it what the tools returned."""
    offers, near = answer["offers"], answer["alternatives"]
    reply = _without_slots(answer["reply"], [*offers, *(each["offer"] for each in near)])
    _say(console, reply)
    for number, choice in enumerate((answer["question"] or {}).get("choices", []), 1):
        _say(console, f"  {number}. {choice}")
    reasons = [] if answer["explanation"] is None else answer["explanation"]["conflict"]
    unsaid = [reason for reason in reasons if reason["text"] not in answer["reply"]]
    _drawn(console, page, offers, unsaid, near, headed=reply.endswith(":"))
    draw_ways_out(console, answer["explanation"])


def _without_slots(reply: str, offers: Iterable[Body]) -> str:
    """The reply without its lines of slots ("A1: Tuesday, ..."): the table below shows them with their teams."""
    marks = tuple(f"{offer['label']}: " for offer in offers)
    return "\n".join(line for line in reply.split("\n") if not line.startswith(marks)) if marks else reply


def _drawn(
    console: Console,
    page: Page,
    offers: Sequence[Body],
    reasons: Iterable[Body],
    near: Sequence[Body],
    headed: bool = False,
) -> None:
    """What a tool returned; `headed`, when the words above already lead over to the near misses."""
    _bullets(console, [page.words.explanation([reason])[0]["text"] for reason in reasons])
    if offers:
        _table(console, page.words.offers(offers), team=True)
        _notes(console, page.words.offers(offers))
        _unchecked(console, offers)
    others = [alternative["offer"] for alternative in near]
    if others:
        if not headed:
            console.print()
            _say(console, "Instead, verified against the same rules:", style="bold")
        _table(console, page.words.alternatives(near), team=console.width >= WIDE)
        _unchecked(console, others)
    if offers or others:
        _day(console, page, offers or others)


def _say(console: Console, text: str, style: str = "") -> None:
    for line in clean(text).split("\n"):
        console.print(Text(line, style=style))


def _bullets(console: Console, texts: Sequence[str]) -> None:
    """Sentences with a hanging dash."""
    listed = Table.grid(padding=(0, 1, 0, 0))
    for text in texts:
        listed.add_row("-", Text(clean(text)))
    if texts:
        console.print(Padding(listed, (0, 0, 0, 1), expand=False))


def _table(console: Console, cards: Sequence[Body], team: bool) -> None:
    """Ranked offers; a near miss says in what it differs. Cases that belong together share a label."""
    differs = any(card["differs"] for card in cards)
    names = [
        "",
        "Day",
        "Time",
        "Room",
        "Surgeon",
        *(["Differs in"] if differs else []),
        *(["Team"] if team else []),
    ]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=name in ("", "Day", "Time", "Room"))
    for card in cards:
        for number, case in enumerate(card["cases"]):
            label = Text(card["label"], style=OFFER) if number == 0 else Text("+", style="dim")
            row = [case["day"], case["times"], case["room"], case["surgeon"]]
            row += ([_lower(card["differs"])] if differs else []) + ([case["team"]] if team else [])
            table.add_row(label, *(Text(clean(each)) for each in row))
    console.print()
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def _notes(console: Console, cards: Sequence[Body]) -> None:
    """Why each offer ranks where it does, and what to mind."""
    notes = Table.grid(padding=(0, 2, 0, 0))
    for card in cards:
        said = [
            "; ".join(_lower(reason) for reason in card["reasons"]),
            *(f"Mind: {warning}" for warning in card["warnings"]),
            *card["swaps"],
        ]
        for number, text in enumerate(each for each in said if each):
            notes.add_row(Text("" if number else card["label"], style=OFFER), Text(clean(text)))
    if notes.row_count:
        console.print()
        console.print(Padding(notes, (0, 0, 0, 1), expand=False))


def _unchecked(console: Console, offers: Sequence[Body]) -> None:
    """Facts that a rule needs and nobody gave; what only some offers miss names them."""
    groups: dict[str, list[str]] = {}
    for offer in offers:
        names = dict.fromkeys(MISSING.get(each["missing"], each["missing"]) for each in offer["not_checked"])
        groups.setdefault(", ".join(names).replace("_", " "), []).append(offer["label"])
    groups.pop("", None)
    for missing, labels in groups.items():
        whose = "" if len(labels) == len(offers) else f" for {', '.join(labels)}"
        console.print()
        console.print(Padding(Text(clean(f"Not checked yet{whose}: {missing}.")), (0, 0, 0, 1), expand=False))


def _day(console: Console, page: Page, offers: Sequence[Body]) -> None:
    """The day of the best offer, and which of the others lie on other days."""
    dates = {offer["label"]: page.formats.local(offer["cases"][0]["start"]).date() for offer in offers}
    first = next(iter(dates.values()))
    console.print()
    for line in picture(page, first, offers, console.width):
        console.print(line if console.encoding.startswith("utf") else in_ascii(line), no_wrap=True, crop=True)
    elsewhere = [label for label, date in dates.items() if date != first]
    if elsewhere:
        console.print(Text(f" On other days: {', '.join(elsewhere)}", style="dim"))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
