"""A second judge of offers: reads an exported clinic file alone and shares no code with the product."""

from .judge import ORACLE_RULES
from .oracle import World, load

__all__ = ["ORACLE_RULES", "World", "load"]
