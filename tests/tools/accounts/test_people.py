"""People's access and API keys, as an admin manages them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.tools.accounts.conftest import NOW, OTHER, SECRET
from tools.accounts import links, machines, people, signin
from tools.context import GRANTS, Context, Permission, Principal, Role
from tools.errors import ToolError

DAY = dt.timedelta(days=1)


def refusal(call: Callable[[], object]) -> ToolError:
    """How a call is refused."""
    with pytest.raises(ToolError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("role", [role for role in Role if Permission.PEOPLE not in GRANTS[role]])
def test_only_an_admin_manages_access(admin: Context, role: Role) -> None:
    """Every call is refused to every other role."""
    ctx = replace(admin, principal=Principal("sam", "Sam", role))
    calls = [
        lambda: people.listed(ctx),
        lambda: people.added(ctx, "eve", "Eve", "admin"),
        lambda: people.role_set(ctx, "root", "scheduler"),
        lambda: people.deactivated(ctx, "root"),
        lambda: people.reactivated(ctx, "root"),
        lambda: people.reset(ctx, "root"),
        lambda: machines.keys(ctx),
        lambda: machines.key_added(ctx, "x"),
        lambda: machines.key_revoked(ctx, "x"),
    ]
    assert {refusal(call).code for call in calls} == {"forbidden"}
    assert [each.id for each in people.listed(admin)] == ["root"]


def test_a_user_is_added_without_a_password(admin: Context) -> None:
    """Nobody can sign in as a new user before they have chosen a password by their link."""
    token = people.added(admin, "Bob.Ray", "Bob  Ray", "charge-nurse")
    bob = people.listed(admin)[0]
    assert (bob.id, bob.name, bob.role, bob.has_password) == ("bob.ray", "Bob Ray", Role.CHARGE_NURSE, False)
    assert refusal(lambda: signin.sign_in(admin.store, "bob.ray", SECRET, NOW)).message == signin.WRONG
    links.set_password(admin.store, token, SECRET, NOW)
    assert signin.sign_in(admin.store, "bob.ray", SECRET, NOW)
    assert refusal(lambda: links.set_password(admin.store, token, OTHER, NOW)).code == "expired"


@pytest.mark.parametrize("taken", ["system", "terminal", "key-abc", "", "a b", "x" * 200, "é"])
def test_a_name_that_cannot_be_is_refused(admin: Context, taken: str) -> None:
    """Names that stand for something else, or can't be typed, are refused with the way out."""
    refused = refusal(lambda: people.added(admin, taken, "Some One", "scheduler"))
    assert (refused.code, refused.field) == ("invalid", "user")


def test_a_user_is_added_once(admin: Context, ann: Principal) -> None:
    """The same name again is a conflict, and a machine's role is no person's."""
    assert refusal(lambda: people.added(admin, "ANN", "Ann", "scheduler")).code == "conflict"
    assert refusal(lambda: people.added(admin, "emr", "EMR", "integration")).field == "role"


def test_the_last_admin_stays(admin: Context, ann: Principal) -> None:
    """The only admin can neither be deactivated nor given another role; with a second one, they can."""
    assert "only admin" in refusal(lambda: people.deactivated(admin, "root")).message
    assert "only admin" in refusal(lambda: people.role_set(admin, "root", "auditor")).message
    people.role_set(admin, "ann", "admin")
    people.role_set(admin, "root", "auditor")
    assert {each.id: each.role for each in people.listed(admin)} == {"ann": Role.ADMIN, "root": Role.AUDITOR}


def test_two_admins_changing_one_person_are_told(admin: Context, ann: Principal) -> None:
    """The second writer's version is old, so nothing is written and both states are told."""
    seen = people.listed(admin)[0].version
    people.role_set(admin, "ann", "director", seen)
    assert "director" in refusal(lambda: people.role_set(admin, "ann", "auditor", seen)).message
    assert people.listed(admin)[0].role is Role.DIRECTOR


def test_a_reset_ends_password_and_sign_ins(admin: Context, ann: Principal) -> None:
    """After a reset the old password and browser are out, and the link lets the person choose another."""
    token = signin.sign_in(admin.store, "ann", SECRET, NOW)
    link = people.reset(admin, "ann")
    assert signin.present(admin.store, token, NOW) is None
    assert refusal(lambda: signin.sign_in(admin.store, "ann", SECRET, NOW))
    assert links.set_password(admin.store, link, OTHER, NOW) == ann


def test_changes_of_access_are_in_the_trail(admin: Context, ann: Principal) -> None:
    """Who changed whose role, from what to what."""
    people.role_set(admin, "ann", "director")
    last = admin.store.audit_entries()[-1]
    assert (last.principal, last.action, last.objects) == ("root", "role-changed", ("ann",))
    assert (last.before["role"], last.after["role"]) == ("scheduler", "director")


def test_a_key_is_a_machine_with_its_scopes(admin: Context) -> None:
    """A key acts as an integration, narrowed to its scopes; it is never more than its role."""
    key = machines.key_added(admin, "EMR bridge", ["schedule"])
    found = machines.machine(admin.store, key, NOW)
    assert found
    assert (found.name, found.role) == ("EMR bridge", Role.INTEGRATION)
    assert [permission for permission in Permission if found.may(permission)] == [Permission.SCHEDULE]
    everything = Principal("k", "K", Role.INTEGRATION, frozenset(Permission))
    assert {each for each in Permission if everything.may(each)} == GRANTS[Role.INTEGRATION]


@pytest.mark.parametrize("scopes", [["confirm"], ["people"], ["everything"]])
def test_a_key_gets_nothing_beyond_its_role(admin: Context, scopes: list[str]) -> None:
    """Confirming, managing access and invented scopes are refused."""
    assert refusal(lambda: machines.key_added(admin, "EMR", scopes)).field == "scopes"


def test_a_key_ends(admin: Context) -> None:
    """By its date, or at once when it is revoked; a wrong secret never opens."""
    one, two = (machines.key_added(admin, name, days=2) for name in ("one", "two"))
    assert machines.machine(admin.store, one, NOW + DAY)
    assert machines.machine(admin.store, one, NOW + 2 * DAY) is None
    assert machines.machine(admin.store, one[:-1], NOW) is None
    assert machines.machine(admin.store, "sw_", NOW) is None
    machines.key_revoked(admin, next(each.id for each in machines.keys(admin) if each.name == "two"))
    assert machines.machine(admin.store, two, NOW) is None
    assert [each.good(NOW) for each in machines.keys(admin)].count(True) == 1


def test_two_admins_at_once_leave_one(admin: Context, ann: Principal) -> None:
    """Admins who take each other's role away at the same moment don't leave the clinic without any."""
    people.role_set(admin, "ann", "admin")

    def demote(name: str) -> str:
        try:
            people.role_set(admin, name, "auditor")
        except ToolError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, ["ann", "root"])) == ["conflict", "done"]
    assert [each.role for each in people.listed(admin)].count(Role.ADMIN) == 1


def test_one_of_many_gets_a_name(admin: Context) -> None:
    """Eight admins who add the same name at once make one user, and seven are told."""

    def add(_: int) -> str:
        try:
            people.added(admin, "bob", "Bob", "scheduler")
        except ToolError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(add, range(8))) == ["conflict"] * 7 + ["done"]
