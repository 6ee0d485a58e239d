"""Judging what happened in a conversation: each check is a claim that held or didn't."""

from evals.grading.checks import Check, Graded
from evals.grading.grade import grade

__all__ = ["Check", "Graded", "grade"]
