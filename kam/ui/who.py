"""Who looks at the screen in this session: the user of the office mode, or None on a laptop."""

from __future__ import annotations

from kam.access import User


def current() -> User | None:
    """The one who signed in; None where no users are kept (KAM_USERS is not set)."""
    return None
