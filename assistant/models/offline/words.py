"""The vocabulary of the request line: what carries no meaning here, and what changes it."""

from __future__ import annotations

GUARDS = frozenset(
    "not no except excepting unless instead only or without avoid avoiding never but besides excluding exclude minus"
    " nor neither either rather than other another dont cant wont isnt doesnt shouldnt if otherwise else until"
    " exactly least most maximum minimum max under over above below less more fewer same different"
    " nothing none hardly skip".split()
)
"""Words that change what is asked; when no reader takes one, the user is asked about it."""

FILLERS = frozenset(
    """
    a an the this that these those there here it its is are was were be been being am im ill id ive
    i we us our my me you your u ur he she his her him they them their theirs someone somebody folks
    please pls plz thanks thank thx ty hi hello hey morning afternoon good dear team guys
    need needs needed want wants wanted would wanna like love looking look seek seeking get getting got gets give gimme
    can could may might shall will should do does did done have has having had let lets make makes made
    find finding search check schedule scheduling scheduled book booking booked set put fit squeeze slot slots slotted
    opening openings opened time times spot spots place places appointment appointments appt date dates day days
    available availability avail free open anything something some any all
    for to of on in at with w by from into onto as and so then also too up out off over
    case cases surgery surgeries procedure procedures operation operations operate operating op ops patient patients
    pt pts person people request requests asking ask wondering wonder
    first next earliest soonest quickest best possible asap soon
    just really actually maybe perhaps kindly quick quickly about around
    when what which who how where know tell see show list options option help
    work works working well ok okay sure great fine right now currently still
    one ones two room rooms or time surgeon surgeons doctor dr
    go going come comes coming up be able trying try tried see
    block hour hours minute minutes min mins week weeks month months
    scheduler desk office front clinic center here needing
    add adding new old regular usual standard routine elective plain simple
    m mr mrs ms miss mister gentleman lady guy man woman male female f yo year years
    pick take
    """.split()
)
"""Words that may stay unread beside a request that is otherwise understood."""

SAFE_FILLERS = FILLERS - GUARDS

TITLES = frozenset({"dr", "drs", "doctor", "doc"})
PATIENT_TITLES = frozenset({"mr", "mrs", "ms", "miss", "patient", "pt", "mister"})

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
}  # fmt: skip

STEMS = {
    "arthroscopic": "scope", "arthroscopy": "scope", "scoping": "scope", "scopes": "scope",
    "replacement": "arthroplasty", "replacements": "arthroplasty", "replace": "arthroplasty",
    "reconstruction": "recon", "reconstruct": "recon", "reconstructive": "recon",
    "laparoscopic": "lap", "laparoscopically": "lap", "laparoscopy": "lap",
    "cholecystectomy": "chole", "gallbladder": "chole", "appendectomy": "appy", "appendix": "appy",
    "hysterectomy": "hyst", "hysterectomies": "hyst", "robotic": "robot", "robotically": "robot",
    "prostatectomy": "prostate", "tonsillectomy": "tonsil", "tonsils": "tonsil", "adenoidectomy": "adenoid",
    "adenoids": "adenoid", "fracture": "fx", "removal": "remove", "removing": "remove", "endoscopic": "endo",
    "endoscopy": "endo", "redo": "revision", "rev": "revision", "knees": "knee", "hips": "hip",
    "shoulders": "shoulder", "hernias": "hernia", "herniorrhaphy": "hernia", "cataracts": "cataract",
    "meniscus": "meniscectomy", "meniscal": "meniscectomy", "releases": "release", "repairs": "repair",
    "injections": "injection", "bunions": "bunion", "colonoscopies": "colonoscopy", "ligament": "ligament",
    "arthroplasties": "arthroplasty", "debridements": "debridement", "fusions": "fusion", "totals": "total",
    "excise": "excision", "biopsies": "biopsy", "implantation": "implant", "insertion": "insert",
}  # fmt: skip
"""Surgical words that mean the same inside a procedure's name; others stand for themselves."""

GLUE = frozenset("of the a an on for his her their my with in at to and".split())
"""Words that may stand inside a procedure's name without belonging to it."""


def stem(word: str) -> str:
    """The word that stands for its family in a procedure's name."""
    if word in STEMS:
        return STEMS[word]
    single = word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
    return STEMS.get(single, single)

DOMAIN = frozenset(
    """
    latex mrsa diabetic bilateral left right anesthesia anaesthesia general spinal regional local sedation hour hours
    minute minutes longer shorter later earlier back consecutive flip swap swaps urgent emergency emergent compare
    explain why hold tentative tentatively pencil release cancel move bump reschedule push confirm morning afternoon
    evening tomorrow today tonight before after between except unless instead without follow following first last
    second third fourth fifth next week weeks month months early late start end noon midday possible possibly
    preferably ideally prefer preferred option options schedule calendar board available availability difference
    allergy allergic insulin weight pounds positive negative years pediatric child robot equipment anyone anybody
    whoever either neither weekday weekdays weekend monday tuesday wednesday thursday friday saturday sunday january
    february march april june july august september october november december half quarter another surgeon surgeons
    procedure procedures patient patients within until through suppose stopping blocking preventing thanks please
    """.split()
)
"""Words that some reader knows; a misspelt word may be mended into one of them."""
