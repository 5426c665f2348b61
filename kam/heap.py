"""Memory that is free goes back to the system: a server that took in a large file once need not stay large."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


@contextmanager
def trimmed() -> Iterator[None]:
    """Whatever happens inside, what its libraries keep ready for next time is given back at the end."""
    try:
        yield
    finally:
        pa.default_memory_pool().release_unused()
        if sys.platform == "linux":
            trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc alone has it
            if trim is not None:
                trim(0)
