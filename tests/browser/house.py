"""The demo's book served to people who sign in, so that every page of every role can be looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.web.serving import served
from tests.web.signed import HOME, SECRET, House
from tools.accounts import links, people
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import staffed
from web.desk import Settings
from web.serve import StoreDesk

DAY = dt.date(2026, 3, 5)
TUESDAY = "2026-03-10"
KNEE = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": TUESDAY, "date_to": TUESDAY,
}  # fmt: skip
FLOOD = {"from": f"{TUESDAY}T07:00", "to": f"{TUESDAY}T09:00", "reason": "flood"}


class Home(House):
    """A house at an address, whose people are signed in by their cookies."""

    address = ""

    def options(self, name: str) -> dict[str, Any]:
        """Options of a browser context in which that person is signed in, and has seen the tour."""
        cookies = self.signed_in(name).cookies
        token = next(value for key, value in cookies.items() if key == "slotwright")
        return {"storage_state": {"cookies": [self._cookie("slotwright", token), self.toured], "origins": []}}

    @property
    def toured(self) -> dict[str, Any]:
        """The cookie of a browser in which nobody is shown the tour."""
        return self._cookie("slotwright-tour", "off")

    def _cookie(self, name: str, value: str) -> dict[str, Any]:
        return {
            "name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": -1,
            "httpOnly": name == "slotwright", "secure": False, "sameSite": "Lax",
        }  # fmt: skip

    def desk(self, name: str) -> StoreDesk:
        """That person's desk, without a browser."""
        return StoreDesk(self.ctx(name))

    def ctx(self, name: str) -> Any:
        """What that person's calls run in."""
        from tools.accounts.users import user
        from tools.context import Context, Principal

        who = user(self.store, name)
        return Context(self.store, Principal(who.id, who.name, who.role), lambda: self.at)

    def offer(self) -> str:
        """A slot for a knee that was found just now."""
        return str(self.desk("director").call("find_slots", KNEE)["offers"][0]["id"])

    def proposal(self, mrn: str = "T1000001") -> str:
        """A booking that waits to be confirmed by the director."""
        patient = {"name": "Jane Sample", "mrn": mrn, "birth_date": "1970-01-01"}
        body = {"action": "book", "offer": self.offer(), "patient": patient, "laterality": "left"}
        return str(self.desk("director").call("propose", body)["id"])

    def flood(self) -> str:
        """Close OR 1 on Tuesday morning; the worklist's entry for the case that it hits."""
        body = {
            "kind": "rooms",
            "id": "or-1",
            "add": {"closures": [FLOOD]},
            "reason": "flood in the corridor",
        }
        staffed().call("edit_record", self.ctx("director"), body)
        return str(self.desk("director").call("worklist", {})["items"][0]["id"])


@contextmanager
def home(clinic: str | None = None, **settings: Any) -> Iterator[Home]:
    """A clinic, or the demo's on March 5, with a person of each role, served; their passwords are the same."""
    house = Home(
        store=Store.memory(clinic or demo_clinic(DAY)), settings=Settings(public_origin=HOME, **settings)
    )
    house.settle()
    link = people.added(house.admin, "nurse", "Nora Charge", "charge-nurse")
    links.set_password(house.store, link, SECRET, house.at)
    with served(house.app) as address:
        house.address = address
        yield house
    house.store.close()
