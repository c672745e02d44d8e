"""A provider of logins with OpenID Connect, as small as one can be: everybody is who the address says."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class Provider(BaseHTTPRequestHandler):
    """Logs everybody in who asks, as `person`."""

    key: RSAKey
    person: dict[str, Any]
    nonces: dict[str, str]

    def do_GET(self) -> None:
        """Say where everything is; send who asks back with a code; show the key."""
        split = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(split.query).items()}
        if split.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": self._at(""),
                    "authorization_endpoint": self._at("/authorize"),
                    "token_endpoint": self._at("/token"),
                    "jwks_uri": self._at("/keys"),
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif split.path == "/authorize":
            code = base64.urlsafe_b64encode(asked["state"].encode()).decode()
            self.nonces[code] = asked.get("nonce", "")
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            )
            self.end_headers()
        else:
            self._say({"keys": [self.key.as_dict(private=False)]})

    def do_POST(self) -> None:
        """Give a token for a code."""
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        now = int(time.time())
        claims = {"iss": self._at(""), "aud": "archive-search", "sub": "1", "iat": now, "exp": now + 600}
        claims |= {"nonce": self.nonces[sent["code"][0]], **self.person}
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        self._say({"access_token": "open", "token_type": "Bearer", "expires_in": 600, "id_token": token})

    def _at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def _say(self, what: dict[str, Any]) -> None:
        data = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def provider(person: dict[str, Any]) -> Iterator[str]:
    """Its address, while it logs everybody in as `person`, which may be changed meanwhile."""
    key = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig", "alg": "RS256"})
    kind = type("One", (Provider,), {"key": key, "person": person, "nonces": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()
