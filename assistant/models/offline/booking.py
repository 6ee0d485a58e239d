"""From a slot on the table to the booking card: which one, and whose."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models.offline.finding import Talk, put, unread_issues
from assistant.models.offline.moves import Ask, Move, Say
from assistant.models.offline.reading import Choice, Issue, Reading


def book(talk: Talk, r: Reading) -> Move:
    """Ask for the patient of the offer pointed at, or which offer is meant."""
    newest = [offer.label for offer in talk.table if offer.latest]
    if not newest:
        return Say(
            "No slot has been offered in this conversation yet. Maybe ask for a procedure and a day first."
        )
    open_ = unread_issues(r)
    if len(r.offers) == 1:
        return put(talk, open_, {"offer": r.offers[0]}, "book") if open_ else details(talk, r.offers[0])
    return which(talk, list(r.offers) or newest)


def which(talk: Talk, labels: Sequence[str]) -> Move:
    """Ask which offer is meant, by label."""
    if len(labels) == 1:
        return details(talk, labels[0])
    choices = tuple(Choice(label, {"offer": label}) for label in labels[:8])
    return put(talk, [Issue("offer", "Which one shall I prepare?", choices)], {}, "book")


def details(talk: Talk, label: str) -> Move:
    """The card's form: the patient, and the side where the procedure has one."""
    talk.state.pending, talk.state.draft, talk.state.doing = [], {}, "proposed"
    procedures = [talk.state.frame.get("procedure"), *talk.state.frame.get("additional_procedures", ())]
    sided = any(procedure in talk.lexicon.sided for procedure in procedures)
    what = "the patient and the side" if sided else "the patient"
    text = f"For {label} I need {what}. Fill in the card; nothing is booked until a person confirms it."
    return Ask(Issue("booking", text), offer=label)
