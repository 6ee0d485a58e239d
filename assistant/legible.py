"""Whether a reply is in letters and words that the guard can read: what it can't read, it can't check."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_OTHER_WORDS = frozenset(
    """está están estará libre libres disponible disponibles reservado reservada reservó confirmado confirmada cancelado
    cancelada hecho listo martes miércoles jueves viernes sábado lunes domingo mañana quirófano hay ningún ninguna cita
    programado programada operación cirugía también para puede puedes usted que por una
    libre réservé réservée disponible disponibles confirmé confirmée annulé annulée fait c'est est sont lundi mardi mercredi
    jeudi vendredi samedi dimanche demain salle rendez-vous créneau aucun aucune avec pour vous nous opération bloc heures oui
    frei freie freier gebucht reserviert bestätigt abgesagt storniert verschoben erledigt fertig ist sind wurde montag
    dienstag mittwoch donnerstag freitag samstag sonntag morgen saal uhr kein keine keinen und nicht für termin ja
    verfügbar eingriff geplant
    libero libera prenotato prenotata confermato confermata annullato fatto sala lunedì martedì mercoledì giovedì venerdì
    sabato domenica domani sono nessun nessuna della alle ore sì
    livre reservado reservada marcado marcada confirmado agendado agendada feito segunda-feira terça-feira quarta-feira
    quinta-feira sexta-feira amanhã sala não está às
    vrij geboekt gereserveerd bevestigd geannuleerd verplaatst klaar maandag dinsdag woensdag donderdag vrijdag zaterdag
    zondag morgen kamer geen niet voor een het uur
    wolny wolna zarezerwowane zarezerwowany potwierdzone wtorek środa czwartek piątek poniedziałek sala
    ledig bokad bekräftad avbokad klar måndag tisdag onsdag torsdag fredag är""".split()
)
"""Words of scheduling in languages that replies aren't read in; none is an English word or a part of many names."""
_ENGLISH_TOO = frozenset({"fait", "est", "bloc", "hay", "sala", "ja", "para", "sono", "ore", "klar", "sont"})
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u200a\u202f"), " ")


def plain(text: str) -> str:
    """The text as it is read: compatible forms as plain letters, and nothing that can't be seen."""
    said = unicodedata.normalize("NFKC", text.translate(_SPACES)).replace("\u2019", "'")
    return "".join(mark for mark in said if unicodedata.category(mark) not in ("Cf", "Cc") or mark in "\n\t")


def illegible(text: str, heard: str) -> Iterator[str]:
    """Why a text can't be checked, each in a sentence that a model can act on; `heard` are the user's own words."""
    if any(unicodedata.category(mark) in ("Cf", "Co", "Cs", "Cn") for mark in text if mark not in heard):
        yield "it holds signs that can't be seen. Maybe plain letters alone"
    strange = {mark for mark in text if mark.isalpha() and mark not in heard and not _latin(mark)}
    if strange:
        yield "it holds letters of another script. Maybe write it in English"
    known = {word.casefold() for word in _WORD.findall(heard) if word[:1].isupper()}
    words = {word.casefold() for word in _WORD.findall(plain(text))} - known
    if words & (_OTHER_WORDS - _ENGLISH_TOO):
        yield "it isn't in English, which is all that can be checked. Maybe write it in English"


def _latin(mark: str) -> bool:
    return unicodedata.name(mark, "").startswith(("LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO SIGN"))
