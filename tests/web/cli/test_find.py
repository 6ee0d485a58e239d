"""find and check: the structured request on the command line."""

import json
from pathlib import Path

import pytest

from solver.request import Found, Status
from tests.web.cli.conftest import DEMO, KNEE, TUESDAY, Run
from tools.contract import CheckRequest, FindResult, PatientFacts, Request
from web.cli.app import app
from web.cli.request import Asked


def test_find_gives_the_contract_object(run: Run) -> None:
    """`find --json` prints offers on the day asked for, in the only room with the tower."""
    ran = run("find", *TUESDAY, *DEMO, "--json")
    found = FindResult.model_validate(ran.body)
    assert (ran.code, found.status) == (0, "found")
    assert {case.room for offer in found.offers for case in offer.cases} == {"or-1"}
    assert all(offer.cases[0].start.startswith("2026-03-10T") for offer in found.offers)


def test_find_draws_offers_for_people(run: Run) -> None:
    """Without --json, the label, day, times, room, surgeon, team and what is unchecked are all there."""
    ran = run("find", *TUESDAY, *DEMO)
    assert ran.code == 0
    for shown in (
        "A1",
        "Tue, Mar 10",
        "OR 1",
        "Dr. Smith",
        "Circulator 1",
        "Not checked yet",
        "age",
        "booked",
    ):
        assert shown in ran.out
    assert ran.err == ""


def test_a_proven_no_is_an_answer(run: Run) -> None:
    """A day on which the surgeon doesn't operate exits 0 with the reason and alternatives on other days."""
    ran = run("find", *KNEE, "--date-from", "2026-03-11", *DEMO)
    assert ran.code == 0
    assert "Dr. Smith operates Tuesdays and Thursdays" in ran.out
    assert "another day" in ran.out


def test_check_names_everything_that_blocks(run: Run) -> None:
    """The generic calendar's mistake is refused with the tower as a reason, and with alternatives."""
    ran = run("check", *KNEE, "--room", "or-2", "--at", "2026-03-10T10:00", *DEMO, "--json")
    assert (ran.code, ran.body["status"], ran.body["offer"]) == (0, "infeasible", None)
    assert "room-equipment" in {violation["rule"] for violation in ran.body["violations"]}
    assert ran.body["alternatives"]


def test_check_gives_the_offer_for_an_open_start(run: Run) -> None:
    """A start that find offered passes check, and is drawn as an offer."""
    start = run("find", *TUESDAY, *DEMO, "--json").body["offers"][0]["cases"][0]["start"]
    ran = run("check", *KNEE, "--at", start[:16], *DEMO)
    assert ran.code == 0
    assert ran.out.startswith("This slot passes every rule.")


def test_out_of_budget_is_no_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the solver's budget runs out, find exits 3 and says that this isn't a no."""
    monkeypatch.setattr("tools.find.find", lambda *_, **__: Found(Status.NOT_PROVEN))
    ran = run("find", *TUESDAY, *DEMO)
    assert ran.code == 3
    assert "not a no" in ran.out


def test_a_request_may_come_from_a_file(run: Run, tmp_path: Path) -> None:
    """--request FILE reads JSON, and an option beside it wins."""
    file = tmp_path / "request.json"
    asked = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-10", "limit": 1}
    file.write_text(json.dumps(asked))
    assert len(run("find", "--request", file, *DEMO, "--json").body["offers"]) == 1
    assert len(run("find", "--request", file, "--limit", "2", *DEMO, "--json").body["offers"]) == 2


def test_a_request_may_come_from_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--request - reads JSON from stdin."""
    import io

    monkeypatch.setattr(
        "sys.stdin", io.StringIO('{"procedure": "knee-arthroscopy", "date_from": "2026-03-10"}')
    )
    assert run("find", "--request", "-", *DEMO, "--json").body["status"] == "found"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ("{}" * 600_000, "other"),
    ],
)
def test_a_bad_request_file_is_one_sentence(run: Run, tmp_path: Path, text: str, said: str) -> None:
    """What is no JSON object is refused in one sentence, however large or deep."""
    file = tmp_path / "request.json"
    file.write_text(text)
    assert said in run("find", "--request", file, *DEMO).refused


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "procedure is missing"),
        (("--procedure", "knee-artroscopy", "--date-from", "2026-03-10"), "knee-arthroscopy"),
        ((*TUESDAY, "--surgeon", "dr-zork"), "no surgeon 'dr-zork'"),
        ((*TUESDAY, "--room", "or-9"), "no room 'or-9'"),
        ((*KNEE, "--date-from", "2026-02-30"), "date_from"),
        ((*KNEE, "--date-from", "2026-03-01"), "past"),
        ((*TUESDAY, "--date-to", "2026-03-01"), "before"),
        ((*TUESDAY, "--start-from", "9"), "HH:MM"),
        ((*TUESDAY, "--limit", "many"), "limit"),
        ((*TUESDAY, "--weekdays", "tuesday"), "weekdays"),
        ((*TUESDAY, "--overrides", "turnover"), "reason"),
        ((*TUESDAY, "--overrides", "room-occupancy=because"), "never waived"),
        ((*TUESDAY, "--surgeon", "'; DROP TABLE cases; --"), "no surgeon"),
        ((*TUESDAY, "--room", "<script>alert(1)</script>"), "no room"),
        ((*TUESDAY, "--request", "nowhere.json"), "can't be read"),
        ((*TUESDAY, "--nonsense"), "No such option"),
    ],
)
def test_bad_input_is_one_plain_sentence(run: Run, options: tuple[str, ...], said: str) -> None:
    """Whatever is wrong with a request: exit 2, one sentence, nothing on stdout."""
    ran = run("find", *options, *DEMO)
    assert said in ran.refused
    assert ran.out == ""


