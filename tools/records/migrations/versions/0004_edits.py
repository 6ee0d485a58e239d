"""Edits of records with effective dates, the worklist, anchored audit heads."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes what is new."""
