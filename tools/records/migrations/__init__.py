"""Alembic's migrations, run by `tools.records.schema`."""
