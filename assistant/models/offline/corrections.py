"""Corrections: "no, Thursday" after a request, and "Tuesday, no wait, Thursday" inside one."""

from __future__ import annotations

import re

from assistant.models.offline import finding
from assistant.models.offline.cues import is_no
from assistant.models.offline.finding import Talk
from assistant.models.offline.moves import Move
from assistant.models.offline.request import merged
from assistant.models.offline.text import words_of
from assistant.models.offline.understand import understand, unread

_NO_BUT = re.compile(
    r"^\W*(?:(?:actually|oh|hmm|ok|okay|well|um|uh)\b[\s,]+)?(?:no|nope|nah|sorry|wait|oops"
    r"|scratch that|i meant?|i mean)\b"
    r"(?P<mark>[\s,.;:!-]+)(?=\w)",
    re.IGNORECASE,
)


_TURN = re.compile(
    r"[\s,.;:()\u2013\u2014-]+(?:no,? wait|wait,? no|oh wait|wait|scratch that|correction|sorry"
    r"|i mean(?:t)?|i meant to say"
    r"|(?:no,? |or )?actually,? (?:make|lets make|let's make) (?:it|that)|no,? make (?:it|that)|make (?:it|that)|no,)"
    r"[\s,.:;-]+(?=\w)",
    re.IGNORECASE,
)


_LONGEST = 600
"""Characters of a message that is read once more in two halves; of a longer one the turn is asked about."""


def amended(talk: Talk, text: str) -> Move | None:
    """ "Tuesday, no wait, Thursday": what comes after the turn replaces its kind in what came before."""
    turns = list(_TURN.finditer(text))
    if len(turns) != 1 or len(text) > _LONGEST:
        return None
    read = []
    for part in (text[: turns[0].start()], text[turns[0].end() :]):
        r = understand(part, talk.lexicon, talk.now, talk.table)
        if unread(r) or r.issues or r.cues - {"followup"} or r.offers:
            return None
        read.append(r)
    head, tail = read
    if "procedure" not in head.fields or not (tail.fields or tail.edits):
        return None
    base = talk.state.frame if finding.continues(talk, head) else {}
    return finding.ask_or_act(talk, tail, merged(base, head, talk.table), [], "find")


_FORGET = re.compile(
    r"^\W*(?:(?:ok|okay|oh|well|no|sorry|actually|hmm|and|lets|let's|you know what)[\s,]+)*"
    r"(?:(?:forget|disregard|ignore|drop|skip) (?:it|that|about (?:it|that)|all that)|never ?mind|nvm|scratch that"
    r"|start over)\s*[,.;:!\u2013\u2014-]*\s+(?=\w)",
    re.IGNORECASE,
)


def dropped(talk: Talk, text: str) -> str:
    """ "Forget it, an ACL with Patel on the 23rd": what came before is dropped, and the rest is a new request."""
    found = _FORGET.match(text)
    if found is None:
        return text
    rest = text[found.end() :]
    r = understand(rest, talk.lexicon, talk.now, talk.table)
    if "procedure" not in r.fields and all(issue.slot != "procedure" for issue in r.issues):
        return text
    talk.state.pending, talk.state.draft, talk.state.frame = [], {}, {}
    return rest


def corrected(talk: Talk, text: str) -> tuple[str, bool]:
    """ "No, Thursday" after a request changes it; the "no" itself refuses nothing more."""
    rest = without_no(text) if talk.state.frame and not _refuses(talk, text) else text
    return (rest, True) if rest != text and not is_no(" ".join(words_of(text))) else (text, False)


def without_no(text: str) -> str:
    """ "No, not Smith, Patel" after a question or a request: the first "no" answers, and refuses nothing more."""
    return _NO_BUT.sub("", text)


def _refuses(talk: Talk, text: str) -> bool:
    """ "no OR 2" without a mark leaves that room out, and "no Smith" whoever was asked for; "no, OR 2" asks for it."""
    found = _NO_BUT.match(text)
    if found is None or found["mark"].strip():
        return False
    r = understand(text, talk.lexicon, talk.now, talk.table)
    out = {id_ for mention in (*r.rooms, *r.surgeons) if mention.negated for id_ in mention.ids}
    asked = out & {talk.state.frame.get("room"), talk.state.frame.get("surgeon")}
    rooms = bool(r.rooms) and all(mention.negated for mention in r.rooms)
    return not unread(r) and not r.issues and (rooms or bool(asked))
