"""Tables: Arrow in; labels, formats, colours, search, paging, totals, selection and the xlsx download around it.

How a column looks follows from its name and type (see `kind_of`), so every screen shows it alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st
from streamlit.column_config import CheckboxColumn, Column

from kam.exports import books
from kam.i18n import Translator, coded_columns
from kam.palette import Palette
from kam.ui import downloads
from kam.ui.text import escape
from kam.ui.theme import theme_palette

PAGE_ROWS = 1000
LINE_MONEY = frozenset({"amount", "price", "margin", "discount", "list_price"})
ROW_HEIGHT = 33
MAX_HEIGHT = 460
# Pixels for columns that hold a sentence; the others take what their words need.
WIDTHS: Mapping[str, int] = {"why": 470, "goal": 360, "distorts": 300, "action": 300}

_KINDS_BY_ENDING = (
    ("_on", "day"),
    ("_at", "moment"),
    ("_days", "decimal"),
    ("_count", "count"),
    ("_share", "percent"),
    ("_rate", "percent"),
)
_KINDS: Mapping[str, str] = {
    "share": "percent",
    "compliance": "percent",
    "revenue": "money",
    "amount": "money",
    "money": "money",
    "potential": "money",
    "gap": "money",
    "margin": "money",
    "discount": "money",
    "price": "money",
    "quantity": "decimal",
    "row_number": "count",
    "given_amount": "exact",
    "rate": "exact",
}


def kind_of(name: str, type_: pa.DataType) -> str:
    """The kind of a column: money, percent, day, moment, count, decimal, flag, code or text.

    By name first (share, compliance, *_share, *_rate: percent; revenue, gap, *money*: money; *_on: day; *_at: moment;
    *_count: count), then by type (decimal is money, float is decimal).
    """
    named = _kind_by_name(name, type_)
    if named is not None and _fits(named, type_):
        return named
    if pa.types.is_decimal(type_):
        return "money"
    if pa.types.is_boolean(type_):
        return "flag"
    if pa.types.is_timestamp(type_):
        return "moment"
    if pa.types.is_date(type_):
        return "day"
    if pa.types.is_integer(type_):
        return "count"
    return "decimal" if pa.types.is_floating(type_) else "text"


def _kind_by_name(name: str, type_: pa.DataType) -> str | None:
    if name in _KINDS:
        return _KINDS[name]
    if name.endswith("_days") and pa.types.is_integer(type_):
        return "count"
    if name.endswith(("_money", "_revenue", "_amount")):
        return "money"
    return next((kind for ending, kind in _KINDS_BY_ENDING if name.endswith(ending)), None)


def _fits(kind: str, type_: pa.DataType) -> bool:
    """A name only decides where the type can be that: what people ask themselves may be called anything."""
    if pa.types.is_null(type_):
        return True
    if kind in ("day", "moment"):
        return bool(pa.types.is_temporal(type_))
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def label_of(name: str, t: Translator) -> str:
    """The heading of a column: columns.<name>; a column without a word of its own shows its name."""
    return t.get(f"columns.{name}", name)


def has_words(name: str, t: Translator) -> bool:
    """Whether the codes of a column have words (values.<name>.…)."""
    return name in coded_columns(t.language)


def _writer(kind: str, t: Translator) -> Callable[[Any], str] | None:
    writers: dict[str, Callable[[Any], str]] = {
        "money": t.money,
        "cents": lambda value: t.money(value, 2),
        "percent": t.percent,
        "day": t.day,
        "moment": t.moment,
        "count": lambda value: t.number(value, 0),
        "decimal": lambda value: t.number(value, 1),
        "exact": lambda value: t.number(value, next((n for n in (0, 2, 4) if round(value, n) == value), 6)),
    }
    return writers.get(kind)


def _kind_shown(name: str, column: pa.ChunkedArray) -> str:
    """The kind of a column, money of single lines to the hundredth where there are any: what is shown must add up."""
    kind = kind_of(name, column.type)
    if kind != "money" or name not in LINE_MONEY:
        return kind
    values = pc.cast(column, pa.float64())
    return "cents" if pc.any(pc.not_equal(values, pc.round(values))).as_py() else kind


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


def worded(table: pa.Table, t: Translator) -> pa.Table:
    """The table with codes turned into the words of the language, for reading and for xlsx."""
    for position, name in enumerate(table.column_names):
        if not has_words(name, t):
            continue
        codes = pc.unique(table.column(name).combine_chunks())
        words = pa.array([None if code is None else t.value(name, code) for code in codes.to_pylist()], pa.string())
        table = table.set_column(position, name, words.take(pc.index_in(table.column(name), codes)))
    return table


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
        kind = _kind_shown(name, column)
        writer = _writer(kind, t)
        if kind in ("money", "cents", "percent", "decimal", "exact", "count"):
            frame[name] = pd.to_numeric(frame[name].astype("object"), errors="coerce")
        if kind in ("day", "moment"):
            frame[name] = pd.to_datetime(frame[name])
        if writer:
            styler = styler.format(_or_nothing(writer), subset=[name])
        marks = _colours(column.to_pylist(), name, colours) if kind == "text" else []
        if any(marks):
            styler = styler.apply(lambda _, marks=marks: marks, subset=[name])
    return styler


def _or_nothing(writer: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "—" if pd.isna(value) else writer(value)


def _config(table: pa.Table, t: Translator, own_names: bool = False) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        make = CheckboxColumn if kind_of(name, column.type) == "flag" else Column
        hint = None if own_names else t.get(f"columns.{name}_help", "") or None
        config[name] = make(name if own_names else label_of(name, t), help=hint, width=WIDTHS.get(name))
    return config


def _totals(table: pa.Table, names: Sequence[str], t: Translator) -> str:
    """What stands under the table: how many rows there are, and the totals asked for."""
    parts = []
    for name in names:
        writer = _writer(_kind_shown(name, table.column(name)), t) or str
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
    own_names: bool = False,
    csv: bool = False,
) -> pa.Table:
    """Shows a table and gives back the rows of the page shown, all columns, in the order of the selection's numbers.

    on_select: called when the reader selects a row; the row's number is in st.session_state[key].
    own_names: the headings are the columns' own names, as somebody typed them. csv: offered beside xlsx.
    """
    names = [name for name in (columns or table.column_names) if name in table.column_names]
    kept = found(table, _search(key, t), t) if search and table.num_rows > 10 else table
    if kept.num_rows == 0:
        st.caption(t("table.empty" if table.num_rows == 0 else "table.nothing_found"))
        return kept
    part, _ = _paged(kept, key, t)
    event: Any = "ignore" if on_select is None else on_select
    st.dataframe(
        _styled(part.select(names), t, theme_palette()),
        key=key,
        hide_index=True,
        column_config=_config(part.select(names), t, own_names),
        on_select=event,
        selection_mode="single-row",
        height=height or _height(part.num_rows),
        row_height=ROW_HEIGHT,
        placeholder="—",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_totals(kept, totals, t), width="content")
        with st.container(horizontal=True, width="content"):
            xlsx_download(f"{key}_xlsx", kept.select(names), t, file, own_names)
            if csv:
                csv_download(f"{key}_csv", kept.select(names), t, file, own_names)
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


def book(title: str, table: pa.Table, t: Translator, own_names: bool = False) -> bytes:
    """One table as an xlsx book with the headings and words of the language."""
    return books.book([_sheet(title, table, t, own_names)], t.language)


def _sheet(title: str, table: pa.Table, t: Translator, own_names: bool = False) -> books.BookSheet:
    columns = [
        books.BookColumn(name if own_names else label_of(name, t), kind_of(name, column.type))
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return books.BookSheet(title, worded(table, t), tuple(columns))


def csv_download(key: str, table: pa.Table, t: Translator, file: str, own_names: bool = False) -> None:
    """The button that gives the table as csv, for another program."""
    st.download_button(
        t("table.download_csv"),
        data=downloads.on_record(lambda: books.csv_file(_sheet(file, table, t, own_names)), f"{file}.csv", table.num_rows),
        file_name=f"{file}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def xlsx_download(key: str, table: pa.Table, t: Translator, file: str, own_names: bool = False) -> None:
    """The button that gives the table as a book; it makes the book only when it is pressed: the data argument is a function."""
    st.download_button(
        t("table.download"),
        data=downloads.on_record(lambda: book(file, table, t, own_names), f"{file}.xlsx", table.num_rows),
        file_name=f"{file}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
