"""Requests of our own making with the call each one means: what the offline interpreter is measured on."""
