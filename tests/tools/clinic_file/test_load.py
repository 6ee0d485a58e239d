"""A clinic file is read whole, or refused with every fault and its place."""

from __future__ import annotations

import datetime as dt

import pytest

from solver.grid import Calendar
from tools.clinic_file import ClinicFileError, load

NEW_YORK = Calendar("America/New_York")


def refused(text: str | bytes, **options: bool) -> ClinicFileError:
    """The error of a file that must not load."""
    with pytest.raises(ClinicFileError) as caught:
        load(text, **options)  # type: ignore[arg-type]
    return caught.value


def test_every_kind_of_record_arrives(text: str) -> None:
    """Strings become instants, weeks and tables, and what the solver has no use for is kept beside it."""
    loaded = load(text)
    clinic = loaded.clinic
    assert clinic.hours == {1: ((390, 1080),), 3: ((390, 720), (780, 1080))}
    assert clinic.cases[0].start == NEW_YORK.of(dt.datetime(2026, 3, 10, 11, 30, tzinfo=dt.UTC))
    assert clinic.procedures["knee"].cpt == ("29881",)
    assert clinic.procedures["knee"].duration("dr-a").p80 == 55
    assert clinic.rules["anesthesia-supervision"].level == "off"
    assert loaded.laterality == {"case-1": "left"}
    assert loaded.aliases == {"tower": ("the tower",)}
    assert loaded.patients[0].birth_date == dt.date(1970, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('{tue: "07:30-17:00", thu', '{tue: "7:30-17", thu',
         ['rooms.or-1.hours.tue: "7:30-17" is not a window', 'Maybe write it as "HH:MM-HH:MM", "07:30-17:00"']),
        ('{tue: "07:30-17:00", thu', '{tue: "17:00-07:30", thu', ["ends before it starts"]),
        ('{tue: "07:30-17:00", thu', '{tue: ["07:30-12:00", "11:00-17:00"], thu', ["overlap"]),
        ('{tue: "07:30-17:00", thu', '{tuesday: "07:30-17:00", thu', ['"tuesday" is not a weekday', '"tue"']),
        ('{tue: "07:30-17:00", thu', "{tue: 450, thu", ["450 is not a window"]),
        ('{tue: "07:30-17:00", thu', '{tue: "07:30-25:00", thu', ["not a time of day"]),
        ("trays: [scope-set]", "trays: [scope-sets]",
         ['procedures.knee.trays[0]: no tray "scope-sets"', 'Maybe "scope-set"']),
        ("equipment: [tower]}", "equipment: [laser]}", ['rooms.or-1.equipment[0]: no equipment "laser"']),
        ("procedure: knee,", "procedure: hip,", ['no procedure "hip"']),
        ("bay: pacu", "bay: pacu-2", ['no bay "pacu-2"', 'Maybe "pacu"']),
        ("owner: dr-a", "owner: dr-b", ['no person or service "dr-b"', 'Maybe "dr-a"']),
        ("surgeon: dr-a", "surgeon: nurse-1", ['"nurse-1" is not a surgeon']),
        ("surgeon: dr-a", "surgeon: dr-z", ['"dr-z" is nobody in staff']),
        ("resource: nurse-1", "resource: nurse-9", ['no person "nurse-9"']),
        ("dr-a: {median: 55}", "dr-b: {median: 55}", ['no person "dr-b"']),
        ("{median: 60, p80: 75}", "{median: 75, p80: 60}", ["p80 60 is below the median 75"]),
        ("minutes: {general: 75}", "minutes: {genral: 75}", ['no anesthesia "genral"', 'Maybe "general"']),
        ("default: local, options: [local, general]", "default: mac, options: [local]", ["among the options"]),
        ("turnover: {level: hard", "turnovr: {level: hard", ["no such rule", 'Maybe "turnover"']),
        ("level: hard", "level: strict", ["'strict' is not one of"]),
        ("turnover: {level: hard", "room-occupancy: {level: soft}\n  turnover: {level: hard", ["never set aside"]),
        ("specialty_change_minutes: 10", "speciality_minutes: 10", ["not a parameter of turnover"]),
        ("specialty_change_minutes: 10", "specialty_change_minutes: ten", ["'ten' is not a number"]),
        ("America/New_York", "America/NewYork", ["not a time zone", 'Maybe "America/New_York"']),
        ("2026-05-25", "2026-02-30", ['there is no date "2026-02-30"']),
        ("from: 2026-03-24", "from: 2026-03-26", ["ends before it starts"]),
        ("2026-03-10T07:30", "2026-03-08T02:30", ["doesn't exist", "03:30"]),
        ("2026-03-10T07:30", "2026-11-01T01:30", ["happens twice", "01:30-04:00 or 2026-11-01T01:30-05:00"]),
        ("2026-03-10T07:30", "tomorrow", ["'tomorrow' is not a date and time"]),
        ("name: OR 1", "name: 1", ["rooms.or-1.name", 'Maybe quote it: "1"']),
        ("units: 2, reprocessing", 'units: "2", reprocessing', ["Maybe leave out the quotes"]),
        ("units: 2, reprocessing", "units: 0, reprocessing", ["greater than or equal to 1"]),
        ("cpt: [29881]", "cpt: 29881", ["is not a list", "Maybe put it into [ ]"]),
        ("turnover_minutes", "turnover_minute", ["is not a key here", 'Maybe "turnover_minutes"']),
        ("sided: true", "sided: yes", ["'yes' is not true or false"]),
        ("kind: fixed", "kind: stuck", ["'stuck' is not one of 'fixed' or 'mobile'"]),
        ("format: 1", "format: 2", ["2 is not one of 1"]),
        ("  c-arm:", "  or-1:", ["has the same id"]),
        ("id: case-1", "id: case 1", ["'case 1' is not an id", 'Maybe "case-1"']),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place_and_way_out(text: str, old: str, new: str, words: list[str]) -> None:
    """One fault in an otherwise good file is found, in its line, with what was seen and a way out."""
    assert old in text
    error = refused(text.replace(old, new, 1))
    assert all(word in error.message for word in words), error.message
    line = text[: text.index(old)].count("\n") + 1
    assert line in {fault.line for fault in error.faults}, error.message


def test_all_faults_come_at_once(text: str) -> None:
    """Faults of shape, of references and of times are all told in one go, in the order of the file."""
    broken = text.replace("America/New_York", "Mars/Olympus").replace("kind: mobile", "kind: moving")
    broken = broken.replace("trays: [scope-set]", "trays: [nothing]").replace(
        "minutes: 55\n", "minutes: -5\n"
    )
    lines = [fault.line for fault in refused(broken).faults]
    assert lines == sorted(lines)
    assert len(lines) == 4


def test_a_wrong_record_hides_no_wrong_reference_in_itself(text: str) -> None:
    """A record that can't be read still has its references checked."""
    broken = text.replace("    minutes: 55\n", "    minutes: none\n").replace("room: or-1\n", "room: or-7\n")
    message = refused(broken).message
    assert "cases[0].minutes" in message
    assert 'no room "or-7"' in message


def test_a_repeated_key_is_a_fault(text: str) -> None:
    """The same key twice is refused with both lines, where YAML would silently take the last."""
    error = refused(text.replace("  nurse-1:", "  dr-a: {name: B, role: scrub}\n  nurse-1:"))
    assert "staff.dr-a is here twice, first in line 18" in error.message


def test_an_id_given_twice_is_a_fault(text: str) -> None:
    """Two cases with one id are refused, and the first is named."""
    case = text[text.index("  - id: case-1") : text.index("patients:")]
    assert "id of cases[0] too" in refused(text.replace(case, case * 2)).message


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "is not a table of keys"),
        ("- 1", "is not a table of keys"),
        ("clinic: [", "is not YAML"),
        ("a: b: c", "is not YAML"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        ("a: \x00", "is not YAML"),
        ("a: !!python/object:os.system x", "has the tag"),
        ("a: &a [*a]", "is an alias of something that it is part of"),
        ("[" * 200_000 + "]" * 200_000, "is nested too deeply"),
        ("x" * 8_000_001, "has 8,000,001 bytes"),
        (b"\xef\xbb\xbf{}", "is not a table of keys"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_clinic_file_is_said_in_a_sentence(source: str | bytes, words: str) -> None:
    """Text that isn't YAML, isn't text, or is built to exhaust the reader gets one plain sentence."""
    assert words in refused(source).message


def test_a_bomb_of_aliases_is_refused() -> None:
    """A few lines that stand for billions of values are refused before they are built."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "Maybe it repeats an alias" in refused("\n".join(lines)).message


def test_words_stay_words(text: str) -> None:
    """Neither `off` nor `no` nor a time of day turns into something else on its way in."""
    loaded = load(text.replace("name: OR 1", "name: no").replace('"07:00-16:00"', "07:00-16:00"))
    assert loaded.clinic.rooms["or-1"].name == "no"
    assert loaded.clinic.staff["dr-a"].shifts == {1: ((420, 960),)}


def test_a_level_read_as_false_gets_the_hint_to_quote_it(values: dict[str, dict[str, object]]) -> None:
    """Values from another YAML reader, where `off` became false, are refused with the way out."""
    values["rules"]["anesthesia-supervision"] = {"level": False}
    with pytest.raises(ClinicFileError, match='False is not a level. Maybe quote it: "off"'):
        load(values)


def test_merge_keys_and_json_are_read(text: str) -> None:
    """An anchor with a merge key gives the merged record, and JSON is read as it is."""
    merged = text.replace("or-1: {name", "or-1: &room {name").replace(
        "equipment:\n", "  or-2: {<<: *room, name: OR 2}\nequipment:\n", 1
    )
    assert load(merged).clinic.rooms["or-2"].hours == load(text).clinic.rooms["or-1"].hours
    tiny = '{"format": 1, "clinic": {"id": "a", "name": "A", "timezone": "UTC", "hours": {}}, "rooms": {}}'
    assert load(tiny).clinic.name == "A"
