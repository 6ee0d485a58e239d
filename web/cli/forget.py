"""forget: what is kept no longer goes now, rather than when the server next looks."""

from __future__ import annotations

from tools.context import Role
from web.cli.answer import Answer
from web.cli.options import Source
from web.cli.source import opened


def forget(source: Source) -> Answer:
    """Delete what is kept no longer, as a running server does every few hours.

    Old offers, proposals, conversations and ended sign-ins go. SLOTWRIGHT_OFFER_DAYS, _PROPOSAL_DAYS, _REPORT_DAYS and
    _PATIENT_DAYS say when; the book and the audit trail stay.
    """
    from tools.care.retention import forgotten
    from web.settings import environment

    gone = forgotten(opened(source, Role.ADMIN), environment().retention)
    told = ", ".join(f"{rows} {name.replace('_', ' ')}" for name, rows in gone.items())
    return Answer(
        {"deleted": gone}, f"Deleted: {told}." if gone else "There is nothing that is kept too long."
    )
