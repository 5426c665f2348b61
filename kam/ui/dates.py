"""The button that gives what is due as a calendar file; the file is made when it is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from kam import diary
from kam.exports import ics
from kam.review import minutes_of
from kam.ui import downloads
from kam.ui.frame import Screen


def offer(screen: Screen, client_id: str | None = None, kinds: Sequence[str] = diary.KINDS, width: str = "content") -> None:
    """What is due in the view: of its manager, what that person has to do. kinds: of diary.KINDS."""
    file = f"{screen.t('calendar.file')}.ics"
    st.download_button(
        screen.t("calendar.offer"),
        data=downloads.on_record(partial(_made, screen, client_id, kinds), file),
        file_name=file,
        mime=ics.TYPE,
        key="calendar",
        icon=":material/event:",
        on_click="ignore",
        width=width,  # type: ignore[arg-type]
        help=screen.t("calendar.help"),
    )


def _made(screen: Screen, client_id: str | None, kinds: Sequence[str]) -> bytes:
    as_of, whose = screen.as_of or date.min, None if client_id else screen.filters.get("manager")
    found = diary.entries(screen.fetch, minutes_of(screen.ws).decisions(), as_of, whose, client_id)
    return ics.calendar((one for one in found if one.kind in kinds), screen.t)
