"""The tools explain, what_if and compare_offers on the demo clinic."""

from __future__ import annotations

from typing import Any

import pytest

from tools.errors import ToolError
from tools.registry import default
from web.cli.options import Source
from web.cli.source import opened

NOBODY = {"procedure": "colpopexy-lap", "date_from": "2026-03-09", "date_to": "2026-03-13"}


@pytest.fixture(scope="module")
def call() -> Any:
    """A tool call on a demo clinic whose clock stands still."""
    ctx = opened(Source(demo=True, now="2026-03-05T09:00"))
    return lambda name, **payload: default().call(name, ctx, payload).model_dump(mode="json", by_alias=True)


def test_the_generic_calendars_mistake_is_told_by_the_tower(call: Any) -> None:
    """Dr. Smith in OR 2 on a Tuesday fails for the tower that stands in OR 1, whatever else is in the way."""
    answer = call(
        "explain", procedure="knee-arthroscopy", surgeon="dr-smith", room="or-2", at="2026-03-10T10:00"
    )
    conflict = answer["explanation"]["conflict"]
    assert [(reason["rule"], reason["subject"]) for reason in conflict] == [("room-equipment", "or-2")]
    assert "Only OR 1 has the arthroscopy tower" in conflict[0]["text"]


def test_a_request_with_a_slot_gets_the_slot_and_no_explanation(call: Any) -> None:
    """What can be had is shown, and nothing is explained away."""
    answer = call("explain", procedure="ctr-open", date_from="2026-03-09", date_to="2026-03-13")
    assert answer["status"] == "found"
    assert answer["offers"]
    assert answer["explanation"] is None


def test_lanes_are_marked_exactly_for_the_conflict(call: Any) -> None:
    """The marked lanes are the conflict's members one by one, and every other lane is unmarked."""
    told = call("explain", **NOBODY)["explanation"]
    marked = [(lane["rule"], lane["resource"]) for lane in told["lanes"] if lane["in_conflict"]]
    assert marked == [(reason["rule"], reason["subject"]) for reason in told["conflict"]]
    assert {day["date"] for day in told["days"]} == {f"2026-03-{n:02}" for n in range(9, 14)}


def test_a_days_sentence_is_not_said_of_other_days(call: Any) -> None:
    """Thursday is one of his days, though his hours then are in the way too: nothing says that it is like Wednesday."""
    told = call(
        "explain", procedure="knee-arthroscopy", surgeon="dr-smith", date_from="2026-03-11",
        date_to="2026-03-13",
    )["explanation"]  # fmt: skip
    said = next(reason["text"] for reason in told["conflict"] if reason["rule"] == "surgeon-days")
    assert said == (
        "Dr. Smith operates Tuesdays and Thursdays; Wednesday, March 11 is not one of those days "
        "(also in the way on 2 more days)."
    )


def test_a_correction_opens_what_it_says_in_a_what_if(call: Any) -> None:
    """The changes of a correction, given to what_if, turn "none" into offers, and the clinic stays as it was."""
    for correction in call("explain", **NOBODY)["explanation"]["corrections"]:
        answer = call("what_if", request=NOBODY, changes=correction["changes"])
        assert answer["before"]["status"] == "infeasible"
        assert (answer["after"]["status"] == "found") == (correction["opens"] > 0)
    assert call("find_slots", **NOBODY)["status"] == "infeasible"


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"weekdays": ["sat"]}, "weekdays", "No date is left"),
        ({"start_from": "10:00", "end_by": "10:30"}, "end_by", "don't fit"),
    ],
)
def test_what_is_impossible_in_itself_is_told_at_once(
    call: Any, changed: dict[str, Any], field: str, words: str
) -> None:
    """A request that no clinic could serve is refused with its field and a way out."""
    with pytest.raises(ToolError, match=words) as caught:
        call("explain", **NOBODY, **changed)
    assert caught.value.field == field


def test_what_nobody_may_waive_is_not_overridden_in_a_what_if(call: Any) -> None:
    """A what-if refuses to set sterility, privilege or physics aside, and names no other way than a real resource."""
    with pytest.raises(ToolError, match="never waived"):
        call("what_if", request=NOBODY, changes=[{"type": "override-rule", "rule": "surgeon-privilege"}])


def test_two_offers_are_compared_term_by_term(call: Any) -> None:
    """The offer ranked first is the higher one, and the terms that decide differ."""
    first, second, *_ = call(
        "find_slots", procedure="ctr-open", date_from="2026-03-09", date_to="2026-03-13"
    )["offers"]
    answer = call("compare_offers", first=first["id"], second=second["id"])
    assert answer["higher"] in (first["id"], None)
    assert all(row["first"] != row["second"] for row in answer["terms"] if row["decides"])


def test_a_comparison_says_which_ranks_above_which(call: Any) -> None:
    """Its sentence stands alone: both labels, the term that decides, and starts as a clock shows them."""
    first, second, *_ = call(
        "find_slots",
        procedure="knee-arthroscopy",
        surgeon="dr-smith",
        date_from="2026-03-10",
        date_to="2026-03-10",
    )["offers"]
    swapped = call("compare_offers", first=second["id"], second=first["id"])["text"].replace("\u00a0", " ")
    assert swapped == (
        f"{first['label']} ranks above {second['label']}: start 9:00 AM against 10:30 AM; smaller is better."
    )


def test_a_window_too_long_to_be_told_day_by_day_says_so(call: Any) -> None:
    """Of sixty days the first are told one by one, and "all 31 days" isn't left to stand for sixty."""
    given = {
        "procedure": "knee-arthroscopy",
        "surgeon": "dr-smith",
        "room": "or-2",
        "date_from": "2026-03-10",
    }
    long = call("explain", **given, date_to="2026-05-08")["explanation"]
    assert len(long["days"]) == 31
    assert long["summary"].endswith("Only the first 31 of the 60 days asked for are told day by day.")
    assert "Only the first" not in call("explain", **given, date_to="2026-04-09")["explanation"]["summary"]
