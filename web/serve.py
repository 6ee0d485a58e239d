"""Serving the pages from one process: the desk over a store, and the socket."""

from __future__ import annotations

import datetime as dt
import errno
import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI

from assistant import turn
from assistant.events import Event
from solver import assign
from solver.clinic import Clinic
from tools import proposals, registry
from tools.accounts import links
from tools.accounts.oidc import provider
from tools.context import Context, Principal, Role
from tools.records.store import Store
from web import upkeep
from web.accounts import Accounts
from web.app import create_app
from web.desk import Desk, Settings
from web.settings import Environment, environment

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEMO_DIRECTOR = Principal("demo-director", "Demo director", Role.DIRECTOR)
"""Who uses a demo: it signs in by itself, and only for databases marked as demo."""


class CannotServe(Exception):
    """The address can't be served, in one plain sentence."""


@dataclass(frozen=True)
class StoreDesk:
    """The desk of one principal over a store."""

    ctx: Context

    @property
    def principal(self) -> Principal:
        """Whose desk this is."""
        return self.ctx.principal

    def clinic(self) -> Clinic:
        """The clinic at its present revision."""
        return self.ctx.store.clinic()

    def now(self) -> dt.datetime:
        """The clinic's clock."""
        return self.ctx.now()

    def call(self, tool: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """A tool's output, JSON-ready."""
        return registry.staffed().call(tool, self.ctx, payload).model_dump(mode="json", by_alias=True)

    def confirm(self, proposal: str, key: str, body: str = "") -> dict[str, Any]:
        """Carry out a proposal once per key."""
        return _json(proposals.confirm(self.ctx, proposal, key, body))

    def offer(self, offer: str) -> dict[str, Any]:
        """A stored offer."""
        return dict(self.ctx.store.offer(offer).body)

    def proposal(self, proposal: str) -> dict[str, Any]:
        """A stored proposal."""
        return _json(proposals.proposal_of(self.ctx, proposal))

    def turn(self, text: str, conversation: str | None) -> AsyncIterator[Event]:
        """One message in, typed events out."""
        return turn(text, self.ctx, conversation)


def _json(model: Any) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True) if hasattr(model, "model_dump") else dict(model)


def desk_of(store: Store, now: Callable[[], dt.datetime]) -> Desk | None:
    """The demo's own desk; None for a real clinic, where each person signs in."""
    return StoreDesk(Context(store, DEMO_DIRECTOR, now)) if store.demo else None


def app_of(
    store: Store, now: Callable[[], dt.datetime], address: str, demo: bool, env: Environment
) -> FastAPI:
    """The application of a clinic: the demo signs in by itself, any other has accounts."""
    ancestors = tuple(env.frame_ancestors.split())
    settings = Settings(demo=demo, public_origin=env.public_origin or address, frame_ancestors=ancestors)
    if demo:
        return create_app(desk_of(store, now), replace(settings, public_origin=address))
    idp = provider(
        env.oidc_issuer, env.oidc_client_id, env.oidc_client_secret, env.oidc_role_claim, env.oidc_roles
    )
    accounts = Accounts(store, now, lambda who: StoreDesk(Context(store, who, now)), env.policy, idp)
    return create_app(None, settings, accounts)


def run(
    store: Store,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    now: Callable[[], dt.datetime],
    ready: Callable[[str, str | None], None] = lambda _address, _link: None,
    demo: bool | None = None,
    env: Environment | None = None,
) -> None:
    """Serve until interrupted. `CannotServe` says why it can't.

    `ready` gets the address once it is open, and the link that makes the first admin where there is no user yet.
    `demo` False makes people sign in though the store, being in memory, could be a demo's.
    """
    env, demo = env or environment(), store.demo if demo is None else demo and store.demo
    _refuse_open(host, demo, env)
    listener = listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    app = app_of(store, now, address, demo, env)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    token = None if demo else links.first_admin(store, now(), env.policy)
    ready(address, f"{env.public_origin or address}/welcome?token={token}" if token else None)
    threading.Thread(target=assign.load, daemon=True).start()
    upkeep.begin(store, now, env.retention, app.state.stopping)
    _Server(config, app.state.stopping).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that tells the streams that last to end, so that it needn't wait for them."""

    def __init__(self, config: uvicorn.Config, stopping: threading.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to end: the streams first."""
        self._stopping.set()
        super().handle_exit(sig, frame)


def _refuse_open(host: str, demo: bool, env: Environment) -> None:
    """Neither a demo, which signs everyone in, nor passwords over plain http may leave this machine."""
    if host in LOOPBACK:
        return
    if demo:
        raise CannotServe(
            f"A demo signs everyone in, so it serves this machine only and not {host}. Maybe leave --host out."
        )
    if not env.public_origin:
        raise CannotServe(
            f"On {host} passwords would travel in clear. Maybe put a server with https before it, and set "
            "SLOTWRIGHT_PUBLIC_ORIGIN to the address that people open."
        )


def listen(host: str, port: int) -> socket.socket:
    """An open socket; `CannotServe` with one plain sentence when the port is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise CannotServe(_why(error, host, port)) from None
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is already in use. Maybe another one is free: --port {port + 1}"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} may not be opened by this user. Maybe pick one above 1023: --port 8000"
    return f"{host}:{port} can't be served: {error.strerror}. Maybe try --host 127.0.0.1"
