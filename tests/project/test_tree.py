"""What must never be in the tree: where packages come from, and where somebody keeps a checkout."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each is written so that it doesn't match itself.
INDEX = re.compile(
    r"(index[-_]url|find[-_]links)[\"' =:]+[a-z]+://"
    r"|\"resolved\": *\"[a-z]+://"
    r"|registry *[=:] *\"?[a-z]+://"
    r"|://\S+/simple\b"
    r"|pythonhosted[.]org|://(test[.])?pypi[.]org"
)
HOME = re.compile(r"(?<![\w.])(/home/|/Users/|/root/|[A-Z]:\\Users\\)\w")


def _files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return (ROOT / name for name in listed.split("\0") if name)


def _texts() -> Iterator[tuple[str, str]]:
    for path in _files():
        if path.is_file() and b"\0" not in (raw := path.read_bytes()):
            yield str(path.relative_to(ROOT)), raw.decode("utf-8", "replace")


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in _texts()
        if pattern.search(text) and name != "tests/project/test_tree.py"
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_index() -> None:
    """No file holds the address of a package index or mirror."""
    assert _lines_with(INDEX) == []


def test_no_file_names_a_place_on_a_developers_machine() -> None:
    """No file holds a path into somebody's home or into this very checkout."""
    here = re.compile(f"{HOME.pattern}|{re.escape(str(ROOT))}/")
    assert _lines_with(here) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https@mirror.clinic.example/pypi%",
        "find_links = file@/wheels",
        'extra-index-url="https@a.example/x"',
        "curl https@mirror.example:8443/root/pypi/+simple/..%/ortools",
        "https@pypi.org/project/ortools",
        "registry=https@npm.example",
    ],
)
def test_an_index_address_would_be_seen(line: str) -> None:
    """The pattern matches the ways in which an address slips in; put together here, so that none stands in a file."""
    assert INDEX.search(line.replace("@", ":" + "//").replace("%", "/" + "simple"))


@pytest.mark.parametrize("line", ["cd /home/ana/slotwright", 'open("/Users/ana/x")', "see /root/x"])
def test_a_home_would_be_seen(line: str) -> None:
    """The pattern matches the homes of Linux, macOS and root."""
    assert HOME.search(line)


@pytest.mark.parametrize(
    "line", ["GET /api/home/1", "https://clinic.example/home/", "a simple rule", "app/users/ana"]
)
def test_ordinary_lines_pass(line: str) -> None:
    """Routes and prose that only look alike are left alone."""
    assert not INDEX.search(line)
    assert not HOME.search(line)
