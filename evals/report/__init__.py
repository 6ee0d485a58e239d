"""What a run found, for programs (JSON, JUnit) and for people (one page, a few lines in the terminal)."""
