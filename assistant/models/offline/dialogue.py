"""What to do about a message, given what was said before: ask, call a tool, or answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from assistant.models.offline import booking, changing, finding, records, supposing, traced
from assistant.models.offline.answering import chosen, narrowed
from assistant.models.offline.corrections import amended, corrected, dropped, without_no
from assistant.models.offline.costs import asked_of
from assistant.models.offline.cues import is_no, is_yes
from assistant.models.offline.finding import Talk
from assistant.models.offline.intents import BY_NAME, Intent, abilities
from assistant.models.offline.leaving_out import ask_instead
from assistant.models.offline.moves import Ask, Move, Say, Use
from assistant.models.offline.people import surgeons_of
from assistant.models.offline.places import rooms_of
from assistant.models.offline.reading import Issue, Patch, Reading, listed
from assistant.models.offline.replies import plain, write
from assistant.models.offline.text import phrase, words_of
from assistant.models.offline.understand import understand, unread

_RARER = (
    "took",
    "costs",
    "what_if",
    "relax",
    "explain",
    "compare",
    "undo",
    "hold",
    "reclaim",
    "release",
    "cancel",
    "move",
    "edit",
    "outage",
)
_SMALL_TALK = frozenset({"greet", "thanks", "help"})


def hear(talk: Talk, text: str) -> Move:
    """The move that answers a user's message; `talk.state` is changed to what must be remembered."""
    text = dropped(talk, text)
    line = " ".join(words_of(text))
    if talk.state.pending:
        answered = _answer(talk, text, line)
        if answered is not None:
            return answered
    text, changed = corrected(talk, text)
    r = understand(text, talk.lexicon, talk.now, talk.table)
    r.cues |= {"followup"} if changed else set()
    if talk.state.pending:
        if out_of_scope(r) and not r.cues:
            return Ask(talk.state.pending[0])
        talk.state.pending, talk.state.draft = [], {}
    if is_no(line) and not ("cancel" in r.cues and changing.just_booked(talk)):
        return Say("All right. Nothing was changed.")
    if (turned := amended(talk, text)) is not None:
        return turned
    if _fills_card(talk, r):
        return booking.details(talk, {**talk.state.draft, **booking.known(r)})
    if is_yes(line) and not r.offers:
        return _agree(talk)
    return _act(talk, r)


def _fills_card(talk: Talk, r: Reading) -> bool:
    """Whether the message says the patient or the side for the card that is shown."""
    if (
        talk.state.doing != "proposed"
        or not talk.state.draft.get("offer")
        or r.offers
        or "procedure" in r.fields
    ):
        return False
    return "identity" in r.edits or ("laterality" in r.fields and not unread(r))


def _agree(talk: Talk) -> Move:
    if talk.state.doing in {"proposed", "changed"}:
        return Say("It is confirmed on its card, by a person. Nothing is changed before that.")
    if any(offer.latest for offer in talk.table):
        return booking.which(talk, [offer.label for offer in talk.table if offer.latest])
    return Say("There is nothing to confirm yet. " + ability_text(talk))


def _act(talk: Talk, r: Reading) -> Move:
    if r.cues and r.cues <= _SMALL_TALK and not _content(r):
        return _small_talk(talk, r)
    if (of_records := records.told(talk, r)) is not None:
        return of_records
    if out_of_scope(r) and not finding.bare_hour(r, talk.state.frame):
        return _out_of_scope(talk, r)
    booking.said_again(talk, r)
    intent = _intent(talk, r)
    handler = _HANDLERS.get(intent.name)
    if handler is None or (intent.tool and intent.tool not in talk.tools):
        page = write("unavailable", doing=intent.doing, abilities=listed(abilities(talk.tools)))
        return Say(page)
    if intent.name not in _LEAVING_OUT:
        ask_instead(r, (surgeons_of(r), rooms_of(r)))
    return handler(talk, r)


