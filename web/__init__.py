"""Every surface: pages, the HTTP API and the command line."""
