"""The frame of every screen: page, menu, filters, figures, tables, evidence, help. The only kam code with streamlit.

A page opens with it and passes data on; it computes nothing:

    from kam import charts, ui

    with ui.page("touches", needs=("orders", "touches")) as screen:
        table = screen.fetch("marts.touch_compliance")            # as_of and filters go along by themselves
        screen.figures([ui.Figure("touches.share_met", 0.79, "percent", evidence=...)])
        screen.chart(charts.touch_compliance(table, screen.t, screen.palette), key="compliance")
        screen.table("debtors", table, columns=("client_name", "class", "compliance"), evidence=...)

Words: t = screen.t; a page shows text only through screen.title/text/note, never as a literal.
"""

from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen, page
from kam.ui.sentences import with_sentence
from kam.ui.text import escape
from kam.ui.theme import theme_palette

__all__ = ["Evidence", "Figure", "Screen", "escape", "page", "theme_palette", "with_sentence"]