def test_an_error_text_obeys_no_escape(run: Run) -> None:
    """Control characters of the input reach neither the terminal nor the JSON."""
    ran = run("find", *TUESDAY, "--room", "\x1b[31mor-9\x07", *DEMO, "--json")
    assert not set("\x1b\x07") & set(ran.err + ran.body["error"]["message"])


def test_an_error_is_an_object_for_programs(run: Run) -> None:
    """With --json, bad input is the error object on stdout beside the sentence on stderr."""
    ran = run("find", *TUESDAY, "--room", "or-9", *DEMO, "--json")
    assert (ran.body["error"]["code"], ran.body["error"]["field"]) == ("unknown", "room")
    assert ran.body["error"]["message"] == ran.refused


def test_every_field_of_the_contract_has_its_option() -> None:
    """find and check take each field of the contract under its own name with dashes."""
    fields = {f"--{name.replace('_', '-')}" for name in Request.model_fields if name != "patient"}
    facts = {f"--patient-{name.replace('_', '-')}" for name in PatientFacts.model_fields}
    assert fields | facts <= _options("find")
    assert fields | facts | {f"--{name}" for name in CheckRequest.model_fields if name == "at"} <= _options(
        "check"
    )


def _options(command: str) -> set[str]:
    import typer

    group = typer.main.get_command(app)
    return {name for each in group.commands[command].params for name in each.opts}  # type: ignore[attr-defined]


def test_rooms_and_surgeons_are_left_out(run: Run) -> None:
    """Neither is in any offer; an id that isn't the clinic's is refused with its field's name and the nearest ones."""
    out = ("--exclude-rooms", "or-2,or-3", "--exclude-surgeons", "dr-smith")
    week = ("--procedure", "knee-arthroscopy", "--date-from", "2026-03-09", "--date-to", "2026-03-13", *DEMO)
    cases = [offer["cases"][0] for offer in run("find", *week, *out, "--json").body["offers"]]
    assert {case["room"] for case in cases} == {"or-1"}
    assert "dr-smith" not in {case["surgeon"] for case in cases}
    refused = run("find", *week, "--exclude-rooms", "or-9").refused
    assert "There is no room 'or-9'. Maybe you meant" in refused


def test_options_become_the_contracts_values() -> None:
    """Lists may be repeated or hold commas, patient facts are one object, and the last date is the first."""
    asked = Asked(
        procedure="x", date_from="2026-03-10", weekdays=["mon,tue", "thu"], patient_age="8", patient_flags=["none"],
        overrides=["turnover=agreed = yes"], allow_swaps=True,
    )  # fmt: skip
    assert asked.payload() == {
        "procedure": "x",
        "date_from": "2026-03-10",
        "date_to": "2026-03-10",
        "weekdays": ["mon", "tue", "thu"],
        "overrides": [{"rule": "turnover", "reason": "agreed = yes"}],
        "allow_swaps": True,
        "patient": {"age": "8", "flags": []},
    }


def test_given_patient_facts_are_checked(run: Run) -> None:
    """Facts from options reach the rules: they are no longer among what wasn't checked."""
    missing = _missing(run("find", *TUESDAY, *DEMO, "--json").body)
    fewer = _missing(run("find", *TUESDAY, "--patient-age", "44", "--patient-asa", "2", *DEMO, "--json").body)
    assert {"age", "asa"} <= missing
    assert not {"age", "asa"} & fewer


def _missing(body: dict[str, list[dict[str, list[dict[str, str]]]]]) -> set[str]:
    return {each["missing"] for each in body["offers"][0]["not_checked"]}


def test_a_what_if_says_what_it_supposes_and_that_nothing_was_written(run: Run) -> None:
    """Each change stands in words above the two answers, and no slot is shown as one that could be booked."""
    day = ("--date-from", "2026-03-10", "--date-to", "2026-03-10")
    more = ("--change", '{"type": "add-unit", "resource": "knee-scope-set"}')
    said = run("what-if", *KNEE, *day, *more, *DEMO).out
    assert said.startswith("Supposing: one more knee scope set.\nAs things stand:")
    assert said.endswith("Only tried: nothing was written, and these slots can't be booked.\n")
