"""The kinds of things that no result tells and a fluent reply may still say: each as the phrases that betray it.

What is usual, what a patient is like, who would agree, what could be done on the book: such a sentence is made of
harmless words, so it is known by what it is about. Each kind names how the same words are said honestly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of hearsay: how it is said, how the same words are said honestly, and what a model should do."""

    said: re.Pattern[str]
    honest: re.Pattern[str]
    fault: str
    alone: bool = True
    """Whether a marker within the same sentence speaks for it."""


def _kind(fault: str, *said: str, honest: str = r"(?!)", alone: bool = True) -> Kind:
    return Kind(re.compile("|".join(said), re.IGNORECASE), re.compile(honest, re.IGNORECASE), fault, alone)


PEOPLE = (
    r"(?:patients?|surgeons?|doctors?|teams?|directors?|nurses?|managers?|schedulers?|staff|people"
    r"|anesthesiologists?|colleagues?|clinics?|hospitals?)"
)
ROOMS = r"(?:rooms?|theat(?:re|er)s?|suites?|ORs)"
_CLINICAL = (
    r"\b(?:latex|allerg\w+|mrsa|asa|bmi|weight|age|infecti\w+|diabet\w+|fasting|npo|medications?|blood|consent"
    r"|health|pregnan\w+)\b"
)
_NO_PAPERS = r"(?![\s-]+(?:details?|facts?|information|specific|data|names?|rules?|requirements?|checks?))"
_DENIED = r"(?:\b(?:no|not|never|nothing|without|needn't)\b|n't\b)"
_WEIGHS = (
    r"\b(?:concern\w*|problems?|issues?|matter\w*|worr\w+|relevant|restrict\w*|affect\w*|necessary|apply|need\w*"
    r"|requir\w*|limits?|role|risk\w*)\b"
)
_ADVERBS = r"(?:also |still |easily |just |always |then |simply |even )*"
_BEGIN = r"(?:^|[,;:]|\b(?:and|but|so)\b)\W*"
_CHANGED = (
    r"(?:put|moved|postponed|delayed|changed|shortened|swapped|cancell?ed|skipped|lifted|waived|released|taken|gone"
    r"|freed)\b"
)
_OWN_ACTS = (
    r"(?:confirm|pick|choose|tell|ask (?!him|her|them|dr|someone)|hold|have|book|discard|add|change your|see|find"
    r"|review|press|reply|let|keep|wait|be|give|share|say|name|write|type|get|open|check|look|go|prefer|want|select"
    r"|search|try|use|cancel|release|move|decide|not|undo|reject|edit|correct|adjust|specify|need|like|mean|wish"
    r"|consider|combine|split|come|read|print|take|view|export|propose|prepare|compare|leave|continue|proceed|send"
    r"|start (?:over|again|with|by)|switch|also|still|easily|just|always|then|simply|even)"
)
"""What one who sits before the screen can do."""

