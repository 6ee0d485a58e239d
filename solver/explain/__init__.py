"""Why not: minimal conflicts, minimal corrections, what would change, and every violated rule of one exact slot.

`table` compiles what stands against a request, `corrections` and `conflicts` find the minimal sets, `joint` confirms
them with whole teams, `sentences`, `days` and `lanes` tell them. `cheapest` and `remedies` find the ways out, made of
what each rule says would end a violation of it; `resolving` solves again with them in place.
"""

from solver.explain.impossible import Impossible, impossible
from solver.explain.overlay import overlaid
from solver.explain.slot import NothingToCheck, violations_at
from solver.explain.told import alone, beside, request_itself
from solver.explain.why import explain

__all__ = [
    "Impossible",
    "NothingToCheck",
    "alone",
    "beside",
    "explain",
    "impossible",
    "overlaid",
    "request_itself",
    "violations_at",
]
