"""What the database itself refuses, whatever the code above does: an overlap of a unit, a change of the audit.

Metadata can't express these for both engines, and Alembic doesn't see them, so they are plain statements that a new
database and the migration both run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from tools.records.states import STEPS
from tools.records.tables import LANES, metadata

OVERLAP = "this unit is taken then"
APPEND_ONLY = "the audit trail is append-only"

_MEETS = (
    "r.unit_id = NEW.unit_id AND r.end_at > NEW.start_at AND r.start_at < NEW.end_at "
    "AND r.lane_to >= NEW.lane_from AND r.lane_from <= NEW.lane_to"
)


def _trigger(name: str, when: str, refusal: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


_TAKEN = f"EXISTS (SELECT 1 FROM reservations r WHERE {_MEETS}"  # noqa: S608  # all of it is written here
_ADDED = f"INSERT ON reservations WHEN {_TAKEN})"
_CHANGED = f"UPDATE ON reservations WHEN {_TAKEN} AND r.id <> OLD.id)"

_SQLITE = (
    _trigger("reservations_no_overlap_insert", _ADDED, OVERLAP),
    _trigger("reservations_no_overlap_update", _CHANGED, OVERLAP),
    _trigger("audit_no_update", "UPDATE ON audit", APPEND_ONLY),
    _trigger("audit_no_delete", "DELETE ON audit", APPEND_ONLY),
)

# A one-point range stands for equality, so that no extension (btree_gist) is needed.
_POSTGRES = (
    """
    ALTER TABLE reservations ADD CONSTRAINT reservations_no_overlap EXCLUDE USING gist (
        int8range(unit_id, unit_id, '[]') WITH &&,
        int8range(start_at, end_at, '[)') WITH &&,
        int4range(lane_from, lane_to, '[]') WITH &&
    )
    """,
    f"""
    CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$
    """,
    """
    CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()
    """,
    """
    CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
    """,
)

_ACCESS_POSTGRES = (
    """
    CREATE TRIGGER access_no_change BEFORE UPDATE OR DELETE ON access
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()
    """,
    """
    CREATE TRIGGER access_no_truncate BEFORE TRUNCATE ON access
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
    """,
)
_ACCESS_SQLITE = (
    _trigger("access_no_update", "UPDATE ON access", APPEND_ONLY),
    _trigger("access_no_delete", "DELETE ON access", APPEND_ONLY),
)

FIRST: Mapping[str, tuple[str, ...]] = {"sqlite": _SQLITE, "postgresql": _POSTGRES}
"""Dialect -> the statements of the first schema; a later schema adds a table of its own and leaves this one."""


ACCESS: Mapping[str, tuple[str, ...]] = {"sqlite": _ACCESS_SQLITE, "postgresql": _ACCESS_POSTGRES}
"""What the schema of the access chain adds."""


BEYOND = "a lane is beyond the lanes"
_OUTSIDE = f"NEW.lane_from < 0 OR NEW.lane_to > {LANES}"
_CLOSER_SQLITE = {
    "reservations_lanes_insert": (f"INSERT ON reservations WHEN {_OUTSIDE}", BEYOND),
    "reservations_lanes_update": (f"UPDATE ON reservations WHEN {_OUTSIDE}", BEYOND),
} | {
    # REPLACE takes the old row away without asking the trigger of deletions.
    f"{chain}_no_replace": (
        f"INSERT ON {chain} WHEN EXISTS (SELECT 1 FROM {chain} e WHERE e.clinic = NEW.clinic AND e.seq = NEW.seq)",  # noqa: S608  # our own tables
        APPEND_ONLY,
    )
    for chain in ("audit", "access")
}
CLOSER_NAMES = tuple(_CLOSER_SQLITE)
CLOSER: Mapping[str, tuple[str, ...]] = {
    "sqlite": tuple(_trigger(name, when, refusal) for name, (when, refusal) in _CLOSER_SQLITE.items()),
    "postgresql": (
        f"""
        ALTER TABLE reservations ADD CONSTRAINT ck_reservations_lanes_within
        CHECK (lane_from >= 0 AND lane_to <= {LANES})
        """,
    ),
}
"""What keeps every row within the lanes that a whole unit takes, and each entry of the trail in its place."""


NO_STATE = "a case has no such state"
_NAMED = ", ".join(f"'{state}'" for state in STEPS)
_STATES_SQLITE = {
    f"cases_state_{name}": f"{when} ON cases WHEN NEW.status NOT IN ({_NAMED})"
    for name, when in (("insert", "INSERT"), ("update", "UPDATE"))
}
STATES_NAMES = tuple(_STATES_SQLITE)
STATES: Mapping[str, tuple[str, ...]] = {
    "sqlite": tuple(_trigger(name, when, NO_STATE) for name, when in _STATES_SQLITE.items()),
    "postgresql": (f"ALTER TABLE cases ADD CONSTRAINT ck_cases_state CHECK (status IN ({_NAMED}))",),
}
"""The states of `states.py` and no other; which step leads to which is the code's to say, under the case's lock."""


NOT_ITS_OWN = "a reservation takes units of its own clinic alone"
_ELSEWHERE = "NOT EXISTS (SELECT 1 FROM units u WHERE u.id = NEW.unit_id AND u.clinic = NEW.clinic)"
_UNITS_SQLITE = {
    f"reservations_own_unit_{name}": f"{when} ON reservations WHEN {_ELSEWHERE}"
    for name, when in (("insert", "INSERT"), ("update", "UPDATE"))
}
UNITS_NAMES = tuple(_UNITS_SQLITE)
UNITS: Mapping[str, tuple[str, ...]] = {
    "sqlite": tuple(_trigger(name, when, NOT_ITS_OWN) for name, when in _UNITS_SQLITE.items()),
    "postgresql": (
        f"""
        CREATE FUNCTION reservations_own_unit() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF {_ELSEWHERE} THEN RAISE EXCEPTION '{NOT_ITS_OWN}'; END IF; RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER reservations_own_unit BEFORE INSERT OR UPDATE ON reservations
        FOR EACH ROW EXECUTE FUNCTION reservations_own_unit()
        """,
    ),
}
"""A foreign key isn't bound by row-level security, so that it alone would let a clinic take another one's room."""


OWN = "clinic = current_setting('slotwright.clinic', true)"
OPENING = "current_setting('slotwright.opening', true) = 'on'"

_ISOLATED = """
    SELECT c.relname FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname AND p.policyname = 'own_clinic'
    WHERE c.relnamespace = current_schema()::regnamespace AND p.schemaname = current_schema()
    AND c.relrowsecurity AND c.relforcerowsecurity
