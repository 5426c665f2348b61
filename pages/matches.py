"""Name matches: clients and our people whose names are nearly one, to be called one or two; the answers, undone as easily."""

from kam import ui
from kam.ui import colleagues, matching

with ui.page("matches", filters=(), needs=("clients",)) as screen:
    clients, people = screen.tabs("matches.tabs", clients=len(matching.pairs(screen)), people=len(colleagues.pairs(screen)))
    with clients:
        matching.show(screen)
    with people:
        colleagues.show(screen)
