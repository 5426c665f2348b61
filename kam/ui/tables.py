"""Tables: Arrow in; labels, formats, colours, search, paging, totals, selection and the xlsx download around it.

How a column looks follows from its name and type (kam.columns), so every screen shows it alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st
from streamlit.column_config import CheckboxColumn, Column

from kam.columns import Label, has_words, kind_of, kind_shown, label_of, worded, writer_of
from kam.exports import books
from kam.i18n import Translator
from kam.palette import Palette
from kam.ui import downloads
from kam.ui.failures import guarded
from kam.ui.text import escape
from kam.ui.theme import theme_palette

PAGE_ROWS = 1000
ROW_HEIGHT = 33
MAX_HEIGHT = 460
# Pixels for columns that hold a sentence; the others take what their words need.
WIDTHS: Mapping[str, int] = {"why": 470, "goal": 360, "distorts": 300, "action": 300}

def found(table: pa.Table, words: str, t: Translator) -> pa.Table:
    """The rows in which some text column, as it is read, holds the words, case and ё aside."""
    sought = words.strip().casefold().replace("ё", "е")
    if not sought:
        return table
    hits = None
    for column in worded(table, t).columns:
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        folded = pc.replace_substring(pc.utf8_lower(column), "ё", "е")
        hit = pc.fill_null(pc.match_substring(folded, sought), False)
        hits = hit if hits is None else pc.or_(hits, hit)
    return table if hits is None else table.filter(hits)


def _colours(codes: Sequence[Any], name: str, colours: Palette) -> list[str]:
    shades = [colours.of(name, str(code)) if code is not None else None for code in codes]
    return [f"color: {colours.ink(shade)}" if shade else "" for shade in shades]


def _styled(raw: pa.Table, t: Translator, colours: Palette) -> Any:
    """A pandas Styler: the values stay what they are, so sorting is right; what is read is in the language's marks."""
    frame = pd.DataFrame({name: column.to_pylist() for name, column in zip(raw.column_names, raw.columns, strict=True)})
    shown = worded(raw, t)
    for name in raw.column_names:
        if has_words(name, t):
            frame[name] = shown.column(name).to_pylist()
    styler = frame.style
    for name, column in zip(raw.column_names, raw.columns, strict=True):
        kind = kind_shown(name, column)
        writer = writer_of(kind, t)
        if kind in ("money", "cents", "percent", "decimal", "exact", "count"):
            frame[name] = pd.to_numeric(frame[name].astype("object"), errors="coerce")
        if kind in ("day", "moment"):
            frame[name] = pd.to_datetime(frame[name])
        if writer and kind != "flag":
            styler = styler.format(_or_nothing(writer), subset=[name])
        marks = _colours(column.to_pylist(), name, colours) if kind == "text" else []
        if any(marks):
            styler = styler.apply(lambda _, marks=marks: marks, subset=[name])
    return styler


