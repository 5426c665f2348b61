"""Touch rules: which activity counts as what, edited by hand or started from an unrecognised activity."""

from kam import ui
from kam.ui import rules_editor

with ui.page("rules", filters=(), works_empty=True) as screen:
    rules_editor.proposal(screen)
    rules_editor.editor(screen)
