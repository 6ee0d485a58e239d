"""users and keys: who may use a clinic's database, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tools.context import Role
from web.cli.answer import Answer
from web.cli.options import Command, Source
from web.cli.source import opened

if TYPE_CHECKING:
    from tools.accounts.policy import Policy
    from tools.context import Context

LOCAL = "http://127.0.0.1:8000"

Name = Annotated[str, typer.Argument(metavar="USER", help="A user's name, like ann.lee.")]


def add(
    user: Name,
    source: Source,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="What to call them; the user's name if left out.")
    ] = "",
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="scheduler, charge-nurse, director, admin or auditor.")
    ] = "scheduler",
) -> Answer:
    """Give a person access.

    Prints a link by which they choose a password. The first user is an admin.
    """
    from tools.accounts import people

    ctx = _admin(source)
    return _linked(user, people.added(ctx, user, name or user, role, _policy()), "was added")


def list_(source: Source) -> Answer:
    """Everyone who has or had access."""
    from tools.accounts import people

    found = [
        {
            "id": each.id,
            "name": each.name,
            "role": str(each.role),
            "active": each.active,
            "has_password": each.has_password,
        }
        for each in people.listed(_admin(source))
    ]
    lines = [
        f"{each['id']}  {each['name']}  {each['role']}{'' if each['active'] else '  (no access)'}"
        for each in found
    ]
    return Answer({"users": found}, "\n".join(lines) or "Nobody has access yet.")


def deactivate(user: Name, source: Source) -> Answer:
    """Take a person's access away at once."""
    from tools.accounts import people

    people.deactivated(_admin(source), user)
    return Answer({"user": user, "active": False}, f"{user} has no access any more.")


def reactivate(user: Name, source: Source) -> Answer:
    """Give a person access again."""
    from tools.accounts import people

    people.reactivated(_admin(source), user)
    return Answer({"user": user, "active": True}, f"{user} has access again.")


def reset(user: Name, source: Source) -> Answer:
    """End a person's password.

    Prints a link by which they choose another one.
    """
    from tools.accounts import people

    return _linked(user, people.reset(_admin(source), user, _policy()), "has no password now")


def key_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    source: Source,
    scopes: Annotated[
        list[str], typer.Option("--scope", metavar="SCOPE", help="find, schedule or propose; again for more.")
    ] = [],  # noqa: B006 - Typer copies it
    days: Annotated[int, typer.Option(metavar="DAYS", help="How long it works.")] = 90,
) -> Answer:
    """Make an API key for a machine.

    It is printed this once. It never confirms anything: a person does.
    """
    from tools.accounts import machines

    key = machines.key_added(_admin(source), name, scopes, days)
    return Answer({"key": key}, f"{key}\nIt isn't shown again. Send it as: Authorization: Bearer KEY")


def key_list(source: Source) -> Answer:
    """Every API key, without its secret."""
    from tools.accounts import machines

    ctx = _admin(source)
    found = [
        {
            "id": each.id,
            "name": each.name,
            "scopes": list(each.scopes),
            "expires_at": each.expires_at.isoformat(),
            "works": each.good(ctx.now()),
        }
        for each in machines.keys(ctx)
    ]
    lines = [
        f"{each['id']}  {each['name']}  until {each['expires_at']}{'' if each['works'] else '  (ended)'}"
        for each in found
    ]
    return Answer({"keys": found}, "\n".join(lines) or "No machine has a key.")


def key_revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key's id, as listed.")], source: Source
) -> Answer:
    """End an API key at once."""
    from tools.accounts import machines

    machines.key_revoked(_admin(source), key)
    return Answer({"key": key, "works": False}, f"{key} works no more.")


USERS: dict[str, Command] = {
    "add": add,
    "list": list_,
    "deactivate": deactivate,
    "reactivate": reactivate,
    "reset": reset,
}
KEYS: dict[str, Command] = {"add": key_add, "list": key_list, "revoke": key_revoke}


def _admin(source: Source) -> Context:
    return opened(source, Role.ADMIN)


def _linked(user: str, token: str, done: str) -> Answer:
    from web.settings import environment

    link = f"{environment().public_origin or LOCAL}/welcome?token={token}"
    said = f"{user} {done}. This link sets a password, once; hand it on by a safe way:\n{link}"
    return Answer({"user": user, "link": link}, said)


def _policy() -> Policy:
    from web.settings import environment

    return environment().policy
