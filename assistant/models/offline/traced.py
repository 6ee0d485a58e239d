"""What took a slot that was free before: which slot is meant, and the tool that reads it from the audit trail."""

from __future__ import annotations

from assistant.models.offline import finding
from assistant.models.offline.finding import Talk
from assistant.models.offline.moves import Move
from assistant.models.offline.offers import OnTable
from assistant.models.offline.reading import Issue, Patch, Reading
from assistant.models.offline.starts import choices_of, slot_of, start_of

_WHICH = "Which slot do you mean? Maybe name the procedure, the surgeon, the day and the start; the room if it matters."


def took(talk: Talk, r: Reading) -> Move:
    """Ask the audit trail about the slot that the message names, points at, or that was last looked at."""
    pointed = [offer for offer in talk.table if offer.label in r.offers]
    if len(pointed) > 1:
        return finding.put(talk, [_which_of(talk, pointed)], {"since": r.fields["since"]}, "took")
    base = _about(talk, pointed[0]) if pointed else _base(talk, r)
    procedure = "procedure" in r.fields or any(issue.slot == "procedure" for issue in r.issues)
    nothing = not base and not procedure and start_of(r.fields) is None
    first = [Issue("procedure", _WHICH)] if nothing and not finding.unknown_procedure(r) else []
    return finding.ask_or_act(talk, r, base, first, "took")


def _base(talk: Talk, r: Reading) -> Patch:
    """The request that the message goes on from: the last one, with the slot that it or its card was about."""
    frame = dict(talk.state.frame) if finding.continues(talk, r, "took") else {}
    if not frame or r.when or r.rooms or r.surgeons or start_of(frame) is not None:
        return frame
    label = talk.state.draft.get("offer") if talk.state.doing == "proposed" else None
    newest = [offer for offer in talk.table if offer.latest]
    card = [offer for offer in talk.table if offer.label == label]
    only = card or (newest if len(newest) == 1 else [])
    return _about(talk, only[0]) if only else frame


def _about(talk: Talk, offer: OnTable) -> Patch:
    """An offer's slot, with what else was said of its case."""
    same = talk.state.frame.get("procedure") == offer.procedure
    return {**(talk.state.frame if same else {}), **slot_of(offer)}


def _which_of(talk: Talk, pointed: list[OnTable]) -> Issue:
    return Issue("when", "Which one of them do you mean?", choices_of(pointed, talk.lexicon))