_LEAVING_OUT = frozenset({"find", "explain", "relax", "what_if", "move", "cancel", "edit"})
"""What can do without a room or a surgeon: searches, and choosing among cases."""


def _content(r: Reading) -> bool:
    return bool(r.fields or r.issues or r.edits or r.when or r.offers or unread(r) or r.cues - _SMALL_TALK)


def out_of_scope(r: Reading) -> bool:
    """Nothing of a request was found, or only a day beside words that mean nothing here."""
    named = r.surgeons or r.rooms or r.procedures or r.offers or r.issues or r.edits or r.cues - _SMALL_TALK
    return not (named or set(r.fields) - _WINDOW or ((r.when or r.fields) and not unread(r)))


_WINDOW = frozenset({"date_from", "date_to", "weekdays", "exclude_dates", "start_from", "start_until", "end_by",
                     "limit", "position"})  # fmt: skip


_PICKS = re.compile(
    r"\W*(?:(?:please|ok|okay|can you|could you|lets|let's|i'll|ill|we'll|just) )*"
    r"(?:book|take|hold|reserve|confirm|compare|choose|pick|grab|schedule)"
    r"(?: (?:the|that|this|it|first|second|third|fourth|fifth|last|earliest|one|ones|two|offer|slot|option|number|and"
    r"|[a-z]?\d|please|pls|for me|then))+\W*$", re.IGNORECASE
)  # fmt: skip
"""What points at an offer, where there may be none yet."""


def _out_of_scope(talk: Talk, r: Reading) -> Move:
    """Small words beside a request under way mean nothing new; anything else gets what can be done here."""
    if not talk.table and _PICKS.match(r.utterance.text):
        return Say("I haven't offered any slot yet. " + ability_text(talk))
    left = [phrase(words) for words in unread(r)]
    near = finding.unknown_procedure(r) if left else None
    if near and near.choices and finding.looks_alike(talk, left[0]):
        return finding.ask(talk, r, [near])
    opening = (
        f"I don't understand \u201c{plain(left[0])}\u201d. " if left else "I didn't find a request in that. "
    )
    return Say(opening + ability_text(talk))


def ability_text(talk: Talk) -> str:
    """What can be asked here, with an example from the clinic's own records."""
    surgeon = next(iter(sorted(talk.lexicon.privileges)), "")
    held = sorted(talk.lexicon.privileges.get(surgeon, ()))
    named = talk.lexicon.name(surgeon).removeprefix("Dr. ") or "Smith"
    procedure = talk.lexicon.name(held[0]).lower() if held else "knee arthroscopy"
    return write(
        "help", opening="", abilities=listed(abilities(talk.tools)), surgeon=named, procedure=procedure
    )


def _small_talk(talk: Talk, r: Reading) -> Move:
    if "help" in r.cues:
        return Say(ability_text(talk))
    return Say("You're welcome." if "thanks" in r.cues else "Hello. " + ability_text(talk))


def _intent(talk: Talk, r: Reading) -> Intent:
    """The first that fits, the rarer ones first; finding a slot is the default."""
    if "cancel" in r.cues and _INQUIRES.match(r.utterance.text):
        return BY_NAME["show"]
    for name in _RARER:
        if name in r.cues and not _asks_anew(talk, r, name):
            return BY_NAME[name]
    asks = "procedure" in r.fields or any(issue.slot == "procedure" for issue in r.issues)
    if not asks and ("book" in r.cues or r.offers):
        return BY_NAME["book"]
    if "show" in r.cues or (_about_the_board(talk, r) and not asks):
        return BY_NAME["show"]
    return BY_NAME["find"]


def _about_the_board(talk: Talk, r: Reading) -> bool:
    """ "and Tuesday?", "OR 3" right after a board: another one, when nothing else is said."""
    said = {key for key, value in r.fields.items() if value is not None}
    plain = said <= {"surgeon", "room", "date_from", "date_to"} and not r.edits.keys() - {"also_days"}
    return talk.state.doing == "show" and bool(said) and plain and not unread(r) and not r.cues - {"followup"}


