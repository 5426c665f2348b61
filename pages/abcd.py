"""ABCD: whom to defend, whom to grow, whom to serve cheaply; where the money still to be won is."""

import streamlit as st

from kam import ui
from kam.charts import abcd
from kam.ui import choosing, portfolio

with ui.page("abcd", needs=("orders",)) as screen:
    t, palette = screen.t, screen.palette
    summary = screen.fetch("marts.abcd_summary").to_pylist()[0]
    classes, clients = screen.fetch("marts.abcd_classes"), screen.fetch("marts.abcd_clients")
    st.markdown(portfolio.basis(screen, summary))
    screen.figures(portfolio.figures(screen, summary, clients))

    screen.chart(abcd.class_map(clients, summary, t, palette), "map", lambda point: portfolio.point(screen, clients, point))
    left, right = screen.halves()
    with left:
        choosing.chart(screen, abcd.class_bars(classes, summary, t, palette), "bars", "class_choice")
    with right:
        before_on, measure = choosing.comparison(screen)
        moved = screen.fetch("marts.class_migration", before_on=before_on)
        screen.chart(
            abcd.migration(moved, measure, t.day(before_on), t, palette),
            "moves",
            lambda point: portfolio.moves(screen, before_on, point),
        )

    screen.heading("abcd.list")
    screen.note("abcd.list_note")
    code = choosing.narrowed(
        screen, "class_choice", "class", abcd.CLASSES, lambda code: portfolio.class_source(screen, code, classes)
    )
    rows = screen.fetch("marts.abcd_clients", **{"class": code}) if code else clients
    screen.table(
        "clients",
        rows,
        columns=portfolio.CLIENT_COLUMNS,
        evidence=lambda row: portfolio.client(screen, row),
        totals=("revenue", "potential", "gap"),
    )

    screen.heading("abcd.moved", day=before_on)
    screen.table(
        "moved",
        screen.fetch("marts.class_moves", before_on=before_on),
        columns=portfolio.MOVE_COLUMNS,
        opens_client=True,
        totals=("revenue_before", "revenue", "revenue_change"),
    )
