"""SQL: any question in one SELECT, with what can be asked beside it, the answer as table and chart, saved questions."""

import streamlit as st

from kam import ui
from kam.ui import asking

with ui.page("sql") as screen:
    asking.opened(screen)
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        asking.chooser(screen)
        asking.editor(screen)
    with right:
        asking.beside(screen)
    asking.answer(screen)
