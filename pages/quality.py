"""Data quality: what is wrong in the data, which figure it spoils, where each row lies; empty columns, old tables."""

from kam import ui
from kam.charts import quality as charts
from kam.ui import quality

with ui.page("quality", filters=("manager",)) as screen:
    t, palette = screen.t, screen.palette
    data = quality.load(screen)
    screen.figures(quality.figures(screen, data))
    screen.note("quality.beside")

    screen.heading("quality.lists")
    quality.lists(screen, data)

    left, right = screen.halves()
    with left:
        screen.chart(
            charts.coverage(data.columns, t, palette), "coverage", lambda point: quality.column_point(screen, data, point)
        )
    with right:
        screen.chart(charts.tables(data.tables, t, palette), "tables", lambda point: quality.table_point(screen, data, point))
    left, right = screen.halves()
    with left:
        screen.chart(charts.delay(data.delays, t, palette), "delay", lambda point: quality.delay_point(screen, data, point))
    with right:
        screen.chart(
            charts.rejects(data.rejects, t, palette), "rejects", lambda point: quality.reject_point(screen, data, point)
        )
