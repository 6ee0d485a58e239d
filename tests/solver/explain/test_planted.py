"""Planted causes: small clinics in which it is known what stands in the way, and how it has to be told."""

from __future__ import annotations

import datetime as dt
import inspect
from dataclasses import replace
from typing import Any

from solver.changes import OverrideRule, asked
from solver.clinic import Block, Clinic, Holiday, Leave, Recovery, frozen
from solver.explain import explain, overlaid
from solver.explain.resolving import resolved
from solver.request import Explanation, Patient, Status
from solver.rules import CATALOGUE
from solver.search import search
from tests.solver.clinics import (
    KNEE,
    TUESDAY,
    ask,
    booked,
    having,
    setting,
    small_clinic,
    snapshot,
    window,
    with_blocks,
    with_cases,
)

THURSDAY = dt.date(2026, 3, 12)
APRIL = dt.date(2026, 4, 2)


def why(clinic: Clinic, *args: Any, **more: Any) -> Explanation:
    """The explanation of a request that has no slot."""
    held, request = snapshot(clinic), ask(*args, **more)
    assert search(held, request).status is Status.INFEASIBLE
    return explain(held, request)


def said(told: Explanation) -> list[str]:
    """The conflict's sentences with plain spaces."""
    return [reason.text.replace("\u00a0", " ") for reason in told.conflict]


def rules(told: Explanation) -> set[str]:
    """The conflict's rules."""
    return {reason.atom.rule for reason in told.conflict}


def four_thursdays() -> Clinic:
    """Dr. Patel's block on three Thursdays, Dr. Smith's leave on the fourth."""
    block = Block("patel-thu", "dr-patel", "or-1", 3, window("07:00-17:30"), weeks=(2, 3, 4))
    smith = small_clinic().staff["dr-smith"]
    return having(with_blocks(small_clinic(), block), "staff", replace(smith, leave=(Leave(APRIL, APRIL),)))


def test_a_long_window_is_summed_up_by_what_stands_against_its_days() -> None:
    """Three Thursdays are another surgeon's block and one is leave, counted in one sentence; both have a way out."""
    told = why(four_thursdays(), surgeon="dr-smith", day=THURSDAY, date_to=APRIL, weekdays=frozenset({3}))
    assert told.summary == "3 of 4 Thursdays: block time (Dr. Patel); 1: leave (Dr. Smith)."
    assert [day.date.day for day in told.days] == [12, 19, 26, 2]
    assert told.minimal
    assert told.complete
    assert [c.text for c in told.corrections[:2]] == [
        "Dr. Patel's block in OR 1 released on Thursday, March 12: 1 opening.",
        "Dr. Smith back from leave on Thursday, April 2: 1 opening.",
    ]


def test_lanes_are_the_conflicts_and_name_the_records_behind_them() -> None:
    """One marked lane a member, in its order; blocked stretches carry the id of the block, the case or the rule."""
    told = why(four_thursdays(), surgeon="dr-smith", day=THURSDAY, date_to=APRIL, weekdays=frozenset({3}))
    marked = [(lane.kind, lane.subject) for lane in told.lanes if lane.in_conflict]
    assert marked == [(reason.atom.rule, reason.atom.subject) for reason in told.conflict]
    causes = {(b.kind, b.record) for lane in told.lanes if lane.in_conflict for b in lane.blocked}
    assert ("block", "patel-thu") in causes
    busy = with_cases(small_clinic(), booked("07:30", length=270), booked("12:45", length=240))
    lanes = why(busy, surgeon="dr-smith").lanes
    room = next(lane for lane in lanes if (lane.kind, lane.subject) == ("room-occupancy", "or-1"))
    assert [b.record for b in room.blocked if b.kind == "case"] == ["or-1-0310-07:30", "or-1-0310-12:45"]
    assert all(one.end <= other.start for one, other in zip(room.blocked, room.blocked[1:], strict=False))


