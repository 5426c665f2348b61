"""Orders in another currency: counted at the latest rate on or before the day, else left out with the reason; evidence kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kam import imports
from kam.imports import Upload
from kam.ui import evidence
from kam.workspace import Workspace
from tests.conftest import World

ORDERS = """
    client | date       | amount | currency
    А      | 2026-01-05 | 1000   | руб.
    А      | 2026-01-06 | 1000   | RUB
    А      | 2026-01-07 | 0      | RUB
    А      | 2026-01-08 | 0      | RUB
    А      | 2026-03-09 | 10     | USD
    А      | 2026-03-10 | 10     | $
    А      | 2026-03-20 | 10     | USD
"""


def amounts(world: World) -> dict[date, Decimal]:
    rows = world.rows("marts.evidence_orders", as_of="2026-12-31")
    return {row["ordered_on"]: row["amount"] for row in rows if row["given_currency"]}


def rejected(world: World) -> list[tuple[int, str, str]]:
    return [(row["row_number"], row["reason"], row["value"]) for row in world.rows("marts.rejected_rows")]


def test_without_rates_another_currency_is_left_out(world):
    world.given("orders", ORDERS)
    assert amounts(world) == {}
    assert rejected(world) == [(row, "other_currency", "USD") for row in (6, 7, 8)]


def test_a_rate_counts_from_its_day_till_the_next(world):
    world.given("orders", ORDERS)
    world.given("rates", "currency | date | rate\nUSD | 2026-03-09 | 90\nДоллар США | 2026-03-10 | 92.5058\nUSD | 2026-03-21 | 1000")
    assert amounts(world) == {
        date(2026, 3, 9): 900, date(2026, 3, 10): Decimal("925.058"), date(2026, 3, 20): Decimal("925.058"),
    }  # fmt: skip
    assert rejected(world) == []
    assert world.row("marts.client_classes", "А", as_of="2026-12-31")["revenue"] == Decimal("4750.116")


def test_before_the_first_rate_a_line_is_left_out_with_its_day(world):
    world.given("orders", ORDERS)
    world.given("rates", "currency | date | rate\nUSD | 2026-03-10 | 90")
    assert amounts(world) == {date(2026, 3, 10): 900, date(2026, 3, 20): 900}
    assert rejected(world) == [(6, "no_rate", "USD 2026-03-09")]


def test_a_rate_without_a_date_holds_always_where_none_has_one(world):
    world.given("orders", ORDERS)
    world.given("rates", "currency | date | rate\nUSD | | 80\nUSD | 2026-03-20 | 100")
    assert amounts(world) == {date(2026, 3, 9): 800, date(2026, 3, 10): 800, date(2026, 3, 20): 1000}


def test_a_rate_may_be_for_many_units_and_has_more_digits_than_money(world):
    ours = "А | 2026-03-09 | 1 | RUB\n" * 2
    world.given("orders", f"client | date | amount | currency\n{ours}А | 2026-03-09 | 1000000 | тенге")
    world.given("rates", "currency | rate | nominal\nKZT | 16.53217 | 100")
    assert amounts(world) == {date(2026, 3, 9): Decimal("165321.7")}


def test_of_two_loads_the_newer_counts_for_the_same_day_and_keeps_the_other_days(world):
    world.given("orders", ORDERS)
    world.given("rates", "currency | date | rate\nUSD | 2026-03-20 | 99", captured_on="2026-04-02")
    world.given("rates", "currency | date | rate\nUSD | 2026-03-09 | 90\nUSD | 2026-03-20 | 95", captured_on="2026-04-01")
    assert amounts(world) == {date(2026, 3, 9): 900, date(2026, 3, 10): 900, date(2026, 3, 20): 990}


def test_all_money_of_a_line_is_exchanged_and_a_return_stays_one(world):
    world.given("orders", """
        client | date       | amount | margin | discount | price | list_price | currency | document_type
        А      | 2026-03-09 | 1      |        |          |       |            | RUB      |
        А      | 2026-03-09 | 1      |        |          |       | 7          | RUB      |
        А      | 2026-03-09 | 10     | 3      | 1        | 5     | 6          | EUR      | Возврат
    """)
    world.given("rates", "currency | rate\nевро | 100")
    world.build()
    (row,) = [row for row in world.rows("marts.evidence_orders", as_of="2026-12-31") if row["given_currency"]]
    assert (row["amount"], row["given_amount"], row["given_currency"], row["rate"]) == (-1000, -10, "EUR", 100)
    world.workspace.close()
    with duckdb.connect(str(world.workspace.datasets.path(str(world.workspace.dataset_id))), read_only=True) as db:
        lines = db.execute("select margin, discount, price, list_price from core.order_lines where rate is not null").fetchall()
        own = db.execute("select list_price from core.order_lines where rate is null order by row_number").fetchall()
    assert (lines, own) == ([(300, 100, 500, 600)], [(None,), (7,)])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("| 2026-01-01 | 90", "currency_missing"),
        ("USD | 32.01.2026 | 90", "date_unreadable"),
        ("USD | 2026-01-01 | девяносто", "rate_unreadable"),
        ("USD | 2026-01-01 | 0", "rate_unreadable"),
        ("USD | 2026-01-01 | -1", "rate_unreadable"),
    ],
)
def test_a_rate_that_cannot_be_is_left_out_with_its_reason(world, row, reason):
    world.given("orders", ORDERS)
    world.given("rates", f"currency | date | rate\nEUR | 2026-01-01 | 100\n{row}")
    assert (3, reason) in [(number, why) for number, why, _ in rejected(world)]


def test_evidence_shows_the_other_currency_only_where_there_is_one(world):
    world.given("orders", ORDERS)
    rows = world.fetch("marts.evidence_orders", as_of="2026-12-31")
    wanted = ("ordered_on", "amount")
    assert evidence.columns(rows, wanted) == ["ordered_on", "amount", "file", "sheet", "row_number"]
    world.given("rates", "currency | rate\nUSD | 90")
    rows = world.fetch("marts.evidence_orders", as_of="2026-12-31")
    assert evidence.columns(rows, wanted)[2:5] == ["given_amount", "given_currency", "rate"]


@pytest.mark.parametrize(
    "text",
    [
        "Валюта;Дата;Курс\nДоллар США;01.03.2026;92,5058\nЕвро;01.03.2026;101,2\n",
        "nominal;data;curs;cdx\n1;01.03.2026;92,5058;Доллар США\n1;02.03.2026;92,5058;Доллар США\n",
        "Букв. код;Единиц;Курс\nUSD;1;92,5058\nKZT;100;16,5\n",
        "Валюта;Период;Курс;Кратность\nUSD;01.03.2026;9250,58;100\n",
        "currency,date,rate\nUSD,2026-03-01,92.5058\n",
    ],
)
def test_a_sheet_of_rates_is_recognised_and_lets_orders_count_that_did_not(tmp_path: Path, text: str):
    ws = Workspace(tmp_path / "workspace")
    (tmp_path / "orders.csv").write_text(
        "Клиент;Дата;Сумма;Валюта\nА;05.03.2026;1000;RUB\nА;06.03.2026;1000;RUB\nА;07.03.2026;10;USD\n", encoding="utf-8"
    )
    (tmp_path / "rates.csv").write_text(text, encoding="utf-8")
    (first,) = imports.load(ws, [Upload("orders.csv", tmp_path / "orders.csv")])
    (second,) = imports.load(ws, [Upload("rates.csv", tmp_path / "rates.csv")])
    assert (first.reasons, second.table, second.rows_rejected, second.error) == ({"other_currency": 1}, "rates", 0, None)
    assert sum(row["amount"] for row in ws.fetch("marts.evidence_orders").to_pylist()) == Decimal("2925.058")
    ws.close()


@pytest.mark.parametrize(("nameless", "counted", "currency"), [(1, 3, "USD"), (2, 4, "USD"), (3, 3, None)])
def test_a_foreign_currency_that_fewer_lines_name_than_none_is_not_the_workspaces(world, nameless, counted, currency):
    lines = [*(f"{n} | А | 2026-01-0{n} | 100 |" for n in range(1, nameless + 1)), *(f"{n} | А | 2026-01-0{n} | 100 | USD" for n in (5, 6))]
    world.given("orders", "order_id | client | date | amount | currency\n" + "\n".join(lines))
    assert world.rows("marts.data_extent")[0]["currency"] == currency
    assert world.fetch("marts.evidence_orders").num_rows == counted


def test_roubles_are_named_by_fewer_lines_and_the_workspaces_all_the_same(world):
    lines = "1 | А | 2026-01-01 | 100 |\n2 | А | 2026-01-02 | 100 |\n3 | А | 2026-01-03 | 100 | руб.\n4 | А | 2026-01-04 | 100 | USD"
    world.given("orders", "order_id | client | date | amount | currency\n" + lines)
    assert world.rows("marts.data_extent")[0]["currency"] == "RUB"
    assert [row["order_id"] for row in world.rows("marts.evidence_orders")] == ["3", "2", "1"]
