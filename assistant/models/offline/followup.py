"""Words that change the last request instead of starting another one."""

from __future__ import annotations

import re

from assistant.models.offline.dates.words import WEEKDAYS
from assistant.models.offline.leaving_out import read_another
from assistant.models.offline.quantities import LENGTH, minutes_said
from assistant.models.offline.reading import Reading
from assistant.models.offline.when import LONGEST_DAYS
from assistant.models.offline.words import NUMBERS

_ENDS = r"(?: that| then| instead)?(?= please| pls| also| too| works?| is| would| if| maybe|$)"
"""After "the week before" a noon or a Friday would be what it is counted from; here nothing is."""
_DAYS = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_SAME = re.compile(r"\b(?:(?:and |do |try |find )*(?:the )?same(?: (?:thing|request|case|procedure|search"
    r"|surgeon|one|but"
                   r"|again))*(?: for| with| on| in| at)?)(?!\S)")  # fmt: skip
_ABOUT = re.compile(
    r"\b(?:(?:and |ok |okay |so |but |hmm )*(?:what|how) about|and if|or maybe|what of)(?!\S)"
)
_CHANGE = re.compile(r"\b(?:make (?:it|that)|change (?:it|that|this)?(?: to| the)*|switch (?:it )?to"
    r"|try(?: it)?(?: with| in| on)?"
                     r"|instead|rather|then)(?!\S)(?! of| than)")  # fmt: skip
_SHIFTED = re.compile(rf"\b(?:(?:can we|do|try|make it|about) )*{LENGTH} "
                      rf"(?P<way>later|earlier|sooner)(?: than that)?(?!\S)")  # fmt: skip
_ALSO_DAYS = re.compile(r"^or(?: also| else| maybe| even)?(?= ~)")
_ADDS = re.compile(r"^(?:(?:and|also|ok|okay|please|can (?:we|you)|lets) )*(?:with|w|plus|add|adding|along with"
                   r"|together with|in addition(?: to)?)(?: an?| the| on)*(?= ~)")  # fmt: skip
_AND_ONE = re.compile(r"^(?:and|also)(?: also| plus)? (?:an?|the|her|his)(?= ~)")
_FOLLOWING = re.compile(
    rf"\b(?:(?:the )?next (?P<day>{_DAYS}) after that|(?:the )?following (?P<day2>{_DAYS})(?: after(?: that)?{_ENDS})?"
    rf"|the (?P<day3>{_DAYS}) (?:after|following){_ENDS})(?!\S)"
)
_LATER = re.compile(r"\b(?:(?:any|some|something|anything|a (?:bit|little)|much|have|got|is there|one"
    r"|slots?|times?) )*"
                    r"(?P<way>later|earlier|sooner)(?: (?:in the day|that day|on|slots?|times?|one"
                    r"|than that|is better|please|starts?))*(?!\S)")  # fmt: skip
_IN_WEEK = re.compile(
    r"\b(?P<way>later|earlier|sooner) (?:in|that|this|during) (?:the |that |this )?(?:same )?week(?!\S)"
)
_AWAY = re.compile(
    r"^(?:(?:and|ok|okay|or|so|then|what about|how about|try|do|make it|the same|same|about|for|~) )*"
    r"(?P<told>(?P<n>an?|one|two|three|four|\d{1,2}) (?P<unit>week|day)s? (?P<way>later|earlier))"
    r"(?= please| pls| then| instead|$)"
)
_OTHER_DAY = re.compile(
    r"\b(?:(?:is|are) there )?(?:any|some|a|an)? ?(?:other|another|different) (?:days?|dates?)(?!\S)"
)
_ANYONE = re.compile(r"\b(?:(?:whichever|whatever) (?:surgeon|doctor|doc|dr)(?: is)?(?: (?:free|open|available))?"
                     r"|any(?: of the)?(?: other| available)? (?:surgeons?|doctors?|dr|md|mds|docs?"
    r"|one)|anyone|anybody|whoever"
                     r"(?: is (?:free|available))?|any available (?:surgeon|doctor)|(?:surgeon"
                     r"|doctor) (?:doesnt|does not) matter)"
                     r"(?: (?:is fine|is ok|will do|works|else|who can|ok|fine))*(?!\S)")  # fmt: skip
