"""Exploring: any table, what to measure, by what, which rows; a chart, totals, the rows behind each cell, the same as SQL."""

from kam import ui
from kam.ui import explored, exploring

with ui.page("explore") as screen:
    exploring.starts(screen)
    asked = exploring.asked(screen)
    if asked:
        explored.show(screen, asked)
