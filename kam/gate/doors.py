"""The doors: ASGI middleware before everything that the server answers. Who has no session gets the sign-in page, or nothing.

    host name unknown → 403        users' file unfit → 503
    no session: a page → 401 with the form, anything else → 401, a socket → 403
    POST /sign-in, POST /sign-out: only from a page of this server

Without an office (a laptop) the doors look at host names and put headers on the answers, no more.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from kam import audit
from kam.errors import KamError
from kam.gate import passwords, signing_in, sockets
from kam.gate.answers import App, Receive, Scope, Send, answer, body_of, cookies_of, headers_of, policy, secured
from kam.gate.office import PLAIN_COOKIE, SECURE_COOKIE, Office
from kam.gate.sessions import LIFE, Session
from kam.gate.signing_in import SIGN_IN, SIGN_OUT
from kam.gate.tries import address_key
from kam.gate.users import Entry, folded
from kam.workspace import default_path

LONGEST_FORM = 4096  # bytes
UNKNOWN = "?"  # whoever gave a name that is nobody's: what was typed there may be a password
HTML = "text/html; charset=utf-8"

log = logging.getLogger(__name__)


class Elsewhere(Protocol):
    """The company's own sign-in (OIDC): its paths, where it begins, and whom its cookie names."""

    paths: frozenset[str]

    def link(self) -> str:
        """Where to send a reader who wants to sign in there; empty while it is not set up."""

    def email(self, cookies: Mapping[str, str]) -> str | None:
        """The e-mail that the provider vouched for not longer ago than a session lasts."""

    def cookies(self, cookies: Mapping[str, str]) -> Iterable[str]:
        """The names of its cookies among those of a request."""


@dataclass(frozen=True)
class _Request:
    scope: Scope
    receive: Receive
    send: Send
    headers: dict[str, str]
    cookies: dict[str, str]

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def query(self) -> str:
        return bytes(self.scope.get("query_string", b"")).decode("latin-1")

    @property
    def address(self) -> str:
        return self.path + (f"?{self.query}" if self.query else "")

    @property
    def is_secure(self) -> bool:
        return self.scope.get("scheme") in ("https", "wss")

    @property
    def is_page(self) -> bool:
        return self.scope.get("method") == "GET" and "text/html" in self.headers.get("accept", "")

    @property
    def is_from_here(self) -> bool:
        """Whether a page of this very server sent it: the browser says so in Origin."""
        return urlsplit(self.headers.get("origin", "")).netloc == self.headers.get("host")


