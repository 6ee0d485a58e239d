"""The logic map: every rule of the catalogue in words, so that people can check what the software checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tools.errors import ToolError
from web.cli.answer import Answer
from web.cli.options import Source
from web.cli.source import NO_CLINIC, opened

if TYPE_CHECKING:
    from solver.clinic import Clinic
    from tools.logic_map import FamilyShown, RuleShown

HEAD = """# The logic map

Every rule that finder, explainer and verifier share, printed from the catalogue by `slotwright logic-map`{whose}.
A *hard* rule always holds; *warn* is hard too, but open to an override with a role and a reason; *soft* only ranks;
*off* costs nothing. A rule that is *never* waived is physical or a safety law: only a real resource opens it.
"""


def logic_map(source: Source) -> Answer:
    """Print every rule as Markdown.

    With its parameters, level, owner, who may waive it and what it couples; of a clinic, with its own values.
    """
    from tools.logic_map import families as listed
    from tools.logic_map import rules_of, version_of

    clinic = _clinic(source)
    families = listed(clinic)
    body = {
        "clinic": clinic.id if clinic else None,
        "version": version_of(families),
        "rules": [rule.model_dump() for rule in rules_of(families)],
    }
    return Answer(body, _markdown(families, clinic))


def _clinic(source: Source) -> Clinic | None:
    """The clinic whose levels and parameters are shown, where one is named."""
    try:
        return opened(source).store.clinic()
    except ToolError as error:
        if error.message == NO_CLINIC and source.now is None:
            return None
        raise


def _markdown(families: Sequence[FamilyShown], clinic: Clinic | None) -> str:
    count = sum(len(family.rules) for family in families)
    whose = f" with the values of {clinic.name}" if clinic else ""
    parts = [HEAD.format(whose=whose), f"{count} rules in {len(families)} families.\n"]
    for family in families:
        parts.append(f"## {family.name.capitalize()}\n\n{family.text}\n")
        parts += [_section(entry) for entry in family.rules]
    return "\n".join(parts)


def _section(entry: RuleShown) -> str:
    level = (
        entry.level
        if entry.level == entry.default_level
        else f"{entry.level} (default {entry.default_level})"
    )
    lines = [
        f"### {entry.title} (`{entry.id}`)\n",
        f"{entry.text}\n",
        f"- level: {level}",
        f"- owner: {entry.owner}",
        f"- waivable by: {entry.waivable_by or 'never'}",
        f"- scope: {entry.scope}",
        f"- couples: {', '.join(entry.couples) or 'nothing else'}",
        *_parameters(entry),
    ]
    return "\n".join(lines) + "\n"


def _parameters(entry: RuleShown) -> Iterator[str]:
    for name in dict.fromkeys([*entry.params, *entry.clinic_params]):
        default = _shown(entry.params[name]) if name in entry.params else "none"
        here = f", here {_shown(entry.clinic_params[name])}" if name in entry.clinic_params else ""
        yield f"- parameter `{name}`: default {default}{here}"
    for each in entry.dated:
        yield f"- from {each['from']} on: {_shown(each['params'])}"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items()) or "none"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_shown(each) for each in value) or "none"
    return (
        {True: "yes", False: "no", None: "none"}.get(value, str(value))
        if isinstance(value, bool | None)
        else str(value)
    )
