"""Drawing: a mart's rows (Arrow) → a Plotly figure. The only home of plotly; one module a screen, common.py for all.

A chart takes (table, t, palette), computes nothing, and puts no name of the data into a label but through common.label.
A page imports the module of its screen: `from kam.charts import abcd`, then `abcd.class_bars(table, t, palette)`.
"""

from kam.charts.common import CONFIG

__all__ = ["CONFIG"]
