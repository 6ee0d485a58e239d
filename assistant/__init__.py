"""Conversation to tool calls to a grounded reply.

`ask` answers one message whole; `turn` streams its events. Neither a language model's SDK nor the solver's engine is
imported until one is needed.
"""

from assistant.session import answer_of, ask, turn

__all__ = ["answer_of", "ask", "turn"]
