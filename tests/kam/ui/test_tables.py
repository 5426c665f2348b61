"""How columns look, what a search finds, what goes into the xlsx."""

from decimal import Decimal

import fastexcel
import pyarrow as pa
import pytest

from kam.columns import kind_of, kind_shown, worded, writer_of
from kam.i18n import translator
from kam.ui.tables import book, found

RU = translator("ru")


@pytest.mark.parametrize(
    ("name", "type_", "kind"),
    [
        ("compliance", pa.float64(), "percent"),
        ("served_share", pa.float64(), "percent"),
        ("gap", pa.decimal128(18, 4), "money"),
        ("whatever", pa.decimal128(18, 4), "money"),
        ("due_on", pa.date32(), "day"),
        ("held_at", pa.timestamp("us"), "moment"),
        ("order_count", pa.int64(), "count"),
        ("mix", pa.float64(), "decimal"),
        ("is_key", pa.bool_(), "flag"),
        ("client_name", pa.string(), "text"),
    ],
)
def test_kind_follows_from_name_and_type(name, type_, kind):
    assert kind_of(name, type_) == kind


def test_search_puts_case_and_yo_aside_and_looks_in_every_text_column():
    table = pa.table({"client_name": ["Ёлка", "Сосна"], "manager": [None, "елкин"], "n": [1, 2]})
    assert found(table, " ЕЛК ", RU).num_rows == 2
    assert found(table, "сос", RU).column("n").to_pylist() == [2]
    assert found(table, "", RU).num_rows == 2
    assert found(pa.table({"n": [1]}), "x", RU).num_rows == 1


def test_search_finds_codes_by_their_words():
    table = pa.table({"status": ["lost", "new", None]})
    assert found(table, "потер", RU).to_pylist() == [{"status": "lost"}]
    assert found(table, "lost", RU).num_rows == 0


def test_money_of_lines_shows_hundredths_only_where_there_are_some():
    whole = pa.table({"amount": pa.array([Decimal("2.0000"), None], pa.decimal128(18, 4))})
    split = pa.table({"amount": pa.array([Decimal("2.5500"), Decimal(1)], pa.decimal128(18, 4))})
    assert kind_shown("amount", whole.column(0)) == "money"
    assert kind_shown("amount", split.column(0)) == "cents"
    assert kind_shown("revenue", split.column(0)) == "money"


def test_codes_are_words_and_classes_stay_classes():
    table = worded(pa.table({"status": ["lost", None], "class": ["A+", "D"]}), translator("ru"))
    assert table.to_pylist() == [{"status": "потерянный", "class": "A+"}, {"status": None, "class": "D"}]


def test_book_has_headings_and_words_of_the_language():
    table = pa.table({"client_name": ["=1+1"], "status": ["lost"], "gap": pa.array([Decimal("1.5")])})
    rows = fastexcel.read_excel(book("t", table, translator("en"))).load_sheet(0).to_arrow().to_pylist()
    assert rows == [{"Client": "=1+1", "Status": "lost", "Growth gap": 1.5}]


def test_rates_and_money_of_another_currency_are_written_whole():
    write = writer_of(kind_of("rate", pa.float64()), RU)
    assert write is not None
    assert [write(value) for value in (80.0, 80.5, 80.1234, 0.155321)] == ["80", "80,50", "80,1234", "0,155321"]
    assert kind_of("given_amount", pa.decimal128(18, 4)) == "exact"
