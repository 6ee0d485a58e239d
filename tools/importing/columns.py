"""What a column of each kind of spreadsheet may be called, by those who never heard of us."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tools.importing.german import GERMAN

DAY_NAMES = {
    "mon": "monday|mo|montag", "tue": "tuesday|tues|tu|dienstag", "wed": "wednesday|weds|we|mittwoch",
    "thu": "thursday|thurs|th|thur|donnerstag", "fri": "friday|fr|freitag", "sat": "saturday|sa|samstag",
    "sun": "sunday|su|sonntag",
}  # fmt: skip

_PERSON = (
    "name|staff|staff name|staff member|employee|employee name|emp name|person|full name|team member|worker|provider|"
    "provider name|resource|resource name|surgeon name|surgeon|nurse|nurse name|tech|tech name|physician|physician name"
)
_FROM = (
    "from|start date|valid from|issued|issue date|issued on|date issued|effective|effective date|granted|since|"
    "date obtained|date completed|completed"
)
_UNTIL = (
    "until|to|end date|expires|expires on|expiry|expiry date|expiration|expiration date|valid until|valid to|"
    "valid through|exp date|exp|date expires|renewal date|renew by"
)

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "staff": {
        "id": (
            "id|staff id|employee id|employee number|badge|code|key|emp|emp id|emp no|employee no|staff no|"
            "staff number"
        ),
        "name": _PERSON,
        "first": "first name|first|given name|forename",
        "last": "last name|last|surname|family name",
        "role": (
            "role|title|job title|position|job|type|discipline|function|job role|staff type|position title|"
            "classification"
        ),
        "roles_also": "other roles|also|secondary role|cross trained|cross trained as|additional roles",
        "aliases": "aliases|alias|nickname|also known as|aka|initials|short name",
        "service": "service|specialty|speciality|department|service line|dept|division",
        "max_cases_day": "max cases day|max cases|max cases per day|daily case limit",
        "max_minutes_day": "max minutes day|max minutes|max minutes per day",
        "privileges": "privileges|privileged for|credentialed for|procedures",
        "certifications": "certifications|certification|certs|cert|qualifications|competencies|skills",
        **DAY_NAMES,
    },
    "shifts": {
        "person": f"{_PERSON}|id|staff id|employee id|badge|who",
        "days": "day|days|weekday|weekdays|day of week|dow",
        "date": "date|shift date|work date|day date|roster date|scheduled date",
        "hours": "hours|shift|time|times|shift hours|shift time",
        "start": "start|start time|from|begin|begins|in|clock in|shift start|time in|in time|shift begin|sched start",
        "end": "end|end time|to|until|finish|ends|out|clock out|shift end|time out|out time|shift finish|sched end",
        **DAY_NAMES,
    },
    "certifications": {
        "person": f"{_PERSON}|id|staff id|employee id|badge|holder",
        "certification": (
            "certification|cert|certificate|certifications|credential|qualification|skill|license|"
            "credential name|certificate name|competency|training"
        ),
        "procedure": "procedure|privilege|privileges|privileged for|credentialed for",
        "from": _FROM,
        "until": _UNTIL,
    },
    "rooms": {
        "id": "id|room id|code|room code|key",
        "name": (
            "name|room|room name|or|theatre|theater|operating room|suite|room no|room number|or room|"
            "or name|or suite"
        ),
        "hours": "hours|open hours|opening hours|room hours|available|availability",
        "start": "start|open|opens|start time|from|open from|open time|opening time|opens at",
        "end": "end|close|closes|end time|to|until|open until|close time|closing time|closes at",
        "days": "days|day|weekdays|open days",
        "equipment": "equipment|fixed equipment|equip|installed equipment",
        "features": "features|feature|attributes|properties|built for",
        **DAY_NAMES,
    },
    "procedures": {
        "id": "id|procedure id|code|key|procedure code",
        "name": (
            "name|procedure|procedure name|description|operation|surgery|procedure name|"
            "procedure description|proc|proc name|desc|surgical procedure"
        ),
        "short": "short|short name|abbreviation|abbrev",
        "cpt": "cpt|cpt code|cpt codes|cpts",
        "synonyms": "synonyms|synonym|aliases|also known as|aka|alternate names|other names",
        "service": "service|specialty|speciality|department|service line",
        "sided": "sided|laterality|laterality required|has side|side",
        "minutes": (
            "minutes|duration|length|median|avg duration|average duration|case length|time|est duration|"
            "mins|dur|len|average minutes|avg minutes|avg mins|typical duration|case minutes|median minutes|"
            "median duration|procedure length|procedure duration|surgery length|or time"
        ),
        "p80": "p80|80th percentile|long|duration p80|max duration|p80 minutes",
        "setup_minutes": "setup|set up|setup minutes|setup time|set up minutes|set up time",
        "turnover_minutes": "turnover|turnover minutes|turnover time|cleaning|clean up|cleanup|tot",
        "anesthesia": (
            "anesthesia|anaesthesia|anesthesia type|anaesthesia type|anes|anes type|anesthesia default|"
            "anesthesia method|default anesthesia|usual anesthesia"
        ),
        "options": "anesthesia options|anaesthesia options|other anesthesia",
        "equipment": "equipment|equip|equipment needed|required equipment",
        "trays": "trays|tray|instrument sets|sets|instruments|instrument trays",
        "room_features": "room features|room feature|room requirements|room needs",
        "team": "team|staff|roles|team roles|staffing|required staff",
        "bay": "bay|recovery bay|recovery|pacu|recovery area",
        "stay": "recovery minutes|pacu minutes|stay|recovery time|pacu time|pacu stay|recovery stay",
        "lead_time_hours": "lead time hours|lead time|notice hours|notice",
        "contamination": "contamination|wound class|class|wound classification",
    },
    "bookings": {
        "id": (
            "id|case|case id|case number|case no|booking|booking id|appointment id|encounter|case num|"
            "log id|case ref|reference|ref|booking no|booking number|surgery id|appt id|encounter id"
        ),
        "date": (
            "date|surgery date|case date|dos|date of surgery|procedure date|or date|date of service|"
            "service date|sx date|op date|surgery day|case day|sched date|scheduled date"
        ),
        "start": (
            "start|start time|time|wheels in|in room|scheduled start|begin|sched start|start date time|"
            "starts at|date time|datetime|start datetime|surgery date time|case start|planned start|"
            "surgery start|surgery time|scheduled start time|scheduled time|sched time|appt time|"
            "appointment time"
        ),
        "end": (
            "end|end time|wheels out|out of room|scheduled end|finish|sched end|ends at|scheduled end time|"
            "end datetime|end date time|case end|planned end|surgery end|stop|stop time"
        ),
        "minutes": (
            "minutes|duration|length|case length|min|mins|dur|len|case minutes|case duration|surgery length|"
            "length of surgery|procedure length|procedure duration|surgery duration|total minutes|or minutes|"
            "time needed|time requested|minutes requested|requested minutes|case time|or time"
        ),
        "procedure": (
            "procedure|procedure name|operation|surgery|description|primary procedure|cpt|cpt code|"
            "procedures|proc|proc name|procedure description|proc description|planned procedure|"
            "scheduled procedure|surgical procedure|desc"
        ),
        "additional": "additional procedures|additional procedure|secondary procedure|other procedures",
        "surgeon": (
            "surgeon|primary surgeon|physician|doctor|provider|operating surgeon|surgeon name|doc|dr|"
            "attending|attending surgeon|performing surgeon|primary physician|provider name"
        ),
        "room": (
            "room|or|operating room|theatre|theater|location|room name|suite|or room|rm|room number|room no|"
            "or number|or no|or suite|or name"
        ),
        "anesthesia": (
            "anesthesia|anaesthesia|anesthesia type|anaesthesia type|anes|anes type|anesthesia method|"
            "anesthetic|anaesthetic|anesthesia plan"
        ),
        "team": "team|staff|staffing",
        "equipment": "extra equipment|additional equipment|equipment",
        "laterality": "laterality|side|lat|l r",
        "status": "status|state|case status|booking status",
        "patient": (
            "patient|patient name|pt|pt name|name|patient full name|client name"
        ),
        "patient_first": "patient first name|first name|pt first|first",
        "patient_last": "patient last name|last name|pt last|last|surname",
        "mrn": (
            "mrn|medical record number|patient id|chart|chart number|record number|pt id|chart no|mr|mr no|"
            "mr number|med rec|med rec no|medical record|medical record no|patient mrn|pt mrn|"
            "patient number|patient no|hospital number"
        ),
        "birth_date": (
            "dob|birth date|date of birth|birthdate|born|patient dob|pt dob|d o b|birthday|"
            "patient birth date|patient date of birth|pt birth date"
        ),
        "flags": "flags|alerts|patient flags|precautions",
    },
}  # fmt: skip
"""Kind -> column -> what it may be called; names are compared without case, points and what is in brackets."""

REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "staff": (("name", "last", "id"),),
    "shifts": (("person",),),
    "certifications": (("person",), ("certification", "procedure")),
    "rooms": (("name", "id"),),
    "procedures": (("name", "id"),),
    "bookings": (("date", "start"), ("start",), ("procedure",), ("surgeon",), ("room",)),
}
"""Kind -> groups of columns, of each of which one must be there."""

_BY_NAME: Mapping[str, Mapping[str, str]] = {
    kind: {
        each: column
        for column, names in reversed(list(columns.items()))
        for each in (*names.split("|"), *GERMAN[kind].get(column, "").split("|"), column.replace("_", " "))
        if each
    }
    for kind, columns in COLUMNS.items()
}
_MEANT = re.compile(r"^(?:est|estimated|sched|scheduled|planned|avg|average|expected|proj|projected) ")
_UNIT = re.compile(r" (?:min|mins|minutes|hh mm|h mm|yes no|y n)$")


def column_of(kind: str, header: str) -> str | None:
    """The column that a header means, or None; "Est. Length (min)" is "length", and so is "Length, min"."""
    names, said = _BY_NAME[kind], plain(header)
    bare = _MEANT.sub("", said)
    return next((names[each] for each in (said, bare, _UNIT.sub("", bare)) if each in names), None)


def plain(header: str) -> str:
    """A header without case, signs, brackets and what is in them: "Start Time (24h)*" is "start time"."""
    bare = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", header)
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare)
    return " ".join(re.sub(r"[^\w]+|_", " ", split.casefold()).split())
