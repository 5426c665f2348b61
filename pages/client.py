"""Client card: one client's orders, touches and promises in time, its class, status, norm, people."""

from kam import ui
from kam.ui import card, dates

with ui.page("client", needs=("clients",)) as screen:
    row = card.chosen(screen)
    if row:
        card.head(screen, row)
        screen.figures(card.figures(screen, row))
        card.timeline(screen, row, screen.fetch("marts.client_events", client_id=row["client_id"]))
        left, right = screen.halves()
        with left:
            card.norm(screen, row)
        with right:
            card.months(screen, row)
        dates.offer(screen, row["client_id"])
        card.details(screen, row)
