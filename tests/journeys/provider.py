"""A sign-in provider on loopback: OpenID Connect with authorisation code, PKCE and a signed identity token."""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "keurmeester", "the-client's-secret"


@dataclass
class Provider:
    """Whoever comes picks one of `people` (name -> claims) and is that person."""

    people: Mapping[str, Mapping[str, Any]]
    url: str = ""
    granted: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))

    def metadata(self, request: Request) -> Response:
        ends = {"authorization": "authorize", "token": "token", "end_session": "goodbye"}
        return JSONResponse(
            {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in ends.items()},
            }
        )

    def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def authorize(self, request: Request) -> Response:
        """Asks who it is."""
        links = [
            f'<p><a href="/chosen?{html.escape(urlencode({**request.query_params, "person": name}))}">{name}</a></p>'
            for name in self.people
        ]
        return HTMLResponse(f"<h1>Who are you?</h1>{''.join(links)}")

    def chosen(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe()
        self.granted[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.granted.pop(str(form.get("code")), None)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or given != expected or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": asked["person"], "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], **self.people[asked["person"]]}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return JSONResponse(
            {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": token}
        )

    def goodbye(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)

    @contextmanager
    def listening(self) -> Iterator[Provider]:
        """On a free port of this machine until the block ends."""
        names = {"/.well-known/openid-configuration": self.metadata}
        names |= {
            f"/{one.__name__}": one
            for one in (self.keys, self.authorize, self.chosen, self.token, self.goodbye)
        }
        routes = [Route(path, end, methods=["GET", "POST"]) for path, end in names.items()]
        server = uvicorn.Server(
            uvicorn.Config(Starlette(routes=routes), "127.0.0.1", 0, log_level="warning", lifespan="off")
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the provider did not start"
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join(20)
