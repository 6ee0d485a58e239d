"""serve: one plain sentence when it can't, and a demo that loses nothing when it can."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import structlog

from tests.web.cli.conftest import Run
from web.cli.answer import quiet_logs, serving_logs

SLOTWRIGHT = str(Path(sys.executable).with_name("slotwright"))


def test_a_busy_port_is_one_sentence(run: Run) -> None:
    """A port that another program holds is refused with a free one to try."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        assert f"Port {port}" in run("serve", "--demo", "--port", str(port)).refused


def test_a_demo_stays_on_this_machine(run: Run) -> None:
    """A demo signs everyone in, so another host than loopback is refused."""
    assert "this machine only" in run("serve", "--demo", "--host", "0.0.0.0", "--port", "0").refused


def test_a_place_that_is_no_folder_is_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where var can't be made, serve says so and how to name another place."""
    (tmp_path / "var").touch()
    monkeypatch.chdir(tmp_path)
    assert "Maybe name another place with --db" in run("serve", "--port", "0").refused


def test_a_port_that_is_none_is_refused(run: Run) -> None:
    """Ports end at 65535."""
    assert "65535" in run("serve", "--demo", "--port", "70000").refused


def test_a_database_is_not_served_at_another_time(run: Run, tmp_path: Path) -> None:
    """--now with a database is refused, since a page writes."""
    assert "--now" in run("serve", "--db", f"sqlite:///{tmp_path}/x.db", "--now", "2026-03-05T09:00").refused


def test_the_demo_is_made_once_and_kept(tmp_path: Path) -> None:
    """The first start makes the demo's database and prints the address and a request; the next finds it there."""
    first = _served(tmp_path)
    assert "Making the demo clinic" in first
    assert 'Try: "Dr. Smith, knee scope, next Tuesday"' in first
    assert (tmp_path / "var" / "slotwright.db").exists()
    assert "Making" not in _served(tmp_path)


def test_a_real_clinic_prints_the_first_admins_link_and_no_demo_sentence(
    run: Run, clinic_file: Path, tmp_path: Path
) -> None:
    """A database without users prints a link that opens; the demo's example isn't this clinic's."""
    url = f"sqlite:///{tmp_path}/clinic.db"
    assert run("load", clinic_file, "--db", url).code == 0
    printed = _served(tmp_path, "--db", url, until="first admin")
    assert re.search(r"Harbor Clinic at http://127\.0\.0\.1:\d+", printed)
    assert re.search(r"http://127\.0\.0\.1:\d+/welcome\?token=[\w-]{43}\b", printed)
    assert "Try:" not in printed


def test_a_server_logs_what_each_turn_cost(capsys: pytest.CaptureFixture[str]) -> None:
    """A command says nothing of it; a server's log has its tokens, its time and its cost, and nothing else of it."""
    told = {"tokens_read": 7, "cost_micros": 9, "said": "words"}
    quiet_logs()
    structlog.get_logger("t").info("turn", **told)
    assert capsys.readouterr().err == ""
    serving_logs()
    structlog.get_logger("t").info("turn", **told)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["tokens_read"], line["cost_micros"]) == ("turn", 7, 9)
    assert "words" not in str(line)


def _served(folder: Path, *options: str, until: str = "Try:") -> str:
    """What serve prints until its address answers /healthz; then it is stopped as by Ctrl-C."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("SLOTWRIGHT")}
    command = [SLOTWRIGHT, "serve", "--port", "0", *options]
    with subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        printed = ""
        while until not in printed:
            line = server.stdout.readline()
            assert line, printed
            printed += line
        address = re.search(r"http://127\.0\.0\.1:\d+", printed)
        assert address
        with urllib.request.urlopen(f"{address[0]}/healthz", timeout=20) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) in (0, 130)
        printed += server.stdout.read()
    return printed
