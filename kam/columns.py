"""How a column of a table reads, on every screen and paper alike: its kind, its heading, its codes in words, its values in marks.

Knows the translator and Arrow, no screen and no file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kam.i18n import Translator, coded_columns

Label = Callable[[str, Translator], str]

LINE_MONEY = frozenset({"amount", "price", "margin", "discount", "list_price"})
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


def own_label(name: str, t: Translator) -> str:
    """The column's own name, as somebody typed it."""
    return name


def asked_label(name: str, t: Translator) -> str:
    """The heading of a column of a typed question: what people call revenue need not be that of twelve months."""
    return t.get(f"asked_columns.{name}", label_of(name, t))


def has_words(name: str, t: Translator) -> bool:
    """Whether the codes of a column have words (values.<name>.…)."""
    return name in coded_columns(t.language)


def writer_of(kind: str, t: Translator) -> Callable[[Any], str] | None:
    """What writes the values of a kind in the language; None for those that stand as they are."""
    writers: dict[str, Callable[[Any], str]] = {
        "money": t.money,
        "cents": lambda value: t.money(value, 2),
        "percent": t.percent,
        "day": t.day,
        "moment": t.moment,
        "count": lambda value: t.number(value, 0),
        "flag": lambda value: t("explore.yes" if value else "explore.no"),
        "decimal": lambda value: t.number(value, 1),
        "exact": lambda value: t.number(value, next((n for n in (0, 2, 4) if round(value, n) == value), 6)),
    }
    return writers.get(kind)


def kind_shown(name: str, column: pa.ChunkedArray) -> str:
    """The kind of a column, money of single lines to the hundredth where there are any: what is shown must add up."""
    kind = kind_of(name, column.type)
    if kind != "money" or name not in LINE_MONEY:
        return kind
    values = pc.cast(column, pa.float64())
    return "cents" if pc.any(pc.not_equal(values, pc.round(values))).as_py() else kind


def worded(table: pa.Table, t: Translator) -> pa.Table:
    """The table with codes turned into the words of the language, for reading and for xlsx."""
    for position, name in enumerate(table.column_names):
        if not has_words(name, t):
            continue
        codes = pc.unique(table.column(name).combine_chunks())
        words = pa.array([None if code is None else t.value(name, code) for code in codes.to_pylist()], pa.string())
        table = table.set_column(position, name, words.take(pc.index_in(table.column(name), codes)))
    return table
