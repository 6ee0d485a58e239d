"""Signing in: who gets in, for how long, and what stops guessing."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.tools.accounts.conftest import NOW, OTHER, SECRET
from tools.accounts import attempts, links, passwords, people, signin
from tools.accounts.policy import Policy
from tools.accounts.users import change
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records.store import Store

MINUTE = dt.timedelta(minutes=1)
ACTIONS = {"sign-in", "sign-in-failed", "sign-in-locked", "role-changed", "user-deactivated", "password-set"}


def fails(store: Store, name: str, password: str = OTHER, at: dt.datetime = NOW) -> ToolError:
    """The refusal of one attempt."""
    with pytest.raises(ToolError) as caught:
        signin.sign_in(store, name, password, at)
    return caught.value


def actions(store: Store) -> list[str]:
    """What the trail says was done."""
    return [entry.action for entry in store.audit_entries()]


def test_the_right_password_signs_in(store: Store, ann: Principal) -> None:
    """A token comes back that belongs to the person, however they write their name."""
    token = signin.sign_in(store, " ANN ", SECRET, NOW)
    found = signin.present(store, token, NOW)
    assert found
    assert (found.principal, found.seconds_left(NOW)) == (ann, 15 * 60)
    assert actions(store)[-1] == "sign-in"


def test_a_wrong_name_and_a_wrong_password_read_the_same(
    store: Store, ann: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are refused in the same words and after the same work: one verification of one hash."""
    worked: list[str | None] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, given: worked.append(kept) or real(kept, given))
    assert fails(store, "ann").message == fails(store, "nobody-like-that").message
    assert len(worked) == 2
    assert real(None, SECRET) is False


def test_guessing_is_stopped_for_known_and_unknown_names(store: Store, ann: Principal) -> None:
    """After five wrong passwords the right one doesn't get in either, until the lock has passed."""
    for name in ("ann", "ghost"):
        said = {fails(store, name).message for _ in range(5)}
        assert said == {signin.WRONG}
        assert isinstance(fails(store, name, SECRET), attempts.LockedOut)
    assert actions(store).count("sign-in-locked") == 2
    assert signin.sign_in(store, "ann", SECRET, NOW + 16 * MINUTE)


def test_the_right_password_ends_the_count(store: Store, ann: Principal) -> None:
    """Four slips, a success and four more slips lock nobody out."""
    for _ in range(2):
        for _ in range(4):
            fails(store, "ann")
        assert signin.sign_in(store, "ann", SECRET, NOW)


def test_many_guesses_at_once_are_not_more_guesses(store: Store, ann: Principal) -> None:
    """Of twenty simultaneous attempts at most five are compared with the password."""
    with ThreadPoolExecutor(10) as pool:
        refused = list(pool.map(lambda _: fails(store, "ann"), range(20)))
    assert sum(each.message == signin.WRONG for each in refused) <= 5
    assert isinstance(fails(store, "ann", SECRET), attempts.LockedOut)


def test_doing_nothing_signs_out(store: Store, ann: Principal) -> None:
    """After fifteen idle minutes the token is nobody's; using it in between keeps it."""
    token = signin.sign_in(store, "ann", SECRET, NOW)
    assert signin.present(store, token, NOW + 14 * MINUTE)
    assert signin.present(store, token, NOW + 28 * MINUTE)
    assert signin.present(store, token, NOW + 43 * MINUTE) is None


def test_listening_is_not_doing(store: Store, ann: Principal) -> None:
    """A page that only listens for news doesn't stay signed in for ever."""
    token = signin.sign_in(store, "ann", SECRET, NOW)
    assert signin.present(store, token, NOW + 14 * MINUTE, active=False)
    assert signin.present(store, token, NOW + 16 * MINUTE) is None


def test_a_sign_in_ends_after_a_working_day(store: Store, ann: Principal) -> None:
    """Twelve hours are the end, however busy the person was."""
    token = signin.sign_in(store, "ann", SECRET, NOW)
    times = [NOW + step * 10 * MINUTE for step in range(1, 72)]
    assert all(signin.present(store, token, at) for at in times)
    assert signin.present(store, token, NOW + dt.timedelta(hours=12)) is None


def test_signing_out_is_at_once(store: Store, ann: Principal) -> None:
    """The token of a signed-out browser belongs to nobody; another browser's still does."""
    one, two = (signin.sign_in(store, "ann", SECRET, NOW) for _ in range(2))
    signin.sign_out(store, one, ann, NOW)
    assert signin.present(store, one, NOW) is None
    assert signin.present(store, two, NOW)


def test_signing_in_again_ends_the_token_before(store: Store, ann: Principal) -> None:
    """A token that a browser was given before sign-in is worth nothing after it."""
    old = signin.sign_in(store, "ann", SECRET, NOW)
    new = signin.sign_in(store, "ann", SECRET, NOW, old=old)
    assert new != old
    assert signin.present(store, old, NOW) is None


