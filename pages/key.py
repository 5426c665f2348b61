"""Key clients: who they are and by which criteria, how they are looked after, how many each manager leads."""

from kam import ui
from kam.charts import key as charts
from kam.ui import keying

with ui.page("key") as screen:
    cards, managers = screen.fetch("marts.key_clients"), screen.fetch("marts.key_managers")
    screen.figures(keying.figures(screen, cards, managers))
    screen.note("key.beside")
    screen.chart(
        charts.load(managers, screen.t, screen.palette), "load", lambda point: keying.manager_point(screen, managers, point)
    )
    screen.heading("key.card")
    screen.table("card", cards, columns=keying.COLUMNS, evidence=lambda row: keying.client(screen, row), totals=("revenue",))

    keying.management(screen)
