"""Signing in at an identity provider: OpenID Connect's authorization code with PKCE, roles by a claim.

The provider's word counts for who somebody is and for their role; whoever an admin has deactivated stays out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, select

from tools.accounts import signin, tokens
from tools.accounts.people import role_of
from tools.accounts.policy import Policy
from tools.accounts.users import add, change, new_id, row_of, user_from
from tools.context import Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store
from tools.records.writer import Writer

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""What a token may be signed with: public keys only, so "none" and a shared secret are no ways in."""
AWAY = dt.timedelta(minutes=10)
TIMEOUT = 5.0
LONGEST_ANSWER = 256 * 1024


@dataclass(frozen=True)
class Provider:
    """An identity provider and what its groups mean here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str
    roles: Mapping[str, Role]


def provider(issuer: str, client_id: str, secret: str, claim: str, roles: str) -> Provider | None:
    """The provider of the settings, None without an issuer; raises `ToolError("invalid")`."""
    if not issuer:
        return None
    parts = urlsplit(issuer)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise ToolError("invalid", f"The issuer {issuer[:100]!r} is not https. Maybe https://id.example.org")
    meant = {}
    for pair in roles.split():
        theirs, _, ours = pair.rpartition("=")
        meant[theirs] = role_of(ours)
    if not client_id or not meant:
        said = "SLOTWRIGHT_OIDC_ISSUER needs SLOTWRIGHT_OIDC_CLIENT_ID and SLOTWRIGHT_OIDC_ROLES too."
        raise ToolError("invalid", f'{said} Maybe SLOTWRIGHT_OIDC_ROLES="or-schedulers=scheduler"')
    return Provider(issuer, client_id, secret, claim, meant)


def go(store: Store, idp: Provider, callback: str, back_to: str, now: dt.datetime) -> tuple[str, str]:
    """(where to send the browser, the state to bind it with); raises `ToolError("unavailable")`."""
    verifier, nonce, state = secrets.token_urlsafe(48), tokens.fresh(), tokens.fresh()
    with _client(idp, callback) as client:
        known = _metadata(client, idp)
        url, _ = client.create_authorization_url(
            known["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
        )
    digest = tokens.digest(state)
    kept = {"verifier": verifier, "nonce": nonce, "next": back_to}
    row = {
        "clinic": store.clinic_id,
        "digest": digest,
        "sealed": store.keys.seal(kept, "oidc", store.clinic_id, digest.hex()),
        "expires_at": now + AWAY,
    }
    store.write(lambda writer: _keep(writer, row, now))
    return str(url), state


def come_back(
    store: Store, idp: Provider, callback: str, state: str, code: str, now: dt.datetime, policy: Policy
) -> tuple[str, str]:
    """(the token of a new sign-in, where to go); raises `ToolError` for a forged, stale or unwanted return."""
    kept = _taken(store, state, now)
    with _client(idp, callback) as client:
        known = _metadata(client, idp)
        answer = _asked(lambda: client.fetch_token(
            known["token_endpoint"], code=code, grant_type="authorization_code", code_verifier=kept["verifier"],
        ))  # fmt: skip
        keys = _json(client, known["jwks_uri"])
    claims = verified(str(answer.get("id_token", "")), keys, idp, kept["nonce"], now)
    role = _role(claims, idp)
    token = tokens.fresh()

    def work(writer: Writer) -> None:
        who = _person(writer, claims, idp, role, now)
        signin.begin(writer, who, token, now, policy)
        writer.audit(who, now, "sign-in", [who.id], None, {"by": "provider"})

    store.write(work)
    return token, kept["next"]


def verified(
    id_token: str, keys: Mapping[str, Any], idp: Provider, nonce: str, now: dt.datetime
) -> dict[str, Any]:
    """The claims of an id token that this provider signed for us, for this sign-in, not long ago."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        read = jwt.decode(id_token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=60,
            iss={"essential": True, "value": idp.issuer}, aud={"essential": True, "value": idp.client_id},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(read.claims)  # fmt: skip
    except (JoseError, ValueError, KeyError, TypeError):
        raise _refused() from None
    many = isinstance(read.claims["aud"], list) and len(read.claims["aud"]) > 1
    if many and read.claims.get("azp") != idp.client_id:
        raise _refused()
    return dict(read.claims)


def _person(writer: Writer, claims: dict[str, Any], idp: Provider, role: Role, now: dt.datetime) -> Principal:
    """The user whom the provider means: the one it brought before, or a new one."""
    c = t.users.c
    own = (c.clinic == writer.clinic_id, c.issuer == idp.issuer, c.subject == str(claims["sub"]))
    row = writer.connection.execute(select(t.users).where(*own)).first()
    if row is None:
        return _new_person(writer, claims, idp, role, now)
    known = user_from(row)
    if not known.active:
        raise ToolError("forbidden", f"{known.name} has no access here any more. Maybe ask an admin.")
    who = Principal(known.id, known.name, role)
    if known.role is not role:
        change(writer, known.id, role=str(role))
        was, now_is = {"role": str(known.role)}, {"role": str(role), "by": "provider"}
        writer.audit(who, now, "role-changed", [who.id], was, now_is)
    return who


