"""Answers of the doors themselves, and the headers that go with every answer of the server. Plain ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # no-referrer would take the Origin away from our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Streamlit's own scripts, styles and fonts, named by their content: the same for everybody, and no data.
KEEPABLE = "/static/"


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request by lower-case name; of one sent twice the last, Host and Cookie apart, which are then unfit."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope.get("headers", []):
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined = f"{headers[name]}; {value}" if name in headers and name in ("cookie", "host") else value
        headers[name] = joined
    return headers


def cookies_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The cookies of a request; of one sent twice the first, as the browser puts the nearer path first."""
    cookies: dict[str, str] = {}
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        cookies.setdefault(name, value.strip('"'))
    return cookies


def policy(script_hashes: Iterable[str]) -> str:
    """The content security policy of the app: scripts from this server alone, and those inline ones whose hash is given.

    Styles are inline in Streamlit (emotion) and in charts; images, fonts and workers are also made by its own scripts, and one of
    them counts with WebAssembly (protobuf's long numbers), which is no way to run a text.
    """
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'{one}'" for one in script_hashes)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; frame-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


def secured(send: Send, path: str, content_policy: str) -> Send:
    """A `send` that puts our headers on the answer; one that the answer has already is left, but for caching of data."""

    async def send_secured(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            given = {name.lower(): value for name, value in message.get("headers", [])}
            ours = {**FIXED, "content-security-policy": content_policy}
            added = [(name.encode(), value.encode()) for name, value in ours.items() if name.encode() not in given]
            kept = [pair for pair in message.get("headers", []) if _is_kept(pair[0].lower(), path, int(message["status"]))]
            if not _may_be_kept(path, int(message["status"])):
                added.append((b"cache-control", b"no-store"))
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return send_secured


def _may_be_kept(path: str, status: int) -> bool:
    return path.startswith(KEEPABLE) and status in (200, 206, 304)


def _is_kept(name: bytes, path: str, status: int) -> bool:
    return name != b"cache-control" or _may_be_kept(path, status)


async def answer(
    send: Send, status: int, body: str = "", headers: Iterable[tuple[str, str]] = (), content_type: str = "text/plain; charset=utf-8"
) -> None:
    """A whole answer."""
    raw = body.encode("utf-8")
    fields = [("content-type", content_type), ("content-length", str(len(raw))), *headers]
    start = {"type": "http.response.start", "status": status, "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in fields]}
    await send(start)
    await send({"type": "http.response.body", "body": raw})


async def body_of(receive: Receive, longest: int) -> bytes | None:
    """The body of a request; None where it is longer, or its sender went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > longest:
            return None
        if not message.get("more_body"):
            return body
