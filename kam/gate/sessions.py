"""Sessions as signed cookies: whose, since when, and whether it is over. Knows no HTTP but the cookie's own text.

A cookie is `payload.signature`. The signature is made over the payload with a key drawn from the secret beside the users' file
and from the user's entry as it stands: an entry that is changed or gone, or another secret, ends every session made under it.
Who signed out is noted in a file beside the users' file, so that a restart revives nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kam.access import User
from kam.errors import KamError
from kam.gate.users import Entry, Mark, Users, folded, is_readable_by_others, mark_of, write_private

LIFE = 12 * 3600  # seconds: a working day
LONGEST = 2048  # characters of a cookie worth looking at
KEPT = 1000  # cookies verified that are remembered

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """A session that holds: its user, its id, the second it ends."""

    user: User
    session_id: str
    until: float


class Sessions:
    """The sessions of a users' file. `now`: the wall clock in seconds."""

    def __init__(self, users: Users, now: Callable[[], float] = time.time) -> None:
        self._users = users
        self._now = now
        self.key_path = users.path.with_name(users.path.name + ".key")
        self._over_path = users.path.with_name(users.path.name + ".signed-out")
        self._key: tuple[Mark, bytes] | None = None
        self._over = self._read_over()
        # Verified once, while neither file changes: asked before each message of a socket.
        self._verified: dict[str, tuple[tuple[Mark | None, Mark | None], Session]] = {}

    def begin(self, entry: Entry, session_id: str | None = None) -> str:
        """The cookie of a new session of this user."""
        said = {"name": entry.user.name, "id": session_id or secrets.token_urlsafe(16), "since": int(self._now())}
        payload = _text(json.dumps(said, ensure_ascii=False).encode())
        return f"{payload}.{_text(self._signature(payload, entry))}"

    def session(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None for one that is missing, forged, of another secret or entry, expired or signed out."""
        if not cookie or len(cookie) > LONGEST:
            return None
        marks = (mark_of(self._users.path), mark_of(self.key_path))
        known = self._verified.get(cookie)
        if known is None or known[0] != marks:
            session = self._verify(cookie)
            if session is None:
                return None
            if len(self._verified) >= KEPT:
                self._verified.clear()
            known = self._verified[cookie] = (marks, session)
        return known[1] if self._now() < known[1].until and known[1].session_id not in self._over else None

    def _verify(self, cookie: str) -> Session | None:
        """The session that a cookie was signed for and that has begun; whether it is over is not asked."""
        payload, _, signature = cookie.partition(".")
        try:
            said = json.loads(_raw(payload))
            name, session_id, since = str(said["name"]), str(said["id"]), float(said["since"])
            given = _raw(signature)
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        entry = self._users.entry(name)
        if entry is None or not hmac.compare_digest(given, self._signature(payload, entry)):
            return None
        return Session(entry.user, session_id, since + LIFE) if since <= self._now() + 60 else None

    def is_over(self, session_id: str) -> bool:
        """Whether a session of that id was ended by its user."""
        return session_id in self._over

    def end(self, session: Session) -> None:
        """Signs a session out, for good."""
        self._over = {**self._held(), session.session_id: session.until}
        try:
            write_private(self._over_path, "".join(f"{one} {int(until) + 1}\n" for one, until in self._over.items()))
        except OSError:  # a full disk: the session is over in this process all the same
            log.exception("sign-outs could not be written down")

    def end_all(self) -> None:
        """Ends every session of everybody: a new secret."""
        write_private(self.key_path, secrets.token_hex(32) + "\n")

    def secret(self) -> bytes:
        """The secret beside the users' file, made where there is none. KamError: unreadable, too short, readable by others."""
        mark = mark_of(self.key_path)
        if mark is None:
            self.end_all()
            mark = mark_of(self.key_path)
        if mark is None or self._key is None or self._key[0] != mark:
            self._key = (mark or (0, 0, 0, 0), _read_key(self.key_path))
        return self._key[1]

    def _signature(self, payload: str, entry: Entry) -> bytes:
        user = entry.user
        stands = json.dumps([folded(user.name), user.role, user.manager, entry.password, entry.email, entry.sign_outs])
        key = hmac.digest(self.secret(), stands.encode(), hashlib.sha256)
        return hmac.digest(key, payload.encode("utf-8", "replace"), hashlib.sha256)

    def _held(self) -> dict[str, float]:
        return {one: until for one, until in self._over.items() if until > self._now()}

    def _read_over(self) -> dict[str, float]:
        try:
            lines = self._over_path.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError):
            raise KamError("users.signed_out_unreadable", file=str(self._over_path)) from None
        pairs = (line.split(" ") for line in lines if line)
        return {one: float(until) for one, until in pairs if float(until) > self._now()}


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
        if len(key) < 32 or is_readable_by_others(path):
            raise ValueError
    except (OSError, ValueError):
        raise KamError("users.key_unfit", file=str(path)) from None
    return key


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _raw(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
