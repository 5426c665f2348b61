"""Five tries a minute, by name and by address. Counts in memory, for so many names and addresses at most."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable

LIMIT, WINDOW = 5, 60.0  # tries, seconds
KEPT = 10_000


class Tries:
    """The tries of the last minute. `now`: a clock in seconds that never goes back."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._made: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, keys: Iterable[str]) -> int:
        """Counts a try under each key and returns 0; where one of them has had its five, counts nothing and returns seconds to wait."""
        now = self._now()
        keys = list(keys)
        waits = [self._left(key, now) for key in keys]
        if any(waits):
            return max(waits)
        for key in keys:
            self._made.setdefault(key, deque(maxlen=LIMIT)).append(now)
            self._made.move_to_end(key)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return 0

    def forgive(self, keys: Iterable[str]) -> None:
        """Takes the last try under each key back: it was the right password."""
        for key in keys:
            made = self._made.get(key)
            if made:
                made.pop()

    def _left(self, key: str, now: float) -> int:
        made = self._made.get(key, deque())
        while made and now - made[0] >= WINDOW:
            made.popleft()
        return math.ceil(made[0] + WINDOW - now) if len(made) == LIMIT else 0


def address_key(host: str) -> str:
    """What an address counts under: itself, or for IPv6 the network of a household, which holds more addresses than can be counted."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"address {host[:64]}"
    if address.version == 6:
        return f"address {ipaddress.ip_network((address, 64), strict=False)}"
    return f"address {address}"
