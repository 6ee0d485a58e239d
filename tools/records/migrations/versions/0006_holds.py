"""Holds with their end, and what a change would take to be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "holds",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic", "case_id"], ["cases.clinic", "cases.id"], name="fk_holds_cases"),
        sa.PrimaryKeyConstraint("clinic", "case_id", name="pk_holds"),
    )
    op.create_index("ix_holds_clinic_until", "holds", ["clinic", "until"])
    op.create_table(
        "undos",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "proposal", name="pk_undos"),
    )
    op.create_index("ix_undos_clinic_principal_at", "undos", ["clinic", "principal", "at"])


def downgrade() -> None:
    """Drops them."""
    op.drop_table("undos")
    op.drop_table("holds")
