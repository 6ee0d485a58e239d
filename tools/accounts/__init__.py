"""People and machines that may use a clinic: users, passwords, sign-ins, one-time links, API keys, identity providers.

Every change is written to the audit trail in its own transaction; no password, token or key ever is.
"""
