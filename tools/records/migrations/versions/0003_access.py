"""The chain of reads and model calls, and the keys that were rotated out."""

import sqlalchemy as sa
from alembic import op

from tools.records import guards

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the chain, its head and the old keys, then what guards the chain."""
    op.create_table(
        "access",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "seq", name="pk_access"),
    )
    op.create_table(
        "access_heads",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", name="pk_access_heads"),
    )
    op.create_table(
        "old_keys",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("audit_until", sa.BigInteger(), nullable=False),
        sa.Column("access_until", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "number", name="pk_old_keys"),
    )
    for statement in guards.ACCESS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Drops them; the guards go with their table."""
    op.drop_table("old_keys")
    op.drop_table("access_heads")
    op.drop_table("access")
