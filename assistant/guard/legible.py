"""Whether a reply is in letters and words that the guard can read: what it can't read, it can't check."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_OTHER_WORDS = frozenset(
    re.findall(
        r"\S+",
        """abgesagt agendada agendado alle amanhã annullato annulé annulée aucun aucune avbokad avec bekräftad bestätigt
        bevestigd bokad c'est cancelada cancelado cirugía cita confermata confermato confirmada confirmado
        confirmé confirmée créneau czwartek della demain dienstag dimanche dinsdag disponible disponibles domani
        domenica domingo donderdag donnerstag een eingriff erledigt estará está están fatto feito fertig fredag
        frei freie freier freitag für geannuleerd geboekt gebucht geen geplant gereserveerd giovedì hecho het
        heures ist jeudi jueves kamer kein keine keinen klaar ledig libera libero libre libres listo livre lundi
        lunedì lunes maandag marcada marcado mardi martedì martes mañana mercoledì mercredi mittwoch miércoles
        montag morgen måndag nessun nessuna nicht niet ninguna ningún nous não onsdag operación opération oui
        piątek poniedziałek por potwierdzone pour prenotata prenotato programada programado puede puedes
        quarta-feira que quinta-feira quirófano rendez-vous reservada reservado reserviert reservó réservé
        réservée saal sabato salle samedi samstag segunda-feira sexta-feira sind sonntag storniert sábado sì
        también termin terça-feira tisdag torsdag uhr una und usted uur vendredi venerdì verfügbar verplaatst
        verschoben viernes voor vous vrij vrijdag woensdag wolna wolny wtorek wurde zarezerwowane zarezerwowany
        zaterdag zondag às är środa""",
    )
)
"""Words of scheduling in languages that replies aren't read in; none is an English word or a part of many names."""
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
    if words & _OTHER_WORDS:
        yield "it isn't in English, which is all that can be checked. Maybe write it in English"


def _latin(mark: str) -> bool:
    return unicodedata.name(mark, "").startswith(
        ("LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO SIGN")
    )
