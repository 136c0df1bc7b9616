"""Who may use the console: this machine by default, anybody with the token when it listens on other addresses.

Every answer carries headers that keep foreign scripts, frames and requests out; every change must come from our own
page (same origin, JSON), so another site in the same browser can neither read nor act.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fifthwheel.errors import InputError

COOKIE: Final = "fifthwheel_session"
_OPEN_PATHS: Final = frozenset({"/api/health", "/api/session"})
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SECURITY_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def check_binding(host: str, token: str) -> None:
    """Refuse to listen for other machines without a token.

    Raises
    ------
    InputError : `host` is not a loopback address and `token` is empty.
    """
    if not token and not _is_loopback(host):
        raise InputError(f"the console would listen on {host!r} for everybody; set a token, or listen on 127.0.0.1")


def session_of(token: str) -> str:
    """Value of the session cookie: derived from `token`, which itself is never stored in a browser."""
    return hmac(token.encode(), b"fifthwheel console session", sha256).hexdigest()


class Guard:
    """ASGI middleware: host, origin, token and security headers.

    Parameters
    ----------
    token : what a caller must know; '' trusts this machine and answers only to its own names.
    """

    def __init__(self, app: ASGIApp, *, token: str = "") -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._token and not _is_loopback(_host_name(host)):
            return _refuse(
                403, "host", f"this console answers to 127.0.0.1 and localhost, not to {host!r}; set a token to share it"
            )
        if scope["method"] not in _SAFE_METHODS:
            if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                return _refuse(415, "content_type", "send JSON with content-type application/json")
            if not _is_same_origin(headers, host):
                return _refuse(
                    403, "origin", f"the request comes from {headers.get('origin', 'another site')!r}, not from this console"
                )
        path = scope["path"]
        if self._token and path.startswith("/api/") and path not in _OPEN_PATHS and not self._is_known(headers):
            return _refuse(401, "token", "sign in with the console's token")
        return None

    def _is_known(self, headers: Headers) -> bool:
        scheme, _, credential = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return compare_digest(credential.strip().encode(), self._token.encode())
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and compare_digest(cookie.value.encode(), session_of(self._token).encode())


def _refuse(status: int, error: str, detail: str) -> JSONResponse:
    return JSONResponse({"error": error, "detail": detail}, status_code=status)


def _is_same_origin(headers: Headers, host: str) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    return urlsplit(origin).netloc == host


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