def test_taking_access_away_is_at_once(store: Store, admin: Context, ann: Principal) -> None:
    """A deactivated person's sign-ins end with it, and the right password doesn't help; reactivating does."""
    token = signin.sign_in(store, "ann", SECRET, NOW)
    people.deactivated(admin, "ann")
    assert signin.present(store, token, NOW) is None
    assert fails(store, "ann", SECRET).message == signin.WRONG
    people.reactivated(admin, "ann")
    assert signin.present(store, token, NOW) is None
    assert signin.sign_in(store, "ann", SECRET, NOW)


def test_a_row_without_access_opens_nothing(store: Store, ann: Principal) -> None:
    """Access that was taken away in the table alone, with the sign-in left there, counts all the same."""
    token = signin.sign_in(store, "ann", SECRET, NOW)
    store.write(lambda writer: change(writer, "ann", active=False))
    assert signin.present(store, token, NOW) is None


def test_a_reset_in_the_middle_of_signing_in_wins(
    store: Store, admin: Context, ann: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that was taken away after it was compared opens nothing any more."""
    real = passwords.matches

    def matches(kept: str | None, given: str) -> bool:
        right = real(kept, given)
        people.reset(admin, "ann")
        return right

    monkeypatch.setattr(passwords, "matches", matches)
    assert fails(store, "ann", SECRET).message == signin.WRONG


def test_another_role_counts_from_the_next_request(store: Store, admin: Context, ann: Principal) -> None:
    """The role is read with the token, not kept in it."""
    token = signin.sign_in(store, "ann", SECRET, NOW)
    people.role_set(admin, "ann", "director")
    found = signin.present(store, token, NOW)
    assert found
    assert found.principal.role is Role.DIRECTOR


def test_a_new_password_ends_the_other_sign_ins(store: Store, ann: Principal) -> None:
    """Changing it needs the old one, keeps this browser, signs out the others, and the old one is wrong then."""
    here, there = (signin.sign_in(store, "ann", SECRET, NOW) for _ in range(2))
    with pytest.raises(ToolError, match="don't belong together"):
        signin.change_password(store, ann, OTHER, OTHER, NOW, token=here)
    signin.change_password(store, ann, SECRET, OTHER, NOW, token=here)
    assert signin.present(store, here, NOW)
    assert signin.present(store, there, NOW) is None
    assert fails(store, "ann", SECRET)
    assert signin.sign_in(store, "ann", OTHER, NOW)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "x" * 201, "ann" * 5, ""])
def test_a_weak_password_is_refused(store: Store, ann: Principal, weak: str) -> None:
    """Too short, too long, one letter over and over, or one's own name."""
    with pytest.raises(ToolError) as caught:
        signin.change_password(store, ann, SECRET, weak, NOW)
    assert caught.value.field == "password"
    assert weak not in caught.value.message or weak in ("", "short")


def test_no_secret_is_in_any_table_or_entry(store: Store, admin: Context, ann: Principal, url: str) -> None:
    """The planted password and the tokens are nowhere in the database, the trail's sealed values included."""
    token = signin.sign_in(store, "ann", SECRET, NOW)
    fails(store, SECRET)
    reset = people.reset(admin, "ann")
    tables = ["users", "sign_ins", "one_time_links", "sign_in_attempts", "audit", "api_keys", "oidc_flows"]
    with store.reading() as connection:
        rows = [repr(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables]
    kept = "".join([*rows, repr(store.audit_entries())])
    assert not [secret for secret in (SECRET, token, reset) if secret in kept]
    assert store.audit_broken_at() is None


def test_the_policy_is_a_setting(store: Store, ann: Principal) -> None:
    """A shorter idle time and fewer attempts are taken from the policy."""
    strict = Policy(idle=MINUTE, failures=1)
    token = signin.sign_in(store, "ann", SECRET, NOW, strict)
    assert signin.present(store, token, NOW + MINUTE, strict) is None
    with pytest.raises(ToolError):
        signin.sign_in(store, "ann", OTHER, NOW, strict)
    with pytest.raises(attempts.LockedOut):
        signin.sign_in(store, "ann", SECRET, NOW, strict)


def test_the_first_admin_comes_once(store: Store) -> None:
    """The link makes one admin; used, replaced or too old it makes none, and with a user there is no link."""
    old = links.first_admin(store, NOW) or ""
    token = links.first_admin(store, NOW) or ""
    for gone, at in ((old, NOW), (token, NOW + dt.timedelta(hours=25)), ("nonsense", NOW)):
        with pytest.raises(ToolError, match="used, replaced or is too old"):
            links.make_first_admin(store, gone, "root", "Root", SECRET, at)
    with pytest.raises(ToolError, match="characters"):
        links.make_first_admin(store, token, "root", "Root", "short", NOW)
    assert links.make_first_admin(store, token, "root", "Root", SECRET, NOW).role is Role.ADMIN
    with pytest.raises(ToolError, match="used, replaced"):
        links.make_first_admin(store, token, "eve", "Eve", SECRET, NOW)
    assert links.first_admin(store, NOW) is None
