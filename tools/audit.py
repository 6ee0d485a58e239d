"""Who did what: searching the audit trail, checking that it is whole, and entering who looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import Connection, select

from tools.context import Context, Permission
from tools.contract import LAST_YEAR, Input, Output
from tools.errors import ToolError
from tools.records import tables as t
from tools.records import trail
from tools.records.searching import Sought, found
from tools.registry import tool

IDENTITY = "identity"
"""The key of an entry's values that names a patient: one was corrected."""
HIDDEN = "sealed"
ChainName = Literal["audit", "access"]
Date = Annotated[dt.date, Field(ge=dt.date(1971, 1, 1), le=dt.date(LAST_YEAR, 12, 31))]
Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class AuditQuery(Input):
    """Which entries, newest first; what is left out is any."""

    chain: ChainName = Field("audit", description="audit: what was changed; access: who looked")
    date_from: Date | None = Field(None, description="The clinic's date, included")
    date_to: Date | None = Field(None, description="The clinic's date, included")
    principal: Word | None = Field(None, description="Who did it, by id")
    action: Word | None = None
    object: Word | None = Field(None, description="The id of a case, proposal, user ...")
    before: int | None = Field(
        None, ge=1, le=10**15, description="Only entries older than this number: the next page"
    )
    limit: int = Field(50, ge=1, le=500)


class AuditEntry(Output):
    """Who did what to which objects, with the values before and after."""

    seq: int = Field(description="The entry's number in its chain")
    at: str = Field(description="The clinic's wall time with its offset")
    principal: str
    name: str = Field(description="What they are called now; the id of who is no user")
    role: str
    action: str
    objects: list[str]
    before: Any = Field(None, description="Values before the change; a patient's identity stays sealed")
    after: Any = None


class AuditPage(Output):
    """Entries, newest first, and where to go on."""

    entries: list[AuditEntry]
    next: int | None = Field(None, description="Pass it as `before` for older entries; null at the end")


class AuditVerdict(Output):
    """Whether one chain is whole."""

    chain: ChainName
    whole: bool
    entries: int = Field(description="How many entries from the beginning are whole")
    broken_at: int | None = Field(None, description="The first entry that was edited, removed or moved")
    text: str
    head: str = Field(description="The newest whole entry, to be kept elsewhere: NUMBER:SIGNATURE")


class AuditVerdicts(Output):
    """Whether the trail is whole, both chains of it."""

    whole: bool
    chains: list[AuditVerdict]


class AuditCheck(Input):
    """Both chains are checked from their beginning; against heads that were kept elsewhere, a cut end shows too."""

    anchors: dict[ChainName, Word] = Field(
        {}, description="Chain -> its head as it was kept: NUMBER:SIGNATURE"
    )


@tool(permission=Permission.AUDIT, effect="read")
def audit_trail(ctx: Context, body: AuditQuery) -> AuditPage:
    """Finds who changed what (or, in the chain "access", who looked at patients' data), newest first."""
    entries = _entries(ctx, body, body.limit + 1)
    shown = entries[: body.limit]
    return AuditPage(entries=shown, next=shown[-1].seq if len(entries) > body.limit else None)


@tool(permission=Permission.AUDIT, effect="read")
def audit_check(ctx: Context, body: AuditCheck) -> AuditVerdicts:
    """Checks that no entry of the audit trail was edited, removed or moved."""
    return verified(ctx, {chain: head_from(text) for chain, text in body.anchors.items()})


@tool(permission=Permission.AUDIT, effect="read")
def audit_export(ctx: Context, body: AuditQuery) -> AuditPage:
    """All entries that fit, however many, newest first; that somebody took them is entered too."""
    return AuditPage(entries=every(ctx, body), next=None)


def verified(ctx: Context, anchors: dict[str, trail.Head]) -> AuditVerdicts:
    """The verdict on both chains; with anchored heads (by chain) a cut end shows too."""
    _may_check(ctx)
    verdicts = [_verdict(ctx, chain, anchors.get(name)) for name, chain in trail.CHAINS.items()]
    return AuditVerdicts(whole=all(each.whole for each in verdicts), chains=verdicts)


def _may_check(ctx: Context) -> None:
    """For those who read the trail, and those who keep the data: a verdict and a head show no entry."""
    if not ctx.principal.may(Permission.CARE):
        ctx.require(Permission.AUDIT)


