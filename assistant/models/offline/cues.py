"""What kind of request a message is, from its words."""

from __future__ import annotations

import re

from assistant.models.offline.intents import BY_NAME, INTENTS, Intent
from assistant.models.offline.reading import Reading

_YES = re.compile(r"^(?:(?:ok|okay|yes|yep|yeah|yup|sure|correct|right|confirm|confirmed|exactly|please"
    r"|do it|go ahead"
                  r"|sounds good|that works|works for me|looks good|fine|perfect|thats it|that one)(?: "
                  r"|$))+$")  # fmt: skip
_NO = re.compile(r"^(?:no|nope|nah|never ?mind|nvm|forget (?:it|that|about it)|stop|cancel(?: that| it)?|neither"
                 r"|none(?: of (?:them|these|those))?|no thanks?(?: you)?|not now|leave it|start over"
                 r"|reset)$")  # fmt: skip


def is_yes(line: str) -> bool:
    """Whether the whole message agrees."""
    return bool(_YES.match(line))


def is_no(line: str) -> bool:
    """Whether the whole message declines or drops the matter."""
    return bool(_NO.match(line))


_ORDER = re.compile(r"^(?:(?:please|can|could|you|i|we|want|need|to|would|like|lets|go|ahead|and|ok|okay|have"
    r"|has|had"
                    r"|must|should|ll|will|going|gonna|id) )*(?P<verb>release|reclaim|give up|give back|hold"
                    r"|reserve"
                    r"|cancel|scratch|move|bump|push|swap|reschedule|pin|unpin|lock|unlock"
                    r"|undo(?: (?:it|that|this|the|my|our|last|change|one|booking|we|i|did))*)(?!\S)")  # fmt: skip
_ORDERS = {"give up": "release", "give back": "release", "reserve": "hold", "scratch": "cancel", "bump": "move",
           "push": "move", "swap": "move", "reschedule": "move", "pin": "edit", "unpin": "edit", "lock": "edit",
           "unlock": "edit"}  # fmt: skip


_WHY = re.compile(
    r"^(?:(?:so|but|and|ok|okay|well|can|could|you|please|tell|me|explain|to|us) )*(?:why|how come|(?:the "
    r"|is there (?:a|any) )?reasons? (?:why|for)?)"
    r"(?: (?:is|are|was|do|does|did|can|could|we|i|there|it|that|not|any|anything))*(?!\S)"
)  # fmt: skip
_WHY_LAST = re.compile(r"\b(?:but )?(?:why|how come)(?: not| is that)?$")
_DENIED = re.compile(r"\b(?:not|cant|can not|nothing|no|none|doesnt|wont|isnt|arent|couldnt|cannot|dont|wasnt"
    r"|never|refused|denied"
                     r"|rejected|declined|unavailable|impossible|blocked)(?!\S)")  # fmt: skip


def read_why(r: Reading) -> None:
    """A message that opens with "why" asks for a reason; its "no" and "can't" refuse nothing."""
    for match, i, j in [*r.utterance.find(_WHY), *r.utterance.find(_WHY_LAST)]:
        r.cues.add("explain")
        r.utterance.take(i, j, "cue")
        denied = " not" in match[0]
        for said, k, n in r.utterance.find(_DENIED):
            # "why can't it be on Tuesday, not in OR 1?": the second one leaves OR 1 out
            if not (denied and said[0] == "not" and r.utterance.at(n) in _LEADS_TO_A_PLACE):
                r.utterance.take(k, n, "cue")
            denied = True


_LEADS_TO_A_PLACE = frozenset({"in", "with", "by"})


def read_orders(r: Reading) -> None:
    """A message that opens with "release" or "move" is an order, whatever procedures are called."""
    for match, _, j in r.utterance.find(_ORDER):
        verb = "undo" if match["verb"].startswith("undo") else match["verb"]
        r.cues.add(_ORDERS.get(verb, verb))
        if match["verb"].endswith(("pin", "lock")):
            r.edits["pinned"] = not match["verb"].startswith("un")
        r.utterance.take(j - len(match["verb"].split()), j, "cue")


def read_picks(r: Reading) -> None:
    """Words for taking an offer; only read while there are offers, since "book" also opens a request."""
    if not r.procedures:
        # "What would it take?" takes nothing: what asks for a change is read before what picks.
        for name in ("relax", "what_if", "book", "hold", "compare"):
            _note(r, BY_NAME[name])


_WHEREABOUTS = re.compile(
    r"^(?:(?:hi|hey|so|and|ok|quick question|do you know|can you (?:check|see|tell me)|tell me|if|whether|~) )*"
    r"(?:is|are|will)(?: ~)+ (?:be )?(?:off|away|out|in|around|here|on (?:vacation|leave|pto|holiday)"
    r"|in (?:clinic|the office|house)|operating|working)(?!\S)"
)
_A_TIME = re.compile(r"\b(?:an?|one|two|three|half|\d+)\b")


_PULL_UP = re.compile(r"\bpull up(?!\S)")


def read_whereabouts(r: Reading) -> None:
    """ "is Evans off Thursday?" asks for that person's day on the board; "Evans is off Thursday" tells it."""
    for _, i, j in r.utterance.find(_PULL_UP) if not r.procedures else ():
        r.cues.add("show")
        r.utterance.take(i, j, "cue")
    if r.procedures or not r.surgeons or any(issue.slot == "procedure" for issue in r.issues):
        return
    for _, i, j in r.utterance.find(_WHEREABOUTS):
        if not _A_TIME.match(r.utterance.at(j)):  # "is Evans in two weeks from now"
            r.cues.add("show")
            r.utterance.take(i, j, "cue")


_HELP_WITH_IT = re.compile(
    r"\bwhat (?:can|could|would) (?:(?:we|i|be) )?(?:do|done|help|work)(?: (?:about|to|with)(?: (?:it|that"
    r"|this))?)?(?!\S)"
)


def read_cues(r: Reading) -> None:
    """Note every intent whose words occur, and take the words; find and check have none of their own."""
    asks = bool(r.procedures) or any(issue.slot == "procedure" for issue in r.issues)
    for _, i, j in () if asks else r.utterance.find(_HELP_WITH_IT):
        r.cues.add("relax")
        r.utterance.take(i, j, "cue")
    for intent in INTENTS:
        if intent.name != "book" and not (intent.name in {"release", "move"} and asks):
            _note(r, intent, weak=asks and intent.name == "show")


def _note(r: Reading, intent: Intent, weak: bool = False) -> None:
    for _, i, j in r.utterance.find(intent.cue) if intent.cue else ():
        if not weak or _strong_show(r, i, j):
            r.cues.add(intent.name)
            r.utterance.take(i, j, "cue")


def _strong_show(r: Reading, i: int, j: int) -> bool:
    """With a procedure named, "what's on", "how many" and "who's doing" on a day ask for the board.

    "Show me a knee scope" asks for a slot.
    """
    words = {r.utterance.at(k) for k in range(i, j)}
    if {"how", "many"} <= words or (words & {"who", "whos"} and r.when is not None and r.when.has_days):
        return True
    return "what" in words and bool(words & {"on", "scheduled", "booked", "happening"})
