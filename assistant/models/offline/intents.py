"""The kinds of requests there are: one table of intents, each with its words and its tool."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass


@dataclass(frozen=True)
class Intent:
    """`tool` does it; `can` says it in the list of what is done here; `cue` finds it in the words."""

    name: str
    tool: str | None
    can: str
    doing: str
    cue: re.Pattern[str] | None = None


def _cue(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\S)")


_WORDS = "please let lets ok okay yes and then now just to you we i will should"
_LEADS = "|".join(f"(?<={word} )" for word in _WORDS.split())
"""What an order may follow."""

INTENTS = (
    Intent("find", "find_slots", "find slots for a procedure", "Finding slots"),
    Intent("check", "check_slot", "check one exact slot", "Checking a slot"),
    Intent(
        "what_if", "what_if", "", "Trying a change",
        _cue("what if", "suppose", "would it (?:help|work|fit) if", "what would happen if", "imagine", "assuming"),
    ),
    Intent(
        "relax", "explain", "say what would open a slot", "Saying what would open a slot",
        _cue("what would it take(?: (?:to|for))?",
             "what (?:needs|has|have|would need|would have|must|should|(?:do|would|does|could|can) (?:we|i"
             "|you|they) (?:need|have"
             "|got))?(?: to)? ?(?:change|happen|give|move)(?: so(?: that)?| for| to| before)?",
             "how (?:can|could|do|would|might|should) (?:i|we|you|one) (?:ever )?(?:make|get|fit|squeeze|open"
             "|free|enable|allow)"
             "(?: (?:it|that|this|up|in|work|fit|happen))*",
             "what (?:would|could|will|might) (?:open|free|make|allow|let|help|enable|unlock|get"
             "|clear)(?: (?:it|that|this|up|us"
             "|work|fit|with))*",
             "how to make it work"),
    ),
    Intent(
        "explain", "explain", "explain why there is no slot", "Explaining a refusal",
        _cue("why(?: is| are)?(?: (?:cant|can not|cannot|isnt|is not|arent|not|wont|doesnt|no|there|nothing"
        "|none|it"
             "|that|available|possible|i|we|get|have|has|blocked|book|free|open))*",
             "what (?:is |are )?(?:stopping|blocking|preventing|keeping|holding|stops|blocks|prevents|keeps"
             "|in the way(?: of)?"
             "|wrong|(?:the |a )?(?:hold ?up|matter|obstacles?|reason|problem|issue|trouble|conflict))"
             "(?: (?:with|for|us|me|it|this|that|from|up|back|of"
             "|here))*", "how come(?: not)?", "why", "explain",
             "(?:the )?reasons? (?:for|why)(?: (?:no|not|there is no))?"),
    ),
    Intent(
        "compare", "compare_offers", "put two offers side by side", "Comparing offers",
        _cue("compare", "(?:what is )?(?:the )?difference(?: between)?", "which (?:one |day )?is better", "vs",
             "versus"),
    ),
    Intent(
        "hold", "propose:hold", "hold an offer", "Holding a slot",
        _cue("hold", "put (?:a )?hold on", "(?:mark )?(?:as )?tentative(?:ly)?",
             "pencil(?: me| us)?(?: in)?", "reserve",
             "place (?:a )?hold on"),
    ),
    Intent(
        "release", "propose:release-block", "release a block", "Releasing a block",
        _cue("release", "give (?:up|back)", "hand back", "let go of"),
    ),
    Intent(
        "reclaim", "propose:reclaim-block", "reclaim a block", "Reclaiming a block",
        _cue("reclaim", "unrelease", "un release"),
    ),
    Intent(
        "cancel", "propose:cancel", "cancel or move a case", "Cancelling a case",
        _cue("cancel", "(?:is |was |has )?(?:been )?cancell?ed", "scratch", "(?:take )?off the (?:schedule"
        "|list|board)",
             "(?:remove )?from the (?:schedule|list|board)"),
    ),
    Intent(
        "move", "propose:move", "", "Moving a case",
        _cue("move", "bump", "reschedule", "push(?: back)?", "shift", "swap", "switch places", "exchange"),
    ),
    Intent(
        "edit", "propose:edit", "correct or pin a case", "Changing a case",
        _cue("(?:un)?pin(?! point)", "(?:un)?lock",
             "(?:change|correct|fix) the (?:side|laterality|length|duration)(?: of| for)?"),
    ),
    Intent(
        "undo", "propose:undo", "undo the last change", "Undoing a change",
        _cue("undo(?: (?:it|that|this|the|my|our|last|change|one|booking|thing|we|i|did))*",
             "take (?:it|that) back", "revert(?: (?:it|that|the|my|last|change))*"),
    ),
    Intent(
        "show", "get_schedule", "show the schedule of a day, a room or a surgeon", "Showing the schedule",
        _cue("(?:show|see|display|view|give|list|read)(?: (?:me|us))?(?: (?:the|my|our|a))?(?: full| whole)?"
             " (?:schedule|board|calendar|list|cases|day|bookings|block|blocks)",
             "(?:show|display|view|pull up|list)(?: me| us)?(?: everything| all)?",
             "whats?(?: (?:is|are|do (?:we|you|i) have|does))?(?=(?: (?:~|for|with|by|in|at|or|and))*(?: ~)+$)",
             "whats?(?: (?:is|are|do (?:we|you|i) have|does))?(?: there| the)? (?:on|in|happening|scheduled"
             "|booked|doing|like|schedule"
             "|board|calendar|running|up|look like|going on|have)(?: for| on| in| at)*",
             "whats? (?:is |have we got )?(?:left|remaining|remains|still open)(?: in| on| of| for)?",
             "how (?:busy|full|booked) (?:is|are)",
             "whats? (?:(?:does|do|is|are|has|have|else is) )?(?:~ )+(?:have|got|doing|do|on|up to|scheduled"
             "|booked|look(?:s|ing)?"
             " like)(?: (?:on|for|in|scheduled|booked|going|left|remaining))*",
             "(?:how much|what|how many (?:hours|minutes))(?: (?:~|of|time|space|room|block|hours|is|has|have"
             "|does|do"
             "|still|open))*? (?:left|remaining|unused|remains?|unbooked)(?: (?:of|in|on|for|open))*"
             "(?: (?:~|block|time))*?",
             "(?:(?:any|the|remaining|open|unused|free|some) )*(?:block|open|free) time(?: (?:left|remaining"
             "|open|free))*",
             "what (?:is |are )?(?:open|available|free|next|unused)(?: (?:in|on|for))*(?= ~)",
             "who(?:s| is| are)? (?:in|on|operating|working|doing|scheduled|booked|using)(?: cases)?",
             "(?:is|are) (?:anyone|anybody|someone|somebody) (?:in|on|using|operating|working)(?: in)?",
             "(?:when|where|what days?)(?: (?:is|are|does|do))?(?: ~)+ (?:operating|operate|working|work"
             "|in)", "where is(?= ~)",
             "(?:what|which) (?:cases?|surgeries|procedures) (?:are|is|do|does|have)(?: (?:there|we|you"
             "|scheduled|booked"
             "|on|in|for))*",
             "(?:let me|can i|can we|could i|could we|may i|want to|like to|need to|lets) (?:see|view"
             "|look at)(?! if| whether)",
             "how(?: (?:does|do|is|are))?(?: ~)+ (?:look|looking|looks|doing)(?: like)?",
             "cases(?= (?:.* )?~)", "(?<=~ )cases",
             "(?:the )?(?:schedule|board|calendar|agenda)(?: for| of"
             "| on)?", "how many cases(?: does| do| are| is| have)?", "how many (?:~ )+(?:does|do|are|is|has|have|did)",
             "(?:when )?(?:is|are)(?=(?: ~)+ (?:free|open|available|busy|booked|full|closed))", "(?:busy|booked up"
             "|full|closed)(?= ~|$)"),
    ),
    Intent("took", "why_changed", "say what took a slot that was free", "Tracing what took a slot"),
    Intent("costs", "bottlenecks", "say what costs us the most slots", "Ranking what left requests without a slot"),
    Intent("book", "propose", "prepare a booking of an offer", "Booking an offer",
           _cue("(?:go ahead and )?(?:book|take|grab|choose|pick|select|use|confirm|propose)"
                # Where an order stands, not the thing: "what is on the schedule", "Garcia's schedule".
                rf"|(?:^|{_LEADS})(?:go ahead and )?schedule(?! (?:for|of|on)(?!\S))"
                "|(?:i will|ill|we will|id like|lets) (?:take|have|go (?:with|for)|do)"
                r"|do(?= the (?:first|second|third|fourth|fifth|last|earliest|other)(?!\S))"
                "|go (?:with|for)|give me|put (?:me|us|him|her|them) (?:in|down)(?: for)?")),
    Intent("outage", None, "", "",
           _cue("(?<=~ )(?:is |are |went |has been |will be )?(?:down|broken|out of (?:order|service))",
                "(?<=~ )(?:is |has )?(?:called (?:in |out )?sick|(?:out )?sick|on leave)")),
    Intent("help", None, "", "", _cue("help", "what can (?:you|i|we) (?:do|ask|say)", "how does this work",
                                      "what do you do", "who are you", "what are you")),
    Intent("thanks", None, "", "", _cue("thanks(?: a lot| so much| again)?", "thank (?:you|u)(?: very much"
    "| so much)?",
                                        "thx", "ty", "cheers", "perfect", "great", "awesome", "good bye", "bye")),
    Intent("greet", None, "", "", _cue("hi", "hello", "hey", "good (?:morning|afternoon|evening"
    "|day)", "howdy")),
)  # fmt: skip
BY_NAME = {intent.name: intent for intent in INTENTS}


def abilities(tools: Container[str]) -> list[str]:
    """What can be asked here, derived from the tools there are."""
    return [intent.can for intent in INTENTS if intent.can and (intent.tool is None or intent.tool in tools)]
