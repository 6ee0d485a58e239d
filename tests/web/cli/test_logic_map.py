"""The logic map says everything that the catalogue holds."""

from pathlib import Path

import pytest

from solver.rules import CATALOGUE, FAMILIES
from solver.rules.base import BaseRule
from tests.web.cli.conftest import DEMO, Run

DOCUMENT = Path(__file__).parents[3] / "docs" / "logic-map.md"


def test_the_document_is_what_the_catalogue_prints(run: Run) -> None:
    """docs/logic-map.md is the output of `slotwright logic-map`; write it again when a rule changes."""
    assert DOCUMENT.read_text(encoding="utf-8") == run("logic-map").out


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.id)
def test_every_rule_is_whole(run: Run, rule: type[BaseRule]) -> None:
    """Each rule's section has its sentence, level, owner, waiver, scope, what it couples and its parameters."""
    sections = run("logic-map").out.split("\n### ")
    section = next(each for each in sections if f"(`{rule.id}`)" in each.partition("\n")[0])
    assert rule.__doc__ is not None
    assert rule.__doc__.split()[0] in section
    for name, value in (
        ("level", rule.default_level), ("owner", rule.owner), ("waivable by", rule.waivable_by or "never"),
        ("scope", rule.scope), ("couples", ", ".join(rule.couples)),
    ):  # fmt: skip
        assert f"- {name}: {value}" in section
    for name in rule.defaults:
        assert f"- parameter `{name}`: default " in section
    assert rule.couples, "a rule that couples nothing decides nothing"


def test_families_stand_in_the_catalogues_order(run: Run) -> None:
    """One heading a family, in the order in which the catalogue reads them."""
    headings = [line[3:].lower() for line in run("logic-map").out.splitlines() if line.startswith("## ")]
    assert headings == [family.__name__.rpartition(".")[2] for family in FAMILIES]


def test_a_clinics_own_values_are_shown(run: Run, clinic_file: Path) -> None:
    """With a clinic, a parameter that it changed stands beside the default."""
    assert (
        "- parameter `specialty_change_minutes`: default 10, here 25"
        in run("logic-map", "--clinic", clinic_file).out
    )


def test_a_clinics_level_is_shown_with_the_default(run: Run, clinic_file: Path) -> None:
    """A rule that the clinic turned off stays in the map and says so."""
    clinic_file.write_text(
        clinic_file.read_text().replace("turnover: {params", "turnover: {level: off, params")
    )
    section = run("logic-map", "--clinic", clinic_file).out.split("(`turnover`)")[1]
    assert section.split("\n- ")[1] == "level: off (default hard)"


def test_as_json_it_is_one_object(run: Run) -> None:
    """--json gives every rule by its id, and names the clinic."""
    body = run("logic-map", *DEMO, "--json").body
    assert [rule["id"] for rule in body["rules"]] == list(CATALOGUE)
    assert body["clinic"]
