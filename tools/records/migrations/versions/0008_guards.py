"""No lane beyond the lanes, and no entry of the trail in another's place."""

import sqlalchemy as sa
from alembic import op

from tools.records import guards

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the guards."""
    for statement in guards.CLOSER[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Takes them away."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_reservations_lanes_within", "reservations")
        return
    for name in guards.CLOSER_NAMES:
        op.execute(sa.text(f"DROP TRIGGER {name}"))
