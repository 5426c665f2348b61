"""Weekly review: the agenda from the data, decisions as they fall, what became of the last ones; closed reviews as they were."""

from kam import ui
from kam.ui import meeting, raising, reviewing

with ui.page("review", filters=reviewing.offered(), needs=("orders",)) as screen:
    shown = reviewing.chosen(screen)
    if meeting.is_on(shown):
        meeting.show(screen, shown)
    else:
        reviewing.head(screen, shown)
        screen.figures(reviewing.figures(screen, shown))
        reviewing.agenda(screen, shown)
        raising.part(screen, shown)
        reviewing.silent(screen, shown)
        reviewing.whole(screen, shown)
        reviewing.set_aside(screen, shown)
        reviewing.decided(screen, shown)
        reviewing.every_decision(screen)
