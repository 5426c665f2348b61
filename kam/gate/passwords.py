"""A password as its scrypt hash, and back to yes or no. Knows no user and no file."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from kam.errors import KamError

# 32 MB and about half a second of one core: what OWASP's cheat sheet asks of scrypt (2023), in its form with the least memory.
COST, BLOCK, PARALLEL = 2**15, 8, 3
MEMORY = 2**28  # bytes that a hash written with another cost may take
LONGEST = 256  # characters: a longer one only keeps the machine busy
SHORTEST = 10


def hashed(password: str) -> str:
    """The hash to keep: scrypt$cost$block$parallel$salt$digest. Raises KamError for a password too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise KamError("users.password_length", shortest=SHORTEST, longest=LONGEST)
    salt = secrets.token_bytes(16)
    return "$".join(["scrypt", *map(str, (COST, BLOCK, PARALLEL)), _text(salt), _text(_digest(password, salt, COST, BLOCK, PARALLEL))])


def fits(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept. Without one kept (an unknown user) the same work is done for the answer no."""
    _, cost, block, parallel, salt, digest = (kept or _nobody()).split("$")
    made = _digest(password[:LONGEST], base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(made, base64.b64decode(digest)) and kept is not None and len(password) <= LONGEST


def is_hash(text: str) -> bool:
    """Whether a text has the form that `hashed` writes, with a cost that can be paid."""
    parts = text.split("$")
    if len(parts) != 6 or parts[0] != "scrypt" or not all(part.isascii() and part.isdigit() for part in parts[1:4]):
        return False
    cost, block, parallel = (int(part) for part in parts[1:4])
    is_power = cost > 1 and cost & (cost - 1) == 0
    return is_power and block > 0 and 0 < parallel <= 16 and 128 * cost * block < MEMORY and all(map(_is_base64, parts[4:]))


def _nobody() -> str:
    return "$".join(["scrypt", *map(str, (COST, BLOCK, PARALLEL)), _text(bytes(16)), _text(bytes(32))])


def _digest(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=cost, r=block, p=parallel, maxmem=MEMORY, dklen=32)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _is_base64(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) >= 16
    except ValueError:
        return False
