"""Whose bookings a sheet brings: patients on record, and new ones, known before anything is written."""

from __future__ import annotations

from tools.clinic_file import Identity
from tools.errors import ToolError
from tools.importing.bookings import Booking
from tools.importing.rows import Faults
from tools.records.documents import may_be, patient_indexes
from tools.records.store import Store
from tools.records.writer import same_number

ZEROS = (
    "The record number differs only by zeros in front from that of a patient with this name and birth date. "
    "Maybe the spreadsheet program dropped them: format the column as text and fill it again."
)


class People:
    """The patients of a sheet; `fresh` are those who aren't on record yet."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fresh: list[Identity] = []
        self._by_index: dict[bytes, list[Identity]] = {}
        self._known: dict[tuple[object, ...], str] = {}

    def ref(self, one: Booking, faults: Faults) -> str | None:
        """The reference of a booking's patient; None where a fault of it is on record, or nobody is named."""
        who = one.identity
        if who is None:
            return None
        asked = (who.name, who.mrn, who.birth_date)
        try:
            if asked not in self._known:
                self._known[asked] = self._found(who).ref
        except ToolError as error:
            faults.add(one.line, "patient", None, error.message)
            return None
        return self._known[asked]

    def _found(self, who: Identity) -> Identity:
        known = self.store.known_patient(who) or self._in_sheet(who)
        if known is None:
            self._zeros_kept(who)
            known = Identity(self.store.new_id("patient"), who.name, who.mrn, who.birth_date)
            self.fresh.append(known)
            for index in self._indexes(known):
                self._by_index.setdefault(index, []).append(known)
        same_number(who, known)
        return known

    def _zeros_kept(self, who: Identity) -> None:
        """Raises `ToolError("conflict")` for a namesake whose number differs only by zeros in front."""
        number = (who.mrn or "").lstrip("0")
        if not number.isdecimal():
            return
        index = patient_indexes(who, self.store.clinic_id, self.store.keys)["birth_index"]
        if index is None:
            return
        for one in (*self._by_index.get(index, ()), *self.store.namesakes(who)):
            if (one.mrn or "").lstrip("0") == number:
                raise ToolError("conflict", ZEROS, "patient.mrn")

    def _in_sheet(self, who: Identity) -> Identity | None:
        found = [one for index in self._indexes(who) for one in self._by_index.get(index, ())]
        return next((one for one in found if may_be(who, one)), None)

    def _indexes(self, who: Identity) -> list[bytes]:
        indexes = patient_indexes(who, self.store.clinic_id, self.store.keys)
        return [index for index in indexes.values() if index is not None]
