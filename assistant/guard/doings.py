"""What the two who talk may be said to do: the verbs of a part of a sentence that is about "I", "you", or nobody.

What a model says that it did must be what its tools do; what it could do or can't, what the user asked, may choose or
should tell is harmless. Anything else that somebody does is told by a tool.
"""

from __future__ import annotations

import re

DID = frozenset(
    re.findall(
        r"\S+",
        "assumed checked chose compared counted drafted drawn excluded found gave got included kept left "
        "limited listed looked made meant narrowed picked planned prepared proposed put ran read restricted "
        "saw searched see set simulated skipped supposed thought took treated tried understand understood "
        "used went widened",
    )
)
"""What tools did for a model, or how it read the words."""
READ = frozenset(
    re.findall(
        r"\S+",
        "assumed gave left meant read see supposed thought took treated understand understood went",
    )
)
"""Of these, what needs no tool."""
CAN = frozenset(
    re.findall(
        r"\S+",
        "add afraid assist answer apologise apologize appreciate ask assume bring check choose compare "
        "continue count do draft draw exclude explain fetch fill find finish get give glad go handle happy "
        "have help here hold hope include keep know lean leave like list look love make mean name narrow need "
        "offer open pick place plan play please pleased point prefer pull correct prepare propose put rank "
        "read realise realize recommend regret repeat rerun restrict retrieve run say search see set show "
        "skip sorry sort start steer stick stop suggest suppose sure take tell treat try understand use wait "
        "want widen wonder work",
    )
)
"""What a model can, would or will do, with its tools or as one who talks."""
YOURS = frozenset(
    re.findall(
        r"\S+",
        "add agree allow asked ask change check choose compare confirm consider continue decide describe "
        "discard find flexible gave get give go have hold keep know leave let like look mean meant mention "
        "mentioned mind name named need needed open pick prefer preferred press proceed provide reject reply "
        "requested review right said say see select send set share specified specify stay take tell thinking "
        "told try undo use wait want wanted welcome willing wish write wrote",
    )
)
"""What the user did, wants or may do before the screen."""
BIDDEN = frozenset(
    re.findall(
        r"\S+",
        "add ask bear bring check choose confirm correct double enter feel fill give have just keep let look "
        "make mention mind name note pick press provide read remember reply review say see select send share "
        "specify state take tell try type wait write",
    )
)
"""What the user is asked to do."""
NOTED = frozenset(["note", "remember", "mind", "bear", "see", "read", "mention"])
"""Of these, what leads to a statement: "note that ..."."""
TOLD = frozenset(["tell", "let", "say", "name", "type", "write", "ask", "reply", "just", "feel"])
"""Of these, what asks for words of the user's, whatever they are about."""
SAID = frozenset(
    ["know", "see", "tell", "say", "hope", "mean", "add", "understand", "find", "assume", "suppose"]
)
"""What one of the two who talk does with a whole sentence, which is said with it."""
BELIEF = frozenset(["believe", "think", "doubt", "suppose", "expect", "imagine", "know"])
"""Denied, these still say what follows: "I don't think he minds"."""

_ADVERBS = (
    r"(?:can't|cannot|can|couldn't|could|will|won't|wouldn't|would|may|might|should|shall|have|haven't|had|do|don't"
    r"|did|didn't|am|are|was|wasn't|were|not|also|just|only|still|then|already|first|simply|gladly|happily|now|always"
    r"|even|probably|quickly|certainly|definitely|currently|actually|really|instead|otherwise|to|be|able|going|about"
    r"|ready|unable|so|again|never|yet|been|rather|too|both|either|therefore|as|directly|next|afterwards|quite|fully"
    r"|specifically|exactly|at once|of course|myself|yourself|like to|want to|need to|wish to|have to"
    r"|happy to|glad to"
    r"|prefer to|love to|let me)"
)
_OPENERS = (
    r"^\W*(?:(?:and|but|so|or|then|once|as|also|just|otherwise|instead|sure|yes|no|sorry|unfortunately|please|again"
    r"|now|here|what|for|okay|ok|alternatively|simply|unless|if|when|before|until|whether|which|why|how"
    r"|where|that|all"
    r"|everything|right|great|thanks|of course|well|however|meanwhile|therefore|next|first|in the meantime"
    r"|maybe|perhaps|unfortunately|regrettably|this is|that is|everything that)\W+)*"
)
DOING = re.compile(
    rf"{_OPENERS}(?:(?:in order )?to \w+(?: \w+){{0,4}}? )?\b(?P<who>i|we|you|(?:happy|glad|pleased|able"
    rf"|sorry|afraid|here|unable|delighted) to)\b"
    rf"(?P<aux>(?:'(?:d|ll|ve|m|re))?(?:\s+{_ADVERBS}\b)*)(?:\s+(?P<verb>[\w-]+))?",
    re.IGNORECASE,
)
"""A part whose subject is one of the two who talk."""
BIDDING = re.compile(rf"{_OPENERS}(?:not\W+|kindly\W+|feel free to\W+)?(?P<verb>\w+)", re.IGNORECASE)
"""A part that begins with its verb."""
ABLE = re.compile(r"\b(?:can|could|will|would|may|might|should|shall|to)\b|'(?:d|ll)\b", re.IGNORECASE)
DENIED = re.compile(r"n't\b|\b(?:not|cannot|never|unable|nor|without)\b", re.IGNORECASE)
SOMEONE = re.compile(
    r"\b(?:ask|asked|tell|told|call|called|inform|warn|check(?:ed)? with|sp[eo]ken? (?:to|with)) "
    r"(?:him|her|them|dr|doctor|someone|somebody"
    r"|(?:the|a|an|our|your) (?:\w+ )?(?:director|surgeon|doctor|nurse|team|desk|manager|admin\w*"
    r"|anesthesiologist|staff))\b",
    re.IGNORECASE,
)
"""Somebody who is spoken to: no tool does that, nor is it anybody's advice."""
BEYOND = re.compile(
    r"\b(?:isn't|aren't|is not|are not)\s+(?:something|anything|one|in anything|among|for me|part|what|my"
    r"|known|visible|shown)\b"
    r"|\b(?:outside|beyond|not (?:part of|among|in|within))\b[^,;]*\b(?:i|me|my|mine|i've)\b",
    re.IGNORECASE,
)
"""What the assistant doesn't know or can't do, as "that isn't something I can look up"."""
