"""Care of what is kept: backup and restore, another key, and what is kept no longer."""
