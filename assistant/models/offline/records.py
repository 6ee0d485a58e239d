"""The clinic's records in a conversation: who is here and does what, and facts that only a person may record."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.models.offline.finding import Talk, put
from assistant.models.offline.moves import Move, Say
from assistant.models.offline.reading import Choice, Issue, Patch, Reading, listed

_MOST = 8
_LIST = re.compile(
    r"^(?:(?:can you|could you|please|pls) )*(?:list|show(?: me)?|name|give me|who are|which|what(?: are)?)"
    r"(?: (?:a|all|the|our|your|list|of|every))*"
    r" (?P<what>surgeons?|doctors?|docs|procedures?|operations?|surgeries"
    r"|(?:operating )?rooms?|ors|theatres?|theaters?)"
    r"(?: (?:are|there|do|does|we|you|have|here|exist|work|is|on|staff|file|list|clinic|the|at|in|please))*$"
)
_WHO_DOES = re.compile(
    r"^(?:(?:which|what) (?:surgeons?|doctors?|docs?) |who )(?:all )?(?:else )?(?:here )?(?:does|do|performs?|is|are"
    r"|can)"
    r"(?: (?:do|perform|privileged|credentialed|allowed|qualified|able|to|for|a|an|the|here|our))*(?: (?:~|here))+$"
)
_DOES_WHAT = re.compile(
    r"^(?:what|which)(?: (?:procedures?|operations?|surgeries|kinds? of (?:procedures?|cases)))?"
    r"(?: (?:does|do|can|could|may|is))? ~(?: ~)*"
    r" (?:do|does|perform|performs|able to do"
    r"|(?:privileged|credentialed|allowed|qualified)(?: (?:for|to do|to perform))?)$"
)
_STATE = re.compile(
    r"\b(?:is|are|was|will be|has been|have been|s) (?:now |currently |still |going to be |being )*"
    r"(?:down|broken|out of (?:service|order|commission)|(?:in|under|for) (?:repairs?|maintenance)"
    r"|(?:in|under|for) service|repaired|serviced|cleaned|offline|closed|shut|sick|ill"
    r"|on (?:vacation|leave|holiday|pto|sick leave)|off|away|out"
    r"|not working|unavailable|back(?: from (?:vacation|leave))?)(?!\S)"
    r"|\b(?:called|calls|calling) (?:in|out) sick(?!\S)|\b(?:broke|died|failed|broke down|wont work|doesnt work)(?!\S)"
)
_ORDER = re.compile(
    r"^(?:(?:please|pls|can you|could you) )*(?:(?:close|shut|mark)|take(?=.* (?:out|off|down|away)\b)) (?!.*\blast\b)"
)
_QUESTION = re.compile(
    r"^(?:is|are|was|will|what|when|why|who|which|how|does|do|did|if|suppose|supposing|imagine|can|could|would)\b"
)
RECORDED = (
    "That isn't recorded in the chat, and I haven't searched. Whoever may do it enters it on the page Admin, under "
    "Equipment, Rooms or Staff, with its days (or with slotwright edit). Every search then counts with it, and the "
    "cases that it hits come to the page Worklist, where each has a way to a new slot."
)
"""What is stated of a record is entered elsewhere."""


_NO_CALLS = "Calls are one of the things that I can't look up here. Maybe name the surgeon."


def told(talk: Talk, r: Reading) -> Move | None:
    """The answer to a message about the records themselves; None for any other."""
    if r.offers or r.cues & {
        "took",
        "what_if",
        "explain",
        "relax",
        "cancel",
        "move",
        "book",
        "hold",
        "release",
    }:
        return None
    if "on_call" in r.edits and not r.procedures and not talk.state.frame:
        return Say(_NO_CALLS)
    if _is_a_fact(talk, r):
        return Say(RECORDED)
    line = " ".join(word.text for word in r.utterance.words)
    listed_ = _LIST.match(line)
    if listed_ and not (r.surgeons or r.rooms or r.procedures or r.when):
        return _all_of(talk, listed_["what"])
    return _who_does_what(talk, r)


def _is_a_fact(talk: Talk, r: Reading) -> bool:
    """ "The C-arm is down on Tuesday": something is stated of a record, and no procedure is asked for."""
    text = " ".join(word.text for word in r.utterance.words)
    kinds = {word.taken for word in r.utterance.words}
    named = r.rooms or r.surgeons or kinds & {"room", "equipment", "staff"}
    if not named or r.procedures or _QUESTION.match(text) or r.utterance.text.rstrip().endswith("?"):
        return False
    left_out = r.fields.get("exclude_rooms") or r.fields.get("exclude_surgeons")
    if left_out and talk.state.frame and not r.when:
        return False  # "OR 2 is out" after a request: it is to do without
    return bool(_STATE.search(text) or (_ORDER.match(text) and r.when))


def _all_of(talk: Talk, what: str) -> Move:
    names = talk.lexicon.name
    if what.startswith(("surgeon", "doc")):
        ids = sorted(talk.lexicon.privileges)
        text = f"The surgeons here are {_some(map(names, ids))}. For whom shall I look?"
        return _put(
            talk, Issue("surgeon", text, tuple(Choice(names(i), {"surgeon": i}) for i in ids[:_MOST]))
        )
    ids = sorted(talk.lexicon.vocabulary)
    choices = tuple(Choice(names(id_), {"procedure": id_}) for id_ in ids[:_MOST])
    if what.startswith(("procedure", "operation", "surger")):
        text = f"{len(ids)} procedures are done here. Which one shall I look for?"
    else:
        rooms = sorted({names(id_) for found in talk.lexicon.rooms.values() for id_ in found})
        text = f"The rooms here are {_some(rooms)}. Which procedure shall I look for?"
    return _put(talk, Issue("procedure", text, choices))


def _who_does_what(talk: Talk, r: Reading) -> Move | None:
    names = talk.lexicon.name
    procedure = r.fields.get("procedure")
    plain = r.when is None and not r.rooms
    # Names alone are "~": small words of the question may have been taken by some reader.
    words = " ".join("~" if w.taken in _NAMED else w.text for w in r.utterance.words)
    if plain and procedure and not r.surgeons and _WHO_DOES.match(words):
        able = sorted(id_ for id_, held in talk.lexicon.privileges.items() if procedure in held)
        who = _some(map(names, able)) if able else "nobody"
        text = f"{names(procedure)} is done here by {who}. For whom shall I look?"
        choices = [Choice(names(id_), {"surgeon": id_}) for id_ in able[:_MOST]]
        choices.append(Choice("Any surgeon", {"surgeon": None}))
        return _put(talk, Issue("surgeon", text, tuple(choices)), procedure=procedure)
    surgeon = r.fields.get("surgeon")
    if plain and surgeon and not r.procedures and _DOES_WHAT.match(words):
        held = sorted(talk.lexicon.privileges.get(surgeon, ()))
        what = _some(map(names, held)) if held else "no procedure on record"
        text = f"{names(surgeon)} does {what}. Which one shall I look for?"
        choices = [Choice(names(id_), {"procedure": id_, "surgeon": surgeon}) for id_ in held[:_MOST]]
        return _put(talk, Issue("procedure", text, tuple(choices)))
    return None


_NAMED = frozenset({"procedure", "surgeon"})


def _some(names: Iterable[str]) -> str:
    """Names in a list; of many the first ones, and how many more."""
    known = list(names)
    more = [] if len(known) <= 12 else [f"{len(known) - 11} more"]
    return listed([*(known if not more else known[:11]), *more], "and")


def _put(talk: Talk, issue: Issue, **draft: Patch | str) -> Move:
    return put(talk, [issue], dict(draft), "find")
