"""How a file gets a process that reads it: forked from a lean server where the system can fork, else started anew.

Owns the server's life and what a process said as it ended; must not know what is read. The server starts with the first
file, or ahead of it by `warm`, and ends with this process.
"""

from __future__ import annotations

import json
import logging
import os
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

FORKS = sys.platform.startswith("linux")
START_SECONDS = 60.0  # until a busy machine has brought the server or a process of its to life
GRACE = 5.0  # seconds after which an alarm must have ended a process

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_server: _Server | None = None


class _Server:
    """A running kam.readers_server and the socket that it takes its orders from."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kam.readers_server", str(theirs.fileno())],
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def is_ours(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None


def warm() -> None:
    """Have the server there before the first file is; returns at once."""
    if FORKS:
        _running()


def run(folder: Path, order: dict[str, Any], seconds: float) -> dict[str, Any] | None:
    """The answer of a process that was given this order and may write into `folder`; None where it died of it.

    A process that takes longer than `seconds` is ended, and the answer says so.
    """
    result = folder / "result.json"
    result.unlink(missing_ok=True)
    is_in_time = _fork(folder, order, seconds) if FORKS else _start(folder, order, seconds)
    if result.exists():
        answer: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return answer
    if not is_in_time:
        return {"error": "errors.too_slow", "facts": {"seconds": round(seconds)}}
    said = folder / "stderr"
    last_words = said.read_bytes()[-2000:].decode("utf-8", "replace") if said.exists() else ""
    _log.warning("the reading process ended without an answer: %s", last_words)
    return None


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parent.parent)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH")))),
        "PYTHONIOENCODING": "utf-8",
        # Each thread's heap and what an allocator keeps ready (KiB) count against the limit of memory.
        "MIMALLOC_ARENA_RESERVE": "65536",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "4",
    }


# Forked from the server.


def _running() -> _Server:
    global _server
    with _lock:
        if _server is None or not _server.is_ours():
            _server = _Server()
        return _server


def _fork(folder: Path, order: dict[str, Any], seconds: float) -> bool:
    """Whether the process ended in time, of itself or not; a server that has gone is followed by another one."""
    message = json.dumps({"folder": str(folder), "order": order, "seconds": seconds}).encode()
    for _ in range(2):
        server = _running()
        ours, theirs = os.pipe()
        began = time.monotonic()  # before the process can have set its alarm
        try:
            with suppress(BrokenPipeError, ConnectionError):
                socket.send_fds(server.orders, [message], [theirs])
            os.close(theirs)
            if _says(ours, START_SECONDS):
                _says(ours, seconds + GRACE)
                return time.monotonic() - began < seconds
        finally:
            os.close(ours)
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(GRACE)
    return True


def _says(pipe: int, seconds: float) -> bool:
    """Waits for a word in the pipe or for its end; whether there was a word."""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return bool(waiting.poll(seconds * 1000) and os.read(pipe, 1))


# Started anew.


def _start(folder: Path, order: dict[str, Any], seconds: float) -> bool:
    try:
        with (folder / "stderr").open("wb") as stderr:
            subprocess.run(
                [sys.executable, "-m", "kam.readers_child", str(folder)],
                input=json.dumps(order).encode(),
                env=_environment(),
                timeout=seconds,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return False
    return True
