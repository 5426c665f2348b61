"""The users' file: TOML that a person can read, written whole and for its owner alone. Knows no session and no screen.

    [[users]]
    name = "Анна Иванова"
    role = "manager"
    manager = "Иванова А."     # as the data name her; only for the role manager
    password = "scrypt$…"      # or none, for one who signs in through the company's account
    email = "anna@example.ru"  # the company's account; optional beside a password
    sign_outs = 0              # counted up to end every session of this user
"""

from __future__ import annotations

import json
import os
import stat
import threading
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from kam.access import ROLES, User
from kam.errors import KamError
from kam.gate import passwords

HEAD = "# Users of Ritm's office mode. Written by `python -m kam user …`; a change is in force at once.\n"
FIELDS = frozenset({"name", "role", "manager", "password", "email", "sign_outs"})
NAME_LENGTH = 80
IS_POSIX = os.name == "posix"

Mark = tuple[int, int, int, int]


@dataclass(frozen=True)
class Entry:
    """A user as kept. `password`: a scrypt hash, None for one who signs in elsewhere; `sign_outs`: grows to end all sessions."""

    user: User
    password: str | None = None
    email: str | None = None
    sign_outs: int = 0


def folded(name: str) -> str:
    """A name as it is compared: case, width and outer spaces aside."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class Users:
    """The users' file of one path; read again whenever it was replaced. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._read: tuple[Mark, Mapping[str, Entry]] | None = None

    def entries(self) -> Mapping[str, Entry]:
        """Every user by folded name. Raises KamError where the file is missing, empty, malformed or writable by others."""
        mark = mark_of(self.path)
        if mark is None:
            raise KamError("users.missing", file=str(self.path))
        with self._lock:
            if self._read is None or self._read[0] != mark:
                self._read = (mark, parsed(self.path))
            return self._read[1]

    def entry(self, name: str) -> Entry | None:
        """The user of that name, case aside."""
        return self.entries().get(folded(name))

    def of_email(self, email: str) -> Entry | None:
        """The user with that account of the company."""
        wanted = folded(email)
        return next((one for one in self.entries().values() if one.email and folded(one.email) == wanted), None)

    # Changing, for the command line

    def add(self, entry: Entry) -> None:
        """Adds a user; makes the file where there is none. Raises KamError for a name or e-mail that is taken."""
        with self._writing() as entries:
            taken = {one.email and folded(one.email) for one in entries.values()} - {None}
            if folded(entry.user.name) in entries or (entry.email and folded(entry.email) in taken):
                raise KamError("users.taken", name=entry.user.name)
            entries[folded(entry.user.name)] = _checked(entry)

    def remove(self, name: str) -> None:
        """Removes a user, who is out at once; the file is then allowed to hold nobody, and nobody gets in."""
        with self._writing() as entries:
            del entries[self._known(entries, name)]

    def change(self, name: str, **changes: Any) -> None:
        """Changes fields of an entry: `password`, `email`, or `user`; every session of the user ends."""
        with self._writing() as entries:
            key = self._known(entries, name)
            old = entries[key]
            entries[key] = _checked(Entry(**{**vars(old), **changes, "sign_outs": old.sign_outs + 1}))

    @staticmethod
    def _known(entries: Mapping[str, Entry], name: str) -> str:
        if folded(name) not in entries:
            raise KamError("users.unknown", name=name, known=", ".join(one.user.name for one in entries.values()) or "—")
        return folded(name)

    def _writing(self) -> _Writing:
        return _Writing(self)


class _Writing:
    """`with users._writing() as entries:` the entries to change, written whole when nothing failed; one writer at a time."""

    def __init__(self, users: Users) -> None:
        self._path = users.path.resolve()
        self._users = users
        self._lock = FileLock(f"{self._path}.lock", timeout=10)

    def __enter__(self) -> dict[str, Entry]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        try:
            self._entries = dict(parsed(self._path, may_be_empty=True)) if self._path.exists() else {}
        except KamError:
            self._lock.release()
            raise
        return self._entries

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                write_private(self._path, HEAD + "".join(map(_written, self._entries.values())))
        finally:
            self._lock.release()


# The file


def mark_of(path: Path) -> Mark | None:
    """What changes when the file at the path is replaced, written or opened to others; None where there is none."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)


def parsed(path: Path, may_be_empty: bool = False) -> Mapping[str, Entry]:
    """The entries of a users' file by folded name; KamError with a reason where it is not one."""
    if IS_POSIX and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise KamError("users.writable", file=str(path))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KamError("users.malformed", file=str(path), why=type(error).__name__) from None
    rows = content.pop("users", [])
    if content or not isinstance(rows, list):
        raise KamError("users.malformed", file=str(path), why=", ".join(content) or "users")
    if not rows and not may_be_empty:
        raise KamError("users.empty", file=str(path))
    return _by_name(path, rows)


def _by_name(path: Path, rows: Iterable[Any]) -> Mapping[str, Entry]:
    entries: dict[str, Entry] = {}
    emails: set[str] = set()
    for number, row in enumerate(rows, 1):
        try:
            entry = _entry(row)
        except (KamError, TypeError, ValueError, KeyError):
            raise KamError("users.malformed", file=str(path), why=f"[[users]] {number}") from None
        email = folded(entry.email) if entry.email else ""
        if folded(entry.user.name) in entries or email in emails:
            raise KamError("users.malformed", file=str(path), why=entry.user.name)
        entries[folded(entry.user.name)] = entry
        emails |= {email} - {""}
    return entries


def _entry(row: Mapping[str, Any]) -> Entry:
    if set(row) - FIELDS or not all(isinstance(row[key], str) for key in set(row) - {"sign_outs"}):
        raise ValueError
    sign_outs = row.get("sign_outs", 0)
    if not isinstance(sign_outs, int) or isinstance(sign_outs, bool):
        raise TypeError
    return _checked(Entry(User(row["name"], row["role"], row.get("manager")), row.get("password"), row.get("email"), sign_outs))


def _checked(entry: Entry) -> Entry:
    """The entry, where it is one that can sign in; KamError says what is wrong with it."""
    user = entry.user
    if not _is_line(user.name):
        raise KamError("users.bad_name", longest=NAME_LENGTH)
    if user.role not in ROLES:
        raise KamError("users.bad_role", role=str(user.role), known=", ".join(ROLES))
    if (user.role == "manager") != bool(user.manager and _is_line(user.manager)):
        raise KamError("users.manager_needed" if user.role == "manager" else "users.manager_unwanted", role=user.role)
    if entry.password is None and not entry.email:
        raise KamError("users.no_way_in", name=user.name)
    if entry.password is not None and not passwords.is_hash(entry.password):
        raise KamError("users.bad_hash", name=user.name)
    return entry


def _is_line(name: str) -> bool:
    return name == name.strip() and 0 < len(name) <= NAME_LENGTH and name.isprintable()


def _written(entry: Entry) -> str:
    fields = {
        "name": entry.user.name, "role": entry.user.role, "manager": entry.user.manager, "email": entry.email,
        "password": entry.password, "sign_outs": entry.sign_outs or None,
    }  # fmt: skip
    # A JSON string of printable characters is a TOML string.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items() if value is not None)
    return "\n[[users]]\n" + "".join(lines)


def write_private(path: Path, text: str) -> None:
    """Puts a file in the place of the one there in one step, readable by its owner alone."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def is_readable_by_others(path: Path) -> bool:
    """Whether the system lets others than the owner read the file; never on Windows, whose rights this does not know."""
    return IS_POSIX and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
