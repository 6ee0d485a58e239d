"""A stand-in of the Messages API on loopback: real HTTP, scripted answers, and every fault of a network."""

from evals.standin.answers import Answer, Fault, said, used
from evals.standin.server import Standin

__all__ = ["Answer", "Fault", "Standin", "said", "used"]
