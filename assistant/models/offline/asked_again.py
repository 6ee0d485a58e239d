"""An order read once more, with the answer to what was asked about it."""

from __future__ import annotations

from assistant.models.offline.finding import Talk
from assistant.models.offline.reading import Issue, Mention, Patch, Reading
from assistant.models.offline.understand import understand, unread
from assistant.models.offline.when import DAY_FIELDS, HOUR_FIELDS


def waiting(r: Reading, issue: Issue, before: Patch) -> Patch:
    """What must be remembered of an order while `issue` is asked; `before` are the answers so far."""
    return {**before, "heard": r.utterance.text, "asking": [*(before.get("asking") or ()), issue.slot]}


def with_answers(talk: Talk, draft: Patch) -> Reading:
    """The order of a waiting draft as it reads now: what was answered is known, what was left out is passed over."""
    r = understand(draft["heard"], talk.lexicon, talk.now, talk.table)
    asked = list(draft["asking"])
    r.issues = [issue for issue in r.issues if issue.slot not in asked]
    for stretch in unread(r)[: asked.count("unread")]:
        for word in stretch:
            word.taken = "filler"
    for key, mentions in (("surgeon", r.surgeons), ("room", r.rooms)):
        if draft.get(key):
            mentions[:] = [Mention(0, 0, (draft[key],))]
    answered = {key: draft[key] for key in (*DAY_FIELDS, *HOUR_FIELDS, "surgeon", "room") if key in draft}
    r.fields |= answered
    return r


def answers(draft: Patch) -> Patch:
    """The answers in a waiting draft, without what only describes the order."""
    return {key: value for key, value in draft.items() if key not in {"to", "action"}}
