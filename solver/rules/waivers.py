"""Who may set a rule aside: the least of the people who may, and the sign-in roles that act for them."""

from __future__ import annotations

from enum import StrEnum


class Waiver(StrEnum):
    """The least person who may waive a rule, in words; a director may waive whatever anyone may.

    A surgeon, an anesthesiologist or a medical director has no sign-in of their own: their word is the reason that
    a director puts on record.
    """

    CHARGE_NURSE = "charge nurse"
    DIRECTOR = "director"
    MEDICAL_DIRECTOR = "medical director"
    SURGEON = "surgeon"
    CLINICIAN = "surgeon or anesthesia"

    @property
    def roles(self) -> frozenset[str]:
        """The sign-in roles, as slugs, that may grant it."""
        return _ROLES[self]

    def grants(self, role: str) -> bool:
        """Whether someone signed in with that role may waive the rule."""
        return role in self.roles


_DIRECTOR = frozenset({"director"})
_ROLES = {
    Waiver.CHARGE_NURSE: _DIRECTOR | {"charge-nurse"},
    Waiver.DIRECTOR: _DIRECTOR,
    Waiver.MEDICAL_DIRECTOR: _DIRECTOR,
    Waiver.SURGEON: _DIRECTOR,
    Waiver.CLINICIAN: _DIRECTOR,
}
