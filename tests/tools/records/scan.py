"""Every value of every table of a database as one text, the way a dump would have it."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text


def everything(engine: Engine) -> str:
    """All columns of all tables, those of Alembic included; bytes as the text that they hold, if any."""
    found = []
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # a name of the schema's
                found += [_text(value) for value in row]
    assert found, "nothing was read: maybe the engine is bound to no clinic"
    return "\n".join(found)


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
