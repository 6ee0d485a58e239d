"""Changes of the book, in two steps: anyone may propose one, the person it belongs to confirms it."""

from tools.proposals.steps import confirm, proposal_of, propose

__all__ = ["confirm", "proposal_of", "propose"]
