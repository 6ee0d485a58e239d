"""A reservation takes units of its own clinic alone."""

import sqlalchemy as sa
from alembic import op

from tools.records import guards

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the guard."""
    for statement in guards.UNITS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Takes it away."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP TRIGGER reservations_own_unit ON reservations"))
        op.execute(sa.text("DROP FUNCTION reservations_own_unit()"))
        return
    for name in guards.UNITS_NAMES:
        op.execute(sa.text(f"DROP TRIGGER {name}"))