_ANY_DAY = re.compile(
    r"\b(?:any ?day|whenever|any date|no date preference)(?: (?:is fine|works|is ok))*(?!\S)"
)
_ANY_TIME = re.compile(
    r"\b(?:any ?time|any hour|time (?:doesnt|does not) matter)(?: (?:is fine|works|is ok|of day|of the day))*(?!\S)"
)
_NEXT_DAY = re.compile(
    rf"\b(?<!next )(?<!this )(?:the )?(?P<what>(?:day|week) after{_ENDS}|(?:following|next) day|following week)(?!\S)"
)
_PREVIOUS_DAY = re.compile(
    rf"\b(?<!next )(?<!this )(?:the )?(?:(?:day|week) before{_ENDS}|previous (?:day|week))(?!\S)"
)
_MORE = re.compile(r"\b(?:(?:any |some |show )*(?:more|other|others|additional)(?: options?| slots?"
    r"| choices| openings| times)?"
                   r"|(?:anything|something) else|what else)(?!\S)")  # fmt: skip
_TO_FOLLOW = re.compile(r"\b(?:to follow|tf|following|after|behind|right after|straight after|following after)"
                        r"(?: (?:the |last )*(?:case|one|cases)?(?: of)?)?(?= ~)")  # fmt: skip


_SAME_AS = re.compile(r"\b(?:the )?same(?: thing| request| case)? as (?:last time|before|the last (?:one|time)"
                      r"|the other one|that(?: one)?|above)(?: but)?(?!\S)")  # fmt: skip


def read_same(r: Reading) -> None:
    """ "same as last time but Thursday": read before what points at the last offer."""
    for _, i, j in r.utterance.find(_SAME_AS):
        r.cues.add("followup")
        r.utterance.take(i, j, "cue")


def read_followups(r: Reading) -> None:
    """Note relative changes and "same", "any", "instead"; only words still free count."""
    for pattern in (_SAME, _ABOUT, _CHANGE):
        for _, i, j in r.utterance.find(pattern):
            r.cues.add("followup")
            r.utterance.take(i, j, "cue")
    _additions(r)
    for match, i, j in r.utterance.find(_LATER):
        if r.utterance.at(j) in {"day", "days", "date", "dates", "week"}:
            continue
        r.edits["later"] = match["way"] == "later"
        r.utterance.take(i, j, "when")
    _anys(r)
    for _, i, j in r.utterance.find(_MORE):
        r.edits["more"] = True
        r.utterance.take(i, j, "limit")


def _additions(r: Reading) -> None:
    """ "or Thursday", "with a meniscectomy": something more beside what the last request asked for."""
    for _, i, j in r.utterance.find(_ALSO_DAYS):
        if r.utterance.words[j].taken == "when" and r.when is not None and r.when.has_days:
            r.edits["also_days"] = True
            r.utterance.take(i, j, "cue")
    for _, i, j in r.utterance.find(_ADDS):
        if any(mention.i == j and not mention.negated for mention in r.procedures):
            r.edits["adds"] = True
            r.cues.add("followup")
            r.utterance.take(i, j, "cue")
    for _, i, j in r.utterance.find(_AND_ONE):
        alone = not r.surgeons and r.when is None and all(word.taken for word in r.utterance.words[j:])
        if alone and len(r.procedures) == 1 and r.procedures[0].i == j and not r.procedures[0].negated:
            r.edits["adds"] = True
            r.cues.add("followup")
            r.utterance.take(i, j, "cue")


