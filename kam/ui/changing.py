"""What a load changes, as the user sees it: how many rows are new, changed, gone, and which."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from kam.i18n import Translator
from kam.imports import SheetReport
from kam.tables import load_tables
from kam.ui.frame import Screen

COLUMNS = ("change", "row_number", "label", "column_name", "before", "after")
KINDS = ("new", "changed", "gone", "same")


def in_words(report: SheetReport, t: Translator) -> str:
    """"120 new, 3 changed, 2 gone, 4,000 as before"; empty where nothing was compared."""
    changes = report.changes
    if changes is None or report.table is None:
        return ""
    counts = {kind: getattr(changes, kind) for kind in KINDS}
    # A state table keeps what a newer export leaves out.
    missing = "missing" if load_tables()[report.table].kind == "state" else "gone"
    named = [(missing if kind == "gone" else kind, count) for kind, count in counts.items() if count]
    return ", ".join(t(f"upload.changes.{kind}", count=count) for kind, count in named)


def preview(screen: Screen, report: SheetReport) -> None:
    """The sentence of what will change, and the rows behind it in a table that opens."""
    words = in_words(report, screen.t)
    if not words:
        return
    st.markdown(screen.t("upload.will_change", changes=words))
    rows = report.changes.rows if report.changes else None
    if rows is None or rows.num_rows == 0:
        return
    key = f"changes_{report.file}_{report.sheet}"
    if st.toggle(screen.t("upload.show_changes"), key=f"show_{key}"):
        screen.table(key, _translated(rows, screen.t), columns=COLUMNS, file="ritm-changes", height=320)


def _translated(rows: pa.Table, t: Translator) -> pa.Table:
    columns = [None if name is None else t.get(f"columns.{name}", name) for name in rows.column("column_name").to_pylist()]
    return rows.set_column(rows.schema.get_field_index("column_name"), "column_name", pa.array(columns, pa.string()))
