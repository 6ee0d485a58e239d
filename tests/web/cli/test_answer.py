"""What is printed where, and with which exit code."""

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.cli.conftest import DEMO, TUESDAY, Run
from web.cli import main
from web.cli.answer import as_text
from web.terminal.clean import clean


def test_a_fault_of_ours_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error exits 1 with a sentence that quotes nothing of it, and no traceback."""
    monkeypatch.setattr("tools.find.find", _fail)
    ran = run("find", *TUESDAY, *DEMO)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.strip().splitlines()) == 1
    assert "secret" not in ran.err


def test_a_fault_is_an_object_for_programs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --json the fault is the error object with the code "internal"."""
    monkeypatch.setattr("tools.find.find", _fail)
    assert run("find", *TUESDAY, *DEMO, "--json").body["error"]["code"] == "internal"


def test_debugging_shows_where(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """SLOTWRIGHT_DEBUG=1 prints the traceback, on stderr."""
    monkeypatch.setattr("tools.find.find", _fail)
    monkeypatch.setenv("SLOTWRIGHT_DEBUG", "1")
    ran = run("find", *TUESDAY, *DEMO, "--json")
    assert ran.body["error"]["code"] == "internal"
    assert "Traceback" in ran.err


def _fail(*_: object) -> None:
    raise ZeroDivisionError("secret")


def test_a_stray_print_stays_off_stdout(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --json, what a library prints goes to stderr and stdout is still one object."""
    import tools.find

    search = tools.find.find

    def noisy(*given: object, **more: object) -> object:
        print("noise")  # noqa: T201 - that is what is tried
        return search(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("tools.find.find", noisy)
    ran = run("find", *TUESDAY, *DEMO, "--json")
    assert ran.body["status"] == "found"
    assert "noise" in ran.err


def test_an_interruption_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command with 130 and not a word."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tools.find.find", interrupt)
    ran = run("find", *TUESDAY, *DEMO)
    assert (ran.code, ran.err, ran.out) == (130, "", "")


def test_a_reader_that_left_is_no_fault(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`slotwright logic-map | head` ends without a complaint."""

    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            if text:
                raise BrokenPipeError
            return 0

    monkeypatch.setattr(sys, "stdout", Gone())
    assert main(["logic-map"]) == 130


@pytest.mark.parametrize(
    "arguments", [("--nope",), ("find", "--nope"), ("nonsense",), ("ask", *DEMO), ("schema",)]
)
def test_wrong_usage_is_one_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    """Unknown options and commands, and missing arguments, exit 2 with a sentence and no usage box."""
    assert "Maybe look at: slotwright --help" in run(*arguments).refused
    assert run(*arguments, "--json").body["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    "command", ["serve", "ask", "chat", "find", "check", "logic-map", "load", "export", "schema"]
)
def test_every_command_has_help(run: Run, command: str) -> None:
    """--help of each command exits 0, fits 80 columns, and every option but --help takes --json beside it."""
    ran = run(command, "--help")
    assert ran.code == 0
    assert "--json" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_without_arguments_there_is_help(run: Run) -> None:
    """`slotwright` alone shows the commands."""
    ran = run()
    assert "logic-map" in ran.out + ran.err


@given(st.text())
def test_cleaned_text_is_harmless(text: str) -> None:
    """No control, escape or direction character survives, and what is printable does."""
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    for before, after in zip(text, cleaned, strict=True):
        assert after in (before, " ")
        assert after.isprintable() or after in "\n\u00a0"


@pytest.mark.parametrize(
    ("encoding", "plain"), [("utf-8", True), ("UTF8", True), ("ascii", False), (None, False)]
)
def test_letters_stay_where_they_can_be_carried(encoding: str | None, plain: bool) -> None:
    """JSON keeps letters beyond ASCII on a UTF-8 stream and escapes them elsewhere."""
    assert ("ü" in as_text({"name": "Müller"}, encoding)) is plain


def test_text_for_programs_is_left_alone(run: Run, clinic_file: Path) -> None:
    """An export keeps what a drawing would tidy: an unbreakable space in a name is still one."""
    clinic_file.write_text(clinic_file.read_text().replace("name: OR 1", "name: 'OR\u00a01'"))
    assert "OR\u00a01" in run("export", "--clinic", clinic_file).out
