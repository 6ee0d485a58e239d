"""What anyone may do to the clinic, each once, as a typed tool with a permission."""