class Gate:
    """`app` behind the doors. allows_host: whether a Host header is one of ours; script_hashes: of the app's inline scripts."""

    def __init__(
        self,
        app: App,
        office: Office | None,
        allows_host: Callable[[str | None], bool],
        script_hashes: Iterable[str] = (),
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._app = app
        self._office = office
        self._allows_host = allows_host
        self._policy = policy(script_hashes)
        self._elsewhere = elsewhere
        self._checking = asyncio.Semaphore(2)  # a check of a password takes a core and 32 MB
        if office is not None:
            office.is_guarded = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        send = secured(send, str(scope["path"]), self._policy)
        request = _Request(scope, receive, send, headers, cookies_of(headers))
        if not self._allows_host(headers.get("host")):
            await self._refuse(request, 403, "gate.host_unknown")
        elif self._office is None:
            await self._app(scope, receive, send)
        else:
            await self._guarded(self._office, request)

    async def _guarded(self, office: Office, request: _Request) -> None:
        try:
            session = office.session(request.cookies)
            if request.scope["type"] == "websocket":
                await self._socket(office, request, session)
            else:
                await self._http(office, request, session)
        except KamError as error:
            log.error("%s: nobody is let in", error.key)
            await self._refuse(request, 503, "gate.closed")

    async def _refuse(self, request: _Request, status: int, key: str) -> None:
        if request.scope["type"] == "websocket":
            await request.send({"type": "websocket.close", "code": 1008})
            return
        t = signing_in.words(request.headers, request.query)
        await answer(request.send, status, t(key) + "\n")

    # Sockets

    async def _socket(self, office: Office, request: _Request, session: Session | None) -> None:
        origin = request.headers.get("origin")
        if session is None or (origin is not None and not request.is_from_here):
            await self._refuse(request, 403, "gate.needed")
            return
        ends = sockets.EndingSocket(lambda: _holds(office, request.cookies), request.receive, request.send)
        try:
            await self._app(request.scope, ends.receive, ends.send)
        finally:
            ends.release()

    # Requests

    async def _http(self, office: Office, request: _Request, session: Session | None) -> None:
        method = request.scope["method"]
        if request.path in (SIGN_IN, SIGN_OUT) and method == "POST":
            if not request.is_from_here:
                await self._refuse(request, 403, "gate.not_from_here")
            elif request.path == SIGN_IN:
                await self._sign_in(office, request)
            else:
                await self._sign_out(office, request, session)
        elif session is None:
            await self._without_session(office, request)
        elif request.path in (SIGN_IN, SIGN_OUT):
            await answer(request.send, 303, headers=[("location", "/")])
        else:
            await self._app(request.scope, request.receive, request.send)

    async def _without_session(self, office: Office, request: _Request) -> None:
        if self._elsewhere and request.path in self._elsewhere.paths and self._elsewhere.link():
            await self._app(request.scope, request.receive, request.send)
            return
        if not request.is_page:
            await self._refuse(request, 401, "gate.needed")
            return
        email = self._elsewhere.email(request.cookies) if self._elsewhere else None
        if email is None:
            await self._page(request, 401, request.address)
            return
        entry, session_id = office.users.of_email(email), _session_id(email, request, self._elsewhere)
        if entry is None or office.sessions.is_over(session_id):
            said = "" if entry else signing_in.words(request.headers, request.query)("gate.account_unknown", email=email)
            await self._page(request, 401 if entry else 403, request.address, said=said, headers=self._forgotten(request))
            return
        await self._let_in(office, request, entry, signing_in.onward(request.address), session_id)

    async def _page(
        self, request: _Request, status: int, address: str, *, said: str = "", name: str = "", headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        t = signing_in.words(request.headers, urlsplit(address).query)
        link = self._elsewhere.link() if self._elsewhere else ""
        text = signing_in.page(t, address, said=said, name=name, elsewhere=link)
        await answer(request.send, status, text, [("content-security-policy", signing_in.POLICY), *headers], HTML)

    async def _sign_in(self, office: Office, request: _Request) -> None:
        body = await body_of(request.receive, LONGEST_FORM)
        form = signing_in.form(body) if body is not None else None
        if form is None:
            await self._refuse(request, 400, "gate.no_form")
            return
        client = request.scope.get("client") or ("", 0)
        keys = [address_key(str(client[0])), f"name {hashlib.sha256(folded(form.name).encode('utf-8', 'replace')).hexdigest()}"]
        t = signing_in.words(request.headers, urlsplit(form.onward).query)
        seconds = office.tries.wait(keys)
        if seconds:
            said = t("gate.too_many", count=seconds)
            await self._page(request, 429, form.onward, said=said, name=form.name, headers=[("retry-after", str(seconds))])
            return
        entry = office.users.entry(form.name)
        async with self._checking:
            is_right = await asyncio.to_thread(passwords.fits, form.password, entry.password if entry else None)
        if entry is None or not is_right:
            log.warning("sign-in refused from %s", client[0])
            await _on_record(request, entry.user.name if entry else UNKNOWN, "sign_in_failed")
            await self._page(request, 401, form.onward, said=t("gate.wrong"), name=form.name)
            return
        office.tries.forgive(keys)
        await self._let_in(office, request, entry, form.onward)

    async def _let_in(self, office: Office, request: _Request, entry: Entry, address: str, session_id: str | None = None) -> None:
        cookie = office.sessions.begin(entry, session_id)
        name, secure = (SECURE_COOKIE, "; Secure") if request.is_secure else (PLAIN_COOKIE, "")
        text = f"{name}={cookie}; Path=/; Max-Age={LIFE}; HttpOnly; SameSite=Lax{secure}"
        await _on_record(request, entry.user.name, "sign_in")
        await answer(request.send, 303, headers=[("location", address), ("set-cookie", text)])

    async def _sign_out(self, office: Office, request: _Request, session: Session | None) -> None:
        if session is not None:
            office.sessions.end(session)
            await _on_record(request, session.user.name, "sign_out")
        cleared = [_cleared(name) for name in (SECURE_COOKIE, PLAIN_COOKIE) if name in request.cookies]
        fields = [("location", "/"), ("clear-site-data", '"cache"'), *cleared, *self._forgotten(request)]
        await answer(request.send, 303, headers=fields)

    def _forgotten(self, request: _Request) -> list[tuple[str, str]]:
        names = self._elsewhere.cookies(request.cookies) if self._elsewhere else ()
        return [_cleared(name) for name in names]


async def _on_record(request: _Request, who: str, action: str) -> None:
    """Into the audit log, with the address; where the disk is full people must come in all the same, to make room."""
    client = request.scope.get("client") or ("", 0)
    try:
        await asyncio.to_thread(audit.note, default_path(), who, action, address=str(client[0]))
    except OSError as error:
        log.error("not on record: %s (%s)", action, type(error).__name__)


def _holds(office: Office, cookies: Mapping[str, str]) -> bool:
    try:
        return office.session(cookies) is not None
    except KamError:
        return False


def _cleared(name: str) -> tuple[str, str]:
    secure = "; Secure" if name.startswith("__Host-") else ""
    return ("set-cookie", f"{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}")


def _session_id(email: str, request: _Request, elsewhere: Elsewhere | None) -> str:
    """The id of a session begun elsewhere: the same for the same cookie, so that one signed out cannot begin again."""
    names = sorted(elsewhere.cookies(request.cookies)) if elsewhere else []
    said = "\n".join([email, *(request.cookies[name] for name in names)])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]
