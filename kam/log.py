"""The log of failures that nobody foresaw: what broke and where, under the number that the user was shown.

A failure's own message is left out: it may quote a client or an amount. Its kind and the lines of our code lead to the cause.
"""

from __future__ import annotations

import logging
import platform
import traceback
import uuid
from importlib.metadata import version
from logging.handlers import RotatingFileHandler
from pathlib import Path

BYTES, KEPT = 1_000_000, 5
PACKAGES = ("streamlit", "duckdb", "pyarrow")

log = logging.getLogger(__name__)


def path(workspace: Path) -> Path:
    """The log file of a workspace; older ones stand beside it with a number."""
    return workspace / "log" / "ritm.log"


def failure(error: BaseException, workspace: Path, where: str) -> str:
    """Writes a failure down and returns the number that leads to it. `where`: a page, or the command line."""
    reference = uuid.uuid4().hex[:8]
    text = f"failure {reference} on {where} ({_versions()})\n{told(error)}"
    try:
        _append(path(workspace), text)
    except OSError:  # a full disk, a workspace that is no folder: the number must reach the user all the same
        log.error("%s", text)
    return reference


def told(error: BaseException) -> str:
    """The kind of a failure and of those that caused it, each with the lines that led there, without a word of the data."""
    parts = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        places = (f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(one.__traceback__))
        parts.append("\n".join([f"{type(one).__module__}.{type(one).__qualname__}", *places]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\ncaused by ".join(parts)


def _versions() -> str:
    return ", ".join([f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)])


def _append(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Opened for one entry alone: the app and the command line write to the same file.
    handler = RotatingFileHandler(file, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    try:
        handler.handleError = _raise  # type: ignore[method-assign]
        handler.emit(logging.LogRecord(__name__, logging.ERROR, "", 0, text, None, None))
    finally:
        handler.close()


def _raise(record: logging.LogRecord) -> None:
    raise
