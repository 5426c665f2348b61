"""Moments that the journal keeps in UTC, as the clock of this machine shows them."""

from __future__ import annotations

from datetime import datetime


def local_moment(written: str | None) -> datetime | None:
    """A moment written as ISO with its zone, in the time of this machine and without the zone."""
    return datetime.fromisoformat(written).astimezone().replace(tzinfo=None) if written else None
