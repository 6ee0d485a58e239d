"""The small clinic served to its people: an admin, a scheduler, an auditor, and the clock of the test."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from starlette.testclient import TestClient

from tests.web.cli.conftest import SMALL
from tools.accounts import links, machines, people
from tools.accounts.oidc import Provider
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.records.store import Store
from web.accounts import Accounts
from web.app import create_app
from web.desk import Settings
from web.serve import StoreDesk

SECRET = "correct horse battery staple"
OTHER = "wrong donkey charger paperclip"
HOME = "http://127.0.0.1:8000"
START = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
ADMIN = Principal("root", "Rita Root", Role.ADMIN)
PAGE = {"accept": "text/html"}
SAME = {"sec-fetch-site": "same-origin"}


@dataclass
class House:
    """A served clinic that isn't a demo."""

    store: Store = field(default_factory=lambda: Store.memory(load(SMALL)))
    at: dt.datetime = START
    settings: Settings = field(default_factory=lambda: Settings(public_origin=HOME))
    provider: Provider | None = None

    def __post_init__(self) -> None:
        self.store.demo = False
        self.accounts = Accounts(
            self.store,
            lambda: self.at,
            lambda who: StoreDesk(Context(self.store, who, lambda: self.at)),
            provider=self.provider,
        )
        self.app = create_app(None, self.settings, self.accounts)

    @property
    def admin(self) -> Context:
        """The admin's own hands."""
        return Context(self.store, ADMIN, lambda: self.at)

    def settle(self) -> House:
        """Make the admin, and one person of each other role, named by the role."""
        token = links.first_admin(self.store, self.at) or ""
        links.make_first_admin(self.store, token, "root", "Rita Root", SECRET, self.at)
        for role in ("scheduler", "auditor", "director"):
            link = people.added(self.admin, role, role.title(), role)
            links.set_password(self.store, link, SECRET, self.at)
        return self

    def key(self, *scopes: str) -> str:
        """A fresh API key."""
        return machines.key_added(self.admin, "EMR", scopes)

    def client(self, **headers: str) -> TestClient:
        """A browser that nobody has signed in to."""
        return TestClient(
            self.app, base_url=self.settings.public_origin or HOME, follow_redirects=False,
            raise_server_exceptions=False, headers=SAME | headers,
        )  # fmt: skip

    def signed_in(self, name: str) -> TestClient:
        """A browser that this person is signed in to."""
        client = self.client()
        answer = client.post("/sign-in", data={"name": name, "password": SECRET})
        assert answer.status_code == 303, answer.text
        return client