def _new_person(
    writer: Writer, claims: dict[str, Any], idp: Provider, role: Role, now: dt.datetime
) -> Principal:
    name = " ".join(str(claims.get("name") or claims["sub"]).split())[:120]
    who = Principal(_free_id(writer, claims, idp), name, role)
    made = {
        "id": who.id,
        "name": name,
        "role": str(role),
        "issuer": idp.issuer,
        "subject": str(claims["sub"]),
    }
    add(writer, made, now)
    writer.audit(who, now, "user-added", [who.id], None, {"role": str(role), "by": "provider"})
    return who


def _free_id(writer: Writer, claims: dict[str, Any], idp: Provider) -> str:
    """The name that the provider gives, unless it is somebody's here: being named alike makes nobody the same."""
    mark = hashlib.sha256(f"{idp.issuer}\x1f{claims['sub']}".encode()).hexdigest()[:10]
    try:
        wished = new_id(str(claims.get("preferred_username") or claims.get("email") or ""))
    except ToolError:
        return f"p-{mark}"
    return wished if row_of(writer.connection, writer.clinic_id, wished) is None else f"{wished[:80]}-{mark}"


def _role(claims: Mapping[str, Any], idp: Provider) -> Role:
    """The first role of the settings that the claim names; raises `ToolError("forbidden")` for none."""
    given = claims.get(idp.role_claim, [])
    named = {given} if isinstance(given, str) else set(map(str, given)) if isinstance(given, list) else set()
    for theirs, ours in idp.roles.items():
        if theirs in named:
            return ours
    said = (
        "Your sign-in worked, but you have no role here. Maybe ask an admin to put you into a group that has."
    )
    raise ToolError("forbidden", said)


def _keep(writer: Writer, row: dict[str, Any], now: dt.datetime) -> None:
    c = t.oidc_flows.c
    writer.connection.execute(delete(t.oidc_flows).where(c.clinic == row["clinic"], c.expires_at <= now))
    writer.connection.execute(insert(t.oidc_flows), row)


def _taken(store: Store, state: str, now: dt.datetime) -> dict[str, Any]:
    """What was kept of a sign-in that was away; it comes back once."""
    c, digest = t.oidc_flows.c, tokens.digest(state)
    own = delete(t.oidc_flows).where(c.clinic == store.clinic_id, c.digest == digest, c.expires_at > now)
    row = store.write(lambda writer: writer.connection.execute(own.returning(c.sealed)).first())
    if row is None:
        raise ToolError("expired", "This sign-in took too long or was used. Maybe start again.")
    kept: dict[str, Any] = store.keys.open(row.sealed, "oidc", store.clinic_id, digest.hex())
    return kept


def _client(idp: Provider, callback: str) -> OAuth2Client:
    from authlib.integrations.httpx_client import OAuth2Client

    return OAuth2Client(
        idp.client_id, idp.client_secret or None, scope="openid profile email", redirect_uri=callback,
        code_challenge_method="S256", timeout=TIMEOUT, follow_redirects=False,
    )  # fmt: skip


def _metadata(client: OAuth2Client, idp: Provider) -> dict[str, Any]:
    known = _json(client, f"{idp.issuer.rstrip('/')}/.well-known/openid-configuration")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if known.get("issuer") != idp.issuer or not all(isinstance(known.get(name), str) for name in wanted):
        raise _unavailable()
    return known


def _json(client: OAuth2Client, url: str) -> dict[str, Any]:
    answer = _asked(lambda: client.request("GET", url, withhold_token=True))
    if answer.status_code != 200 or len(answer.content) > LONGEST_ANSWER:
        raise _unavailable()
    read = _asked(answer.json)
    if not isinstance(read, dict):
        raise _unavailable()
    return read


def _asked(call: Any) -> Any:
    """What the provider answers; whatever goes wrong there is said without its words: they may hold a code."""
    import httpx2
    from authlib.integrations.base_client.errors import OAuthError

    try:
        return call()
    except (httpx2.HTTPError, OAuthError, ValueError):
        raise _unavailable() from None


def _unavailable() -> ToolError:
    said = "The identity provider gives no usable answer. Maybe try again, or tell the admin."
    return ToolError("unavailable", said)


def _refused() -> ToolError:
    said = "The identity provider's answer isn't meant for this sign-in. Maybe start again."
    return ToolError("forbidden", said)