def test_what_was_not_asked_for_is_no_obstacle() -> None:
    """Asked for the morning, the afternoon is nobody's fault: it is not needed. Of one person "nobody" isn't said."""
    free = why(small_clinic(), surgeon="dr-smith", room="or-2", start_from=480, start_until=540)
    ends = [lane.blocked[-1] for lane in free.lanes]
    assert {(bar.kind, bar.cause) for bar in ends} == {("outside", "not needed then")}
    busy = why(with_cases(small_clinic(), booked("08:00")), surgeon="dr-smith", room="or-2")
    causes = {bar.cause for lane in busy.lanes for bar in lane.blocked if not bar.kind}
    assert "Dr. Smith: nobody free" not in causes


def test_leave_is_a_lane_of_its_own_with_whoever_is_on_it() -> None:
    """A surgeon on leave is blocked all day, by the leave of that surgeon."""
    smith = replace(small_clinic().staff["dr-smith"], leave=(Leave(TUESDAY, TUESDAY),))
    told = why(having(small_clinic(), "staff", smith), surgeon="dr-smith")
    (lane,) = (lane for lane in told.lanes if lane.in_conflict)
    assert [(b.kind, b.record) for b in lane.blocked] == [("leave", "dr-smith")]
    assert not lane.free


def test_a_pool_that_is_short_is_counted_and_named() -> None:
    """The C-arm says how many of how many are in use, when and where, and by which case."""
    free = replace(small_clinic().staff["rad-tech-1"], id="rad-tech-2", name="Rad Tech 2")
    other = replace(small_clinic().staff["dr-patel"], id="dr-jones", name="Dr. Jones")
    clinic = having(having(small_clinic(), "staff", free), "staff", other)
    told = why(
        with_cases(clinic, booked("07:00", "or-2", "wrist-orif", length=630)), "wrist-orif",
        surgeon="dr-jones", room="or-3",
    )  # fmt: skip
    pool = next(reason for reason in told.conflict if reason.atom.rule == "equipment-pool")
    assert said(told)[told.conflict.index(pool)] == "C-arm: 1 of 1 in use 7:00 AM to 5:30 PM (OR 2)."
    assert pool.facts["cases"] == ["or-2-0310-07:00"]
    assert told.corrections[0].text == "One more C-arm: 1 opening."


def test_nobody_privileged_is_opened_by_a_surgeon_who_comes_in() -> None:
    """The privilege is never waived: somebody privileged comes in, and where a surgeon was named takes their place."""
    staff = {id_: replace(who, privileges=()) for id_, who in small_clinic().staff.items()}
    told = why(replace(small_clinic(), staff=frozen(staff)), surgeon="dr-smith")
    assert said(told) == [
        "Dr. Smith is not privileged for knee arthroscopy on Tuesday, March 10. Nobody here is."
    ]
    types = [[change.type for change in correction.changes] for correction in told.corrections]
    assert types == [["add-staff", "change-request"], ["add-staff"], ["change-request"]]
    assert [bool(correction.opens) for correction in told.corrections] == [True, False, False]


def test_another_privileged_surgeon_is_asked_instead() -> None:
    """Where the named surgeon is not privileged and another one is, that one opens slots, by the surgeon's word."""
    (correction,) = why(small_clinic(), "wrist-orif", surgeon="dr-smith").corrections
    assert (correction.text, correction.granted_by) == ("Dr. Patel instead: 2 openings.", "surgeon")


def test_another_patient_is_never_told() -> None:
    """What an extra clean is for, and whose case it follows, is in no part of the explanation."""
    patient = {"patient": "secret-ref", "patient_flags": ("mrsa", "latex")}
    clinic = with_cases(small_clinic(), booked("08:00", **patient), booked("12:00", length=180, **patient))
    clinic = setting(setting(clinic, "infection-order", clean_minutes=90), "latex-first", applies=True)
    told = why(clinic, surgeon="dr-smith", patient=Patient(ref="mine", flags=frozenset({"diabetic"})))
    assert "infection-order" in rules(told)
    bare = replace(told, corrections=tuple(replace(each, example=None) for each in told.corrections))
    assert not {word for word in ("secret", "mrsa", "latex-allergy") if word in repr(bare).lower()}


