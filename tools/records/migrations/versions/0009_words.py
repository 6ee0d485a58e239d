"""Whether the free text of earlier versions is sealed by now, and the states that a case can have.

The sealing itself needs the site's key, so it is done when the database is next opened with it: see sealing.py.
"""

import sqlalchemy as sa
from alembic import op

from tools.records import guards

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the mark and the guard."""
    op.add_column("meta", sa.Column("words_sealed", sa.Boolean()))
    for statement in guards.STATES[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Takes the guard away; sealed text stays sealed, so a database with a clinic in it can't go back."""
    if op.get_bind().execute(sa.text("SELECT 1 FROM meta")).first():
        raise RuntimeError(
            "What is sealed can't be read by an earlier version. Maybe restore a backup of it."
        )
    op.drop_column("meta", "words_sealed")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_cases_state", "cases")
        return
    for name in guards.STATES_NAMES:
        op.execute(sa.text(f"DROP TRIGGER {name}"))
