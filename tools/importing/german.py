"""What columns are called where Excel speaks German."""

from __future__ import annotations

from collections.abc import Mapping

_PERSON = "mitarbeiter|mitarbeiterin|mitarbeitername|person|nachname vorname|name vorname"
_DAYS = {"tue": "di", "wed": "mi", "thu": "do"}
_HOURS = {"start": "beginn|von|anfang|dienstbeginn|startzeit", "end": "ende|bis|dienstende|endzeit"}
_NAMES = {
    "last": "nachname|familienname",
    "first": "vorname",
    "service": "abteilung|fachabteilung|fachgebiet|klinik",
}

GERMAN: Mapping[str, Mapping[str, str]] = {
    "staff": {
        "id": "personalnr|personalnummer|pers nr",
        "name": _PERSON,
        "role": "funktion|rolle|beruf|berufsgruppe|t\u00e4tigkeit",
        "certifications": "zertifikate|qualifikationen|fachkunde",
        **_NAMES, **_DAYS,
    },
    "shifts": {
        "person": f"{_PERSON}|personalnr|personalnummer",
        "date": "datum|tag|dienst am",
        "days": "wochentag|wochentage",
        "hours": "dienst|dienstzeit|uhrzeit|zeit",
        **_HOURS, **_DAYS,
    },
    "certifications": {
        "person": f"{_PERSON}|personalnr|personalnummer|inhaber",
        "certification": "zertifikat|qualifikation|fachkunde|nachweis",
        "procedure": "eingriff|operation",
        "from": "g\u00fcltig ab|g\u00fcltig von|ausgestellt|ausgestellt am|ab|von",
        "until": "g\u00fcltig bis|ablaufdatum|bis",
    },
    "rooms": {
        "name": "saal|op saal|raum|op",
        "days": "tage|wochentage",
        "hours": "\u00f6ffnungszeiten|betriebszeit",
        "equipment": "ausstattung|ger\u00e4te",
        "features": "merkmale",
        **_HOURS, **_DAYS,
    },
    "procedures": {
        "name": "eingriff|bezeichnung|operation",
        "minutes": "dauer|op dauer|dauer min|schnitt naht zeit",
        "anesthesia": "narkose|an\u00e4sthesie|narkoseart",
        "sided": "seite|seitenangabe",
        "turnover_minutes": "wechselzeit",
        "service": "abteilung|fachabteilung|fachgebiet",
    },
    "bookings": {
        "id": "fall|fallnummer|fallnr|fall nr|op nr",
        "date": "datum|op datum|op tag",
        "start": "beginn|op beginn|von|uhrzeit|startzeit",
        "end": "ende|op ende|bis|endzeit",
        "minutes": "dauer|op dauer|dauer min",
        "procedure": "eingriff|operation|therapie",
        "surgeon": "operateur|operateurin|chirurg|arzt|1 operateur",
        "room": "saal|op saal|raum|op",
        "anesthesia": "narkose|an\u00e4sthesie|narkoseart",
        "laterality": "seite|seitenangabe",
        "patient": "patientenname|patient name",
        "patient_last": "nachname|familienname",
        "patient_first": "vorname",
        "mrn": "patientennummer|patientennr|patienten nr|pid|pat nr",
        "birth_date": "geburtsdatum|geb datum|geb am|geboren",
    },
}  # fmt: skip
"""Kind -> column -> its names, beside the English ones."""