_INQUIRES = re.compile(
    r"\W*(?:is|was|were|are|has|have|had|who|when|did|does|how many)\b(?!.*\bcancel\b)", re.IGNORECASE
)
"""What asks about a case that may have been cancelled, and orders nothing."""


def _asks_anew(talk: Talk, r: Reading, name: str) -> bool:
    """ "reserve Room 4 for a PPV" before anything was offered, and "move it to Thursday", ask for slots."""
    if name == "compare":
        return bool(r.when and r.when.has_days) and not r.offers and bool(r.procedures or talk.state.frame)
    if name == "move":
        return _moves_a_search(talk, r)
    named = "procedure" in r.fields or any(issue.slot == "procedure" for issue in r.issues)
    return name == "hold" and named and not r.offers


def _moves_a_search(talk: Talk, r: Reading) -> bool:
    """ "move it to Thursday" right after a search, with no case named or booked, asks for other slots."""
    return (
        bool(talk.state.frame)
        and not changing.just_booked(talk)
        and bool(r.when or r.edits)
        and not unread(r)
        and not r.surgeons
    )


def find(talk: Talk, r: Reading) -> Move:
    """Find slots for what the message and the request before it say."""
    return finding.find(talk, r)


def explain(talk: Talk, r: Reading) -> Move:
    """Explain the request named, or the last one."""
    return finding.find(talk, r, "explain")


def show(talk: Talk, r: Reading) -> Move:
    """Show the board of the days, the room and the surgeon named; today when no day is."""
    issues = [
        issue for issue in r.issues if issue.slot in {"surgeon", "room", "when"}
    ] + finding.unread_issues(r, complete=True)
    draft = {key: r.fields.get(key) for key in _BOARD}
    if "show" not in r.cues:
        draft = {**talk.state.board, **{key: value for key, value in draft.items() if value is not None}}
    if issues:
        return finding.put(talk, issues, draft, "show")
    return shown(talk, draft)


_BOARD = ("surgeon", "room", "date_from", "date_to")


def shown(talk: Talk, draft: Patch) -> Move:
    """Call the board's tool with what is known."""
    first = date.fromisoformat(draft.get("date_from") or talk.now.date().isoformat())
    last = date.fromisoformat(draft.get("date_to") or first.isoformat())
    last = min(last, first + timedelta(days=61))
    given = {key: draft[key] for key in ("surgeon", "room") if draft.get(key)}
    talk.state.doing, talk.state.board = "show", {key: draft[key] for key in _BOARD if draft.get(key)}
    return Use("get_schedule", {"date_from": first.isoformat(), "date_to": last.isoformat(), **given})


def costs(talk: Talk, r: Reading) -> Move:
    """What left requests without a slot, over days that have gone by."""
    if left := ", ".join(f"\u201c{plain(phrase(words))}\u201d" for words in unread(r)):
        return Say(f"I rank that over all requests of a time, and I can't use {left}. {_TIMES}")
    return Use("bottlenecks", asked_of(r.fields, talk.now.date()))


_TIMES = "Maybe: what costs us most in the last 30 days, this month or last quarter?"


def compare(talk: Talk, r: Reading) -> Move:
    """Two offers whole, one below the other."""
    newest = [offer.label for offer in talk.table if offer.latest]
    labels = list(r.offers) or (newest if len(newest) == 2 else [])
    if len(labels) < 2:
        return Say("Which two shall I compare? Name them by their labels." if newest else booking.NOTHING_YET)
    return Use("compare_offers", {"first": labels[0], "second": labels[1]})


def outage(talk: Talk, r: Reading) -> Move:
    """What is down or who is away is entered elsewhere; beside a request it is asked about like any other word."""
    if "procedure" in r.fields:
        return finding.find(talk, r)
    return Say(records.RECORDED)


