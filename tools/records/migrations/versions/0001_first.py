"""The first schema: records, book, offers, proposals, audit."""

import sqlalchemy as sa
from alembic import op

from tools.records import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the tables, then what guards them."""
    op.create_table(
        "audit",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "seq", name="pk_audit"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", name="pk_audit_heads"),
    )
    op.create_table(
        "cases",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("surgeon", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("follows", sa.Text(), nullable=True),
        sa.Column("laterality", sa.Text(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_cases_in_order")),
        sa.PrimaryKeyConstraint("clinic", "id", name="pk_cases"),
    )
    op.create_index("ix_cases_clinic_revision", "cases", ["clinic", "revision"], unique=False)
    op.create_index("ix_cases_clinic_start_at", "cases", ["clinic", "start_at"], unique=False)
    op.create_table(
        "meta",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("records_revision", sa.Integer(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.Column("demo_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", name="pk_meta"),
    )
    op.create_table(
        "offers",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "id", name="pk_offers"),
    )
    op.create_index("ix_offers_clinic_conversation", "offers", ["clinic", "conversation"], unique=False)
    op.create_table(
        "patients",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mrn_index", sa.LargeBinary(), nullable=True),
        sa.Column("birth_index", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("clinic", "ref", name="pk_patients"),
        sa.UniqueConstraint("clinic", "mrn_index", name="uq_patients_clinic_mrn_index"),
    )
    op.create_index("ix_patients_clinic_birth_index", "patients", ["clinic", "birth_index"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "id", name="pk_proposals"),
    )
    op.create_table(
        "records",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "kind", "id", name="pk_records"),
    )
    op.create_table(
        "replays",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "principal", "route", "key", name="pk_replays"),
    )
    op.create_table(
        "scopes",
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("clinic", "scope", name="pk_scopes"),
    )
    op.create_table(
        "units",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("clinic", "kind", "resource", "unit", name="uq_units_clinic_kind_resource_unit"),
    )
    op.create_table(
        "reservations",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("clinic", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("unit_id", BIG_ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("lane_from", sa.Integer(), nullable=False),
        sa.Column("lane_to", sa.Integer(), nullable=False),
        sa.CheckConstraint("lane_from <= lane_to", name=op.f("ck_reservations_lanes_in_order")),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_reservations_in_order")),
        sa.ForeignKeyConstraint(
            ["clinic", "case_id"], ["cases.clinic", "cases.id"], name="fk_reservations_cases"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_reservations_units"),
        sa.PrimaryKeyConstraint("id", name="pk_reservations"),
    )
    op.create_index("ix_reservations_clinic_case_id", "reservations", ["clinic", "case_id"], unique=False)
    op.create_index("ix_reservations_unit_id_end_at", "reservations", ["unit_id", "end_at"], unique=False)
    for statement in guards.FIRST[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Drops everything; the guards go with their tables."""
    op.drop_index("ix_reservations_unit_id_end_at", table_name="reservations")
    op.drop_index("ix_reservations_clinic_case_id", table_name="reservations")
    op.drop_table("reservations")
    op.drop_table("units")
    op.drop_table("scopes")
    op.drop_table("replays")
    op.drop_table("records")
    op.drop_table("proposals")
    op.drop_index("ix_patients_clinic_birth_index", table_name="patients")
    op.drop_table("patients")
    op.drop_index("ix_offers_clinic_conversation", table_name="offers")
    op.drop_table("offers")
    op.drop_table("meta")
    op.drop_index("ix_cases_clinic_start_at", table_name="cases")
    op.drop_index("ix_cases_clinic_revision", table_name="cases")
    op.drop_table("cases")
    op.drop_table("audit_heads")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse_change()")
