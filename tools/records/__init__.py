"""The clinic's records: tables, sessions, migrations, the clinic file, the demo clinic, the audit chain."""
