"""The audit log: who loaded, changed, decided, closed, asked in SQL and took away what, and when; who came in and who could not.

Append-only lines of JSON, a file a month in the workspace's folder audit/; months beyond KEPT_MONTHS go. Of the data nothing is
written but what was typed and the names of files and tables. Everybody who changes something writes here: kam.journal for
what people type, the imports, the screens' downloads, the gate at the door. Knows no screen and no words.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock

FOLDER = "audit"
KEPT_MONTHS = 60
LONGEST = 2_000  # characters of one text

# What can stand in `action`; each has its words in the locales (values.action).
ACTIONS = (
    "sign_in", "sign_in_failed", "sign_out", "load", "undo", "rebuild", "restore", "backup", "norm", "dictionary", "correction",
    "match", "question", "decision", "set_aside", "close_review", "sql", "export", "user",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing done. at: UTC; who: the name of the user, None at the machine itself, where nobody signs in; what: the object
    (a file, a norm, a page); facts: what else is to be said of it."""

    at: datetime
    who: str | None
    action: str
    what: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def note(workspace: Path, who: str | None, action: str, what: str = "", **facts: Any) -> None:
    """Writes down that `who` did `action`: audit.note(ws.path, "anna", "sign_in"). Facts are texts and numbers; None is left out.

    Raises OSError where it cannot be written: what must be on the record is then not done.
    """
    now = datetime.now(UTC)
    said = {name: _cut(value) for name, value in facts.items() if value is not None}
    line = {"at": now.isoformat(timespec="milliseconds"), "who": who, "action": action, "what": _cut(what), "facts": said}
    file = workspace / FOLDER / f"{now:%Y-%m}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    with _lock(workspace):
        is_new_month = not file.exists()
        with file.open("ab+") as log:
            torn = b"" if _ends_well(log) else b"\n"
            log.write(torn + json.dumps(line, ensure_ascii=False).encode() + b"\n")
        if is_new_month:
            _prune(workspace)


def entries(workspace: Path, since: date | None = None, till: date | None = None) -> list[Entry]:
    """The newest first, of the days since–till of this machine's clock, both counted. A line that a full disk tore is passed over."""
    first, last = since or date.min, till or date.max
    months = (f"{_next(first, -1):%Y-%m}", f"{_next(last, 1):%Y-%m}")
    found = (one for file in files(workspace) if months[0] <= file.stem <= months[1] for one in _read(file))
    return [one for one in found if first <= one.at.astimezone().date() <= last][::-1]


def files(workspace: Path) -> list[Path]:
    """The files of the log, the oldest month first."""
    return sorted((workspace / FOLDER).glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl"))


def take_over(workspace: Path, file: Path) -> None:
    """Adds what a month of a backup knows and this workspace does not: nothing that is on the record leaves it."""
    target = workspace / FOLDER / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with _lock(workspace):
        lines = dict.fromkeys([*_lines(file), *(_lines(target) if target.exists() else [])])
        draft = target.with_name(target.name + ".new")
        draft.write_text("".join(f"{line}\n" for line in sorted(lines, key=_moment)), encoding="utf-8")
        draft.replace(target)


def _lock(workspace: Path) -> FileLock:
    return FileLock(workspace / FOLDER / "lock", timeout=30)


def _prune(workspace: Path) -> None:
    for file in files(workspace)[:-KEPT_MONTHS]:
        file.unlink(missing_ok=True)


def _ends_well(log: BinaryIO) -> bool:
    """Whether the last line is whole: a full disk may have torn it, and the next must not be lost with it."""
    if log.seek(0, os.SEEK_END) == 0:
        return True
    log.seek(-1, os.SEEK_END)
    return log.read(1) == b"\n"


def _cut(value: Any) -> Any:
    return f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8", errors="replace").split("\n") if line.strip()]


def _moment(line: str) -> str:
    entry = _entry(line)
    return entry.at.isoformat() if entry else ""


def _read(file: Path) -> Iterator[Entry]:
    return (entry for line in _lines(file) if (entry := _entry(line)))


def _entry(line: str) -> Entry | None:
    try:
        said = json.loads(line)
        return Entry(datetime.fromisoformat(said["at"]), said["who"], said["action"], said["what"], said["facts"])
    except (ValueError, KeyError, TypeError):
        return None


def _next(day: date, days: int) -> date:
    """The day so many later: a UTC month may begin a day earlier or later than ours."""
    return day if day in (date.min, date.max) else day + timedelta(days=days)
