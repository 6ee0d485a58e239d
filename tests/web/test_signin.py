"""Sign-in over HTTP: who gets in where, by cookie or by key, and what a browser is told."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from tests.web.golden import GoldenDesk
from tests.web.signed import HOME, OTHER, PAGE, SECRET, House
from tools import logs
from tools.accounts import links, people
from web.accounts import OPEN, same_site_path
from web.app import create_app
from web.desk import Settings
from web.pages import version
from web.security import CSP

HTTPS = "https://or.example.org"
FIND = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-10"}


@pytest.fixture
def house() -> Iterator[House]:
    """The clinic with its people."""
    made = House().settle()
    yield made
    made.store.close()


def routes() -> list[tuple[str, str]]:
    """(method, address) of every route, parameters filled in."""
    app = House().app
    found: list[tuple[str, str]] = [("GET", "/openapi.json")]
    for route in _all(app.routes):
        address = re.sub(r"{[^}]*}", "x-1", route.path)
        found += [(method, address) for method in sorted(route.methods or ()) if method != "HEAD"]
    return sorted(set(found))


def _all(given: list[object]) -> Iterator[APIRoute]:
    for route in given:
        if isinstance(route, APIRoute):
            yield route
        else:
            inner = getattr(getattr(route, "original_router", None), "routes", None)
            if inner:
                prefix = getattr(getattr(route, "include_context", None), "prefix", "")
                assert not prefix, "a router included under a prefix would be tested at the wrong address"
                yield from _all(inner)


ROUTES = routes()
CLOSED = [each for each in ROUTES if each[1] not in OPEN]


def test_the_matrix_knows_the_routes() -> None:
    """The list of routes isn't empty, and the open ones among them are exactly those meant to be."""
    assert len(CLOSED) >= 20
    assert {("POST", "/api/find"), ("GET", "/people"), ("POST", "/people/x-1/role")} <= set(CLOSED)
    assert {path for _, path in ROUTES} >= OPEN


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=str)
def test_every_route_denies_without_sign_in(house: House, method: str, path: str) -> None:
    """Nobody, a made-up cookie and a made-up key get 401 from every route that isn't open."""
    nobody = house.client()
    forged = house.client(cookie="slotwright=forged")
    keyed = house.client(authorization="Bearer sw_key-x_forged")
    said = {each.request(method, path).status_code for each in (nobody, forged, keyed)}
    assert said == {401}


PEOPLE = [each for each in CLOSED if each[1].startswith("/people")]


@pytest.mark.parametrize("role", ["scheduler", "director", "auditor"])
def test_only_an_admin_reaches_the_people_page(house: House, role: str) -> None:
    """Others get 403 by URL, as a page in plain words and as JSON, and see no link to it."""
    browser = house.signed_in(role)
    assert {browser.request(method, path).status_code for method, path in PEOPLE} == {403}
    assert browser.get("/people").json()["error"]["code"] == "forbidden"
    assert "signed in as" in browser.get("/people", headers=PAGE).text
    assert "/people" not in browser.get("/", headers=PAGE).text
    assert 'href="/people"' in house.signed_in("root").get("/", headers=PAGE).text


ALLOWED = {
    ("scheduler", "/api/find"): 200, ("director", "/api/find"): 200, ("root", "/api/find"): 200,
    ("auditor", "/api/find"): 403, ("root", "/api/proposals"): 403, ("auditor", "/api/proposals"): 403,
}  # fmt: skip


@pytest.mark.parametrize(("role", "path"), ALLOWED)
def test_a_role_may_what_it_is_granted(house: House, role: str, path: str) -> None:
    """The one table of grants decides over HTTP as everywhere."""
    body = FIND if path == "/api/find" else {"action": "book", "offer": "x"}
    assert house.signed_in(role).post(path, json=body).status_code == ALLOWED[role, path]


def test_each_person_sits_at_their_own_desk(house: House) -> None:
    """Two browsers at one server are two people."""
    ann, rita = house.signed_in("scheduler"), house.signed_in("root")
    assert ann.get("/api/me").json()["id"] == "scheduler"
    assert rita.get("/api/me").json()["id"] == "root"
    assert "Scheduler" in ann.get("/", headers=PAGE).text
    assert "people" in rita.get("/api/me").json()["permissions"]


def test_a_page_leads_to_sign_in_and_back(house: House) -> None:
    """A browser is sent to the form and, signed in, to where it wanted to go."""
    browser = house.client()
    sent = browser.get("/?date=2026-03-10", headers=PAGE)
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/%3Fdate%3D2026-03-10")
    form = browser.get(sent.headers["location"], headers=PAGE)
    assert 'value="/?date=2026-03-10"' in form.text
    data = {"name": "scheduler", "password": SECRET, "next": "/?date=2026-03-10"}
    assert browser.post("/sign-in", data=data).headers["location"] == "/?date=2026-03-10"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "",
     "evil", "/sign-in", "/\n//evil.example", "/a\\b"],
)  # fmt: skip
def test_sign_in_leads_nowhere_else(house: House, elsewhere: str) -> None:
    """Only a path of ours is gone to; anything else is the schedule."""
    assert same_site_path(elsewhere) == "/"
    data = {"name": "scheduler", "password": SECRET, "next": elsewhere}
    assert house.client().post("/sign-in", data=data).headers["location"] == "/"


