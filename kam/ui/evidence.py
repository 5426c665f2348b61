"""Where a number comes from: its formula with the values put in, and the rows behind it with file, sheet and row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import streamlit as st

from kam.columns import Label, label_of
from kam.i18n import Translator
from kam.ui import failures, menu, tables
from kam.ui.text import escape_facts


@dataclass(frozen=True)
class Evidence:
    """What a number opens.

    title: whose number it is, in plain text (a client's name may stand here as it is in the data);
    rule: locale key of the sentence with the formula; `facts` are the values put into its placeholders;
    rows: the rows counted, or a function that fetches them when the dialog opens; they should have the columns
    file, sheet and row_number, which are shown first; columns: which others to show, in order (None: all);
    client_id: offers the link to the client's card; label: what makes the headings of the columns.
    """

    title: str
    rule: str
    facts: Mapping[str, object] = field(default_factory=dict)
    rows: pa.Table | Callable[[], pa.Table] | None = None
    columns: tuple[str, ...] | None = None
    client_id: str | None = None
    label: Label = label_of


KEY = "evidence"
SOURCE = ("file", "sheet", "row_number")
FOREIGN = ("given_amount", "given_currency", "rate")  # of order lines in another currency, shown where there are any
GIVEN = {"given_manager": "manager", "given_owner": "owner"}  # a name as the row spells it, shown beside where any differs


def columns(table: pa.Table, wanted: tuple[str, ...] | None) -> list[str]:
    """The columns to show: those wanted, names as they were given, what an amount was in another currency, where the rows stand."""
    shown = [name for name in (wanted or table.column_names) if name in table.column_names and name not in (*FOREIGN, *SOURCE)]
    spelled = [name for name in GIVEN if name in table.column_names and table.column(name).null_count < table.num_rows]
    shown = [part for name in shown if name not in GIVEN for part in (name, *(given for given in spelled if GIVEN[given] == name))]
    foreign = [name for name in FOREIGN if name in table.column_names and table.column(name).null_count < table.num_rows]
    behind = [name for name in SOURCE if name in table.column_names]
    return [*shown, *foreign, *behind]


def _body(evidence: Evidence, t: Translator, query: Mapping[str, str]) -> None:
    st.text(evidence.title)
    st.markdown(t(evidence.rule, **escape_facts(dict(evidence.facts))))
    if evidence.client_id and menu.exists("client"):
        menu.link("client", t, {**query, "client": evidence.client_id}, label=t("evidence.open_card"))
    rows = evidence.rows() if callable(evidence.rows) else evidence.rows
    if rows is None:
        return
    is_located = "row_number" in rows.column_names
    opens_card = not is_located and "client_id" in rows.column_names and menu.exists("client")
    said = "evidence.rows" if is_located else "evidence.clients" if opens_card else "evidence.parts"
    st.caption(t(said, count=rows.num_rows))
    part = tables.show(
        KEY,
        rows,
        t,
        columns=columns(rows, evidence.columns),
        on_select=_mark if opens_card else None,
        file=t("evidence.file"),
        label=evidence.label,
    )
    if st.session_state.pop(f"_asked_{KEY}", False):
        _open_card(part, query)


def _mark() -> None:
    st.session_state[f"_asked_{KEY}"] = True


def _open_card(part: pa.Table, query: Mapping[str, str]) -> None:
    """Goes from a client among the rows to its card, where its own rows are."""
    rows = st.session_state[KEY]["selection"]["rows"]
    if rows and rows[0] < part.num_rows:
        client_id = part.column("client_id")[rows[0]].as_py()
        st.switch_page(menu.script_of("client"), query_params={**query, "client": str(client_id)})


def _guarded(evidence: Evidence, t: Translator, query: Mapping[str, str]) -> None:
    # A dialog runs again on its own, out of the page's sight: it must put its failures into words itself.
    with failures.said(t):
        _body(evidence, t, query)


def open_dialog(evidence: Evidence, t: Translator, query: Mapping[str, str]) -> None:
    """Opens the dialog over the page; once per run at most."""
    st.dialog(t("evidence.title"), width="large", icon=":material/search_insights:")(lambda: _guarded(evidence, t, query))()
