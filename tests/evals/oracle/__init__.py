"""The suites that judge the judges."""