KINDS = (
    _kind(
        "how a patient is, is nobody's to judge here. Maybe say that it isn't checked yet, or ask",
        _CLINICAL,
        honest=r"(?:n't|\bnot|\byet to be|\bstill to be|\bto be)(?: \w+){0,2} (?:checked|given|known|looked|applied"
        r"|told|provided|asked|verified|considered|included|said|covered|shown|have|tell|know|see)\b"
        r"|\b(?:i|we)(?:'d|'ll)? (?:still )?(?:need|require)\b|\b(?:tell|give|share|send|add|depends?|provide\w*"
        r"|missing|unknown|if|whether|once|until|when|as far as|into account)\b"
        r"|\byou (?:said|gave|named|mentioned|told)\b|\b(?:still|also|is|are) (?:needed|required|to check)\b",
    ),
    _kind(
        "whether that matters for the patient is no tool's word. Maybe say that it isn't checked yet",
        rf"{_DENIED}[^.;]{{0,30}}{_WEIGHS}[^.;]{{0,30}}{_CLINICAL}",
        rf"{_CLINICAL}[^.;]{{0,30}}{_DENIED}[^.;]{{0,30}}{_WEIGHS}",
        rf"{_CLINICAL}[^.;]{{0,12}}\b(?:is|are) (?:all )?(?:fine|ok(?:ay)?|safe|normal|good|within|irrelevant)\b",
        honest=r"\b(?:can't|cannot|don't) (?:yet )?(?:tell|say|know) (?:yet )?(?:whether|if)\b"
        r"|\bwithout (?:knowing|the patient)\b|\b(?:once|until|when)\b",
        alone=False,
    ),
    _kind(
        "how a patient is, or what one wants, is nobody's to judge here. Maybe leave it out",
        r"\bpatient\b(?![-']|s?\s+-|'s?\s)[^.;,]{0,12}\b(?:is|was|has been|looks|seems) (?!on\b|listed|shown|named"
        r"|needed|required|missing|not\b|to be\b|who\b|what\b|the one)\w+",
        r"\bpatients?\b (?:doesn't|does not|needn't|mustn't|shouldn't|must|should|may|can|has to|have to|won't|will) "
        r"(?!be (?:named|given|chosen|known|asked|told)\b)\w+",
        r"\bchecks? (?:on|of|for) the patient\b|\bcame back (?:fine|clear|normal|negative|clean|ok(?:ay)?)\b",
        r"\bnothing about the patient\b|\bincluding the patient\b(?!')",
        r"\bpatients?\b (?:has |have |had |already |also )*(?:ask|want|prefer|request|agree|know|said|like|insist"
        r"|chose)\w*",
        r"\b(?:surgeon|doctor|team|patient|nurse|director)'?s'? (?:own )?(?:preference|favou?rite|wish|choice)\b",
        honest=r"\byou (?:said|told|mentioned)\b|\bas \b",
    ),
    _kind(
        "who may not grant a change is no tool's word. Maybe leave it out",
        r"\bno (?:ways? (?:around|round|out|past)|exceptions?|approval|permission|sign-off)\b",
        r"\bnothing (?:\w+ )?can (?:be done|change|help)\b",
        r"\bcan(?:'t|not) be (?:helped|changed|overrid\w+|waived|lifted)\b",
        r"\b(?:approval|permission|sign-off) (?:isn't|is not|wasn't)\b",
        r"\b(?:don't|doesn't|won't) allow (?:any )?exceptions?\b",
        r"\b(?:won't|don't|doesn't|needn't|not) (?:\w+ )?(?:need|require)\b[^.;]{0,12}"
        r"\b(?:approval|permission|sign-off)\b",
        r"\beven (?:an?|the|your) (?:\w+ )?(?:director|nurse|manager|administrator|admin)\b[^.;]{0,10}"
        r"\b(?:can|could|may|would)",
    ),
    _kind(
        "what is usual there is no tool's word. Maybe cite the [[fact:...]], or leave it out",
        r"\b(?:usual(?:ly)?|normally|generally|typically|as a rule|often|rarely|seldom|tends? to|most of the time"
        r"|hardly|scarcely|frequently|regularly|constantly|occasionally|always|never|forever|ever run)\b",
        r"\bevery (?:time|week|month|year|(?:mon|tues|wednes|thurs|fri)day)\b",
        r"\b(?:most|many|few|some|all|other|plenty of) (?:of the |of our )?(?:other )?"
        rf"{PEOPLE}{_NO_PAPERS}\b",
        r"\b(?:on|than) (?:most )?other (?:days|weeks)\b|\bthan (?:usual|ever|most|any other|elsewhere)\b",
        honest=r"\bnever mind\b|\b(?:i|i'll|we) (?:always|never|usually|generally)\b|\bas (?:usual|always)\b"
        r"|\balways (?:welcome|happy)\b|\bcan always\b|\bi (?:don't|can't|only|have no)\b"
        r"|\b(?:search|look|check|try)\b",
    ),
    _kind(
        "a clinic's way of doing things is no tool's word. Maybe cite the [[fact:...]], or leave it out",
        rf"{_BEGIN}(?:this|our|the|your) (?:clinic|hospital|department) (?!of\b)[a-z]\w+(?:'t)?",
        rf"{_BEGIN}we (?:don't|do|never|always|keep|only|can't|close|open|allow)\b",
    ),
    _kind(
        "that nobody and nothing else is touched is no tool's word. Maybe leave it out",
        r"\b(?:anyone|anybody|everyone|everybody) (?:may|can|could|is allowed)\b",
        rf"{_BEGIN}(?:nobody|no ?one)\b|\bby anybody\b|\bno one else\b",
        r"\b(?:doesn't|does not|won't|will not|don't|isn't)\b[^.;]{0,16}\bany(?:one| other) ?"
        rf"(?:else|cases?|{PEOPLE}|{ROOMS})?\b",
        honest=r"\buntil\b|\bi don't\b|\bcan see\b",
    ),
    _kind(
        "what somebody could do on the book is a tool's word. Maybe try it with what_if, or ask",
        rf"\b(?:another|other|any|some|that|the|every|a \w+) (?:other )?(?:{PEOPLE}|{ROOMS}|cases?|blocks?"
        rf"|procedures?) (?:could|might|can|may|would) {_ADVERBS}(?:tak|us|do|mov|shift|swap|bump|cancel|shorten|skip"
        r"|ignor|start|be|hav|mak|run|com|stay|go|wait|end)\w*",
        r"\b(?:he|she) (?:might|may|could)\b",
        rf"\b(?:it|that|this|the (?!booking|card|move|hold|change)\w+) (?:could|might|may|can) be {_CHANGED}",
        rf"\b(?:one|they|slots?|cases?|blocks?) (?:may|might|could) be {_CHANGED}",
        r"\b(?:you|it|he|she|they|one) (?:could|can|might|would)\b[^.;]{0,25}\bwithout (?:the|an?)\b",
        rf"\byou (?:could|can|may|might) {_ADVERBS}(?:move|shift|swap|bump|cancel|shorten|skip|ignore|override|approve"
        r"|use|take) (?:that|the|this|his|her|it|one)\b",
        rf"\byou (?:could|can|may|might) {_ADVERBS}(?!{_OWN_ACTS}\b)\w+",
        honest=r"\bwhether\b|\bdoesn't mean\b|\bi (?:can|could) (?:\w+ )?(?:check|search|look|try)\b"
        r"|\b(?:card|slot|offer|search|doesn't mean)\b",
    ),
    _kind(
        "what somebody would do is no tool's word. Maybe leave it out",
        r"\b(?:they|he|she)(?:'ll| will) (?:squeeze|let|take|make|find|help|agree|allow|approve|understand|manage)\b",
        alone=False,
    ),
    _kind(
        "what something costs is no tool's word. Maybe leave it out",
        r"\b(?:no|extra|free of|without|additional|small|any) (?:extra )?(?:charges?|costs?|fees?)\b",
        r"\b(?:costs?|prices?|fees?|cheap\w*|expensive|insurance|paid|bill(?:ed)?)\b",
        honest=r"\b(?:can't|cannot|don't|not|aren't|isn't)\b[^.;]{0,40}"
        r"\b(?:look up|know|see|have|help|tell|something)\b"
        r"|\b(?:can't|don't) \w+ (?:the )?(?:price|cost)",
    ),
    _kind(
        "how they compare in that is no tool's word. Maybe use compare_offers and cite its [[fact:...]]",
        r"\b(?:is|are|'s|'re|was|would be|will be|looks?|seems?)(?: \w+)? (?:safer|riskier|cheaper|faster|quicker"
        r"|quieter|busier|calmer|smoother|shorter|longer|bigger|larger|smaller|tighter|easier"
        r"|less (?:busy|risky|crowded|tight|costly|likely)|more (?:likely|relaxed|reliable|comfortable"
        r"|important|urgent))\b",
        r"\b(?:same|different|best|better|full|fuller|larger|smaller) (?:\w+ )?(?:team|staff\w*|crew|nurses?)\b",
        r"\b(?:leaves?|has|have|gives?) (?:a |more |less |fewer )?(?:longer|shorter|bigger|smaller) \w+",
        r"(?:(?<=more )|(?<=fewer )|(?<=less ))(?:swaps?|overtime|gaps?|overruns?|turnovers?)\b",
        r"\bthe best (?:time|day|room|surgeon|hour|moment)\b",
        r"\bthe most (?:important|urgent|complex|difficult)\b",
        r"\ban? (?:\w+ )?(?:short|long|big|small|quick|simple|easy|complex|minor|major|routine|urgent) "
        r"(?:case|procedure|operation|surgery)\b|\bcases? (?:is|are) (?:short|long|close|easy|quick|simple|minor)\b",
        honest=r"\bperiod\b|\bwindow\b|\bfor you\b|\beasier than changing\b|\b(?:rule|reason)s?\b",
        alone=False,
    ),
    _kind(
        "that is nothing that can be done from here. Maybe say what the user can do next",
        r"(?<!\bwhich )(?<!\bthat )\b(?:i'll|i will|i'm going to|we'll|we will|i'm about to)"
        r"(?: \w+ly| also| then| just)* (?:confirm|notify|inform|e-?mail|call|phone|text|page|message|remind"
        r"|follow up|monitor|watch|make sure"
        r"|ensure|keep (?:an eye|watching|it|that)|tell (?:the|them|him|her|dr|everyone)|guarantee|approve|sign|arrange"
        r"|let (?:the|them|him|her|dr|everyone)|talk to|speak (?:to|with)|get (?:it|that|this) approved)\b",
        r"\bi(?:'ve| have)? (?:also |just |already )*(?:checked|looked (?:at|into)|read|reviewed|verified|seen)"
        r" (?:\w+ )?(?:patient's )?(?:records?|charts?|files?|histor\w+|consent)\b",
        r"\bi(?:'ve| have)? (?:also |just |already )*(?:asked (?!you\b|which|whether|about"
        r"|for the (?:patient|side|mrn))|spoken? (?:to|with)|talked (?:to|with)|ordered|requested"
        r"|put (?:it|that|this|you|them) (?:in|into|down) (?!a card|the card))",
        r"\b(?:record number|mrn|identifier)s? (?:is|are|was|were) (?:correct|right|valid|verified|checked)\b",
        r"\b(?:e-?mail|text|message|letter|notification|reminder|invit\w+)s? (?:is|are|will|was|were|has|goes|went"
        r"|should)\b",
        honest=r"\bconfirm (?:with you|the (?:details|side|patient))\b|\b(?:your|this|that) (?:\w+ )?message\b",
        alone=False,
    ),
    _kind(
        "only the event that did it says that something was done. Maybe leave it out",
        r"\b(?:has|have) (?:already |just |now )?been (?:put aside|set aside|kept|saved|earmarked|claimed|marked|taken"
        r"|given|granted|passed on|sent|agreed|cleared)\b|\b(?:is|are) (?:set|put) aside\b",
        r"\]\]\s+(?:has|have) your\b",
        rf"\bby (?:another|a different|some(?: other)?|someone else'?s?) ?{PEOPLE}?\b",
        r"\bagainst (?:the|her|his|their|a) (?:record|chart|file|notes?|consent)s?\b",
        honest=r"\bwith (?:a|an)\b",
        alone=False,
    ),
    _kind(
        "that is no tool's word. Maybe leave it out",
        r"\b(?:you|we) (?:have|'ve got) (?:all|plenty|lots|as long|as much|the whole|ages)\b",
        r"\b(?:others|other people|someone|somebody)(?: else)? (?:is|are|was|were|may|might|could|has|have|wants?)\b"
        r"(?!.*\b(?:before you|until you|meanwhile|in the meantime)\b)",
        r"\byou(?:'d|'ll| would| will) be (?:done|finished|out|home|through)\b",
        r"\b(?:there's|is|are) (?:a |no )?(?:gap|break|pause) (?:before|after|between)\b",
        r"\bthere (?:are|is|would be|will be) (?:\w+ )?more\b|\bas long as you (?:like|want|need|wish)\b",
        r"\btoo (?!if|but|and|or|so|that|when|in|on|at|with|for)[a-z]\w+",
        r"\bsafe(?:ly)? to\b|\bno (?:further|more|other|additional) (?:checks?|tests?)\b",
        r"\b(?:room|time|space) for (?:a second|another|one more|others|more)\b",
        r"\bvalid (?:for|all|the whole|until (?!you|then|it))|\b(?:stays|lasts|keeps) (?:\w+ )?(?:for|all|the whole)\b",
        r"\b(?:should|would|will) be (?:easy|quick|simple|granted|approved)\b",
        r"\btakes? (?:an?|one|about|half|only|just|less|more|up to|several|\d+) (?:\w+ )*?(?:days?|hours?|minutes?"
        r"|weeks?|while|moment)\b",
    ),
    _kind(
        "no tool looked there. Maybe search that day, or leave it out",
        r"\b(?:next|last|this) (?:month|year)\b|\bweekends?\b",
        r"\bthe week (?:after|before)\b|\bthe (?:following|previous) (?:day|week|month)\b",
        r"\b(?:last week|yesterday|earlier this week|used to|months? ago|weeks? ago)\b",
        r"\b(?:it|that|he|she|they|OR \d+|the \w+) had (?!to\b)",
        honest=r"\b(?:i can|i could|search|look|try)\b|\bhave an? \w+ weekend\b",
    ),
    _kind(
        "the state of things is no tool's word. Maybe cite the [[fact:...]] alone",
        r"\b(?:is|are|was|were|'s)(?: \w+)? (?:planned|ordered|due|under way|on (?:its|the) way|broken|missing"
        r"|damaged|dirty|out of order|ill|sick|tired"
        r"|short[- ]staffed|short (?:of|on))\b",
        honest=r"\b(?:detail|name|side|mrn|surgeon|procedure|date|day|patient)s?\b|\brules?\b",
    ),
)
"""What is told beyond any result, by what it is about."""
