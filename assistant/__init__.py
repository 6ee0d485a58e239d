"""From conversation to tool calls to a grounded reply."""
