"""Our own grouped menu, because Streamlit's cannot be translated or carry the filters along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from kam.access import User, may_change
from kam.errors import KamError
from kam.i18n import Translator
from kam.ui import who

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Group:
    """A heading of the menu (menu.groups.<name>) and its pages."""

    name: str
    pages: tuple[str, ...]


# A page is in exactly one group; tests/test_architecture.py holds every file of pages/ to this.
MENU = (
    Group("review", ("review", "home")),
    Group("clients", ("key", "abcd", "lifecycle", "client")),
    Group("work", ("touches", "promises")),
    Group("questions", ("explore", "sql", "glossary")),
    Group("data", ("upload", "matches", "quality", "settings", "rules", "audit")),
)
# Pages that only change something, or tell who changed it: the director's. Pages about the whole base: no manager's.
DIRECTORS = frozenset({"upload", "matches", "settings", "rules", "audit"})
WHOLE = frozenset({"quality"})

ICONS: Mapping[str, str] = {
    "review": ":material/checklist:",
    "home": ":material/dashboard:",
    "key": ":material/key:",
    "abcd": ":material/grid_view:",
    "lifecycle": ":material/cycle:",
    "client": ":material/badge:",
    "touches": ":material/forum:",
    "promises": ":material/handshake:",
    "explore": ":material/pivot_table_chart:",
    "glossary": ":material/menu_book:",
    "sql": ":material/terminal:",
    "upload": ":material/upload_file:",
    "matches": ":material/merge:",
    "quality": ":material/fact_check:",
    "settings": ":material/tune:",
    "rules": ":material/rule:",
    "audit": ":material/policy:",
}


def script_of(name: str) -> str:
    """The script of a page, relative to the root: home is app.py, the others pages/<name>.py."""
    return "app.py" if name == "home" else f"pages/{name}.py"


def exists(name: str) -> bool:
    """Whether the page is there to be linked, for whoever looks."""
    return (ROOT / script_of(name)).is_file() and _is_open_here(name)


def _is_open_here(name: str) -> bool:
    try:
        return is_open(name, who.current())
    except KamError:  # the session is over, which the page itself says: the menu leads where anybody may go
        return name not in DIRECTORS | WHOLE


def is_open(name: str, user: User | None) -> bool:
    """Whether a user's role can use the page."""
    if may_change(user):
        return True
    is_manager = user is not None and user.role == "manager"
    return name not in DIRECTORS and not (is_manager and name in WHOLE)


def link(name: str, t: Translator, query: Mapping[str, str], label: str | None = None) -> None:
    """A link to a page that keeps language, date and filters; none where the page is closed to whoever looks."""
    if not exists(name):
        return
    st.page_link(
        script_of(name),
        label=label or t(f"{name}.menu"),
        icon=ICONS.get(name),
        query_params=dict(query),
        width="stretch" if label is None else "content",
    )


def show(t: Translator, query: Mapping[str, str]) -> None:
    """The whole menu, into the container that is current."""
    for group in MENU:
        pages = [name for name in group.pages if exists(name)]
        if not pages:
            continue
        st.caption(t(f"menu.{group.name}"))
        for name in pages:
            link(name, t, query)