def read_shifts(r: Reading) -> None:
    """ "the day after", "the following week": read before dates, which know no last request."""
    for match, i, j in r.utterance.find(_SHIFTED):
        r.edits["shift_minutes"] = minutes_said(match) * (1 if match["way"] == "later" else -1)
        r.utterance.take(i, j, "when")
    for match, i, j in r.utterance.find(_FOLLOWING):
        r.edits["following"] = WEEKDAYS[match["day"] or match["day2"] or match["day3"]]
        r.utterance.take(i, j, "when")
    for match, _, j in r.utterance.find(_AWAY) if not r.procedures else ():
        days = int(match["n"]) if match["n"].isdecimal() else NUMBERS.get(match["n"], 1)
        days *= (7 if match["unit"] == "week" else 1) * (1 if match["way"] == "later" else -1)
        r.edits["shift_days"] = max(-LONGEST_DAYS, min(LONGEST_DAYS, days))
        start = j - len(match["told"].split())
        r.utterance.take(start, j, "when")
    for match, i, j in r.utterance.find(_IN_WEEK):
        r.edits["within_week"] = 1 if match["way"] == "later" else -1
        r.utterance.take(i, j, "when")
    for _, i, j in r.utterance.find(_OTHER_DAY):
        r.edits["other_day"] = True
        r.utterance.take(i, j, "when")
    for pattern, sign in ((_NEXT_DAY, 1), (_PREVIOUS_DAY, -1)):
        for match, i, j in r.utterance.find(pattern):
            counted = r.utterance.at(j) in {"tomorrow", "next"} or r.utterance.at(j).isdecimal()
            if counted or r.utterance.at(i - 1) == "or":
                continue
            r.edits["shift_days"] = sign * (7 if "week" in match[0] else 1)
            r.utterance.take(i, j, "when")


def _anys(r: Reading) -> None:
    read_another(r)
    for _, i, j in r.utterance.find(_ANYONE):
        if r.utterance.at(j) != "but":
            r.fields |= {"surgeon": None, "exclude_surgeons": None}
            r.utterance.take(i, j, "surgeon")
    for pattern, key in ((_ANY_DAY, "any_day"), (_ANY_TIME, "any_time")):
        for _, i, j in r.utterance.find(pattern):
            r.edits[key] = True
            r.utterance.take(i, j, "when")


_FOLLOWS_OWN = re.compile(r"\b(?:to follow|tf|following|after|behind|right after|straight after|following after)"
                          r" (?:his|her|their)(?: own)?(?: last| final)?(?: (?:case|cases|one)|(?= \d))"
                          r"(?!\S)")  # fmt: skip
_ITS_HOUR = re.compile(r"(?:(?:\d{1,2}) (?:[0-5]\d )?(?:[ap] ?m |oclock )?(?:cases? |one )?)")


def read_to_follow(r: Reading) -> None:
    """ "to follow Patel": the case comes after that surgeon's last one of the day. Runs before surgeons settle."""
    for _, i, j in r.utterance.find(_TO_FOLLOW):
        mention = next((m for m in r.surgeons if m.i == j and not m.negated), None)
        if mention and r.utterance.at(i - 1) not in {"week", "day", "month"}:
            end = mention.j
            while r.utterance.free(end) and r.utterance.at(end) in {"last", "case", "cases", "one", "final"}:
                end += 1
            end = _its_hour(r, end)
            r.utterance.take(i, end, "follows")
            r.surgeons.remove(mention)
            r.edits["follow"] = mention.ids
    named = [mention for mention in r.surgeons if not mention.negated]
    for _, i, j in r.utterance.find(_FOLLOWS_OWN):
        if len(named) == 1:  # "Dr. Garcia, trigger finger, after his last case": whose it is was said
            r.utterance.take(i, _its_hour(r, j), "follows")
            r.edits["follow"] = named[0].ids


def _its_hour(r: Reading, k: int) -> int:
    """ "to follow Nguyen's 9:30": which of the cases it is; the hour isn't the new case's own. Where it ends."""
    u = r.utterance
    words = [u.at(n) if u.free(n) else "~" for n in range(k, min(k + 4, len(u.words)))]
    found = _ITS_HOUR.match(" ".join([*words, ""]))
    owned = u.words[k - 1].possessive or u.at(k - 1) in {"his", "her", "their"}
    if found is None or not owned:
        return k
    said = found[0].split()
    minute = int(said[1]) if len(said) > 1 and said[1].isdecimal() else 0
    r.edits["follow_at"] = (int(said[0]) % 12, minute)
    return k + len(said)
