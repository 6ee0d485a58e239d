"""Requests that found no slot."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "unmet",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("conflict", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "id", name="pk_unmet"),
    )
    op.create_index("ix_unmet_clinic_at", "unmet", ["clinic", "at"])


def downgrade() -> None:
    """Drops it."""
    op.drop_table("unmet")
