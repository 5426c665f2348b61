"""Dirty cells, one by one: what each macro makes of what real exports write. Null is unknown, never zero."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from kam import conventions, currencies, headers, implied, queries


@pytest.fixture(scope="module")
def db() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for macro in queries.macros():
        connection.execute(macro.text)
    return connection


def call(db: duckdb.DuckDBPyConnection, macro: str, *values: str | None) -> Any:
    holes = ", ".join("?" for _ in values)
    return db.execute(f"select {macro}({holes})", list(values)).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1 234,56", "comma", "1234.56"),
        ("1\u00a0234,56", "comma", "1234.56"),
        ("1\u202f234,56", "comma", "1234.56"),
        ("1.234,56", "comma", "1234.56"),
        ("1.234.567", "comma", "1234567"),
        ("1234.5", "comma", "1234.5"),
        ("(1 234,56)", "comma", "-1234.56"),
        ("5-", "comma", "-5"),
        ("−15,5", "comma", "-15.5"),
        ("9 000 ₽", "comma", "9000"),
        ("1 234 567,89 руб.", "comma", "1234567.89"),
        ("30%", "comma", "30"),
        ("1,234.56", "dot", "1234.56"),
        ("1,234,567", "dot", "1234567"),
        ("1.234", "dot", "1.234"),
        ("$1,000", "dot", "1000"),
        ("1e5", "dot", "100000"),
        ("17850.0", "dot", "17850"),
        ("0.30000000000000004", "dot", "0.3"),
        ("0", "dot", "0"),
        # What does not fit the convention of its column is unknown, not another number.
        ("1,234.56", "comma", None),
        ("12,5", "dot", None),
        ("1,23,4", "comma", None),
        ("—", "dot", None),
        ("-", "comma", None),
        ("", "dot", None),
        ("н/д", "comma", None),
        ("inf", "dot", None),
        ("NaN", "dot", None),
        ("1e30", "dot", None),
        ("12 34 шт", "comma", None),
        (None, "dot", None),
    ],
)
def test_parse_number(db: duckdb.DuckDBPyConnection, text: str | None, mark: str, number: str | None) -> None:
    assert call(db, "parse_number", text, mark) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "style", "day"),
    [
        ("2026-03-04", "dmy", "2026-03-04"),
        ("2026-03-04 00:00:00", "mdy", "2026-03-04"),
        ("2026-03-04T10:11:12Z", "dmy", "2026-03-04"),
        ("04.03.2026", "mdy", "2026-03-04"),
        ("04.03.2026 12:30:15", "dmy", "2026-03-04"),
        ("4.3.2026", "dmy", "2026-03-04"),
        ("15.07.2026г.", "dmy", "2026-07-15"),
        ("03/04/2026", "dmy", "2026-04-03"),
        ("03/04/2026", "mdy", "2026-03-04"),
        ("1/2/2026 3:05 PM", "mdy", "2026-01-02"),
        ("2026/03/04", "dmy", "2026-03-04"),
        ("04.03.26", "dmy", "2026-03-04"),
        ("04.03.98", "dmy", "1998-03-04"),
        ("3/4/26", "mdy", "2026-03-04"),
        ("3/4/26", "dmy", "2026-04-03"),
        ("10/12/98", "dmy", "1998-12-10"),
        ("12 03 04", "dmy", None),
        ("44927", "dmy", "2023-01-01"),
        ("44927.5", "dmy", "2023-01-01"),
        ("Реализация товаров и услуг 0000-000031 от 15.07.2026 12:00:00", "dmy", "2026-07-15"),
        ("29.02.2024", "dmy", "2024-02-29"),
        ("29.02.2026", "dmy", None),
        ("31.04.2026", "dmy", None),
        ("2026-13-01", "dmy", None),
        ("13/13/2026", "dmy", None),
        ("01.01.0001 0:00:00", "dmy", None),
        ("31.12.1899", "dmy", None),
        ("01.01.1900", "dmy", "1900-01-01"),
        ("31.12.2099", "dmy", "2099-12-31"),
        ("01.01.2100", "dmy", None),
        ("не закрыта", "dmy", None),
        ("123456", "dmy", None),
        ("", "dmy", None),
        (None, "dmy", None),
    ],
)
def test_parse_date(db: duckdb.DuckDBPyConnection, text: str | None, style: str, day: str | None) -> None:
    assert call(db, "parse_date", text, style) == (None if day is None else date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("04.03.2026", "2026-03-04 00:00:00"),
        ("04.03.2026 9:05", "2026-03-04 09:05:00"),
        ("2026-03-04T10:11:12Z", "2026-03-04 10:11:12"),
        ("3/4/2026 3:05 PM", "2026-04-03 15:05:00"),
        ("3/4/2026 12:05 AM", "2026-04-03 00:05:00"),
        ("3/4/2026 12:05 PM", "2026-04-03 12:05:00"),
        ("44927.75", "2023-01-01 18:00:00"),
        ("вчера 10:00", None),
    ],
)
def test_parse_time(db: duckdb.DuckDBPyConnection, text: str, moment: str | None) -> None:
    assert call(db, "parse_time", text, "dmy") == (None if moment is None else datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("text", "value"), [("00123", "00123"), ("7701234567.0", "7701234567"), ("12345678901234567890", "12345678901234567890"),
                        ("aBc", "aBc"), ("1.50", "1.50"), (" 7 ", "7"), ("", None), (None, None)],
)  # fmt: skip
def test_parse_id(db: duckdb.DuckDBPyConnection, text: str | None, value: str | None) -> None:
    assert call(db, "parse_id", text) == value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ООО «Альфа Строй»", "Альфа Строй, ООО"),
        ("ПАО Ёлка", "елка"),
        ("АО  \u00a0Бета", '"БЕТА"'),
        ("Acme Ltd.", "ACME"),
        ("Gamma GmbH", "gamma, gmbh"),
        ("Индивидуальный предприниматель Иванов И.И.", "Иванов И.И. ИП"),
        ("Непубличное акционерное общество «Заря»", "НАО Заря"),
        ("3АО Вектор", "Вектор (ЗАО)"),
        ("Глава КФХ Петров", "Петров, КФХ"),
        ("ФГУП «Почта»", "почта"),
        ("Acme Co., Ltd.", "Acme"),
        ("Weber AG", "WEBER"),
        ("Kot Sp. z o.o.", "Kot"),
        ("О.О.О. Ромашка", "Ромашка ООО"),
    ],
)
def test_spellings_of_one_client_fold_alike(db: duckdb.DuckDBPyConnection, one: str, other: str) -> None:
    assert call(db, "fold_name", one) == call(db, "fold_name", other)


@pytest.mark.parametrize(("one", "other"), [("Альфа", "Альфа 2"), ("Аорта", "Орта"), ("Ипотека", "Отека"), ("ООО", "АО"),
                         ("Иванова А.О.", "Иванова"), ("Петров И.П.", "Петров"), ("AG Motors", "Motors"), ("Co Lab", "Lab")])  # fmt: skip
def test_other_clients_stay_others(db: duckdb.DuckDBPyConnection, one: str, other: str) -> None:
    assert call(db, "fold_name", one) != call(db, "fold_name", other)


SIGNS = ["р.", "руб", "руб.", "рублей", *currencies.ROUBLES, *currencies.FOREIGN, "usd", "chf", *currencies.SIGNS]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_currency_that_an_amount_may_name_is_known_wherever_it_is_looked_for(db: duckdb.DuckDBPyConnection, sign: str) -> None:
    """The figure without it, in SQL and beside it; which currency it is; and that the column names one: else it is added up."""
    in_front = [] if sign == "р." else [f"{sign} 1 234,50"]
    for text in (f"1 234,50 {sign}", *in_front):
        assert call(db, "parse_number", text, "comma") == conventions.number(text, conventions.COMMA) == Decimal("1234.5")
        said = implied.currencies(pa.chunked_array([["100", text]]), "Сумма")
        assert said is not None and said.null_count == 1
        assert call(db, "parse_currency", said[1].as_py()) in {"RUB", "USD", "EUR", "GBP", "CNY", "JPY", "KZT", "BYN", "UAH", "TRY", "CHF"}
    assert headers.unit_of(f"Сумма, {sign}") is not None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Сделка успешна", "won"), ("Реализовано", "won"), ("Успешно реализовано", "won"),
        ("Closed Won", "won"), ("closedwon", "won"), ("Проведен", "won"),
        ("Закрыто и не реализовано", "lost"), ("Сделка провалена", "lost"), ("Closed Lost", "lost"), ("LOSE", "lost"),
        ("В работе", "open"), ("Prospecting", "open"), ("Engaging", "open"), ("Новая", "open"), ("Первичный контакт", "open"),
        ("Отменён", "cancelled"), ("Cancelled", "cancelled"), ("Не проведен", "cancelled"),
        ("Не оплачен", None), ("Unpaid", None), ("Замер", None), (None, None),
    ],
)  # fmt: skip
def test_deal_state(db: duckdb.DuckDBPyConnection, status: str | None, state: str | None) -> None:
    assert call(db, "deal_state", status) == state


@pytest.mark.parametrize(
    ("status", "state"),
    [("Завершена", "done"), ("Выполнено", "done"), ("Completed", "done"), ("Не выполнено", None), ("Not Held", None),
     ("Почти завершена", None), ("Выполняется", None), ("Ждет выполнения", None), ("Отложена", None),
     ("Отменена", "cancelled"), ("Отклонена", "cancelled"), ("Canceled", "cancelled"), (None, None)],
)  # fmt: skip
def test_promise_status(db: duckdb.DuckDBPyConnection, status: str | None, state: str | None) -> None:
    assert call(db, "promise_status", status) == state


@pytest.mark.parametrize(
    ("text", "flag"), [("Да", True), ("yes", True), ("1", True), ("true", True), ("+", True), ("Нет", False), ("0", False),
                       ("", None), (" ", None), ("—", False), ("-", False),
                       ("–", False), ("Х", True), ("v", True), ("может быть", None), (None, None)],
)  # fmt: skip
def test_parse_flag(db: duckdb.DuckDBPyConnection, text: str | None, flag: bool | None) -> None:
    assert call(db, "parse_flag", text) is flag


@pytest.mark.parametrize(
    ("text", "code"), [("руб.", "RUB"), ("₽", "RUB"), ("RUR", "RUB"), ("643", "RUB"), ("$", "USD"), ("EUR", "EUR"), ("kzt", "KZT"),
                       ("", None), (None, None)],
)  # fmt: skip
def test_parse_currency(db: duckdb.DuckDBPyConnection, text: str | None, code: str | None) -> None:
    assert call(db, "parse_currency", text) == code


@pytest.mark.parametrize(
    ("part", "whole", "ratio"),
    [("240", "300", 0.8), ("80.8", "101", 0.8), ("0.1", "0.3", 1 / 3), ("0", "5", 0.0), ("-5", "10", -0.5), ("1", "0", None), ("1", "-1", None)],
)  # fmt: skip
def test_ratio_is_exact_at_borders(db: duckdb.DuckDBPyConnection, part: str, whole: str, ratio: float | None) -> None:
    sql = f"select ratio({part}::decimal(18, 4), {whole}::decimal(18, 4))"
    assert db.execute(sql).fetchall()[0][0] == ratio


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("дек. 2025", "2025-12-01"), ("Январь 2026", "2026-01-01"), ("15 мая 2026 г.", "2026-05-15"), ("сентября 2026", "2026-09-01"),
        ("5 Mar 2026", "2026-03-05"), ("December 2025", "2025-12-01"), ("Маркетинг 2026", None), ("Декор 2026", None), ("31 июня 2026", None),
    ],
)  # fmt: skip
def test_months_in_words(db: duckdb.DuckDBPyConnection, text: str, day: str | None) -> None:
    assert call(db, "parse_date", text, "dmy") == (None if day is None else date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("12", 12), ("1,5", 1.5), ("0", 0), ("00:05:30", 5.5), ("0:05:30", 5.5), ("26:00:00", 1560), ("1:15", 75), ("00:05:30.4", 5.5),
        ("1:75", None), ("1:15:75", None), ("12:5", None), ("5 мин", 5), ("5 мин.", 5), ("5\u00a0минут", 5), ("1 ч 20 мин", 80), ("1ч20м", 80),
        ("1h20m", 80), ("1,5 часа", 90), ("2 hours", 120), ("1 час 5 минут 30 секунд", 65.5), ("90 сек", 1.5), ("1 м 30 с", 1.5),
        ("330000 мс", 5.5), ("330 000 ms", 5.5), ("5m 30s", 5.5), ("1899-12-31 01:12:00", 72), ("1900-01-01 01:12:00", 1512),
        ("2026-01-01 01:12:00", None), ("5 дней", None), ("мин", None), ("20 мин 1 ч", None), ("много", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_parse_minutes(db: duckdb.DuckDBPyConnection, text: str | None, minutes: float | None) -> None:
    assert call(db, "parse_minutes", text, "comma") == minutes


@pytest.mark.parametrize(
    ("text", "is_blank"),
    [(None, None), ("нет", True), ("Не указано", True), ("n/a", True), ("#Н/Д", True), ("(No value)", True), ("—", False), ("?", False),
     ("0", False), ("много", False), ("нет цены", False), ("-5", False)],
)  # fmt: skip
def test_a_blank_in_words(db: duckdb.DuckDBPyConnection, text: str | None, is_blank: bool | None) -> None:
    assert call(db, "is_blank_word", text) is is_blank
