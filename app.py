"""Home: the state of the client base in one look, or the invitation while the workspace is empty."""

import streamlit as st

from kam import ui
from kam.charts import home
from kam.ui import overview, pinning

with ui.page("home", needs=("orders",)) as screen:
    figures = screen.fetch("marts.home_figures")
    groups = screen.fetch("marts.home_groups")
    clients = screen.fetch("marts.home_clients")
    screen.figures(overview.figures(screen, figures, clients))
    review_place = st.container()
    left, right = screen.halves()
    for place, dimension in ((left, "class"), (right, "status")):
        with place:
            bars = home.groups(groups, figures, dimension, screen.t, screen.palette)
            screen.chart(bars, dimension, overview.group(screen, clients, dimension))
    screen.heading("home.decisions")
    screen.note("home.decisions_note")
    decisions = overview.decisions(screen, clients)
    screen.table("decisions", decisions, columns=overview.DECISION_COLUMNS, opens_client=True, search=False)
    with review_place:  # last: the agenda is the longest question, the page stands before it is answered
        overview.review_link(screen)
        pinning.show(screen)
