"""Medians of two sides that take turns, and how they are shown."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def alternating(first: Callable[[], object], second: Callable[[], object], runs: int) -> tuple[float, float]:
    """The medians of both in seconds, run in turns so that a busy machine disturbs both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for side, work in enumerate((first, second)):
            started = time.perf_counter()
            work()
            if turn:  # the first turn warms up
                times[side].append(time.perf_counter() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def show(what: str, product: float, other: float) -> None:
    print(f"{what:26} {product * 1000:9.0f} ms  against {other * 1000:9.0f} ms   ratio {product / other:5.2f}", flush=True)
