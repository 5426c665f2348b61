"""What one column says of another that the sheet lacks: the currency beside an amount ("500 $"), the kind of a document in
its name ("Возврат товаров от клиента 0000-000002 от 16.01.2026 12:00:00") or in that of the whole sheet ("Возвраты за март"),
the channel in the headers of a list of calls ("Call outcome"), the name of one of our people in its parts, the time beside a
day, companies in a list of contacts.

Knows recognised cells and header spellings; must not know files or the workspace. Headers stay as they are: they tell the
source of a sheet, and next week's cells may say other things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from kam import headers, spellings
from kam.conventions import number
from kam.currencies import FOREIGN, ROUBLES, SIGNS
from kam.moments import with_time, with_units
from kam.recognise import Column, Recognition
from kam.tables import load_tables

Saying = Callable[[pa.Table, Sequence[Column]], pa.ChunkedArray | None]

# Each code and word below has one of these: a column without them names no currency.
_TELLING = SIGNS + "рРuUyYkKgGfF"
_ROUBLE = re.compile(r"(?i:руб.*|р\.?|rub|rur|₽)")
_FIGURES = r"[\d\s.,()+\-−–—'’%\x{00a0}\x{202f}\x{2009}]+"
_ROUBLES = r"^(?i:руб(?:лей|ля|ль)?|р)$"
_CURRENCY = rf"^(?i:руб|{'|'.join((*ROUBLES, *FOREIGN))}|[{SIGNS}])$"
_BEHIND = (*SIGNS, *FOREIGN)
_SIGNED = rf"^\s*(\d+(?:\.\d+)?) (?:{'|'.join(map(re.escape, _BEHIND))})$"
_RETURNING = ("озврат", "ВОЗВРАТ", "торно", "eturn", "efund", "redit")
_CHANNELS = {
    "Звонок": r"^(?i:\w+( \w+)? звонка)$",
    "Встреча": r"^(?i:\w+( \w+)? встречи)$",
    "Call": r"^(?i:call (title|summary|notes|outcome|duration|direction|date|result).*)$",
    "Meeting": r"^(?i:meeting (title|name|notes|outcome|start time|date).*)$",
    "Email": r"^(?i:email (subject|body|send date|send status|direction).*)$",
}
_RETURNS = re.compile(r"\b(?:возврат(?:ы|ов|а|у|ам|ами|ах)?|returns?|refunds?)\b", re.IGNORECASE)
_SALES_RETURNS = re.compile(r"\bsales (?=returns?\b)", re.IGNORECASE)
# What else a name may speak of: sales, purchases, corrections, or that there are no returns.
_NOT_RETURNS = re.compile(
    r"прода|реализ|заказ|отгруз|выручк|оборот|сделк|закуп|поставщик|коррект|обмен|\b(?:без|кроме|за вычетом|минус|return (?:on|rate))\b"
    r"|sale|order|revenue|invoice|deal|shipment|purchase|supplier|vendor|correct|adjust|exchange|\b(?:without|except|excl|less|net)",
    re.IGNORECASE,
)
# How a common list of contacts and companies, as amoCRM exports it, heads and names what a row is.
_RECORDS_HEADED = ("тип", "типконтакта", "типзаписи", "type", "contacttype", "recordtype")
_RECORDS = {"контакт", "компания", "contact", "company"}
_NAME_PARTS = (("фамилия", "lastname", "surname"), ("имя", "firstname"), ("отчество", "middlename", "secondname"))
_KIND = r"^\s*(?P<kind>(?i:возврат|сторно|return|refund|credit).*?)\s+(?:№\s*)?[^\s№]*\d[^\s]*\s+от\s+\d{1,2}\.\d{1,2}\.\d{4}(?:\s.*)?$"


def with_implied(cells: pa.Table, recognition: Recognition) -> tuple[pa.Table, dict[str, str]]:
    """The cells with what they imply beside them, and for each field so filled the name of its column."""
    if recognition.table == "orders":
        return _with_kinds_of_money(cells, recognition)
    fields: dict[str, str] = {}
    for name, say in _sayings(recognition.table).items():
        if (said := say(cells, recognition.columns)) is not None:
            fields[name] = name
            cells = cells.append_column(name, said)
    return cells, fields


def _sayings(table: str | None) -> dict[str, Saying]:
    """What may be implied of which fields of a table."""
    spec = load_tables().get(table or "")
    moments = [name for name, kind in spec.columns.items() if kind == "datetime"] if spec else []
    times: dict[str, Saying] = {name: partial(with_time, field=name, is_main=spec is not None and name == spec.date) for name in moments}
    others: dict[str, dict[str, Saying]] = {
        "touches": {"channel": channel_of, "minutes": with_units},
        "staff": {"name": whole_names},
        "contacts": {"record": records, "role": roles},
    }
    return times | others.get(table or "", {})


def _with_kinds_of_money(cells: pa.Table, recognition: Recognition) -> tuple[pa.Table, dict[str, str]]:
    fields: dict[str, str] = {}
    sources: Mapping[str, tuple[Column | None, Callable[[pa.ChunkedArray, str], pa.ChunkedArray | None]]] = {
        "currency": (recognition.column_of("amount") or recognition.column_of("price"), currencies),
        "document_type": (recognition.column_of("order_id"), kinds),
    }
    for name, (source, say) in sources.items():
        if source is None or recognition.column_of(name) is not None:
            continue
        if (said := say(cells.column(source.index), source.header)) is not None:
            fields[name] = name
            cells = cells.append_column(name, said)
    return cells, fields


def without_signs(cells: pa.Table, recognition: Recognition) -> pa.Table:
    """The cells with bare numbers and days where a currency on a whole sheet made money of them: "1001 $" is client 1001."""
    types = load_tables()[recognition.table or ""].columns
    for column in recognition.columns:
        values = cells.column(column.index)
        if types.get(column.field or "") in ("id", "date", "datetime") and spellings.holds(values, (f" {sign}" for sign in _BEHIND)):
            cells = cells.set_column(column.index, cells.field(column.index), pc.replace_substring_regex(values, _SIGNED, r"\1"))
    return cells


def with_money_of_clients(cells: pa.Table, recognition: Recognition) -> tuple[pa.Table, list[str]]:
    """The cells with the currency of a header ("Потенциал, USD") beside each amount, and the currencies, roubles apart, that are named."""
    named: set[str] = set()
    columns = load_tables()["clients"].columns if recognition.table == "clients" else {}
    for column in recognition.columns:
        values = cells.column(column.index)
        if columns.get(column.field or "") != "amount" or (said := currencies(values, column.header)) is None:
            continue
        named.update(pc.unique(said.cast(pa.string()).drop_null()).to_pylist())
        unit = headers.unit_of(column.header)
        if unit and not _ROUBLE.fullmatch(unit):
            beside = pc.if_else(pc.is_null(_marks(values)), pc.binary_join_element_wise(values, unit, " "), values)
            cells = cells.set_column(column.index, cells.field(column.index), beside)
    return cells, sorted(name for name in named if not _ROUBLE.fullmatch(name))


def currencies(amounts: pa.ChunkedArray, header: str) -> pa.ChunkedArray | None:
    """The currency of each amount: its own, else that of the header ("Сумма, USD"); None where neither names one."""
    unit = headers.unit_of(header)
    said = _marks(amounts) if spellings.holds(amounts, _TELLING) else None
    if said is None or said.null_count == len(said):
        return pa.chunked_array([pa.repeat(unit, len(amounts)).dictionary_encode()]) if unit else None
    return pc.fill_null(said, unit) if unit else said


def _marks(amounts: pa.ChunkedArray) -> pa.ChunkedArray:
    """What stands beside the figures of each amount, where that is a currency."""
    marks = pc.replace_substring_regex(pc.replace_substring_regex(amounts, _FIGURES, ""), _ROUBLES, "руб")
    return pc.if_else(pc.match_substring_regex(marks, _CURRENCY), marks, pa.scalar(None, pa.string()))


def kinds(documents: pa.ChunkedArray, _: str = "") -> pa.ChunkedArray | None:
    """The kind of each document whose name says that it is a return: of the kinds they alone change a figure."""
    if not spellings.holds(documents, _RETURNING):
        return None
    said = pc.struct_field(pc.extract_regex(documents, _KIND), "kind")
    return said if said.null_count < len(said) else None


def returns(cells: pa.Table, recognition: Recognition, names: Sequence[str]) -> str | None:
    """The name that says that all orders of the sheet are returns, where their amounts and kinds do not say what they are.

    names: the sheet's and the file's; the first that speaks of either returns or something else decides.
    """
    if recognition.table != "orders" or recognition.column_of("document_type") is not None:
        return None
    told = [" ".join(re.split(r"[\s_+]+", name.strip())) for name in names]
    telling = (name for name in told if _RETURNS.search(name) or _NOT_RETURNS.search(name))
    name = next(telling, "")
    is_named = bool(name) and not _NOT_RETURNS.search(_SALES_RETURNS.sub("", name))
    return name if is_named and _are_positive(cells, recognition) else None


def _are_positive(cells: pa.Table, recognition: Recognition) -> bool:
    """Whether no amount is negative and some are there: returns written with a minus are understood as they are."""
    wanted = ("amount",) if recognition.column_of("amount") else ("quantity", "price")
    columns = [column for name in wanted if (column := recognition.column_of(name))]
    values = [value for column in columns for text in cells.column(column.index).to_pylist() if (value := number(text, column.style))]
    return bool(values) and min(values) > 0


def channel_of(cells: pa.Table, columns: Sequence[Column]) -> pa.ChunkedArray | None:
    """What a list of calls, meetings or letters is, by its headers, where no column says it and they name one of these alone."""
    if any(column.field in ("channel", "type", "kind") for column in columns):
        return None
    named = {name for name, header in _CHANNELS.items() if any(re.search(header, column.header) for column in columns)}
    return pa.chunked_array([pa.repeat(named.pop(), cells.num_rows).dictionary_encode()]) if len(named) == 1 else None


def whole_names(cells: pa.Table, columns: Sequence[Column]) -> pa.ChunkedArray | None:
    """Names put together of their parts, the surname first; None where another column than these holds the name."""
    at = {headers.key(column.header): column.index for column in columns if column.field in (None, "name")}
    parts = [next((at[name] for name in names if name in at), None) for names in _NAME_PARTS]
    name = next((column.index for column in columns if column.field == "name"), None)
    if None in parts[:2] or name not in parts:
        return None
    said = [cells.column(index).cast(pa.string()) for index in parts if index is not None]
    return pc.binary_join_element_wise(*said, " ", null_handling="skip")


def records(cells: pa.Table, columns: Sequence[Column]) -> pa.ChunkedArray | None:
    """What each row of a common list of contacts and companies is; None where no column says that of every row it fills."""
    column = _record_column(cells, columns)
    return None if column is None else cells.column(column.index).cast(pa.string())


def roles(cells: pa.Table, columns: Sequence[Column]) -> pa.ChunkedArray | None:
    """Nothing, where the column taken for roles only tells contacts from companies."""
    column = _record_column(cells, columns)
    return None if column is None or column.field != "role" else pa.chunked_array([pa.nulls(cells.num_rows, pa.string())])


def _record_column(cells: pa.Table, columns: Sequence[Column]) -> Column | None:
    named = [column for column in columns if column.field in (None, "role") and headers.key(column.header) in _RECORDS_HEADED]
    return next((column for column in named if _says_records(cells.column(column.index))), None)


def _says_records(values: pa.ChunkedArray) -> bool:
    said = {headers.fold(text) for text in pc.unique(values.cast(pa.string())).to_pylist() if text}
    return bool(said) and said <= _RECORDS


def scaled_money(recognition: Recognition) -> list[str]:
    """Headers of columns that would be money of the table, were they not in thousands or millions ("Потенциал, тыс. руб.")."""
    spec = load_tables()[recognition.table or ""]
    said = {column.header: headers.without_scale(column.header) for column in recognition.columns if column.field is None}
    meant = {header: next(iter(headers.matches(spec.name, bare)), None) for header, bare in said.items() if bare}
    return [
        header for header, match in meant.items()
        if match and spec.type_of(match.column) == "amount" and recognition.column_of(match.column) is None
    ]  # fmt: skip