"""


def isolate(connection: Connection) -> None:
    """Shows and gives each transaction its own clinic's rows alone, on PostgreSQL, in every table that lacks it.

    The owner of the tables is bound too; superusers and roles with BYPASSRLS never are, so serve as neither.
    """
    if connection.dialect.name != "postgresql":
        return
    done = set(connection.exec_driver_sql(_ISOLATED).scalars())
    for table in metadata.sorted_tables:
        if table.name not in done:
            for statement in _policies(table.name):
                connection.exec_driver_sql(statement)


_VERSION = """
    SELECT 1 FROM pg_class WHERE oid = to_regclass('alembic_version') AND NOT relrowsecurity
"""


def keep_version(connection: Connection) -> None:
    """Lets everyone read which schema this is and its owner alone write it, whatever a host grants by default."""
    if connection.dialect.name == "postgresql" and connection.exec_driver_sql(_VERSION).first():
        connection.exec_driver_sql("ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql("CREATE POLICY readable ON alembic_version FOR SELECT USING (true)")


def _policies(table: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY own_clinic ON {table} USING ({OWN}) WITH CHECK ({OWN})"
    if table == "meta":  # who opens a database asks first which clinic it holds
        yield f"CREATE POLICY which_clinic ON {table} FOR SELECT USING ({OPENING})"


def put_up(connection: Connection) -> None:
    """Adds the guards to a database that has just got its tables."""
    for statements in (FIRST, ACCESS, CLOSER, STATES, UNITS):
        for statement in statements[connection.dialect.name]:
            connection.exec_driver_sql(statement)
