"""The pages: whole HTML that works without JavaScript."""
