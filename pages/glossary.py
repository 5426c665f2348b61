"""The glossary: every measure in words, its formula, the norms it hangs on with their values, where it is seen; searchable."""

from kam import ui
from kam.ui import glossary

with ui.page("glossary", filters=(), works_empty=True) as screen:
    glossary.show(screen)