def test_an_extra_clean_is_overridden_without_a_word_of_why_it_is_due() -> None:
    """The rule's id would say that the case before was infected: its title says what is asked for."""
    infected = booked("08:00", patient="other", patient_flags=("mrsa",))
    clinic = setting(with_cases(small_clinic(), infected), "infection-order", clean_minutes=600)
    told = why(clinic, surgeon="dr-smith")
    assert any(way.text.startswith("Extra clean after overridden for this case") for way in told.corrections)
    texts = [*told.sentences, *(way.text for way in told.corrections), *(lane.label for lane in told.lanes)]
    assert not any("infection" in text.lower() for text in texts)


def test_a_way_out_has_no_change_that_another_one_does_without() -> None:
    """One more set of trays ends both of a tray's causes, so that no way asks for it and for something else."""
    clinic = having(
        small_clinic(),
        "trays",
        replace(small_clinic().trays["knee-scope-set"], units=1, reprocessing_minutes=600),
    )
    ways = [
        set(way.changes) for way in why(with_cases(clinic, booked("08:00")), surgeon="dr-smith").corrections
    ]
    assert len(ways) > 1
    assert not any(one < other for one in ways for other in ways)


def test_what_is_bought_is_the_directors_to_grant_and_each_part_has_its_own_asker() -> None:
    """A charge nurse may waive a full recovery room and can't buy a bay; beside leave the holiday is a director's."""
    full = having(small_clinic(), "bays", replace(small_clinic().bays["pacu"], units=1))
    stays = replace(
        KNEE, id="long-knee", recovery=Recovery("pacu", frozen({"general": 600})), team=(), equipment=(), trays=(),
    )  # fmt: skip
    full = with_cases(having(full, "procedures", stays), booked("07:00", "or-2", "long-knee", length=30))
    (way,) = (way for way in why(full, surgeon="dr-smith", room="or-1", end_by=900).corrections)
    assert (way.text, way.granted_by) == ("1 more bay in PACU: 1 opening.", "director")
    hurried = setting(with_cases(small_clinic(), booked("09:00")), "staff-hours")
    away = replace(hurried.staff["dr-smith"], leave=(Leave(TUESDAY, TUESDAY),))
    told = why(
        having(hurried, "staff", away), surgeon="dr-smith", room="or-1", start_from=600, start_until=600
    )
    both, *parts = told.corrections
    assert both.granted_by == "director"
    assert {part.changes[0].type: part.granted_by for part in parts if not part.opens} == {
        "override-rule": "charge nurse", "remove-leave": "director",
    }  # fmt: skip


def test_several_cases_are_told_by_the_most_that_fit() -> None:
    """Of three knees for Dr. Smith two fit, and the trays stop the third; one more set lets all three in."""
    clinic = having(
        small_clinic(), "trays", replace(small_clinic().trays["knee-scope-set"], reprocessing_minutes=600)
    )
    told = why(clinic, surgeon="dr-smith", count=3)
    assert said(told)[0].startswith("Of such cases, 3 do not fit together on the days asked for; 2 would")
    assert "tray-reprocessing" in rules(told)
    assert not told.minimal
    assert not told.complete
    opened = [c for c in told.corrections if c.opens]
    assert opened[0].text == "One more knee scope set: all 3 fit."
    assert opened[0].example is not None
    assert len(opened[0].example.plan.cases) == 3


def test_a_place_beside_other_cases_is_a_reason() -> None:
    """A position that leaves no start is said, alone or beside the rules that close the other rooms."""
    early = with_cases(small_clinic(), booked("09:00"))
    told = why(early, position="first", start_from=600)
    assert {(r.atom.rule, r.atom.subject) for r in told.conflict} == {
        ("room-equipment", "or-2"), ("room-equipment", "or-3"), ("request", "position"),
    }  # fmt: skip
    alone = why(early, position="first", start_from=600, room="or-1")
    assert said(alone) == ["The case is to be the first of its room's day."]
    behind = why(early, after_case="or-1-0310-09:00", room="or-2")
    assert behind.conflict[0].atom.subject == "after_case"


