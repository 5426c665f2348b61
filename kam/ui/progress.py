"""The progress of a long piece of work, stage by stage, in words."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kam.i18n import Translator


def bar(t: Translator) -> Callable[[str, float], None]:
    """A bar in the current container, and the function that moves it: stage (stages.<stage>) and share 0–1."""
    shown = st.progress(0.0)

    def move(stage: str, share: float) -> None:
        shown.progress(min(max(share, 0.0), 1.0), t.get(f"stages.{stage}", stage))

    return move
