"""Settings: every norm with its default and origin, the effect of a change before it is saved, the journal."""

from kam import ui
from kam.ui import norms_editor

with ui.page("settings", filters=(), works_empty=True) as screen:
    typed = norms_editor.editor(screen)
    if typed:
        norms_editor.review(screen, typed)
    norms_editor.reset(screen)
    norms_editor.journal(screen)
