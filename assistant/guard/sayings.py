"""The phrases that `statements` weighs: harmless ones of telling words, and telling ones of harmless words."""

from __future__ import annotations

import re

from assistant.guard.vocabulary import stem

HARMLESS = re.compile(
    r"\b(?:Dr\.?|Doctor)\s+[A-Z][\w'-]+(?=\s+(?-i:[A-Z]))|"
    r"\bnothing (?:is|has been|was|will be|gets|else is|happens|had been)? ?(?:\w+ )?(?:booked|written"
    r"|changed|reserved"
    r"|held|saved|final|done|touched|moved|cancelled|happens|set|proposed|prepared|tried)\b|\bnothing happens\b"
    r"|\bwithout (?:changing|writing|touching) anything\b"
    r"|\b(?:all|any|none) of (?:these|them|those|the (?:two|three|four|five|six|offers|options|slots|alternatives))\b"
    r"|\ball (?:two|three|four|five|six|clear)\b|\bat all\b|\bafter all\b|\bevery (?:scheduling )?(?:rule|check)\b"
    r"|\b(?:in|on) any (?:case|event)\b|\bthat's all\b|\bin short\b|\b(?:the )?short answer\b|\bright away\b"
    r"|\b(?:that's|you're|quite) right\b|^\W*right\b|\bleft (?:\w+ )?out\b|\brecord numbers?\b|\bas an alternative\b"
    r"|\bas (?:you )?(?:asked|wanted|requested|said)\b|\bbefore (?:you|i|we|that|anything|preparing"
    r"|booking|confirming)\b"
    r"|\b(?:speaks?|stands?|against) against it\b|\bbetween (?:(?:the )?(?:first )?two|them)\b"
    r"|\bchoose between\b|\bgood (?:morning|afternoon|evening)\b"
    r"|\bif (?:it|that|this) helps\b|\bonly (?:a )?(?:supposition|trial|what-if|test)\b|\bin (?:ranked |the |that "
    r"|this )?order\b|\bin between\b"
    r"|\b(?:can't|cannot|couldn't|could) be (?:used|done)\b|\b(?:one|two|three|several) more\b|\ball right\b"
    r"|\b(?:that |which |what |than )?you(?:'d|'ve| have)? (?:asked|wanted|named|said|mentioned|requested"
    r"|meant|had in mind|have in mind"
    r"|gave|preferred|need|needed|want)(?: for| about)?\b(?=\W*$|\W+(?:is|are|was|were|isn't|will|doesn't"
    r"|does|has|in)\b)"
    r"|\b(?:the )?(?:check|search|system|result|rule|this|it|fact|card|comparison|schedule"
    r"|board) (?:also )?(?:says|gave|gives)\b"
    r"|\bwhy there(?:'s| is| are| was) (?:none|nothing|no \w+)\b|\ball that's left\b|\bas soon as\b"
    r"|\bbefore it can be booked\b|\bran out of time\b"
    r"|\bon your side\b|\bany ?time\.?$"
    r"|\bnothing needs to be done\b|\bmore than (?:one|two)\b|\bhow many\b|\bevery one of (?:them"
    r"|these)\b|\bnot only\b|\bany one of (?:them|these)\b"
    r"|\bnothing about the patient\b(?=.*\b(?:checked|known)\b)|\bside by side\b|\bif any\b|\bonce more\b"
    r"|\b(?:first|last) of all\b",
    re.IGNORECASE,
)
"""Phrases of a harmless meaning, made of words that have another one."""
UNCHECKED = re.compile(
    r"(?:n't|\bnot|\bnever|\byet to be|\bwithout)\b[^.;]{0,30}"
    r"\b(?:check\w*|given|known?|knowing|have|tell|told|applied|considered|included|provided)\b"
    r"|\b(?:tell|give|share|send|add|depends?|missing|unknown|once|gave|you said|passed?|still open"
    r"|into account|searched with)\b",
    re.IGNORECASE,
)
WEIGHED = re.compile(
    r"\b(?:matter\w*|worr\w+|concern\w*|problem|issue|fine|safe|ok(?:ay)?|normal|relevant|no need"
    r"|allergic|within|normal)\b",
    re.IGNORECASE,
)
CLINICAL = {
    stem(word)
    for word in (
        "weight", "age", "asa", "class", "latex", "mrsa", "bmi", "status", "allergies", "allergy", "health", "flags",
        "against", "sequencing", "specific", "knowing", "account", "limits",
    )
}  # fmt: skip
"""What of a patient may be called unchecked, and nothing else."""
HALVES = {stem(word) for word in ("morning", "mornings", "afternoon", "afternoons", "noon", "evening")}
"""What is said of an offer and held against it (traits)."""
CARDS = {
    stem(word)
    for word in ("team", "told", "must", "reasons", "everything", "every", "each", "warnings", "affects")
}
"""What a card shows."""
GLOSSES = tuple(
    (re.compile(sign, re.IGNORECASE), frozenset(more.split()))
    for sign, more in (
        ("granted by", "approval approve approves exception exceptions override overrides permission agree agrees"),
        ("granted by", "sign off waive waived grant grants granted"),
        (r"\bhas no\b|\bOnly OR|does not", "lacks lack equipped equipment host robot robotic required requires"),
        ("too short to use", "gap gaps"),
        (r"\boperates\b", "hours works working scheduled operate operating"),
        (r"\bin use\b|\bis in OR\b", "busy taken occupied someone else already tied"),
        (r"\bprivilege|credential", "privileged privileges privilege credentialed credentials allowed permitted"),
        (r"\branks above\b", "better ranking prefers wins ahead worse lower score weighs difference"),
        (r"\bsets?\b", "instrument instruments tray trays"),
        (r"\bPACU\b", "recovery bay bays"),
        (r"\b(?:circulator|scrub|anesthesiologist)\b", "people staff team nurse nurses person anesthesia"),
        (r"\bda Vinci\b", "robot robotic"),
        (r"'s block\b", "belongs somebody else"),
    )
)  # fmt: skip
"""What a fact says, and other words for it."""
PREPARED = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:\w+ )?(?:prepared|drafted|drawn|proposed|set up|put)\b"
    r"|\b(?:card|proposal)\b[^.;]{0,20}\b(?:awaits?|ready|waiting|waits)\b",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"\b(?:will|once|if|when|after|haven't|hasn't|not|no|nothing|can|could|would|i'll|until)\b", re.IGNORECASE
)
TOGETHER = re.compile(
    r"\b(?:have|book|do|take|use|fit) (?:both|all|them all|two|three|four|five|six)\b|\]?\bdoes (?:just "
    r"|exactly )?(?:that|so)\b(?! alone)",
    re.IGNORECASE,
)
IS_NEEDED = re.compile(r"(?<!n't )(?<!not )\b(?:is|are) (?:\w+ )?needed\b|\bneeds\b", re.IGNORECASE)
AS_IF = re.compile(r"\b(?:has|have|got|is|are) (?!not)", re.IGNORECASE)
WOULD = re.compile(
    r"\b(?:would|wouldn't|could|couldn't|might|if|with|without|suppos\w+|what-if|tried|even|outcome|result|what|that"
    r"|here)\b|'d\b",
    re.IGNORECASE,
)
PATIENT_IS = (
    r"\bpatients?\b (?:(?:with|on|under|of) [\w-]+ )?(?!(?:is|was|were|are) (?:not |yet )?(?:given|named"
    r"|chosen|needed|required|shown|listed|told)\b)"
    r"(?:is|isn't|was|wasn't|are|has|have|had|can|will|would|must|may|should|needs?|asked|wants?)\b"
)
DENIES = (
    r"(?:n't|\b(?:not|no one|nobody|never|cannot|no))\b(?:(?!until|before|unless|once)[^,;]){0,20}"
    r"\b(?:needs?|changed?|confirm|approval|confirmation|way)\b(?! to (?:choose|pick|decide))"
)
UNTOLD = tuple(
    re.compile(sign, re.IGNORECASE)
    for sign in (
        r"\beach other\b|\bone another\b",
        r"\bother (?:surgeons|rooms|doctors|dates|people|patients|teams)\b(?! (?:if|for you))",
        r"\bone reason\b|\bno one\b|\bnobody\b",
        r"\bany (?:other )?(?:times?|days?|rooms?|surgeons?|starts?)\b",
        r"\bused to\b|\blast (?:week|month|year|time)\b|\byesterday\b|\byour name\b|\bby (?:another|some\w+)\b",
        r"\bend of the day\b|\b(?:books|confirms|cancels) itself\b",
        r"\bby itself\b(?! (?:is|isn't|wouldn't|would|doesn't|won't))",
        r"\b(?:could|can|would|might|may)\b[^.;]{0,25}\bwithout (?:the|an?) (?!patient|name|side|mrn|date)",
        r"\b(?:surgeon|doctor|director|nurse|team|clinic)'?s'? (?:own )?(?:preference|wish|choice|favou?rite)\b",
        r"\banother (?:\w+ )?(?:case|surgeon|room|patient|team) (?:can|could|may|might|will|would)\b",
        r"\bbest (?:time|day|room|surgeon|hour|moment)\b|\bafter the other\b|\bone after\b|\btogether\b(?! with)",
        r"\b(?:all|every|each) (?:the |of the |other )*(?:rooms?|surgeons?|days?|week|month|morning|afternoon)\b",
        PATIENT_IS,
        DENIES,
    )
)
"""Harmless words in an order that tells of people, of other days, or of what needn't be."""
UNTOLD_ALONE = (
    re.compile(
        r"\b(?:surgeon|case|he|she|they|it|that|this|room|nurse|one)s? (?:could|might|may|can|would rather)\b"
        r"(?! (?:be (?:held|booked|changed|checked|found|prepared)|mean|help|still be (?:held|booked)|work|fit))",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:it|that|this|slot|room|time)s? (?:was|were|had been)\b(?! (?:checked|searched|found|asked|not))",
        re.IGNORECASE,
    ),
)
"""What somebody or something could do, without a marker in that sentence."""
MINDS = re.compile(
    r"\b([A-Z][\w-]+)(?:'s)?(?: (?:also|has|had|just|already|then|now|always))* (?:asked|asks|says|said"
    r"|wants?|wanted|prefers?|preferred|likes?|liked|agreed|agrees|told|knows|gave|took|will|won't"
    r"|would (?:rather|like|prefer)|confirmed|approved|keeps?|reserves?|holds|uses|brings|offered|suits?)\b"
)
ROLE = re.compile(
    r"\b(director|charge nurse|nurse|manager|administrator|admin|scheduler|surgeon|owner|anesthesiologist|anyone"
    r"|anybody|everyone|somebody|someone)s?\b",
    re.IGNORECASE,
)
GRANTS = re.compile(
    r"\b(?:grant|approv|overrid|overrul|authori[sz]|sign[- ]?off|allow|permit|waiv|decid|agree|lift|release)\w*",
    re.IGNORECASE,
)
GRANTED = re.compile(r"To be granted by: ([a-z ]+)")
COMPARING = frozenset(["earlier", "later", "sooner", "better", "higher", "lower", "closer", "different"])
FIRST = frozenset(["earliest", "latest", "soonest", "best", "nearest", "closest"])
GIVES = re.compile(r"^\W*(?:give|make|let|bring|have|keep|send|type|take)\b", re.IGNORECASE)
TOTALS = frozenset(["nothing", "all", "any", "every", "everything", "no", "none", "only"])
"""Words for how many, where a claim is held against its proof as a whole."""
OPENS = re.compile(r"\b(?:opens?|enough|frees?|gives?|would do|works?|clears?|solves?)\b", re.IGNORECASE)
LAST_CASE = re.compile(r"\b(?:first|last|only) case\b", re.IGNORECASE)
HELPS = re.compile(r"\bhelps?\b(?! you| with)", re.IGNORECASE)
ACTS = re.compile(
    r"\b(?:is|has|was|does|doesn't|isn't|hasn't|can|can't|will|won't|would|operates?|works?)\b", re.IGNORECASE
)
