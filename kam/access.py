"""Who may do what: users of the office mode and their roles. Knows no screen, no file and no cookie.

Without KAM_USERS (a laptop) there are no users: `None` stands for the one person at the machine, who may do everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["director", "manager", "viewer"]
ROLES: tuple[Role, ...] = ("director", "manager", "viewer")


@dataclass(frozen=True)
class User:
    """One who signed in. `manager`: for the role manager, the name under which the data know the person; else None."""

    name: str
    role: Role
    manager: str | None = None


def may_change(user: User | None) -> bool:
    """Whether this person may load, change settings, merge and close reviews: the director, or whoever sits at a laptop."""
    return user is None or user.role == "director"


def scope_of(user: User | None) -> str | None:
    """The manager whose clients alone this person may see; None sees everybody's."""
    return user.manager if user is not None and user.role == "manager" else None
