"""What a speaker did against what a request means: by field, whole, silently wrong or asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from evals.corpus.play import Given
from evals.corpus.requests import Request
from evals.corpus.sameness import Sameness

Verdict = Literal["right", "asked", "wrong", "refused"]
_DEFAULTS: dict[str, Any] = {"count": 1, "arrangement": "any", "urgency": "elective", "allow_swaps": False}


@dataclass(frozen=True)
class Graded:
    """`right`; `asked` where a call was meant; `wrong` silently; `refused` in words. `fields` hold right or not."""

    request: Request
    given: Given
    verdict: Verdict
    fields: dict[str, bool] = field(default_factory=dict)


def graded(request: Request, given: Given) -> Graded:
    """The verdict on one request."""
    expect = request.expect
    if "tool" in expect:
        return _call(request, given)
    if "books" in expect:
        fits = bool(given.question) and given.offer == expect["books"]
    elif "asks" in expect:
        fits = bool(given.question) and bool(given.choices or expect["asks"] not in {"surgeon", "room"})
    else:
        fits = bool(given.said)
    return Graded(request, given, "right" if fits else _otherwise(given))


def _otherwise(given: Given) -> Verdict:
    return "wrong" if given.tool else "asked" if given.question else "refused"


def _call(request: Request, given: Given) -> Graded:
    if not given.tool:
        verdict: Verdict = "asked" if given.question else "refused"
        verdict = "right" if verdict == "asked" and request.may_ask else verdict
        return Graded(request, given, verdict)
    fields = _fields(request, given)
    return Graded(request, given, "right" if all(fields.values()) else "wrong", fields)


def _fields(request: Request, given: Given) -> dict[str, bool]:
    """Every field that is set in the expected or the given call, and whether both agree on it."""
    expect, same = request.expect, Sameness.at(request)
    want, have = (same.names(same.bounds(_flat(call))) for call in (expect["input"], given.input))
    names = sorted({*want, *have})
    found = {name: agrees(want.get(name), have.get(name)) for name in names}
    kept = {name: ok for name, ok in found.items() if not (ok and have.get(name) is None)}
    return {"tool": given.tool == expect["tool"], **kept}


def _flat(given: dict[str, Any]) -> dict[str, Any]:
    """A call's fields by name, defaults and what is unset left out; the request inside a what-if opened."""
    flat: dict[str, Any] = {}
    for name, value in given.items():
        if name in {"request", "patient"} and isinstance(value, dict):
            flat |= {
                f"{name}.{key}" if name == "patient" else key: part for key, part in _flat(value).items()
            }
        elif value not in (None, [], "") and _DEFAULTS.get(name) != value:
            flat[name] = value
    return flat


def agrees(want: Any, have: Any) -> bool:
    """Whether a value is one of those that are all right."""
    if isinstance(want, dict) and set(want) == {"any"}:
        return any(agrees(each, have) for each in want["any"])
    if isinstance(want, str) and isinstance(have, str):
        return want.casefold().strip(" .") == have.casefold().strip(" .")
    if isinstance(want, list) and isinstance(have, list) and all(isinstance(x, str) for x in (*want, *have)):
        return sorted(want) == sorted(have)
    return bool(want == have)
