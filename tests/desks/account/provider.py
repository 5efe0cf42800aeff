"""A single sign-on provider of our own, on this machine, that may be told to answer wrongly.

The real one (oidc-provider-mock) shows that signing in works; this one shows what is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client

from undrift.people.sign_on import Provider

Token = Callable[["Rogue", dict[str, Any]], str]
CLIENT_ID = "undrift-at-westmarch"
SECRET = "a secret of more than thirty-two characters"


@cache
def rsa_key(whose: str = "the provider") -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def honest(rogue: Rogue, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, rogue.key, algorithm="RS256", headers={"kid": "ours"})


@dataclass
class Rogue:
    """`claims` are added to the token's own; a claim set to None is left out. `token` makes it of them."""

    id: str = "westmarch"
    key: rsa.RSAPrivateKey = field(default_factory=rsa_key)
    claims: dict[str, Any] = field(default_factory=dict)
    token: Token = honest
    url: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Provider:
        return Provider(
            self.id, self.id.title(), self.url, CLIENT_ID, SECRET, frozenset({"westmarch"}), amr=frozenset({"mfa"})
        )

    def answer(self, path: str) -> object:
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [public | {"kid": "ours", "alg": "RS256", "use": "sig"}]}
        if path == "/token":
            return {"access_token": "any", "token_type": "Bearer", "id_token": self.token(self, self.all_claims())}
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorise",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
        }

    def all_claims(self) -> dict[str, Any]:
        now = int(time.time())
        usual = {"iss": self.url, "sub": "subject-1", "aud": CLIENT_ID, "iat": now, "exp": now + 300,
                 "nonce": self.asked.get("nonce"), "email": "grace.ollerton@westmarch.example",
                 "email_verified": True}  # fmt: skip
        return {name: value for name, value in (usual | self.claims).items() if value is not None}

    def knows_the_code(self) -> bool:
        """Was the code handed in by whoever asked for it (PKCE)?"""
        digest = hashlib.sha256(self.told.get("code_verifier", "").encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.asked["code_challenge"]

    def begin(self, client: Client, onward: str = "/help", **asked: str) -> None:
        led = client.get(f"/sign-in/with/{self.id}", {"next": onward} | asked)
        assert led.status_code == 302, led
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(led["Location"]).query).items()}

    def back(self, client: Client, **changed: str) -> HttpResponse:
        said = {"code": "one-code", "state": self.asked["state"]} | changed
        return cast(HttpResponse, client.get(f"/sign-in/with/{self.id}/back", said))


@contextmanager
def serving(rogue: Rogue) -> Iterator[Rogue]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say(rogue.answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            rogue.told = {name: values[0] for name, values in parse_qs(body).items()}
            self.say(rogue.answer(urlsplit(self.path).path))

        def say(self, answer: object) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    rogue.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield rogue
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
