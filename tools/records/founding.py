"""How a store comes to be: founded from a clinic file, or opened where one was founded."""

from __future__ import annotations

import datetime as dt
import hmac
from collections import defaultdict

from sqlalchemy import Connection, Engine, Row, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from solver.clinic import Clinic
from solver.grid import Calendar
from tools.clinic_file import Loaded, load
from tools.context import Principal, Role
from tools.errors import Busy, ToolError
from tools.records import tables as t
from tools.records import trail
from tools.records.documents import case_row, patient_row, record_rows
from tools.records.engine import bound, is_memory, opening
from tools.records.keys import VARIABLE, Keys, secret_of
from tools.records.occupancy import Pool, Taking, Units, assigned, laned, takings, write
from tools.records.ring import with_older
from tools.records.schema import prepare
from tools.records.sealing import seal_earlier, sealed
from tools.records.store import Store

SYSTEM = Principal("system", "Slotwright", Role.ADMIN)


def found(
    engine: Engine, loaded: Loaded, secret: bytes, *, demo: bool, at: dt.datetime | None = None
) -> Store:
    """Writes a loaded clinic into an empty database. A demo keeps its key beside its made-up data."""
    _prepared(engine)
    keys = Keys(secret)
    clinic_id = loaded.clinic.id
    own = bound(engine, clinic_id)
    moment = at or dt.datetime.now(dt.UTC)
    row = {
        "clinic": clinic_id,
        "demo": demo,
        "revision": 1,
        "records_revision": 1,
        "key_check": keys.check(),
        "demo_key": secret if demo and not is_memory(engine) else None,
        "created_at": moment,
        "words_sealed": True,
    }
    try:
        with opening(own).connect().execution_options(writes=True) as connection, connection.begin():
            _refuse_second(connection)
            connection.execute(insert(t.meta), row)
            _fill(connection, loaded, keys)
            counts = {"records": len(record_rows(loaded)), "cases": len(loaded.clinic.cases)}
            trail.append(connection, clinic_id, keys, SYSTEM, moment, "load", [clinic_id], None, counts)
            _flag(Store(own, clinic_id, keys, demo), connection, loaded.clinic, moment)
    except IntegrityError as error:
        raise ToolError(
            "conflict", f"The clinic couldn't be written: {_plain(error)}. Maybe accept existing clashes."
        ) from None
    return Store(own, clinic_id, keys, demo)


def created(engine: Engine, loaded: Loaded, key: str, at: dt.datetime) -> Store:
    """A real clinic under the site's own key."""
    return found(engine, loaded, secret_of(key), demo=False, at=at)


def demo(engine: Engine, today: dt.date) -> Store:
    """The demo clinic of a database, founded on its first use."""
    from tools.records.demo import demo_clinic

    _prepared(engine)
    if _meta(engine) is None:
        at = dt.datetime.combine(today, dt.time(), dt.UTC)
        try:
            return found(engine, load(demo_clinic(today)), Keys.fresh(), demo=True, at=at)
        except ToolError:
            if _meta(engine) is None:  # else another process has just founded it
                raise
    return opened(engine, None)


def opened(engine: Engine, key: str | None) -> Store:
    """The clinic that a database holds; see `Store.open`."""
    _prepared(engine)
    row = _meta(engine)
    if row is None:
        raise ToolError(
            "not-found", "This database holds no clinic yet. Maybe load one: slotwright load FILE"
        )
    own = bound(engine, row.clinic)
    if row.demo_key is not None:
        return _store(own, row, row.demo_key)
    if key is None:
        raise ToolError("unavailable", f"This database is encrypted. Maybe set {VARIABLE}.")
    keys = Keys(secret_of(key))
    if not hmac.compare_digest(keys.check(), row.key_check):
        raise ToolError("unavailable", f"{VARIABLE} is not the key that this database was made with.")
    return _store(own, row, secret_of(key))


def _store(own: Engine, row: Row[str, bool, bytes, bytes | None], secret: bytes) -> Store:
    keys = _keys(own, row.clinic, secret)
    seal_earlier(own, row.clinic, keys)
    return Store(own, row.clinic, keys, row.demo)


def _keys(engine: Engine, clinic: str, secret: bytes) -> Keys:
    with engine.connect() as connection:
        return with_older(connection, clinic, secret)


def _prepared(engine: Engine) -> None:
    try:
        prepare(engine)
    except (Busy, DatabaseError) as error:
        place = engine.url.render_as_string(hide_password=True)
        raise ToolError(
            "unavailable", f"{place} can't be opened: {_plain(error)}. Maybe {_way_out(engine)}.", "db"
        ) from None


def _way_out(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return "check the path and its rights"
    return "the server is down just now, or the address or its password is mistyped"


def _plain(error: Exception) -> str:
    fault = error if isinstance(error, DatabaseError) else error.__cause__
    return str(getattr(fault, "orig", fault)).strip().splitlines()[0].rstrip(".")


def _meta(engine: Engine) -> Row[str, bool, bytes, bytes | None] | None:
    c = t.meta.c
    with opening(engine).connect() as connection:
        return connection.execute(select(c.clinic, c.demo, c.key_check, c.demo_key)).first()


def _refuse_second(connection: Connection) -> None:
    held = connection.execute(select(t.meta.c.clinic)).scalars().first()
    if held is not None:
        raise ToolError(
            "conflict", f"This database holds the clinic {held!r}. Maybe name an empty one.", "db"
        )


def _fill(connection: Connection, loaded: Loaded, keys: Keys) -> None:
    clinic = loaded.clinic
    own = {"clinic": clinic.id}
    records = [own | row for row in record_rows(loaded)]
    connection.execute(insert(t.records), [sealed(keys, t.records, row, row) for row in records])
    if loaded.patients:
        rows = [own | patient_row(patient, clinic.id, keys) for patient in loaded.patients]
        connection.execute(insert(t.patients), rows)
    if clinic.cases:
        numbered = enumerate(clinic.cases, start=1)
        sides = loaded.laterality
        cases = [own | case_row(case, sides.get(case.id), number, 1) for number, case in numbered]
        connection.execute(insert(t.cases), cases)
    units = Units(connection, clinic.id)
    units.ensure(clinic)
    write(connection, clinic.id, _all_takings(loaded), units)


def _flag(store: Store, connection: Connection, clinic: Clinic, at: dt.datetime) -> None:
    """Puts the clashes that came with the book into the worklist, of cases that are still to come."""
    from tools.breaks import standing
    from tools.records.writer import Writer
    from tools.worklist import flag

    as_of = Calendar(clinic.timezone).of(at)
    coming = [case for case in clinic.cases if case.exceptions and case.occupies and case.end > as_of]
    if coming:
        on_record = {case.id: case.exceptions for case in coming}
        found = standing(clinic, as_of, coming, excused=False)
        kept = [one for one in found if one.rule in on_record[one.case]]
        flag(Writer(store, connection, None), kept, "load", SYSTEM, at)


def _all_takings(loaded: Loaded) -> list[Taking]:
    """Everything that the book takes. Cases that clash and are on record for it get lanes of their own."""
    clinic = loaded.clinic
    by_pool: dict[Pool, list[Taking]] = defaultdict(list)
    for case in clinic.cases:
        for one in takings(case, clinic):
            by_pool[one.pool].append(one)
    placed = [one for pool, taken in by_pool.items() for one in assigned(pool, taken, clinic)]
    return laned(placed, frozenset(case.id for case in clinic.cases if case.exceptions))
