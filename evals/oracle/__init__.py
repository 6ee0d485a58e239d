"""A second judge of offers: reads an exported clinic file alone and shares no code with the product."""

from .oracle import World, load

__all__ = ["World", "load"]
