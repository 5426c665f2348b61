"""Name matches: clients whose names are nearly one, to be called one client or two; the answers, undone as easily."""

from kam import ui
from kam.ui import matching

with ui.page("matches", filters=(), needs=("clients",)) as screen:
    matching.proposed(screen)
    matching.by_hand(screen)
    matching.kept(screen)
    matching.told_apart(screen)
