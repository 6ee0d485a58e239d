"""From a slot on the table to the booking card: which one, and whose."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models.offline.finding import Talk, put, unread_issues
from assistant.models.offline.moves import Ask, Move, Say, Use
from assistant.models.offline.patient import sides
from assistant.models.offline.reading import Choice, Issue, Patch, Reading

NOTHING_YET = "I haven't offered any slot yet. Maybe ask for a procedure and a day first."


def book(talk: Talk, r: Reading) -> Move:
    """Ask for the patient of the offer pointed at, propose it when the patient is named, or ask which is meant."""
    return _pick(talk, r, "book")


def hold(talk: Talk, r: Reading) -> Move:
    """Propose to hold the offer pointed at, or ask which is meant."""
    return _pick(talk, r, "hold")


def _pick(talk: Talk, r: Reading, doing: str) -> Move:
    newest = [offer.label for offer in talk.table if offer.latest]
    if not newest:
        return Say(NOTHING_YET)
    open_ = unread_issues(r, complete=True)
    draft = known(r)
    if len(r.offers) == 1:
        draft["offer"] = r.offers[0]
        return put(talk, open_, draft, doing) if open_ else RESUMED[doing](talk, draft)
    return which(talk, list(r.offers) or newest, doing, draft, open_)


def said_again(talk: Talk, r: Reading) -> None:
    """ "Book the first one, right knee" names the operation of the slot once more: that asks for no other slot."""
    if not r.cues & {"book", "hold"} or any(mention.negated for mention in r.procedures):
        return
    if not (r.offers or ("laterality" in r.fields and not (r.when or r.surgeons or r.rooms))):
        return
    asked = {talk.state.frame.get("procedure"), *talk.state.frame.get("additional_procedures", ())} - {None}
    could = {choice.patch.get("procedure") for issue in _of_procedure(r) for choice in issue.choices}
    if (
        asked
        and (r.fields.get("procedure") in asked or asked & could)
        and any(each.latest for each in talk.table)
    ):
        r.issues = [issue for issue in r.issues if issue.slot != "procedure"]
        r.fields.pop("procedure", None)


def _of_procedure(r: Reading) -> list[Issue]:
    return [issue for issue in r.issues if issue.slot == "procedure"]


def known(r: Reading) -> Patch:
    """What a message says for the card: who the patient is, and the side."""
    found: Patch = {"identity": r.edits["identity"]} if "identity" in r.edits else {}
    for key in ("laterality", "duration_minutes"):
        if r.fields.get(key):
            found[key] = r.fields[key]
    return found


def which(
    talk: Talk,
    labels: Sequence[str],
    doing: str = "book",
    draft: Patch | None = None,
    before: Sequence[Issue] = (),
) -> Move:
    """Ask which offer is meant, by label; after what must be asked before."""
    if len(labels) == 1 and not before:
        return RESUMED[doing](talk, {**(draft or {}), "offer": labels[0]})
    choices = tuple(Choice(label, {"offer": label}) for label in labels[:8])
    issue = Issue("offer", f"Which one shall I {_VERBS[doing]}?", choices)
    return put(talk, [*before, issue], draft or {}, doing)


_VERBS = {"book": "prepare", "hold": "hold"}


def details(talk: Talk, draft: Patch) -> Move:
    """The proposal when patient and side are known; else the card's form for what is missing."""
    label, identity = draft["offer"], draft.get("identity") or talk.state.frame.get("identity") or {}
    if talk.state.frame.get("replaces") and "propose:move" in talk.tools:
        return _propose(talk, {"action": "move", "case": talk.state.frame["replaces"], "offer": label})
    side = draft.get("laterality") or talk.state.frame.get("laterality")
    if identity.get("name") and len(identity) > 1 and "propose" in talk.tools:
        if _sided(talk) and not side:
            return put(talk, [Issue("side", "Which side is it?", sides())], draft, "book")
        return _propose(talk, _body(talk, label, identity, side))
    talk.state.pending, talk.state.draft, talk.state.doing = [], dict(draft), "proposed"
    what = "the patient and the side" if _sided(talk) and not side else "the patient"
    text = f"For {label} I need {what}. Fill in the card; nothing is booked until a person confirms it."
    return Ask(Issue("booking", text), offer=label)


def _sided(talk: Talk) -> bool:
    procedures = [talk.state.frame.get("procedure"), *talk.state.frame.get("additional_procedures", ())]
    return any(procedure in talk.lexicon.sided for procedure in procedures)


def _body(talk: Talk, label: str, identity: Patch, side: str | None) -> Patch:
    patient = {**(talk.state.frame.get("patient") or {}), **identity}
    sided = {"laterality": side} if _sided(talk) else {}
    return {"action": "book", "offer": label, "patient": patient, **sided}


def held(talk: Talk, draft: Patch) -> Move:
    """The proposal of a hold; a length said with it is how long it lasts."""
    minutes = {"minutes": draft["duration_minutes"]} if draft.get("duration_minutes") else {}
    return _propose(talk, {"action": "hold", "offer": draft["offer"], **minutes})


def _propose(talk: Talk, body: Patch) -> Move:
    doing = "proposed" if body["action"] == "book" else "changed"
    talk.state.pending, talk.state.draft, talk.state.doing = [], {}, doing
    return Use("propose", body)


RESUMED = {"book": details, "hold": held}
"""What goes on once it is known which offer is meant."""