def _or_nothing(writer: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "—" if pd.isna(value) else writer(value)


def _config(table: pa.Table, t: Translator, label: Label = label_of) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        make = CheckboxColumn if kind_of(name, column.type) == "flag" else Column
        hint = None if label is not label_of else t.get(f"columns.{name}_help", "") or None
        config[name] = make(label(name, t), help=hint, width=WIDTHS.get(name))
    return config


def _totals(table: pa.Table, names: Sequence[str], t: Translator) -> str:
    """What stands under the table: how many rows there are, and the totals asked for."""
    parts = []
    for name in names:
        writer = writer_of(kind_shown(name, table.column(name)), t) or str
        parts.append(f"{label_of(name, t)}: {escape(writer(pc.sum(table.column(name)).as_py()))}")
    rows = t("units.rows", count=table.num_rows)
    return t("table.total", rows=rows, what=" · ".join(parts)) if parts else rows


def _paged(table: pa.Table, key: str, t: Translator) -> tuple[pa.Table, int]:
    if table.num_rows <= PAGE_ROWS:
        return table, 0
    pages = -(-table.num_rows // PAGE_ROWS)
    left, right = st.columns([5, 1], vertical_alignment="center")
    page = right.number_input(t("table.page"), 1, pages, 1, key=f"{key}_page", label_visibility="collapsed")
    start = (int(page) - 1) * PAGE_ROWS
    part = table.slice(start, PAGE_ROWS)
    facts = {"first": start + 1, "last": start + part.num_rows, "total": table.num_rows}
    left.caption(t("table.cut", page=int(page), pages=pages, **facts))
    return part, start


def _height(rows: int) -> int:
    return min(MAX_HEIGHT, ROW_HEIGHT * (rows + 1) + 3)


def show(
    key: str,
    table: pa.Table,
    t: Translator,
    *,
    columns: Sequence[str] | None = None,
    totals: Sequence[str] = (),
    search: bool = True,
    on_select: Callable[[], None] | None = None,
    file: str = "ritm",
    height: int | None = None,
    label: Label = label_of,
    csv: bool = False,
) -> pa.Table:
    """Shows a table and gives back the rows of the page shown, all columns, in the order of the selection's numbers.

    on_select: called when the reader selects a row; the row's number is in st.session_state[key].
    label: what makes the heading of a column (kam.columns). csv: offered beside xlsx.
    """
    names = [name for name in (columns or table.column_names) if name in table.column_names]
    kept = found(table, _search(key, t), t) if search and table.num_rows > 10 else table
    if kept.num_rows == 0:
        st.caption(t("table.empty" if table.num_rows == 0 else "table.nothing_found"))
        return kept
    part, _ = _paged(kept, key, t)
    st.dataframe(
        _styled(part.select(names), t, theme_palette()),
        key=key,
        hide_index=True,
        column_config=_config(part.select(names), t, label),
        on_select="ignore" if on_select is None else guarded(on_select),
        selection_mode="single-row",
        height=height or _height(part.num_rows),
        row_height=ROW_HEIGHT,
        placeholder="—",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_totals(kept, totals, t), width="content")
        with st.container(horizontal=True, width="content"):
            xlsx_download(f"{key}_xlsx", kept.select(names), t, file, label)
            if csv:
                csv_download(f"{key}_csv", kept.select(names), t, file, label)
    return part


def _search(key: str, t: Translator) -> str:
    place, _ = st.columns([1, 2])
    return (
        place.text_input(
            t("table.search"),
            key=f"{key}_search",
            placeholder=t("table.search"),
            label_visibility="collapsed",
            icon=":material/search:",
        )
        or ""
    )


def book(title: str, table: pa.Table, t: Translator, label: Label = label_of) -> bytes:
    """One table as an xlsx book with the headings and words of the language."""
    return books.book([_sheet(title, table, t, label)], t.language)


def _sheet(title: str, table: pa.Table, t: Translator, label: Label = label_of) -> books.BookSheet:
    columns = [
        books.BookColumn(label(name, t), kind_of(name, column.type))
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return books.BookSheet(title, worded(table, t), tuple(columns))


def csv_download(key: str, table: pa.Table, t: Translator, file: str, label: Label = label_of) -> None:
    """The button that gives the table as csv, for another program."""
    st.download_button(
        t("table.download_csv"),
        data=downloads.on_record(lambda: books.csv_file(_sheet(file, table, t, label)), f"{file}.csv", table.num_rows),
        file_name=f"{file}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def xlsx_download(key: str, table: pa.Table, t: Translator, file: str, label: Label = label_of) -> None:
    """The button that gives the table as a book; it makes the book only when it is pressed: the data argument is a function."""
    st.download_button(
        t("table.download"),
        data=downloads.on_record(lambda: book(file, table, t, label), f"{file}.xlsx", table.num_rows),
        file_name=f"{file}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
