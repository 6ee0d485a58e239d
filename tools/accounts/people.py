"""What an admin does with people's access: add, change the role, take access away and give it back, reset."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tools.accounts import links
from tools.accounts.policy import DEFAULT, Policy
from tools.accounts.users import HUMAN, User, add, all_users, change, has_admin, new_id, sign_out_all, user
from tools.context import Context, Permission, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.writer import Writer


def listed(ctx: Context) -> list[User]:
    """Every user; raises `ToolError("forbidden")`."""
    ctx.require(Permission.PEOPLE)
    return all_users(ctx.store)


def added(ctx: Context, user_id: str, name: str, role: str, policy: Policy = DEFAULT) -> str:
    """Adds a user and gives the token of the link by which they choose a password."""
    ctx.require(Permission.PEOPLE)
    made = {"id": new_id(user_id), "name": _name(name), "role": str(role_of(role))}
    now = ctx.now()

    def work(writer: Writer) -> str:
        if made["role"] != str(Role.ADMIN) and not has_admin(writer):
            said = "The first user is an admin, who gives others access. Maybe add --role admin"
            raise ToolError("conflict", said, "role")
        add(writer, made, now)
        writer.audit(ctx.principal, now, "user-added", [made["id"]], None, {"role": made["role"]})
        return links.made(writer, links.PASSWORD, made["id"], now, policy)

    return ctx.store.write(work)


def role_set(ctx: Context, user_id: str, role: str, version: int | None = None) -> None:
    """Another role, from the next request on; `version` refuses a change of what somebody else changed."""
    _changed(ctx, user_id, "role-changed", {"role": str(role_of(role))}, version)


def deactivated(ctx: Context, user_id: str, version: int | None = None) -> None:
    """Takes access away at once: every sign-in ends."""
    _changed(ctx, user_id, "user-deactivated", {"active": False}, version)


def reactivated(ctx: Context, user_id: str, version: int | None = None) -> None:
    """Gives access back; the person signs in again."""
    _changed(ctx, user_id, "user-reactivated", {"active": True}, version)


def reset(ctx: Context, user_id: str, policy: Policy = DEFAULT) -> str:
    """Ends a user's sign-ins and password, and gives the token of the link for a new one."""
    ctx.require(Permission.PEOPLE)
    now = ctx.now()

    def work(writer: Writer) -> str:
        known = user(writer, user_id)
        change(writer, known.id, password=None)
        sign_out_all(writer, known.id)
        writer.audit(ctx.principal, now, "password-reset", [known.id], None, None)
        return links.made(writer, links.PASSWORD, known.id, now, policy)

    return ctx.store.write(work)


def role_of(text: str) -> Role:
    """A person's role by its name; raises `ToolError("invalid")`."""
    known = {str(role): role for role in HUMAN}
    if text not in known:
        said = f"{text[:60]!r} is no role of a person. Maybe one of: {', '.join(known)}"
        raise ToolError("invalid", said, "role")
    return known[text]


def _changed(ctx: Context, user_id: str, action: str, values: dict[str, Any], version: int | None) -> None:
    ctx.require(Permission.PEOPLE)
    now = ctx.now()

    def work(writer: Writer) -> None:
        _lock_admins(writer)
        before = user(writer, user_id)
        _refuse_stale(before, version)
        _keep_an_admin(writer, before, values)
        change(writer, before.id, **values)
        if values.get("active") is False:
            sign_out_all(writer, before.id)
        was = {"role": str(before.role), "active": before.active}
        writer.audit(ctx.principal, now, action, [before.id], was, was | values)

    ctx.store.write(work)


def _lock_admins(writer: Writer) -> None:
    """Two admins who take each other's access away take turns, so that one of them stays."""
    c = t.users.c
    admins = select(c.id).where(c.clinic == writer.clinic_id, c.role == str(Role.ADMIN)).order_by(c.id)
    writer.connection.execute(admins.with_for_update()).all()


def _refuse_stale(before: User, version: int | None) -> None:
    if version is not None and version != before.version:
        said = f"{before.name} was changed meanwhile: {before.role}, {'active' if before.active else 'no access'}."
        raise ToolError("conflict", f"{said} Maybe look at the list again.", "version")


def _keep_an_admin(writer: Writer, before: User, values: dict[str, Any]) -> None:
    stays = values.get("active", before.active) and values.get("role", str(before.role)) == str(Role.ADMIN)
    others = [each for each in all_users(writer) if each.role is Role.ADMIN and each.active]
    if not stays and [each.id for each in others] == [before.id]:
        said = f"{before.name} is the only admin left. Maybe make somebody else admin first."
        raise ToolError("conflict", said, "user")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise ToolError("invalid", "A person's name has 1 to 120 characters. Maybe: Ann Lee", "name")
    return name