_HANDLERS = {
    "find": find, "explain": explain, "relax": explain, "show": show, "book": booking.book, "compare": compare,
    "costs": costs, "took": traced.took,
    "what_if": supposing.what_if, "hold": booking.hold, "cancel": changing.cancel, "move": changing.move,
    "release": changing.release, "reclaim": changing.reclaim, "undo": changing.undo, "edit": changing.edit,
    "outage": outage,
}  # fmt: skip


def _answer(talk: Talk, text: str, line: str) -> Move | None:
    """The move when the message answers the pending question; None when it is about something else."""
    issue, rest = talk.state.pending[0], talk.state.pending[1:]
    patch = chosen(text, issue, talk.lexicon)
    if patch is not None:
        return _settled(talk, patch, rest)
    if is_no(line):
        talk.state.pending, talk.state.draft = [], {}
        return Say("All right, I dropped that. Maybe say it another way.")
    fewer = narrowed(text, issue, talk.lexicon)
    if fewer is not None:
        talk.state.pending = [fewer, *rest]
        return Ask(fewer)
    return _answered_freely(talk, text, issue, rest)


def _settled(talk: Talk, patch: Patch, rest: Sequence[Issue]) -> Move:
    draft = {**talk.state.draft, **patch}
    rest = [issue for issue in rest if issue.slot not in patch]
    if rest:
        talk.state.pending, talk.state.draft = list(rest), draft
        return Ask(rest[0])
    return _resumed(talk, draft)


def _resumed(talk: Talk, draft: Patch) -> Move:
    doing = talk.state.doing
    talk.state.pending, talk.state.draft = [], {}
    if doing == "show":
        return shown(talk, draft)
    resumed = {**booking.RESUMED, **changing.RESUMED}.get(doing)
    if resumed:
        return resumed(talk, draft)
    return finding.ready(talk, draft, doing or "find")


def _answered_freely(talk: Talk, text: str, issue: Issue, rest: Sequence[Issue]) -> Move | None:
    r = understand(without_no(text), talk.lexicon, talk.now, talk.table)
    number = _bare_number(talk, text, issue)
    if number is not None:
        return _settled(talk, number, rest)
    fresh = "procedure" in r.fields and issue.slot not in {"procedure", "unread"}
    if fresh or r.cues & _OTHER_MATTERS or talk.state.doing in _PICKED:
        return None
    if finding.answers(r, issue) and not unread(r):
        return finding.continued(talk, r, rest)
    return finding.continued(talk, r, [issue, *rest]) if _amends(talk, r, issue) else None


def _amends(talk: Talk, r: Reading, issue: Issue) -> bool:
    """ "25/3", "theatre C only": more about the request that waits, and no other matter; the question stays."""
    known = bool(talk.state.draft.get("procedure")) or issue.slot == "procedure"
    waiting = talk.state.doing in {"find", "explain", "took"} and known
    said = bool(r.when or r.fields) and not (r.issues or r.edits or r.procedures or r.offers)
    return waiting and said and not unread(r) and not r.cues - {"followup"}


_OTHER_MATTERS = frozenset(
    {"show", "took", "help", "book", "compare", "greet", "cancel", "release", "reclaim", "undo", "hold"}
)
_PICKED = frozenset({"book", "hold", "cancel", "move", "release", "edit"})
"""What only a choice settles; anything else said is another matter."""


def _bare_number(talk: Talk, text: str, issue: Issue) -> Patch | None:
    words = [
        word
        for word in words_of(text)
        if word not in {"minutes", "min", "mins", "about", "or", "room", "cases"}
    ]
    if len(words) != 1 or not words[0].isdecimal():
        return None
    number = int(words[0])
    if issue.slot == "duration" and 5 <= number <= 1440:
        return {"duration_minutes": number}
    if issue.slot == "room" and number in talk.lexicon.room_numbers:
        return {"room": talk.lexicon.room_numbers[number]}
    return {"count": number} if issue.slot == "count" and 1 <= number <= 8 else None