def test_the_cookie_is_out_of_reach(house: House) -> None:
    """Scripts and other sites don't get it; by https it is bound to this host."""
    cookie = house.client().post("/sign-in", data={"name": "root", "password": SECRET}).headers["set-cookie"]
    assert cookie.startswith("slotwright=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    secure = House(house.store, settings=Settings(public_origin=HTTPS))
    cookie = secure.client().post("/sign-in", data={"name": "root", "password": SECRET}).headers["set-cookie"]
    assert cookie.startswith("__Host-slotwright=")
    assert "Secure" in cookie.split("; ")


def test_a_planted_cookie_is_not_taken_over(house: House) -> None:
    """Session fixation: a token that somebody put into the browser isn't the one that sign-in makes."""
    browser = house.client()
    browser.cookies.set("slotwright", "planted", domain="127.0.0.1")
    answer = browser.post("/sign-in", data={"name": "scheduler", "password": SECRET})
    assert "planted" not in answer.headers["set-cookie"]
    assert house.client(cookie="slotwright=planted").get("/api/me").status_code == 401


def test_sign_out_ends_it_on_the_server(house: House) -> None:
    """A copied cookie is worth nothing after its owner has signed out."""
    browser = house.signed_in("scheduler")
    stolen = {"cookie": f"slotwright={browser.cookies['slotwright']}"}
    assert house.client(**stolen).get("/api/me").status_code == 200
    assert browser.post("/sign-out").headers["location"] == "/sign-in?bye=true"
    assert house.client(**stolen).get("/api/me").status_code == 401


def test_a_revoked_person_is_out_at_once(house: House) -> None:
    """The next request after deactivation is refused."""
    browser = house.signed_in("scheduler")
    people.deactivated(house.admin, "scheduler")
    assert browser.get("/api/me").status_code == 401


def test_idleness_signs_out_and_listening_does_not_keep(house: House) -> None:
    """The page asks how long is left without prolonging it; "stay" does."""
    browser = house.signed_in("scheduler")
    house.at += dt.timedelta(minutes=14)
    assert browser.get("/api/me").json()["seconds_left"] == 60
    assert browser.post("/api/me/stay").json()["seconds_left"] == 900
    house.at += dt.timedelta(minutes=14)
    assert browser.get(f"/static/{version()}/css/base.css").status_code == 200
    assert browser.get("/", headers=PAGE | {"x-background": "1"}).status_code == 200
    house.at += dt.timedelta(minutes=1)
    assert browser.get("/api/me").status_code == 401


def test_wrong_and_locked_are_told_on_the_form(house: House) -> None:
    """401 in the same words for any name, then 429; the typed password isn't in the page."""
    browser = house.client()
    for name in ("scheduler", "ghost"):
        answers = [browser.post("/sign-in", data={"name": name, "password": OTHER}) for _ in range(6)]
        assert [each.status_code for each in answers] == [401] * 5 + [429]
        assert "belong together" in answers[0].text
        assert not [each for each in answers if OTHER in each.text]


def test_another_site_cannot_sign_anyone_in_or_out(house: House) -> None:
    """Posts from elsewhere are refused before the password is looked at."""
    for path in ("/sign-in", "/sign-out", "/welcome", "/account/password"):
        answer = house.client().post(path, headers={"sec-fetch-site": "cross-site"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross-site")


def test_a_program_without_a_key_is_told_about_keys(house: House) -> None:
    """curl isn't "another site": it is asked for a key."""
    with TestClient(house.app, base_url=HOME) as program:
        answer = program.post("/api/find", json=FIND)
    assert answer.status_code == 401
    assert "Authorization: Bearer" in answer.json()["error"]["message"]


def test_a_key_opens_what_its_scopes_say(house: House) -> None:
    """A machine finds without any browser header, and neither confirms nor manages access."""
    with TestClient(house.app, base_url=HOME, headers={"authorization": f"Bearer {house.key()}"}) as machine:
        assert machine.post("/api/find", json=FIND).status_code == 200
        confirmed = machine.post("/api/proposals/x/confirm", headers={"idempotency-key": "12345678"})
        assert confirmed.status_code == 403
        assert machine.get("/people").status_code == 403
        assert machine.get("/account").status_code == 403
    narrow = {"authorization": f"Bearer {house.key('schedule')}"}
    assert house.client(**narrow).post("/api/find", json=FIND).status_code == 403


def test_a_bad_key_is_not_mended_by_a_good_cookie(house: House) -> None:
    """A request with a key is judged by the key alone: it is exempt from the check of its origin."""
    browser = house.signed_in("scheduler")
    assert browser.get("/api/me", headers={"authorization": "Bearer sw_nope_nope"}).status_code == 401
    assert browser.get("/api/me", headers={"authorization": "Basic cm9vdA=="}).status_code == 401


def test_the_first_admin_and_everyone_after(house: House) -> None:
    """The printed link makes the admin in the browser; the admin's page makes the next person's link."""
    empty = House()
    token = links.first_admin(empty.store, empty.at)
    browser = empty.client()
    assert "first one is an admin" in browser.get(f"/welcome?token={token}", headers=PAGE).text
    data = {"token": token, "user": "root", "name": "Rita", "password": "short"}
    assert browser.post("/welcome", data=data).status_code == 422
    assert browser.post("/welcome", data=data | {"password": SECRET}).status_code == 303
    assert browser.get("/api/me").json()["role"] == "admin"
    shown = browser.post("/people", data={"user": "ann", "name": "Ann Lee", "role": "scheduler"}).text
    link = re.search(r"/welcome\?token=[\w-]+", shown)
    assert link
    hers = empty.client()
    assert "For ann. This link works once." in hers.get(link[0], headers=PAGE).text
    assert hers.post("/welcome", data={"token": link[0].split("=")[1], "password": OTHER}).status_code == 303
    assert hers.get("/api/me").json()["id"] == "ann"
    assert empty.client().get(link[0]).status_code == 409
    empty.store.close()


def test_the_admin_page_changes_access(house: House) -> None:
    """Role, deactivation, reactivation, reset, a key and its end, each by its form."""
    rita = house.signed_in("root")
    assert rita.post("/people/scheduler/role", data={"role": "director"}).status_code == 303
    assert rita.post("/people/scheduler/deactivate").status_code == 303
    assert "Reactivate" in rita.get("/people", headers=PAGE).text
    assert rita.post("/people/scheduler/reactivate").status_code == 303
    assert "/welcome?token=" in rita.post("/people/scheduler/reset").text
    assert "only admin" in rita.post("/people/root/deactivate").text
    shown = rita.post("/people/keys", data={"name": "EMR", "days": "7", "scopes": ["find"]}).text
    key = re.search(r"sw_(key-[a-z0-9]+)_[\w-]+", shown)
    assert key
    machine = house.client(authorization=f"Bearer {key[0]}")
    assert machine.post("/api/find", json=FIND).status_code == 200
    assert rita.post(f"/people/keys/{key[1]}/revoke").status_code == 303
    assert machine.post("/api/find", json=FIND).status_code == 401
    assert key[0] not in rita.get("/people", headers=PAGE).text


def test_another_password_from_the_own_page(house: House) -> None:
    """The present one is needed; this browser stays, and the other is out."""
    here, there = house.signed_in("scheduler"), house.signed_in("scheduler")
    wrong = here.post("/account/password", data={"old": OTHER, "new": OTHER})
    assert wrong.status_code == 422
    assert OTHER not in wrong.text
    assert "was changed" in here.post("/account/password", data={"old": SECRET, "new": OTHER}).text
    assert (here.get("/api/me").status_code, there.get("/api/me").status_code) == (200, 401)


def test_a_planted_password_is_in_no_log(house: House) -> None:
    """Right, wrong and with a fault behind it, the password and the token are logged nowhere."""
    out = io.StringIO()
    logs.configure(out)
    browser = house.signed_in("scheduler")
    browser.post("/sign-in", data={"name": OTHER, "password": OTHER})
    house.store.reading = None  # type: ignore[method-assign, assignment]  # a fault in the middle of it
    assert browser.post("/sign-in", data={"name": "root", "password": OTHER}).status_code == 500
    token = browser.cookies["slotwright"]
    assert "request.fault" in out.getvalue()
    assert not [each for each in (SECRET, OTHER, token) if each in out.getvalue()]
    del house.store.reading


def test_only_configured_sites_may_frame_it(house: House) -> None:
    """The ancestors may frame the schedule, and nobody a page on which something is confirmed or typed."""
    framed = replace(house.settings, public_origin=HTTPS, frame_ancestors=("https://emr.example.org",))
    browser = House(house.store, settings=framed).signed_in("scheduler")
    shown = browser.get("/", headers=PAGE).headers
    assert "frame-ancestors https://emr.example.org;" in shown["content-security-policy"]
    assert "x-frame-options" not in shown
    for path in ("/proposals/x", "/book", "/sign-in", "/people", "/account", "/welcome"):
        headers = browser.get(path, headers=PAGE).headers
        assert (headers["content-security-policy"], headers["x-frame-options"]) == (CSP, "DENY")
    cookie = browser.post("/sign-in", data={"name": "root", "password": SECRET}).headers["set-cookie"]
    assert {"SameSite=None", "Secure", "Partitioned"} <= set(cookie.split("; "))


def test_the_demo_has_no_accounts() -> None:
    """It signs in its one scheduler by itself, who reaches no people page and no sign-in form."""
    with TestClient(create_app(GoldenDesk(), Settings(demo=True)), base_url=HOME) as demo:
        assert demo.get("/api/me").json()["name"] == "Demo director"
        assert demo.get("/people").status_code == 403
        assert demo.get("/sign-in").status_code == 404
