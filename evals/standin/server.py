"""The stand-in's server: one thread, HTTP/1.1 on a port of its own, every request kept as it came."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from evals.standin.answers import Answer

Brain = Callable[[Mapping[str, Any]], Answer]
"""A request's JSON -> what to answer."""


class Standin:
    """Serves while it is entered. A script's last answer is given again when it runs out."""

    def __init__(self, script: Sequence[Answer] | Brain) -> None:
        self._brain: Brain = script if callable(script) else _scripted(list(script))
        self.bodies: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Standin:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, raw: bytes, headers: Mapping[str, str]) -> Answer:
        """Note a request and decide what it gets."""
        self.raw.append(raw)
        self.headers.append({name.lower(): value for name, value in headers.items()})
        self.bodies.append(json.loads(raw))
        return self._brain(self.bodies[-1])

    def over(self, seconds: float) -> bool:
        """Whether the stand-in closed within so many seconds."""
        return self._over.wait(seconds)

    def wait(self) -> None:
        """Silence, until the stand-in closes."""
        self._over.wait(30)


def _scripted(answers: list[Answer]) -> Brain:
    def brain(_: Mapping[str, Any]) -> Answer:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    return brain


def _handler(standin: Standin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            try:
                _send(self, standin.answer(raw, dict(self.headers)), standin)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Says nothing."""

    return Handler


def _send(handler: BaseHTTPRequestHandler, answer: Answer, standin: Standin) -> None:
    body, fault = answer.body(), answer.fault
    sent = body if fault.cut is None else body[: fault.cut]
    handler.send_response(fault.status)
    kind = "text/event-stream" if fault.status == 200 else "application/json"
    for name, value in {"content-type": kind, "connection": "close", **fault.headers}.items():
        handler.send_header(name, value)
    if not fault.clean:
        handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    step = fault.chunk or len(sent) or 1
    for at in range(0, len(sent), step):
        handler.wfile.write(sent[at : at + step])
        handler.wfile.flush()
        if fault.pause and standin.over(fault.pause):
            break
    if fault.stall:
        standin.wait()
    handler.close_connection = True
