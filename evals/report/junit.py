"""A run as JUnit XML, which CI servers draw."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")


def junit(run: Mapping[str, Any]) -> str:
    """One test case a conversation; a fault of the surroundings is an error, a failed check a failure."""
    seen: Counter[tuple[str, str]] = Counter()
    cases = []
    for each in run["conversations"]:
        seen[each["id"], each["model"]] += 1
        number = seen[each["id"], each["model"]]
        cases.append(_case({**each, "run": f", run {number}" if number > 1 else ""}))
    counts = f'tests="{len(cases)}" failures="{run["failed"]}" errors="{run["faults"]}"'
    body = "\n".join(cases)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n'
        f"<testsuite name={_quoted(' '.join(run['heading']))} {counts}>\n{body}\n</testsuite>\n</testsuites>\n"
    )


def _case(each: Mapping[str, Any]) -> str:
    seconds = sum(turn["seconds"] for turn in each["turns"])
    name = f"{each['id']} ({each['model']}{each['run']})"
    opening = f'<testcase classname={_quoted(each["suite"])} name={_quoted(name)} time="{seconds:.3f}"'
    failed = [check for check in each["checks"] if not check["ok"]]
    said = "; ".join(f"turn {check['turn']}: {check['name']}: {check['said']}" for check in failed)
    if each["fault"]:
        return f"{opening}><error message={_quoted(each['fault'])}/></testcase>"
    return f"{opening}><failure message={_quoted(said)}/></testcase>" if failed else f"{opening}/>"


def _quoted(text: str) -> str:
    return quoteattr(_UNPRINTABLE.sub("\ufffd", text))
