"""The audit log: who loaded, changed, decided, closed, asked and took away what, and when."""

from kam import ui
from kam.ui import auditing

with ui.page("audit", filters=(), works_empty=True) as screen:
    auditing.show(screen, auditing.chosen(screen))
