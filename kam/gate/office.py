"""The office of this process: the users' file that KAM_USERS names, its sessions, its tries; none on a laptop."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kam.errors import KamError
from kam.gate.sessions import Session, Sessions
from kam.gate.tries import Tries
from kam.gate.users import Users, is_readable_by_others

VARIABLE = "KAM_USERS"
# A browser takes a cookie called __Host-… only over TLS and from this very host; without TLS there is no such name.
SECURE_COOKIE, PLAIN_COOKIE = "__Host-ritm", "ritm"


class Office:
    """Users, sessions and tries of one users' file. `is_guarded`: the doors of this process stand before its pages."""

    def __init__(self, path: Path) -> None:
        self.users = Users(path)
        self.sessions = Sessions(self.users)
        self.tries = Tries()
        self.is_guarded = False

    def open(self) -> list[str]:
        """Reads everything once, before anybody is let in; returns the keys of warnings. KamError: the app must not serve."""
        self.users.entries()
        self.sessions.secret()
        return ["users.readable"] if is_readable_by_others(self.users.path) else []

    def session(self, cookies: Mapping[str, str]) -> Session | None:
        """The session among a browser's cookies; one sent over TLS wins."""
        return self.sessions.session(cookies.get(SECURE_COOKIE) or cookies.get(PLAIN_COOKIE))


def office() -> Office | None:
    """The office that KAM_USERS turns on; None where it is not set. KamError where it is set to nothing."""
    path = os.environ.get(VARIABLE)
    if path is None:
        return None
    if not path.strip():
        raise KamError("users.unset", variable=VARIABLE)
    return _office(path)


@cache
def _office(path: str) -> Office:
    return Office(Path(path))
