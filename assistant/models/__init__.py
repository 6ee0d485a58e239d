"""Models: speakers of one protocol, Claude and the offline interpreter."""
