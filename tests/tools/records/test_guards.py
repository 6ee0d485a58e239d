"""The database refuses what must never be, whoever asks it, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, delete, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.tools.records.conftest import KEY, NOW
from tools.clinic_file import Loaded
from tools.records import tables as t
from tools.records import trail
from tools.records.engine import engine_for, is_overlap
from tools.records.schema import create, migrate
from tools.records.store import Store

COLUMNS = "clinic, case_id, unit_id, role, room, start_at, end_at, lane_from, lane_to"


def insert_raw(
    engine: Engine, unit: int, start: int, end: int, lanes: tuple[int, int] = (0, t.LANES)
) -> None:
    """One reservation by plain SQL."""
    values = f"('small', 'case-1', {unit}, 'x', 'or-1', {start}, {end}, {lanes[0]}, {lanes[1]})"
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO reservations ({COLUMNS}) VALUES {values}"))


def taken_room(store: Store) -> tuple[int, int, int]:
    """(unit, start, end) of the one booked room."""
    query = select(t.reservations.c.unit_id, t.reservations.c.start_at, t.reservations.c.end_at)
    with store.engine.connect() as connection:
        row = connection.execute(query.where(t.reservations.c.role == "room")).one()
    return row.unit_id, row.start_at, row.end_at


@pytest.mark.parametrize(("low", "high"), [(0, 0), (-10, -50), (10, -10), (50, 10), (-10, 10)])
def test_an_overlapping_insert_is_refused(store: Store, low: int, high: int) -> None:
    """A raw INSERT that meets a taken unit anywhere is refused as an overlap."""
    unit, start, end = taken_room(store)
    with pytest.raises(IntegrityError) as caught:
        insert_raw(store.engine, unit, start + low, end + high)
    assert is_overlap(caught.value)


def test_neighbours_and_other_units_are_accepted(store: Store) -> None:
    """Half-open intervals may touch, and another unit is free at the same time."""
    unit, start, end = taken_room(store)
    insert_raw(store.engine, unit, start - 60, start)
    insert_raw(store.engine, unit, end, end + 60)
    with store.engine.connect() as connection:
        busy = select(t.reservations.c.unit_id)
        free = connection.execute(select(t.units.c.id).where(t.units.c.id.not_in(busy))).scalars().first()
    assert free is not None
    insert_raw(store.engine, free, start, end)


def test_an_update_into_an_overlap_is_refused(store: Store) -> None:
    """A raw UPDATE can't move a reservation over another, but may move one over itself."""
    unit, _start, end = taken_room(store)
    insert_raw(store.engine, unit, end, end + 60)
    moved = update(t.reservations).where(t.reservations.c.start_at == end)
    with pytest.raises(IntegrityError) as caught, store.engine.begin() as connection:
        connection.execute(moved.values(start_at=end - 10))
    assert is_overlap(caught.value)
    with store.engine.begin() as connection:
        connection.execute(moved.values(start_at=end + 10))


def test_an_accepted_clash_shares_time_only_with_its_like(store: Store) -> None:
    """Two rows in lanes of their own may overlap; a new booking overlaps neither."""
    unit, _, end = taken_room(store)
    insert_raw(store.engine, unit, end, end + 60, (1, 1))
    insert_raw(store.engine, unit, end + 30, end + 90, (2, 2))
    with pytest.raises(IntegrityError):
        insert_raw(store.engine, unit, end + 80, end + 100)


@pytest.mark.parametrize("lanes", [(-2, -1), (t.LANES + 1, t.LANES + 2), (-1, 0), (5, t.LANES + 1)])
def test_no_lane_leads_past_a_taken_unit(store: Store, lanes: tuple[int, int]) -> None:
    """There is no lane beside the lanes that a whole unit takes, neither by INSERT nor by UPDATE."""
    unit, start, end = taken_room(store)
    with pytest.raises(IntegrityError):
        insert_raw(store.engine, unit, start, end, lanes)
    moved = update(t.reservations).where(t.reservations.c.role == "room")
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(moved.values(lane_from=lanes[0], lane_to=lanes[1]))


