"""The theme of the reader's browser and its palette."""

from __future__ import annotations

import streamlit as st

from kam.palette import Palette, palette


def theme_palette() -> Palette:
    """The palette of the theme that the reader sees now; the light one while the browser has not said."""
    return palette(getattr(st.context.theme, "type", None))
