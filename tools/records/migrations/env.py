"""Alembic's entry: runs on the connection it is handed, inside the caller's transaction."""

from alembic import context

from tools.records.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=True,
)
context.run_migrations()
