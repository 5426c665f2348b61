"""Who looks at the screen in this session: the user of the office mode, or None on a laptop."""

from __future__ import annotations

from html import escape

import streamlit as st

from kam.access import User
from kam.errors import KamError
from kam.gate import office
from kam.gate.signing_in import SIGN_OUT
from kam.i18n import Translator

OPENED_BY = "_opened_by"


def current() -> User | None:
    """The one who signed in; None where no users are kept (KAM_USERS is not set).

    Asked anew on every run: KamError once the session is over, where the server was started round its doors, and where this
    tab was opened by somebody else, whose choices it still holds.
    """
    kept = office()
    if kept is None:
        return None
    if not kept.is_guarded:
        raise KamError("gate.bypassed")
    session = kept.session(st.context.cookies)
    if session is None or st.session_state.setdefault(OPENED_BY, session.user) != session.user:
        raise KamError("gate.over")
    return session.user


def show(user: User | None, t: Translator) -> None:
    """Name, role and the way out, into the container that is current; nothing on a laptop."""
    if user is None:
        return
    st.html(
        f'<form class="kam-who" method="post" action="{SIGN_OUT}"><div><b>{escape(user.name)}</b>'
        f'<span>{escape(t(f"gate.roles.{user.role}"))}</span></div><button type="submit">{escape(t("gate.leave"))}</button></form>'
    )
