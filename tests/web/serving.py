"""An application on a real socket of this machine, in a thread of the test."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from web.serve import listen


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application while the block runs; a server that doesn't end is a failure."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        app.state.stopping.set()
        server.should_exit = True
        thread.join(30)
        listener.close()
    assert not thread.is_alive(), "the server didn't end"
