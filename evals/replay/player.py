"""Plays a cassette into the real SDK: strict order, every exchange used, and any other request a hard failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.settings import ANTHROPIC
from evals.replay.cassette import Cassette
from evals.replay.requests import added, difference, essence, told
from tools.errors import ToolError

if TYPE_CHECKING:
    import httpx


class DivergedError(BaseException):
    """The product asked for something else than was recorded.

    No `Exception`: the SDK would take it for a broken wire and try again, and the agent for a fault to apologise for.
    """


@dataclass
class Player:
    """One cassette being played."""

    cassette: Cassette
    taken: int = 0
    told: dict[str, Any] = field(default_factory=dict)
    """What the model was told, as the last request had it."""
    _before: list[Any] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """The next exchange's response; raises `DivergedError` where the request is another one."""
        body = json.loads(request.content)
        self.told, messages = told(body), essence(body)
        new, self._before = added(self._before, messages), messages
        if self.taken == len(self.cassette.exchanges):
            raise DivergedError(f"request {self.taken + 1}, but only {self.taken} were recorded")
        exchange = self.cassette.exchanges[self.taken]
        self.taken += 1
        if exchange.request != new:
            raise DivergedError(f"request {self.taken} differs:\n{difference(exchange.request, new)}")
        import httpx

        response = exchange.response
        return httpx.Response(response.status, headers=response.headers, content=response.body.encode())

    def finish(self) -> None:
        """Raises `DivergedError` when exchanges are left over."""
        left = len(self.cassette.exchanges) - self.taken
        if left:
            raise DivergedError(
                f"{left} of {len(self.cassette.exchanges)} recorded exchanges were never asked for"
            )


@contextmanager
def playing(cassette: Cassette) -> Iterator[Player]:
    """The Messages API answered from the cassette; nothing reaches a network meanwhile."""
    try:
        import respx

        from evals.replay.mocker import MOCKER
    except ImportError:
        said = "Replaying needs the development packages, which aren't installed. Maybe run: make setup"
        raise ToolError("unavailable", said, "model") from None
    player = Player(cassette)
    with respx.mock(using=MOCKER, base_url=ANTHROPIC, assert_all_called=False) as router:
        router.post("/v1/messages").mock(side_effect=player.answer)
        yield player
        player.finish()
