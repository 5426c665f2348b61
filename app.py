"""Home: the state of the client base in one look, or the invitation while the workspace is empty; and the app that is served.

Streamlit runs this file as the page; the server imports it for `app`, which puts the doors of kam.gate before every page.
"""

import streamlit as st

from kam import ui
from kam.charts import home
from kam.ui import failures, overview, pinning, serving


def page() -> None:
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


if __name__ == "__main__":
    page()
else:
    app = st.App(__file__, middleware=serving.middleware(), on_script_error=failures.unforeseen)
