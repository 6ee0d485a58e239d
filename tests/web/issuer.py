"""A stand-in identity provider over real HTTP on loopback: discovery, authorize, token, keys."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, CLIENT_SECRET = "slotwright", "the-clients-own-secret"


@dataclass
class Issuer:
    """What it says of the one person who signs in there; tests bend it."""

    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    said_issuer: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signing: RSAKey = self.key
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path == "/authorize":
                    return self._to(issuer.authorized({k: v[0] for k, v in parse_qs(parts.query).items()}))
                return self._json(issuer.documents().get(parts.path))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                sent = {k: v[0] for k, v in form.items()}
                self._json(issuer.token(sent, self.headers.get("authorization", "")))

            def _to(self, address: str) -> None:
                self.send_response(302)
                self.send_header("location", address)
                self.end_headers()

            def _json(self, body: Any) -> None:
                text = json.dumps(body or {"error": "invalid_grant"}).encode()
                self.send_response(200 if body else 400)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def documents(self) -> dict[str, Any]:
        """Discovery and the public keys."""
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.said_issuer or self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
            },
            "/keys": {"keys": [self.key.as_dict(private=False)]},
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to, with a code for what was asked."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """A token for a code: once, to the client that proves its secret and its verifier."""
        asked = self.codes.pop(sent.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        good = asked and asked["code_challenge_method"] == "S256" and asked["code_challenge"] == challenge
        if not good or not asked or authorization != f"Basic {basic}":
            return None
        claims = {"iss": self.address, "aud": CLIENT, "nonce": asked["nonce"]} | self.claims
        signed = jwt.encode({"alg": self.algorithm, "kid": "one"}, claims, self.signing)
        return {"access_token": "unused", "token_type": "Bearer", "id_token": signed}