def heads(ctx: Context) -> dict[str, trail.Head]:
    """The newest entry of each chain, to be kept outside the database; raises "conflict" for a broken chain."""
    _may_check(ctx)
    with ctx.store.reading() as connection:
        for chain in trail.CHAINS.values():
            fault = trail.check(connection, ctx.store.clinic_id, ctx.store.keys, chain).fault
            if fault:
                said = f"{fault.text} A broken trail isn't anchored. Maybe look: slotwright audit verify"
                raise ToolError("conflict", said)
        return {n: trail.head(connection, ctx.store.clinic_id, c) for n, c in trail.CHAINS.items()}


def every(ctx: Context, body: AuditQuery) -> list[AuditEntry]:
    """All entries sought, however many, newest first; that somebody took them is entered too."""
    entries = _entries(ctx, body, None)
    note(ctx, "audit-exported", [body.chain])
    return entries


def _entries(ctx: Context, body: AuditQuery, limit: int | None) -> list[AuditEntry]:
    ctx.require(Permission.AUDIT)
    zone, sought = ZoneInfo(ctx.store.clinic().timezone), _sought(ctx, body)
    with ctx.store.reading() as connection:
        hits = found(connection, ctx.store.clinic_id, ctx.store.keys, sought, limit)
        names = _names(connection, ctx.store.clinic_id)
        may = ctx.principal.may(Permission.PATIENTS)
        return [_entry_out(entry, zone, names, may) for entry in hits]


def _names(connection: Connection, clinic: str) -> Mapping[str, str]:
    """User id -> name; ids that the program itself acts under are no users."""
    c = t.users.c
    rows = connection.execute(select(c.id, c.name).where(c.clinic == clinic))
    return {row.id: row.name for row in rows}


def note(ctx: Context, action: str, objects: Sequence[str], values: Any = None) -> None:
    """Enters that the principal looked: at a patient ("patient-read"), with a model ("model-call"), ...

    It is written a moment later, in a batch. `values` may say how much, and never a word of what was read.
    """
    who = ctx.principal
    ctx.store.access.note(trail.Note(who.id, str(who.role), ctx.now(), action, tuple(objects), None, values))


def _entry_out(entry: trail.Entry, zone: ZoneInfo, names: Mapping[str, str], patients: bool) -> AuditEntry:
    return AuditEntry(
        seq=entry.seq,
        at=entry.at.astimezone(zone).isoformat(timespec="milliseconds"),
        principal=entry.principal,
        name=names.get(entry.principal, entry.principal),
        role=entry.role,
        action=entry.action,
        objects=list(entry.objects),
        before=entry.before if patients else _hidden(entry.before),
        after=entry.after if patients else _hidden(entry.after),
    )


def _hidden(values: Any) -> Any:
    """The values without a patient's identity: that there was one is said."""
    named = isinstance(values, Mapping) and IDENTITY in values
    return {**values, IDENTITY: HIDDEN} if named else values


def _verdict(ctx: Context, chain: trail.Chain, anchor: trail.Head | None) -> AuditVerdict:
    store = ctx.store
    with store.reading() as connection:
        checked = trail.check(connection, store.clinic_id, store.keys, chain, anchor)
    fault = checked.fault
    return AuditVerdict.model_validate({
        "chain": chain.name,
        "whole": fault is None,
        "entries": checked.entries,
        "broken_at": fault.seq if fault else None,
        "text": fault.text if fault else f"{checked.entries} entries, none edited, removed or moved.",
        "head": head_text(checked.head),
    })  # fmt: skip


def head_text(head: trail.Head) -> str:
    """A head as people copy it: "17:9f2c..."."""
    return f"{head.seq}:{head.mac.hex()}"


def head_from(text: str) -> trail.Head:
    """The head of `head_text`; raises `ToolError("invalid")`."""
    number, _, mac = text.strip().partition(":")
    try:
        signature = bytes.fromhex(mac)
    except ValueError:
        signature = b""
    if not number.isdecimal() or len(signature) != 32:
        said = f"{text[:80]!r} is no anchored head. Maybe NUMBER:SIGNATURE, as `slotwright audit anchor` prints it."
        raise ToolError("invalid", said, "anchor")
    return trail.Head(int(number), signature)


def _sought(ctx: Context, body: AuditQuery) -> Sought:
    if body.date_from and body.date_to and body.date_to < body.date_from:
        said = f"{body.date_from} to {body.date_to} ends before it starts. Maybe they are swapped."
        raise ToolError("invalid", said, "date_to")
    zone = ZoneInfo(ctx.store.clinic().timezone)
    day = dt.timedelta(days=1)
    midnight = dt.time(tzinfo=zone)
    return Sought(
        trail.CHAINS[body.chain],
        dt.datetime.combine(body.date_from, midnight) if body.date_from else None,
        dt.datetime.combine(body.date_to + day, midnight) if body.date_to else None,
        body.principal,
        body.action,
        body.object,
        body.before,
    )
