"""A real OpenID provider on the loopback, which behaves or misbehaves as a test wants."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from hexmark.openbadges import jws
from hexmark.openbadges.jwk import jwk_of
from hexmark.openbadges.keys import SigningKey

CLIENT, SECRET = "hexmark", "s3cret / with : signs"
KEY = SigningKey.from_scalar("P-256", bytes(range(1, 33)))
OTHER_KEY = SigningKey.from_scalar("P-256", bytes(range(2, 34)))


def encoded(value: object) -> str:
    """JSON as a part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Provider:
    """One provider with one signed-in human. `claims` and `make_token` change what it says; `metadata` what it says of itself."""

    email: str = "member@acme.example"
    verified: Any = True
    subject: str = "subject-1"
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk_of(KEY.public) | {"kid": "one", "use": "sig"}])
    make_token: Callable[[dict[str, Any]], str] | None = None
    requests: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    given: int = 0

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.requests.append(self.path)
                pages = {"/.well-known/openid-configuration": provider.about, "/keys": lambda: {"keys": provider.keys}}
                self.answer(pages[self.path]() if self.path in pages else None)

            def do_POST(self) -> None:
                provider.requests.append(self.path)
                fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(provider.token({name: values[0] for name, values in fields.items()}, self.headers.get("Authorization", "")))

            def answer(self, body: dict[str, Any] | None) -> None:
                self.send_response(200 if body is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body or {"error": "invalid_grant"}).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def about(self) -> dict[str, Any]:
        """Its discovery document."""
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return usual | self.metadata

    def sign_in(self, location: str) -> str:
        """What a human does there: the address that they are sent back to, with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self.given += 1
        code = f"code-{self.given}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, fields: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer of the token endpoint; nothing for a code that is used, of another client, or without its verifier."""
        asked = self.codes.pop(fields.get("code", ""), None)
        if authorization:
            client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            known = (unquote(client), unquote(secret)) == (CLIENT, SECRET)
        else:
            known = (fields.get("client_id"), fields.get("client_secret")) == (CLIENT, SECRET)
        challenge = encoded(hashlib.sha256(fields.get("code_verifier", "").encode()).digest())
        if not known or asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != fields.get("redirect_uri"):
            return None
        claims = self.usual_claims(asked["nonce"]) | self.claims
        return {"access_token": "x", "token_type": "Bearer", "id_token": (self.make_token or signed)(claims)}

    def usual_claims(self, nonce: str) -> dict[str, Any]:
        """What an ID token says."""
        now = int(time.time())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
            "email": self.email,
            "email_verified": self.verified,
        }


def signed(claims: dict[str, Any], *, key: SigningKey = KEY, **header: Any) -> str:
    """An ID token."""
    return jws.sign(json.dumps(claims).encode(), {"kid": "one", "typ": "JWT"} | header, key=key)