def test_a_request_impossible_in_itself_is_told_before_any_search() -> None:
    """First of the day and behind another case, a past window, an end before the start: the request is the reason."""
    early = snapshot(with_cases(small_clinic(), booked("09:00")))
    for wrong, field in (
        ({"after_case": "or-1-0310-09:00", "position": "first"}, "position"),
        ({"day": dt.date(2026, 3, 3)}, "date_to"),
        ({"start_from": 600, "start_until": 540}, "start_until"),
        ({"start_from": 600, "end_by": 620}, "end_by"),
        ({"date_to": dt.date(2026, 3, 9)}, "date_to"),
    ):
        told = explain(early, ask(**wrong))  # type: ignore[arg-type]
        assert [(r.atom.rule, r.atom.subject) for r in told.conflict] == [("request", field)]
        assert told.minimal
        assert told.complete


def test_what_was_not_proven_is_not_called_infeasible() -> None:
    """Without the search's proof the conflict is shown, and neither the status nor `complete` claims more."""
    held, request = snapshot(four_thursdays()), ask(surgeon="dr-smith", day=THURSDAY)
    told = explain(held, request, proven=False)
    assert told.status is Status.NOT_PROVEN
    assert told.conflict
    assert not told.complete


def test_with_swaps_allowed_a_conflict_about_booked_people_is_not_called_minimal() -> None:
    """People of other cases might be exchanged, so that a conflict about where they are proves nothing."""
    day = with_cases(
        small_clinic(), booked("07:30", "or-2", "wrist-orif", length=560, staff="1", pinned=True),
        booked("07:30", "or-3", "wrist-orif", length=560, staff="2", pinned=True),
    )  # fmt: skip
    told = why(day, surgeon="dr-smith", allow_swaps=True)
    people = {r.atom.subject for r in told.conflict if r.atom.rule == "person-occupancy"}
    assert people & {"anesthesiologist-1", "circulator-1", "scrub-1"}
    assert not told.minimal
    assert not told.swaps_allowed
    fixed = why(small_clinic(), surgeon="dr-smith", room="or-2", allow_swaps=True)
    assert fixed.minimal
    assert fixed.swaps_allowed


def test_a_lanes_bar_says_what_the_reason_says() -> None:
    """A rule's own days aren't taken for the dates on which it was met: never "operates 2026-03-11s"."""
    told = why(small_clinic(), surgeon="dr-smith", day=dt.date(2026, 3, 11))
    (lane,) = (lane for lane in told.lanes if lane.kind == "surgeon-days")
    assert {bar.cause for bar in lane.blocked} == {told.conflict[0].text}
    assert "operates Tuesdays and Thursdays" in lane.blocked[0].cause


def test_no_rules_fact_is_named_as_the_dates_are() -> None:
    """The dates on which a rule was met are told beside its facts as "days": a rule that said days would lose them."""
    said = [f"{rule.id}: {line}" for rule in CATALOGUE.values() for line in inspect.getsource(rule).split("\n")
            if "facts['days']" in line or 'facts["days"]' in line]  # fmt: skip
    assert said == []


def test_a_holiday_is_opened_in_plain_words_and_on_each_of_the_days_that_it_closed() -> None:
    """An override is solved again on every day that it can open, here both, and told as what it comes to."""
    closed = replace(small_clinic(), holidays=(Holiday(TUESDAY, "Founders' Day"), Holiday(THURSDAY)))
    one = why(closed, surgeon="dr-smith", room="or-1", date_to=TUESDAY).corrections[0]
    assert one.text.startswith("Open on the holiday (Tuesday, March 10) for this case: ")
    both = ask(surgeon="dr-smith", room="or-1", date_to=THURSDAY)
    ways = why(closed, surgeon="dr-smith", room="or-1", date_to=THURSDAY).corrections
    assert ways[0].changes == (OverrideRule("holiday", "correction"),)
    assert "holidays (Tuesday, March 10 and Thursday, March 12) for this case" in ways[0].text
    offer, opens = resolved(overlaid(snapshot(closed), ways[0].changes, both), asked(both, ways[0].changes))
    assert opens > one.opens
    assert (ways[0].opens, ways[0].example) == (opens, offer)
