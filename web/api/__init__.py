"""The HTTP API: the JSON contracts, and what the page's scripts ask beside them."""
