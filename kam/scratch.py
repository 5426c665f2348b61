"""Folders for a while. Each bears the number of the process that made it, so that what a killed one left is known, and goes.

What lies in them is the user's data: it must not outlive its process by long. Knows nothing of what is put there.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = re.compile(r"ritm-[a-z]+-(\d+)-\w+")


@contextmanager
def folder(purpose: str) -> Iterator[Path]:
    """An empty folder of this process, gone at the end. `purpose`: one word of small letters, for whoever finds it."""
    with tempfile.TemporaryDirectory(prefix=f"ritm-{purpose}-{os.getpid()}-") as path:
        yield Path(path)


def lasting(purpose: str) -> Path:
    """An empty folder of this process that somebody else takes away, `sweep` after the end of the process at the latest."""
    return Path(tempfile.mkdtemp(prefix=f"ritm-{purpose}-{os.getpid()}-"))


def sweep() -> None:
    """Takes away the folders of processes that are no more; one that cannot be taken away is left to whoever owns it."""
    import psutil  # not at the top: the reading process starts lean

    for left in Path(tempfile.gettempdir()).glob("ritm-*"):
        named = _NAME.fullmatch(left.name)
        if named and not psutil.pid_exists(int(named[1])):
            shutil.rmtree(left, ignore_errors=True)
