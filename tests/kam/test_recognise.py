"""Recognition: header row, table, columns, conventions; what is unsure is asked, what is not ours is left alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from kam import headers
from kam.body import body
from kam.conventions import date_convention, number_convention
from kam.readers import Sheet, read_file
from kam.readers_text import read_text
from kam.recognise import Correction, Recognition, recognise
from kam.tables import load_tables

SHARED = next(
    (folder / "shared" / "data" for folder in Path(__file__).resolve().parents if (folder / "shared" / "data").is_dir()),
    None,
)
real = pytest.mark.skipif(SHARED is None, reason="the files of real systems are not here")


def sheet(text: str) -> Sheet:
    return read_text(text.strip().encode(), "лист.csv")[0]


def of(header: str, *rows: str, **told: object) -> Recognition:
    return recognise(sheet("\n".join([header, *rows])), **told)  # type: ignore[arg-type]


def fields(recognition: Recognition) -> dict[str, str]:
    return {column.header: column.field for column in recognition.columns if column.field}


def keys(recognition: Recognition) -> list[str]:
    return [question.key for question in recognition.questions]


# The tables of the product itself, by name and in Russian.


@pytest.mark.parametrize("table", list(load_tables()))
def test_a_file_whose_headers_are_the_column_names_needs_no_mapping(table):
    columns = list(load_tables()[table].columns)
    found = of(";".join(columns), ";".join("x" for _ in columns))
    assert (found.table, fields(found), found.questions) == (table, {name: name for name in columns}, ())


@pytest.mark.parametrize("table", list(load_tables()))
def test_a_file_in_russian_needs_no_mapping(table):
    own = {column: entry[0]["headers"][1] for column, entry in _dictionary()["tables"][table].items()}
    found = of(";".join(own.values()), ";".join("x" for _ in own))
    assert (found.table, fields(found)) == (table, {header: column for column, header in own.items()})


def _dictionary() -> dict:
    import yaml

    return yaml.safe_load(headers.HEADERS_FILE.read_text(encoding="utf-8"))


def test_the_dictionary_names_no_column_that_a_table_does_not_have():
    assert {table: sorted(columns) for table, columns in _dictionary()["tables"].items()} == {
        table: sorted(spec.columns) for table, spec in load_tables().items()
    }


# Exports of systems.


@pytest.mark.parametrize(
    ("header", "table", "expected"),
    [
        (
            "ID;Название компании;Тип компании;Ответственный;Сфера деятельности;Кол-во сотрудников;Годовой оборот;Дата создания",
            "clients",
            {
                "ID": "client_id",
                "Название компании": "client_name",
                "Тип компании": "segment",
                "Ответственный": "manager",
                "Сфера деятельности": "industry",
                "Кол-во сотрудников": "employees",
                "Годовой оборот": "turnover",
            },
        ),
        (
            "ID;Название сделки;Ответственный;Дата создания сделки;Бюджет ₽;Этап сделки;Воронка;Компания;Дата закрытия",
            "orders",
            {
                "ID": "order_id",
                "Ответственный": "manager",
                "Бюджет ₽": "amount",
                "Этап сделки": "status",
                "Компания": "client",
                "Дата закрытия": "date",
            },
        ),
        (
            "Record ID;Deal Name;Deal Stage;Close Date;Deal owner;Amount;Associated Company;Associated Company IDs",
            "orders",
            {
                "Record ID": "order_id",
                "Deal Stage": "status",
                "Close Date": "date",
                "Deal owner": "manager",
                "Amount": "amount",
                "Associated Company": "client",
                "Associated Company IDs": "client_id",
            },
        ),
        (
            "Record ID;Company name;Company owner;Industry;Number of Employees;Annual Revenue;Country/Region",
            "clients",
            {
                "Record ID": "client_id",
                "Company name": "client_name",
                "Company owner": "manager",
                "Industry": "industry",
                "Number of Employees": "employees",
                "Annual Revenue": "turnover",
                "Country/Region": "region",
            },
        ),
        (
            "Opportunity Owner;Account Name;Opportunity Name;Stage;Close Date;Amount;Amount Currency",
            "orders",
            {
                "Opportunity Owner": "manager",
                "Account Name": "client",
                "Stage": "status",
                "Close Date": "date",
                "Amount": "amount",
                "Amount Currency": "currency",
            },
        ),
        (
            "Deal - ID;Deal - Title*;Deal - Value;Deal - Currency;Deal - Organization;Deal - Owner;Deal - Status;Deal - Won time",
            "orders",
            {
                "Deal - ID": "order_id",
                "Deal - Value": "amount",
                "Deal - Currency": "currency",
                "Deal - Organization": "client",
                "Deal - Owner": "manager",
                "Deal - Status": "status",
                "Deal - Won time": "date",
            },
        ),
        (
            "Activity - ID;Activity - Type;Activity - Subject*;Activity - Marked as done time;Activity - Organization;"
            "Activity - Assigned to user;Activity - Duration;Activity - Note",
            "touches",
            {
                "Activity - ID": "touch_id",
                "Activity - Type": "type",
                "Activity - Subject*": "subject",
                "Activity - Marked as done time": "held_on",
                "Activity - Organization": "client",
                "Activity - Assigned to user": "manager",
                "Activity - Duration": "minutes",
                "Activity - Note": "text",
            },
        ),
        (
            "Order Reference;Creation Date;Customer;Salesperson;Total;Status",
            "orders",
            {
                "Order Reference": "order_id",
                "Creation Date": "date",
                "Customer": "client",
                "Salesperson": "manager",
                "Total": "amount",
                "Status": "status",
            },
        ),
        (
            "id;name;accountName;stage;amount;amountCurrency;closeDate;assignedUserName;createdAt",
            "orders",
            {
                "id": "order_id",
                "accountName": "client",
                "stage": "status",
                "amount": "amount",
                "amountCurrency": "currency",
                "closeDate": "date",
                "assignedUserName": "manager",
            },
        ),
        (
            "Документ;Дата;Контрагент;Контрагент.ИНН;Номенклатура;Количество;Цена;Сумма;Менеджер;Валюта",
            "orders",
            {
                "Документ": "order_id",
                "Дата": "date",
                "Контрагент": "client",
                "Контрагент.ИНН": "tax_id",
                "Номенклатура": "product",
                "Количество": "quantity",
                "Цена": "price",
                "Сумма": "amount",
                "Менеджер": "manager",
                "Валюта": "currency",
            },
        ),
        (
            "Код;Наименование;Основной менеджер;Бизнес-регион;Дата регистрации;ИНН",
            "clients",
            {
                "Код": "client_id",
                "Наименование": "client_name",
                "Основной менеджер": "manager",
                "Бизнес-регион": "region",
                "Дата регистрации": "client_since",
                "ИНН": "tax_id",
            },
        ),
        (
            "Полное имя контакта;Компания;Должность;Рабочий телефон;Рабочий email;Дата рождения",
            "contacts",
            {
                "Полное имя контакта": "name",
                "Компания": "client",
                "Должность": "title",
                "Рабочий телефон": "phone",
                "Рабочий email": "email",
                "Дата рождения": "birthday",
            },
        ),
        (
            "Номер обращения;Клиент;Дата обращения;Дата ответа;Ответить до;Тема;Критичность;Устранено",
            "requests",
            {
                "Номер обращения": "request_id",
                "Клиент": "client",
                "Дата обращения": "received_at",
                "Дата ответа": "answered_at",
                "Ответить до": "answer_due_on",
                "Тема": "subject",
                "Критичность": "severity",
                "Устранено": "fixed_on",
            },
        ),
        (
            "request_id;client;received_at;answered_at;answer_due_on;subject;severity;fixed_on",
            "requests",
            {
                "request_id": "request_id",
                "client": "client",
                "received_at": "received_at",
                "answered_at": "answered_at",
                "answer_due_on": "answer_due_on",
                "subject": "subject",
                "severity": "severity",
                "fixed_on": "fixed_on",
            },
        ),
        (
            "Subject;Activity Date;Account Name;Assigned To;Type;Comments",
            "touches",
            {
                "Subject": "subject",
                "Activity Date": "held_on",
                "Account Name": "client",
                "Assigned To": "manager",
                "Type": "type",
                "Comments": "text",
            },
        ),
        (
            "Тип;Название;Начало;Дата создания;Клиент;Ответственный;Описание",
            "touches",
            {
                "Тип": "type",
                "Название": "subject",
                "Начало": "held_on",
                "Дата создания": "created_at",
                "Клиент": "client",
                "Ответственный": "manager",
                "Описание": "text",
            },
        ),
    ],
)
def test_exports_of_systems_are_recognised(header, table, expected):
    found = of(header, ";".join("x" for _ in header.split(";")))
    assert (found.table, fields(found)) == (table, expected)


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("Код клиента;ИНН;Наименование", "clients"),
        ("ID,Company name,INN".replace(",", ";"), "clients"),
        ("Код;Наименование;ИНН;Телефон;Email;Основной менеджер", "clients"),
        ("Наименование;Телефон;Email;ИНН", None),  # companies or people: nothing tells, so it is asked
        ("Компания;Имя;Телефон;Email", "contacts"),
        ("Контрагент;Контакт;Телефон", "contacts"),
        ("Due date;Task Status;Company name;Company owner;Title", "promises"),
    ],
)
def test_companies_with_phones_are_not_people(header, table):
    assert of(header, ";".join("x" for _ in header.split(";"))).table == table


def test_a_name_in_parts_is_a_name_with_its_parts():
    found = of("ID;Имя;Отчество;Фамилия;Компания;Должность", "1;Иван;Петрович;Сидоров;Альфа;Директор")
    assert fields(found) == {
        "ID": "contact_id", "Имя": "first_name", "Отчество": "middle_name", "Фамилия": "name", "Компания": "client", "Должность": "title",
    }  # fmt: skip


# Traps.


@pytest.mark.parametrize(
    "header",
    [
        "Ответственный за контакт",
        "Contact Owner",
        "Номенклатура.Основной менеджер",
        "Название сделки",
        "Deal Name",
        "Opportunity Name",
        "Account Site",
        "ID ответственного",
        "Скидка, %",
        "Сумма, тыс. руб.",
    ],
)
def test_what_belongs_to_something_else_is_never_taken(header):
    found = of(f"Дата;Клиент;Сумма;{header}", "01.02.2026;А;1;x")
    assert found.table == "orders"
    assert fields(found) == {"Дата": "date", "Клиент": "client", "Сумма": "amount"}


def test_the_code_beside_goods_is_no_client():
    found = of("Дата;Контрагент;Контрагент.Код;Номенклатура;Код;Сумма", "01.02.2026;А;001;Б;002;1")
    assert fields(found)["Контрагент.Код"] == "client_id"
    assert "Код" not in fields(found)


def test_the_company_of_the_deal_comes_before_that_of_the_contact():
    found = of("Компания контакта;Компания;Дата;Сумма", "А;Б;01.02.2026;1")
    assert fields(found) == {"Компания": "client", "Дата": "date", "Сумма": "amount"}
    alone = of("Компания контакта;Дата;Сумма", "А;01.02.2026;1")
    assert fields(alone)["Компания контакта"] == "client"


def test_a_creation_date_is_the_date_only_when_there_is_no_better_one():
    both = of("Клиент;Сумма;Дата создания;Дата закрытия;Стадия сделки", "А;1;01.02.2026;02.02.2026;x")
    alone = of("Клиент;Сумма;Дата создания;Стадия сделки", "А;1;01.02.2026;x")
    assert (both.column_of("date").header, alone.column_of("date").header) == ("Дата закрытия", "Дата создания")


@pytest.mark.parametrize(
    "header",
    [
        "СУММА",
        " сумма ",
        "Сумма *",
        "Сумма:",
        "Cумма",
        "Сумма, руб.",
        "Сумма (₽)",
        "Сумма руб",
        "сумма\u00a0заказа",
        "Сумма\u202fзаказа",
    ],
)
def test_spelling_of_a_header_does_not_matter(header):
    assert of(f"Дата;Клиент;{header}", "01.02.2026;А;1").column_of("amount").evidence == "header"


def test_yo_is_ye():
    assert headers.key("Партнёр") == headers.key("ПАРТНЕР")


def test_a_near_spelling_is_taken_and_said_to_be_near():
    column = of("Дата закрытя;Клиент;Сумма", "01.02.2026;А;1").column_of("date")
    assert (column.evidence, column.score < 0.9) == ("header_near", True)


def test_doubled_and_nameless_headers_have_names_of_their_own():
    found = of("Дата;Клиент;Сумма;Товар;Товар;", "01.02.2026;А;1;x;y;z")
    assert [column.header for column in found.columns] == ["Дата", "Клиент", "Сумма", "Товар", "Товар (2)", "#6"]
    assert fields(found)["Товар"] == "product"


def test_columns_without_header_and_cells_are_dropped():
    assert [column.header for column in of("Дата;;Клиент;Сумма", "01.02.2026;;А;1").columns] == [
        "Дата",
        "Клиент",
        "Сумма",
    ]


# The header row.


def test_the_header_is_found_under_a_preamble():
    found = recognise(sheet("Отчёт по продажам;;\nПериод: март 2026;;\n\nМенеджер: Иванов;;\nДата;Клиент;Сумма\n01.03.2026;А;1"))
    assert (found.table, found.header_row) == ("orders", 5)


def test_a_sheet_without_header_is_asked_about():
    found = of("01.02.2026;Альфа;100", "02.02.2026;Бета;200")
    assert (found.table, found.header_row, keys(found)) == (None, 0, ["recognise.no_header"])


def test_a_sheet_without_header_can_be_told():
    told = Correction("orders", {"#1": "date", "#2": "client", "#3": "amount"})
    found = recognise(sheet("01.02.2026;Альфа;100\n02.02.2026;Бета;200"), told=told)
    assert (found.table, [column.evidence for column in found.columns], found.questions) == ("orders", ["user"] * 3, ())
    assert body(sheet("01.02.2026;Альфа;100\n02.02.2026;Бета;200"), found).row_numbers.to_pylist() == [1, 2]


def test_an_export_with_many_columns_of_its_own_is_ours_all_the_same():
    own = [f"Доп. поле {letter}" for letter in "абвгдежзиклмнопрстуфхцчшщэюя"] * 3
    header = ";".join(["ID", "Название сделки", "Компания", "Бюджет", "Дата закрытия", *own])
    found = of(header, ";".join("x" for _ in header.split(";")))
    assert (found.table, found.questions) == ("orders", ())


# What is lacking is asked.


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Номер заказа;Дата;Сумма;Менеджер", "recognise.missing_client"),
        ("Номер заказа;Дата;Клиент;Менеджер;Товар", "recognise.missing_amount"),
        ("Номер заказа;Клиент;Сумма;Товар", "recognise.missing_date"),
        ("product;series;sales_price", "recognise.missing_several"),
        ("шерсть;хвост;лапы", "recognise.unknown_table"),
    ],
)
def test_a_sheet_without_what_a_table_needs_is_no_table(header, key):
    found = of(header, ";".join("x" for _ in header.split(";")))
    assert (found.table, keys(found)[0]) == (None, key)


def test_an_amount_can_be_made_from_quantity_and_price():
    found = of("Дата;Клиент;Количество;Цена", "01.02.2026;А;2;3")
    assert (found.table, found.questions) == ("orders", ())
    assert keys(of("Дата;Клиент;Количество;Товар", "01.02.2026;А;2;x")) == ["recognise.missing_amount"]


def test_a_date_that_no_header_names_is_proposed_by_its_values_and_asked():
    found = of("Клиент;Сумма;Номер заказа;Колонка", "А;1;x;01.02.2026", "Б;2;y;02.02.2026")
    column = found.column_of("date")
    assert (column.header, column.evidence, keys(found)) == ("Колонка", "values", ["recognise.confirm_values"])
    assert found.questions[0].column_index == 3


def test_a_column_nobody_names_has_options_by_its_values():
    column = of("Клиент;Сумма;Дата;Колонка", "А;1;01.02.2026;5,5").columns[3]
    assert (column.field, column.options[0]) == (None, "margin")


def test_the_named_table_is_taken():
    found = of("Дата;Клиент;Комментарий", "01.02.2026;А;x", table="touches")
    assert (found.table, fields(found)) == ("touches", {"Дата": "held_on", "Клиент": "client", "Комментарий": "text"})
    assert keys(of("Дата;Сумма", "01.02.2026;1", table="orders")) == ["recognise.missing_client"]


# Corrections.


def test_a_remembered_correction_wins_over_the_dictionary():
    header, row = "Дата;Покупатель;Сумма;Сумма с НДС", "01.02.2026;А;1;2"
    first = of(header, row)
    correction = Correction.from_dict(Correction("orders", {"Сумма с НДС": "amount", "Сумма": None}).to_dict())
    found = of(header, row, remembered=correction)
    assert found.fingerprint == first.fingerprint
    assert (first.column_of("amount").header, found.column_of("amount").header) == ("Сумма", "Сумма с НДС")
    assert (found.column_of("amount").evidence, found.column_of("date").evidence) == ("remembered", "header")


def test_what_the_user_says_now_wins_over_what_is_remembered():
    found = of(
        "Дата;Клиент;Сумма;Итог",
        "01.02.2026;А;1;2",
        remembered=Correction("orders", {"Итог": "margin"}),
        told=Correction("orders", {"Итог": "discount"}),
    )
    assert fields(found)["Итог"] == "discount"


def test_the_fingerprint_is_of_the_headers_alone():
    assert of("Дата;Клиент;Сумма", "01.02.2026;А;1").fingerprint == of("дата;КЛИЕНТ;сумма ", "x;y;z").fingerprint
    assert of("Дата;Клиент;Сумма", "x;y;z").fingerprint != of("Дата;Клиент;Сумма;Товар", "x;y;z;q").fingerprint


# Conventions.


@pytest.mark.parametrize(
    ("values", "style"),
    [
        (["13/02/2026", "01/02/2026"], "dmy"),
        (["02/13/2026", "01/02/2026"], "mdy"),
        (["1/2/2026 10:15", "2/28/2026 9:00"], "mdy"),
        (["01-02-2026", "31-01-2026"], "dmy"),
        (["05/05/2026", "06/06/2026"], "dmy"),
        (["01/02/2026", "12/12/2026"], None),
        (["13/02/2026", "02/13/2026"], None),
        (["01.02.2026", "03.04.2026 10:00:00", "не закрыта", None], "dmy"),
        (["2026-02-01", "45000", "01.01.0001"], "dmy"),
        ([None], "dmy"),
    ],
)
def test_dates_follow_the_convention_of_their_column(values, style):
    assert date_convention(pa.chunked_array([values], pa.string())).style == style


@pytest.mark.parametrize(
    ("values", "style"),
    [
        (["1 234,56", "7"], "comma"),
        (["1\u00a0234,5\u202f₽"], "comma"),
        (["1.234,56"], "comma"),
        (["1,234.56"], "dot"),
        (["(1 234,56)", "—"], "comma"),
        (["30%", "12.5%"], "dot"),
        (["1.234.567"], "comma"),
        (["1,234,567"], "dot"),
        (["0,125"], "comma"),
        (["1,234", "2,345"], None),
        (["1.234", "10"], None),
        (["1,234", "5000"], "comma"),
        (["1 234,50", "1234.5", "7"], "comma"),
        (["1,5", "1.234"], "comma"),
        (["1,5", "1.5", "1.234"], None),
        (["1,234.5", "1,5"], None),
        (["5 руб.", "10 руб."], "dot"),
        (["5,5 руб.", "10 руб."], "comma"),
        (["100", None], "dot"),
        ([None], "dot"),
    ],
)
def test_numbers_follow_the_convention_of_their_column(values, style):
    assert number_convention(pa.chunked_array([values], pa.string())).style == style


def test_the_last_value_of_a_long_column_decides():
    values = ["01/02/2026"] * 50_000 + ["31/12/2025"]
    assert date_convention(pa.chunked_array([values], pa.string())).style == "dmy"


def test_dates_that_cannot_tell_are_asked_by_column_and_can_be_told():
    header, row = "Дата;Клиент;Сумма", "03/04/2026;А;1,234"
    found = of(header, row)
    assert [(q.key, q.column_index, q.choices, q.facts["column"]) for q in found.questions] == [
        ("recognise.ambiguous_dates", 0, ("dmy", "mdy"), "Дата"),
        ("recognise.ambiguous_numbers", 2, ("comma", "dot"), "Сумма"),
    ]
    told = of(header, row, told=Correction(None, {}, {"Дата": "mdy", "Сумма": "comma"}))
    assert (told.questions, told.column_of("date").style, told.column_of("amount").style) == ((), "mdy", "comma")


# Rows that are no data.


def test_totals_footers_and_repeated_headers_are_left_out_by_whole_cell():
    text = "\n".join(
        [
            "Отчёт;;",
            "",
            "Клиент;Дата;Сумма",
            "А;01.02.2026;1,5",
            "Итого вкусный товар;02.02.2026;2,5",
            "",
            "Итого:;;4,0",
            "Клиент;Дата;Сумма",
            "Б;03.02.2026;5",
            "ИТОГО;;5",
            "Grand Totals (3 records);;9,0",
            "(подпись);;(расшифровка подписи)",
        ]
    )
    given = sheet(text)
    found = body(given, recognise(given))
    assert found.row_numbers.to_pylist() == [4, 5, 9]
    assert found.cells.column("0").to_pylist() == ["А", "Итого вкусный товар", "Б"]
    assert [(row.row_number, row.kind, row.label, row.sums) for row in found.left_out] == [
        (7, "total", "Итого:", {2: "4,0"}),
        (8, "header", "Клиент", {}),
        (10, "total", "ИТОГО", {2: "5"}),
        (11, "total", "Grand Totals (3 records)", {2: "9,0"}),
        (12, "footer", "(подпись)", {}),
    ]


def test_a_total_far_from_the_end_is_left_out():
    rows = [f"К{n};01.02.2026;1" for n in range(500)]
    given = sheet("\n".join(["Клиент;Дата;Сумма", *rows[:100], "Итого;;100", *rows[100:]]))
    found = body(given, recognise(given))
    assert (found.cells.num_rows, [row.row_number for row in found.left_out]) == (500, [102])


def test_a_client_called_like_a_footer_is_data():
    given = sheet("Клиент;Дата;Сумма\nРуководитель;01.02.2026;Договорная\nА;02.02.2026;1")
    assert body(given, recognise(given)).row_numbers.to_pylist() == [2, 3]


# Real files.


def real_fields(file: str) -> tuple[str | None, dict[str, str]]:
    found = recognise(read_file(SHARED / file, Path(file).name)[0])
    assert found.table is None or not found.questions
    return found.table, fields(found)


@real
@pytest.mark.parametrize(
    ("file", "table", "expected"),
    [
        (
            "bitrix24/companies.csv",
            "clients",
            {
                "ID": "client_id",
                "Название компании": "client_name",
                "Реквизит: ИНН": "tax_id",
                "Ответственный": "manager",
            },
        ),
        (
            "bitrix24/deals.csv",
            "orders",
            {
                "ID": "order_id",
                "ID компании": "client_id",
                "Компания": "client",
                "Сумма": "amount",
                "Стадия сделки": "status",
                "Ответственный": "manager",
                "Дата закрытия": "date",
            },
        ),
        (
            "bitrix24/tasks.csv",
            "promises",
            {
                "ID": "promise_id",
                "Название": "text",
                "Статус": "status",
                "Ответственный": "owner",
                "Крайний срок": "due_on",
                "Дата создания": "made_on",
                "Дата завершения": "done_on",
                "CRM": "client",
            },
        ),
        (
            "crm_maven/sales_pipeline.csv",
            "orders",
            {
                "opportunity_id": "order_id",
                "sales_agent": "manager",
                "product": "product",
                "account": "client",
                "deal_stage": "status",
                "close_date": "date",
                "close_value": "amount",
            },
        ),
        (
            "crm_maven/accounts.csv",
            "clients",
            {
                "account": "client_name",
                "sector": "industry",
                "revenue": "turnover",
                "employees": "employees",
                "office_location": "region",
                "subsidiary_of": "parent_id",
            },
        ),
        ("crm_maven/sales_teams.csv", "staff", {"sales_agent": "name"}),
        (
            "online_retail/Online Retail (random 40000 rows).xlsx",
            "orders",
            {
                "InvoiceNo": "order_id",
                "StockCode": "sku",
                "Description": "product",
                "Quantity": "quantity",
                "InvoiceDate": "date",
                "UnitPrice": "price",
                "CustomerID": "client_id",
            },
        ),
    ],
)
def test_real_exports_are_recognised(file, table, expected):
    assert real_fields(file) == (table, expected)


@real
@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("crm_maven/products.csv", "recognise.missing_several"),
        ("onec/1c_account_analysis_layout_anonymised.xlsx", "recognise.no_header"),
        ("messy/calamine__any_sheets.xlsx", "recognise.no_header"),
        ("messy/calamine__header-row.xlsx", "recognise.unknown_table"),
        ("messy/calamine__issue_530.xlsx", "recognise.unknown_table"),
        ("messy/calamine__merged_range.xlsx", "recognise.unknown_table"),
        ("messy/calamine__strict_iso_paths.xlsx", "recognise.unknown_table"),
        ("messy/calamine__too_small.xls", "recognise.no_header"),
        ("messy/pycalamine__base.xls", "recognise.no_header"),
    ],
)
def test_real_files_that_are_not_ours_are_asked_about(file, key):
    found = recognise(read_file(SHARED / file, Path(file).name)[0])
    assert (found.table, keys(found)) == (None, [key])