def test_no_reservation_takes_another_clinics_unit(store: Store) -> None:
    """A room of another clinic in the same database can't be taken in this one's name, nor a row moved to it."""
    values = {"clinic": "other", "kind": "room", "resource": "or-1", "unit": 1}
    with store.engine.begin() as connection:
        theirs = connection.execute(insert(t.units).values(values).returning(t.units.c.id)).scalar_one()
    _, start, end = taken_room(store)
    with pytest.raises(DBAPIError, match="of its own clinic"):
        insert_raw(store.engine, theirs, start, end)
    moved = update(t.reservations).where(t.reservations.c.role == "room").values(unit_id=theirs)
    with pytest.raises(DBAPIError, match="of its own clinic"), store.engine.begin() as connection:
        connection.execute(moved)


def test_a_reservation_cannot_end_before_it_starts(store: Store) -> None:
    """The order of start and end is the database's own rule."""
    unit, start, _ = taken_room(store)
    with pytest.raises(DBAPIError):
        insert_raw(store.engine, unit, start - 100, start - 200)


def test_the_trail_cannot_be_changed(store: Store) -> None:
    """Neither UPDATE nor DELETE gets through to the audit trail."""
    for statement in (update(t.audit).values(action="nothing"), delete(t.audit)):
        with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.execute(statement)
    assert len(store.audit_entries()) == 1


@pytest.mark.parametrize("chain", ["audit", "access"])
def test_no_entry_is_put_in_anothers_place(tmp_path: Path, loaded: Loaded, chain: str) -> None:
    """SQLite's REPLACE, which asks no trigger of deletions, is refused too."""
    store = Store.create(f"sqlite:///{tmp_path}/c.db", loaded, at=NOW, key=KEY)
    store.access.note(trail.Note("ann", "scheduler", NOW, "patient-read", ()))
    store.access.flush()
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(f"INSERT OR REPLACE INTO {chain} SELECT * FROM {chain} LIMIT 1"))
    store.close()


def test_the_trail_cannot_be_truncated(pg_url: str, loaded: Loaded) -> None:
    """PostgreSQL's TRUNCATE, which no row trigger sees, is refused too."""
    store = Store.create(pg_url, loaded, at=NOW, key=KEY)
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit"))
    store.close()


def described(engine: Engine) -> dict[str, object]:
    """Everything a database says of its schema, guards included, except Alembic's own table."""
    seen = inspect(engine)
    tables = sorted(set(seen.get_table_names()) - {"alembic_version"})
    shape = {
        table: (
            [{**column, "type": str(column["type"])} for column in seen.get_columns(table)],
            seen.get_pk_constraint(table),
            sorted(map(str, seen.get_foreign_keys(table))),
            sorted(map(str, seen.get_unique_constraints(table))),
            sorted(map(str, seen.get_check_constraints(table))),
            sorted(map(str, seen.get_indexes(table))),
        )
        for table in tables
    }
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        else:
            guards = (
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x' UNION ALL "
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
            )
        found = [tuple(row) for row in connection.execute(text(guards))]
    return {"tables": shape, "guards": found}


def test_migrating_gives_what_creating_gives(url: str, request: pytest.FixtureRequest) -> None:
    """The migrations and the tables' definitions make the same database, guards and all."""
    migrated = engine_for(url)
    migrate(migrated)
    if migrated.dialect.name == "sqlite":
        made = create_engine("sqlite://")
    else:
        made = create_engine(request.getfixturevalue("pg_database")())
    create(made)
    assert described(migrated) == described(made)
    assert len(described(made)["guards"]) >= 3  # type: ignore[arg-type]
    migrated.dispose()
    made.dispose()


def test_migrating_again_changes_nothing(url: str, store: Store, loaded: Loaded) -> None:
    """Opening a database that is up to date leaves it as it is."""
    engine = engine_for(url)
    before = described(engine)
    migrate(engine)
    assert described(engine) == before
    engine.dispose()
    assert store.clinic() == loaded.clinic


@pytest.mark.parametrize("state", ["", "Booked", "lost", "done "])
def test_a_case_has_a_state_that_there_is(store: Store, state: str) -> None:
    """Raw SQL can neither insert nor update a case into a state that the product doesn't know."""
    columns = [
        ":state" if each.name == "status" else each.name for each in t.cases.columns if each.name != "id"
    ]
    copied = f"SELECT 'x', {', '.join(columns)} FROM cases"  # our own columns
    names = ", ".join(["id", *(each.name for each in t.cases.columns if each.name != "id")])
    for statement in ("UPDATE cases SET status = :state", f"INSERT INTO cases ({names}) {copied}"):
        with pytest.raises(IntegrityError), store.engine.begin() as connection:
            connection.execute(text(statement), {"state": state})
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET status = 'cancelled'"))
