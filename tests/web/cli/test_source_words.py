"""Whose words may go to a remote model: only the shipped demo needs no agreement."""

from pathlib import Path

import pytest

from assistant.choosing import configured_model
from tests.web.cli.conftest import NOW, SMALL
from web.cli.options import Source
from web.cli.source import opened

REMOTE = {"ANTHROPIC_API_KEY": "made-up", "SLOTWRIGHT_MODEL": "claude-haiku-5-5"}


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> None:
    """A remote model, and no agreement with whoever runs it."""
    for name in ("SLOTWRIGHT_BAA", "ANTHROPIC_BASE_URL", "SLOTWRIGHT_PRIVATE_ORIGIN", "SLOTWRIGHT_DB"):
        monkeypatch.delenv(name, raising=False)
    for name, value in REMOTE.items():
        monkeypatch.setenv(name, value)


def test_a_file_that_somebody_brings_is_no_demo(remote: None, tmp_path: Path) -> None:
    """Without an agreement a remote model never speaks for a `--clinic FILE` clinic, and its terminal still acts."""
    place = tmp_path / "clinic.yaml"
    place.write_text(SMALL, encoding="utf-8")
    ctx = opened(Source(clinic=str(place), now=NOW))
    assert not ctx.store.demo
    assert ctx.principal.id == "terminal"
    assert configured_model(ctx, ctx.store.clinic()) is None


def test_the_shipped_demo_may_be_spoken_for(remote: None) -> None:
    """The demo clinic holds made-up people alone: a remote model speaks for it without an agreement."""
    ctx = opened(Source(demo=True, now=NOW))
    assert ctx.store.demo
    assert configured_model(ctx, ctx.store.clinic()) is not None
