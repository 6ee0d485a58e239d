"""The phrases by which English claims, denies, supposes and asks; each is one pattern that `assertions` weighs."""

from __future__ import annotations

import re

NEGATED = (
    r"\b(?:not|nothing|never|no one|nobody|none|neither|nor|without|yet to be"
    r"|(?:is|are|was|were|has|have|had|do|does|did|would|could|should|ca|wo)n't|cannot)\b"
)
CONDITION = (
    r"\b(?:if|whether|unless|until|once|when(?:ever)?|as soon as"
    r"|(?:before|after)(?! (?:that|the|this|it)\b(?! (?:is|are|was|can|has)\b)(?! \w+ (?:is|are|was|can|has)\b)))\b"
    r"|\b(?:before|after) (?:it|that|this|the \w+)\s*$"
)
RELATIVE = (
    r"\b(?:which|what|who|how|where|why)\b"
    r"|\b(?:ones?|days?|times?|slots?|rooms?|any(?:thing)?|some(?:thing)?|dates?|all) (?:that|which)\b"
)
MODAL = (
    r"\b(?:would|could|might|may|to be|to get|needs?|must|ha(?:s|ve) to|let me|let's|maybe"
    r"|perhaps|can|will|shall|should)\b"
)
CONFIRMING = (
    r"\bfor your (?:check|review|confirmation|approval)\b|\bas far as i can\b|"
    r"\bas (?:they|it|these) (?:is|are|stands?) on the (?:book|schedule)\b|"
    r"\b(?:once|when|until|unless|if|after|before|as soon as|only)\b[^.;:]{0,30}\b(?:confirm\w*"
    r"|press\w*|approv\w*|click\w*|sign\w*)\b"
    r"|\bconfirmed (?:on (?:its|the|a|their|each) card|by (?:a|another) (?:person|human))"
    r"|\bneeds? (?:your|a person's) confirmation\b|\buntil then\b"
)
SAYS_NO = re.compile(
    r"(?:no|nothing|zero|any|isn't|not an?|without|doesn't|does not|won't|don't|wouldn't)\b", re.IGNORECASE
)
GUESS = r"\b(?:might|may|maybe|perhaps|let me|let's|please)\b"
FREE = re.compile(
    r"\b(?:is|are|'s|'re|was|be|been|looks?(?! (?:for|up|at|into|over|through)\b)|seems?"
    r"|appears?|stays?|remains?|has|have|there's|got|you're|that's|it's|come up)\b"
    r"[^.?!]{0,60}?\b(?:free|available|open(?! (?:again|until|till|from|\d|to (?:the|all"
    r"|every))\b)|vacant|(?<!up )empty|unoccupied|bookable|feasible"
    r"|(?<!that )(?<!the )(?<!this )(?<!room )(?:openings?|slots?)|possible|doable|clear|viable"
    r"|space|capacity)\b"
    r"|\b(?:is|are|'s|'re|was|looks|seems) (?:\w+ )?(?:fine|ok(?:ay)?|good|great"
    r"|perfect)\b(?! (?:choices?|options?|question|to know|idea))"
    r"|\b(?:isn't|is not|aren't|are not|not|wasn't) (?:\w+ )?(?:taken|busy|occupied|in use|full"
    r"|blocked)\b"
    r"|\b(?:pass(?:es|ed)?|meets?|satisf\w+|clears?) (?:every|all|each)\b|\b(?:every"
    r"|all) (?:the )?(?:rules?|checks?) (?:is|are) (?:met|satisfied|passed)\b"
    r"|\b(?:works|work (?:fine|well|out|perfectly)|fits(?! (?:several|more than|many|both|two|three|four|a few)\b)"
    r"|all clear|good to go|wide open"
    r"|up for grabs|no[- ]brainer)\b"
    r"|\b(?:will|'ll|should|can|would|does|do) (?:definitely |certainly |easily |also |still "
    r"|just )*(?:work|fit|be (?:fine|ok(?:ay)?|good|possible|free|available|open))\b"
    r"|\b(?:no|zero|any|isn't an?|not an?|without(?: any)?) (?:\w+ )?(?:problems?|issues?|concerns?"
    r"|conflicts?|clash(?:es)?|obstacles?|objections?|trouble|overlaps?)\b"
    r"|\bnothing\b[^.?!]{0,30}\b(?:conflicts?|in the way|in your way|against|prevents?|blocks"
    r"|stops?|clashes|speaks|stands (?:in|against|between)|wrong|overlaps?|stopping|preventing"
    r"|blocking)\b"
    r"|\b(?:doesn't|does not|won't|don't|wouldn't) (?:clash|conflict|collide|overlap|interfere"
    r"|break any|violate)\b"
    r"|\b(?:fit|squeeze|slot|get|put) (?:you|it|her|him|them|that|this|the case|the patient) in\b"
    r"|\bcan (?:have|take (?:it|that|this(?! \w)|you|her|him|them|dr|the (?:case|patient|slot))"
    r"|use (?:it|that|this)|go (?:in|into|at|for|with)|do (?:it|that|this)|accommodate"
    r"|be (?:arranged|done|booked|scheduled|accommodated))\b"
    r"|\b(?:plenty|lots|tons|loads) of (?:\w+ )?(?:time|space|room|availability|openings?|slots?"
    r"|capacity|options?)\b"
    r"|\b(?:will|would) do\b(?! (?:that|it|so))|\bthere(?:'s| is) (?:still |also |some |enough )*room\b"
    r"|\b(?:free|available|open|vacant)\s*(?:[:.!)|]|$)"
    r"|(?<!to )(?<!\bi )(?<!we )\bgo (?:right )?ahead\b(?! and)",
    re.IGNORECASE,
)
NONE = re.compile(
    r"\b(?:there (?:is|are|'s)|there's|has|have|found|i (?:see|found|have)|leaves?|offers?)\s+"
    r"(?:absolutely |simply |really )?(?:no|none|not any|nothing|zero)\b(?! to\b| yet\b| one\b"
    r"| (?:\w+ )?(?:tools?|access|information|means|record|list)\b)"
    r"|\bno (?:\w+ )?(?:slots?|openings?|availability|time|room|options?|space|capacity|gaps?)\b"
    r"|\b(?:is|are|'s|was|were|'re) (?:already |then |currently )?(?:taken|busy|occupied|in use"
    r"|unavailable)\b"
    r"|\b(?:fully|all|completely|solidly|totally) (?:booked|full|taken)\b|\b(?:is|are|'s|was|were) full\b"
    r"|\b(?:isn't|is not|aren't|are not|not|unavailable|wasn't|won't be) (?:available|free"
    r"|possible|open|doable|feasible)\b(?! here| in this)"
    r"|\bno longer (?:available|free|open|possible)\b|\b(?:somebody|someone"
    r"|another \w+) (?:\w+ )?(?:took|taken|grabbed|booked|got)\b"
    r"|\bnothing (?:in|on|at|for|came|turned|fits?|works?|available|free|that|there|later|then"
    r"|is (?:available|free|open|possible))\b"
    r"|\bnothing else\b|\bno other \w+ (?:is|are|was|were)\b|\bnothing (?:is|was) (?:booked"
    r"|scheduled|planned) (?:after|before|then|that)\b(?! you| a person| someone)"
    r"|(?<!\bi )(?<!we )\b(?:can't|cannot|can not|couldn't|unable to|won't be able to) (?:do"
    r"|operate|take|use|have|be (?:used|done|fitted|booked|scheduled|accommodated))\b"
    r"|\b(?:couldn't|can't|cannot|didn't|could not|did not|unable to|not able to"
    r"|failed to) (?:find|see) (?:a |any |an |another |one )?(?:\w+ )?(?:slots?|openings?"
    r"|anything|times?|availability|options?|room|gaps?|dates?)\b"
    r"|\b(?:impossible|unavailable|infeasible|out of the question)\b"
    r"|(?<!\bi )\b(?:doesn't|does not|don't|do not|won't|will not|wouldn't|can't|cannot) (?:work(?: out)?"
    r"|fit)\b(?! together| the calendar)",
    re.IGNORECASE,
)
_DONE_WORD = (
    r"(?:booked|scheduled|reserved|cancell?ed|moved|rescheduled|held|released|confirmed|saved"
    r"|set up(?! (?:\w+ ){0,3}(?:card|proposal|form|review)\b)|secured"
    r"|finali[sz]ed|completed|locked(?: it)? in|pencill?ed(?: it)? in|signed off|sorted(?: out)?"
    r"|arranged|registered"
    r"|recorded|submitted|processed|blocked off|made official|entered|added|deleted|removed"
    r"|undone|approved)"
)
_PLAIN_DEED = (
    r"(?:booked|scheduled|reserved|cancell?ed|rescheduled|confirmed|finali[sz]ed|locked in"
    r"|pencill?ed in|being held)"
)
DEED = re.compile(
    r"\b(?:is|are|was|were|has been|have been|been|got|gotten|get|gets|'s|'ve|'re|i've|i have"
    r"|we've|we have|i|we|all|now|it's|that's|you're"
    r"|he's|she's|they're|consider (?:it|this|that))\s+"
    r"(?:now |all |just |already |successfully |both |officially |hereby |formally |indeed "
    r"|gone and |duly )*"
    rf"{_DONE_WORD}\b"
    rf"|\b(?:went|gone|going|go) (?:right )?ahead and {_DONE_WORD}\b"
    r"|\b(?:booking|appointment|case|slot|reservation|move|cancellation|hold|change|surgery|it"
    r"|that|everything|time|card)(?:'s| is| has)? "
    r"(?:been |now |already )*(?:confirmed|complete|made|done|reserved|secured|final|in place"
    r"|on the (?:books|schedule|calendar|board)"
    r"|in the (?:system|book|books)|locked in|booked|went through|gone through|guaranteed|official)\b"
    r"|\b(?:went|gone|goes|is|are) through\b(?! the)|\b(?:is|are|'s|now) (?:now |already )?on hold\b"
    r"|\bon the (?:books|calendar)\b|\btaken care of\b"
    r"|\btook care of\b"
    r"|\bconsider (?:it|this|that|the \w+) (?:done|booked|settled|yours|handled)\b|\b(?:all"
    r"|you're|we're) (?:all )?(?:set|sorted|squared away|booked in|locked in"
    r"|in)\b(?= *(?:[.,;:!)|\u2014-]|$|for|with|on|at|then|now))"
    r"|\bi(?:'m| am)(?: now)? (?:booking|moving|cancell?ing|holding|releasing|confirming"
    r"|scheduling|reserving)\b"
    r"|\b(?:i(?:'ve| have)?|we(?:'ve| have)?) (?:also |already |just )?(?:notified|informed"
    r"|emailed|e-mailed|messaged|alerted|paged|texted|called|phoned|sent|let (?!you\b|me\b)|told (?!you))"
    rf"|\b(?:status|state)\W+{_DONE_WORD}\b"
    r"|\b(?:has|have|had|was|were|is|are) (?:just |already |now )?(?:been )?(?:informed|notified"
    r"|told|contacted|alerted|emailed|called|paged)\b"
    r"|\bi (?:just |already |have |'ve )*(?:wrote|did (?:it|that|so)|made (?:it|the (?:booking"
    r"|change|reservation|move|appointment))"
    r"|put (?:it|that|them|him|her|dr\.? \w+|the case) (?:in|on|down|into)\b(?! (?:a|the|your) card))"
    r"|\b(?:i|we)(?:'ve| have)? (?:just |already )?(?:put|placed|set) (?:a"
    r"|the) (?:\S+ )?hold\b(?![^.?!]*\bcard\b)|\bi(?:'m| am) holding\b"
    r"|\b(?:gone|went|going) ahead with\b(?! (?:one|a|the|that) (?:\w+ )?(?:reading|search|meaning"
    r"|interpretation))|\bis a go\b|\b(?:managed|able|proceeded"
    r"|decided) to (?:book|reserve|schedule|confirm|move|cancel|release)\b"
    r"|\bfinished (?:booking|moving|cancell?ing|scheduling)\b|\bso i did\b(?!n't)|^\W*success\b"
    r"|\b(?:booking|appointment) (?:successful|stands)\b"
    r"|\bcard (?:was|has been|is) (?:accepted|approved|signed)\b"
    r"|\b(?:booked|pencill?ed|locked|scheduled|squeezed|got) (?:you|them|him|her|it|this|that"
    r"|the case|the patient) (?:in|down)\b"
    r"|\bconsider\s+(?:\S+\s+){0,3}(?:yours|done|booked|handled)\b"
    r"|\b(?:booking|confirmation|reservation|reference) (?:number|code|id)\b"
    r"|\bno (?:\w+ )?confirmation (?:is |was )?(?:needed|required|necessary)\b"
    r"|\bconfirmation (?:isn't|is not) (?:needed|required|necessary)\b|\byou're (?:all )?(?:done"
    r"|finished)\b"
    r"|\b(?:is|are|it's|that's) (?:now |all )?yours\b(?! to\b)"
    rf"|(?<!as )(?<!get )(?<!be )\b{_PLAIN_DEED}\b(?! (?:against|by (?:a|another)|cases?"
    rf"|patients?|slots?|times?|rooms?|hours?|days?|to operate))"
    rf"|^\W*(?:done|all done|all set|sorted|completed?|finished|handled|{_DONE_WORD})\b(?! by\b"
    rf"| against\b| preparing\b| looking\b| searching\b| (?:times?|until|slots?|out\b))"
    r"|\b(?:booking|appointment|reservation|move|cancellation|hold"
    r"|change)\b[^.?!:;]{0,40}\b(?:has been|is|was|have been) "
    r"(?:now |already )?(?:made|confirmed|done|completed?|in place|written)\b"
    r"|\b(?:is|are|'s|was|'re) (?:now )?(?:on|in|added to|down on) the (?:schedule|books?"
    r"|calendar|board|system)\b"
    rf"|\b(?:now|is|are) {_DONE_WORD}\b|\bmission accomplished\b",
    re.IGNORECASE,
)
YES = re.compile(
    r"(?<=\w:) ?yes\b|\b(?:answer is|it's a|that's a)(?: clear| definite)? (?:yes|no)\b|^\W*(?:yes|yep|yeah|yup"
    r"|ya|sure|correct|right|indeed|absolutely|definitely|affirmative|exactly|of course it"
    r"|certainly it|granted|approved|agreed|deal|you bet|you got it|go for it"
    r"|it is(?=\W*$))\b(?=\W|$| it| that| you)",
    re.IGNORECASE,
)
NO = re.compile(
    r"^\W*(?:no(?=\s*(?:[,.;:!\u2014\u2013-]|$|he|she|it|that|you|they|there))|nope|nah"
    r"|negative)\b",
    re.IGNORECASE,
)
TRUE_NO = re.compile(
    r"\b(?:nothing|not|isn't|hasn't|haven't|wasn't|aren't|never|no one|nobody)\b[^.?!]{0,40}"
    rf"\b(?:{_DONE_WORD}|changed|written|done)\b|\bi (?:can't|cannot|don't|couldn't|haven't"
    rf"|didn't|won't|am not)\b|\bi'm (?:not|only|just)\b",
    re.IGNORECASE,
)
ABLE = re.compile(
    r"\b(?:explain|say|show|tell|find out|work out|look into)\b[^.?!]*\b(?:why|whether|what)\b", re.IGNORECASE
)
"""What one can do about a case that may never come: "I say why there is none"."""
POLITE = re.compile(
    r"^\W*(?:no problem|no worries|sure thing|sure,? (?:which|what|who|i|let|here|happy)"
    r"|right away|right,? (?:so|i|let)|no need"
    r"|(?:yes|yeah|sure|absolutely|definitely),? (?:of course,? )?(?:i can|i'll|i will|let me|happy to) "
    r"(?:help|look|search|check|prepare|explain|show|tell|try)\b"
    r"|of course(?! it)|certainly(?! it)|without (?:further|a patient|the patient|knowing"
    r"|changing|any change))\b",
    re.IGNORECASE,
)
OF_CARDS = re.compile(
    r"\b(?:card|proposal|question|form|request)s?(?: for \S+| of \S+)? (?:is|are|stays?"
    r"|remains?) (?:still |now )?open\b",
    re.IGNORECASE,
)
WHICH_IS = re.compile(r",\s*(?:which|who|that)\s*(?:is|are|'s)\b", re.IGNORECASE)
"""", which is free": no condition, but a claim put in beside."""
HEADING = re.compile(r"^\W*(?:here(?: are| is|'s)|these are|this is what)\b", re.IGNORECASE)
ASKS = re.compile(
    r"^\W*(?:(?:and|or|so|ok(?:ay)?|sure|otherwise|alternatively|instead|also|then|great|thanks)\W+)*"
    r"(?:would|could|can|may|shall|should|do|does|did|is|are|was|were|will|has|have|which|what"
    r"|who|whose|whom|when|where|why|how|any)\b",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"\s*(?:[;\u2014\u2013]|,?\s\b(?:but|however|though|although|whereas|while|yet|so)\b"
    r"|\s-\s)\s*",
    re.IGNORECASE,
)
SETTING = re.compile(
    r"^\W*(?:and |so |then )?(?:for|on|with|at|in|about|given|as for|regarding"
    r"|instead of)\b(?!.*\b(?:is|are|'s)\b)",
    re.IGNORECASE,
)
"""What only sets the scene of a question: "For Dr. Patel next Monday, ..."."""
IN_QUESTION = re.compile(r"\s*(?:[,;:\u2014\u2013]|\s-\s)\s*")
