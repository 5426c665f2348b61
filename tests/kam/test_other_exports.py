"""Exports that are no orders: activities, tasks, requests, people, rates; what only looks like one of our tables. Files made here."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kam.recognise import Correction
from tests.kam.test_traps import Desk, failures, semicolons, xlsx


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# Activities.

EVENTS = """
    Дата | Номер | Вид события | Тип события | Тема | Контрагент | Ответственный | Состояние | Начало
    10.11.2026 9:00:00 | 1 | Телефонный звонок | Исходящее | Поставка | Ромашка | Иванов | Завершено | 10.11.2026 10:00:00
    11.11.2026 9:00:00 | 2 | Личная встреча | Исходящее | Планы | Ромашка | Иванов | Запланировано | 25.11.2026 11:00:00
    12.11.2026 9:00:00 | 3 | Электронное письмо | Исходящее | Прайс | Ромашка | Иванов | Завершено | 12.11.2026 12:00:00
"""


def test_events_of_1c_are_told_by_their_kind_and_state(desk: Desk) -> None:
    assert failures(desk.load({"События.csv": semicolons(EVENTS)})) == []
    said = desk.rows("select channel, type, status, is_personal from core.touches order by row_number")
    assert said == [
        ("Телефонный звонок", "Исходящее", "Завершено", True), ("Личная встреча", "Исходящее", "Запланировано", True),
        ("Электронное письмо", "Исходящее", "Завершено", False),
    ]  # fmt: skip
    assert [row["kind"] for row in desk.ws.fetch("marts.evidence_touches").to_pylist() if row["held_on"] == date(2026, 11, 25)] == ["attempt"]


def test_interactions_of_1c_name_their_channel(desk: Desk) -> None:
    text = "Дата;Вид;Тема;Партнер;Автор;Ответственный\n10.11.2026;Телефонный звонок;Обсуждение;Ромашка;Петров;Иванов\n"
    desk.load({"Взаимодействия.csv": text})
    assert desk.rows("select channel, manager, is_personal from core.touches") == [("Телефонный звонок", "Иванов", True)]


@pytest.mark.parametrize(
    ("header", "channel", "is_personal"),
    [
        ("Activity date,Call Title,Call notes,Call outcome,Activity assigned to,Associated Company", "Call", True),
        ("Meeting start time,Meeting name,Meeting notes,Meeting outcome,Activity assigned to,Associated Company", "Meeting", True),
        ("Дата звонка,Тема,Комментарий,Результат звонка,Менеджер,Клиент", "Звонок", True),
        ("Activity date,Subject,Call notes,Meeting notes,Activity assigned to,Associated Company", None, False),
        ("Дата касания,Тема,Комментарий,Результат,Менеджер,Клиент", None, False),
    ],
)
def test_a_list_of_calls_or_meetings_says_so_in_its_headers(desk: Desk, header: str, channel: str | None, is_personal: bool) -> None:
    assert failures(desk.load({"a.csv": f"{header}\n2026-11-20 10:00,News,Talked,Connected,John,Acme\n"})) == []
    assert desk.rows("select channel, is_personal from core.touches") == [(channel, is_personal)]


CALLS = """
    Record ID | Activity date | Call Title | Note body | Call duration (HH:mm:ss) | Call outcome | Call Status | Associated Company IDs
    1 | 2026-11-20 10:00 | Price increase | Talked | 00:05:30 | Connected | COMPLETED | 55
    2 | 2026-11-20 10:00 | Price increase |  | 01:00:00 | Busy | COMPLETED | 7;56;55
    3 | 2026-11-20 10:00 | Price increase |  | 12 | No answer | COMPLETED | CO_55
    4 | 2026-11-20 10:00 | Price increase |  | 1:15 | Connected | COMPLETED | 7;8
"""


def test_the_outcome_of_a_call_says_whether_it_was_one_its_length_is_in_minutes_and_the_first_known_company_is_the_client(
    desk: Desk,
) -> None:
    companies = "Record ID;Company name;Company owner\n55;Acme;John\n56;Beta;Ann\n"
    assert failures(desk.load({"c.csv": companies, "calls.csv": semicolons(CALLS.replace(";", ","))})) == []
    columns = "touch_id, client_id, status, text, minutes"
    assert desk.rows(f"select {columns} from core.touches inner join core.clients using (client_key) order by 1") == [
        ("1", "55", "Connected", "Talked", 5.5), ("2", "56", "Busy", None, 60), ("3", "55", "No answer", None, 12),
        ("4", "7,8", "Connected", None, 1.25),
    ]  # fmt: skip
    kinds = {(row["client_id"], row["kind"]) for row in desk.ws.fetch("marts.evidence_touches").to_pylist()}
    assert kinds == {("55", "standard"), ("56", "attempt"), ("55", "attempt"), ("7,8", "standard")}


@pytest.mark.parametrize("state", ["Canceled", "Scheduled", "No show", "Rescheduled"])
def test_a_meeting_that_was_not_held_is_an_attempt(desk: Desk, state: str) -> None:
    desk.load({"a.csv": f"Meeting start time,Meeting name,Meeting outcome,Associated Companies\n2026-11-20 10:00,Price increase,{state},Acme\n"})
    assert [row["kind"] for row in desk.ws.fetch("marts.evidence_touches").to_pylist()] == ["attempt"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((word, "attempt") for word in ("Нет", "0", "N", "No", "FALSE", "Open", "Открыто", "Открыта", "Неуспешный звонок", "Неудачно")),
        *((word, "standard") for word in ("Да", "1", "Y", "Yes", "TRUE", "Opened", "Closed", "Закрыто", "Успешный звонок", "Удачно")),
    ],
)
def test_a_status_says_whether_a_touch_was_held(desk: Desk, status: str, kind: str) -> None:
    desk.load({"a.csv": f"Клиент;Дата касания;Тип;Тема;Статус\nА;20.11.2026;Звонок;Повышение цен;{status}\n"})
    assert [row["kind"] for row in desk.ws.fetch("marts.evidence_touches").to_pylist()] == [kind]


def test_contacts_of_1c_belong_to_their_owner(desk: Desk) -> None:
    desk.load({"a.csv": "Наименование;Владелец;Должность;Адрес электронной почты\nСидорова Анна;Ромашка;Директор;a@b.ru\n"})
    said = desk.rows("select client_id, contact_name, title, email from core.contacts inner join core.clients using (client_key)")
    assert said == [("Ромашка", "Сидорова Анна", "Директор", "a@b.ru")]


def test_events_of_salesforce_have_their_day(desk: Desk) -> None:
    text = "Subject,Start,End,Assigned To,Related To\nMeeting,11/20/2026 10:00 AM,11/20/2026 11:00 AM,John,Acme\n"
    (report,) = desk.load({"events.csv": text})
    assert (report.table, desk.rows("select cast(held_at as varchar) from core.touches")) == ("touches", [("2026-11-20 10:00:00",)])


# Requests, rates, people.


@pytest.mark.parametrize(
    "text",
    [
        "Номер;Клиент;Дата обращения;Дата первого ответа;Обещан ответ до;Тема;Дата устранения\n"
        "1;А;10.11.2026;11.11.2026;12.11.2026;Брак;13.11.2026\n",
        "Ticket ID,Ticket name,Create date,First agent reply date,Answer due,Close date,Associated Company\n"
        "1,Broken,2026-11-10,2026-11-11,2026-11-12,2026-11-13,A\n",
        "Case Number,Account Name,Subject,Date/Time Opened,Answered,Response due,Date/Time Closed\n"
        "1,A,Broken,2026-11-10,2026-11-11,2026-11-12,2026-11-13\n",
    ],
)  # fmt: skip
def test_requests_of_three_systems(desk: Desk, text: str) -> None:
    assert failures(desk.load({"a.csv": text})) == []
    days = desk.rows("select received_on, answered_on, answer_due_on, fixed_on from core.requests")
    assert days == [tuple(date(2026, 11, day) for day in (10, 11, 12, 13))]


def test_rates_are_of_the_letter_code_where_a_name_stands_beside_it(desk: Desk) -> None:
    desk.load({"a.csv": "Цифр. код;Букв. код;Единиц;Валюта;Курс\n840;USD;1;Доллар США;81,5\n156;CNY;10;Юаней;113,2\n"})
    assert [(code, round(rate, 4)) for code, rate in desk.rows("select currency, rate from core.rates order by 1")] == [
        ("CNY", 11.32), ("USD", 81.5),
    ]  # fmt: skip


def test_names_of_our_people_are_put_together_of_their_parts(desk: Desk) -> None:
    text = "ID;Имя;Фамилия;Отчество;Должность\n1;Иван;Иванов;Иванович;Менеджер\n2;Иван;Петров;;Директор\n"
    desk.load({"Пользователи.csv": text}, Correction("staff", {}))
    assert desk.rows("select staff_name, role from core.staff order by 1") == [("Иванов Иван Иванович", "Менеджер"), ("Петров Иван", "Директор")]
    desk.load({"иначе.csv": text}, Correction("staff", {"Должность": "name"}))
    assert ("Директор",) in desk.rows("select staff_name from core.staff")


def tree(book: Any, sheet: Any) -> None:
    """Folders over clients; a client over its branch has a tax id of its own."""
    deeper = [None, *(book.add_format({"indent": depth}) for depth in (1, 2))]
    rows = [
        (0, "Покупатели", "1", None), (1, "Москва", "2", None), (2, "Ромашка", "3", "7701"), (2, "Лютик", "4", None),
        (1, "Фиалка", "5", "7703"), (2, "Фиалка, филиал", "6", "7703"), (0, "Прочие", "7", None),
    ]  # fmt: skip
    sheet.write_row(0, 0, ["Наименование", "Код", "ИНН"])
    for row, (depth, name, *others) in enumerate(rows, start=1):
        sheet.write(row, 0, name, deeper[depth])
        sheet.write_row(row, 1, others)
        sheet.set_row(row, None, None, {"level": depth})


def test_folders_of_a_tree_of_clients_are_no_clients(desk: Desk) -> None:
    (report,) = desk.load({"контрагенты.xlsx": xlsx(tree)})
    assert ([(row.row_number, row.kind) for row in report.left_out], report.rows_loaded) == ([(2, "group"), (3, "group")], 5)
    assert [name for (name,) in desk.rows("select client_name from core.clients order by client_id")] == [
        "Ромашка", "Лютик", "Фиалка", "Фиалка, филиал", "Прочие",
    ]  # fmt: skip


# What only looks like one of our tables.

GOODS = "Код;Наименование;Артикул;Ед. изм.;Цена\n1;Стол;A-1;шт;100\n2;Стул;A-2;шт;50\n"
PAYMENTS = "Дата;Контрагент;Сумма;Назначение платежа\n10.11.2026;Ромашка;100;Оплата по счёту 1\n"


@pytest.mark.parametrize(("text", "table", "column"), [(GOODS, "clients", "Артикул"), (PAYMENTS, "orders", "Назначение платежа")])
def test_goods_are_no_clients_and_payments_no_orders_unless_the_user_says_so(desk: Desk, text: str, table: str, column: str) -> None:
    (asked,) = desk.load({"a.csv": text})
    assert asked.error is not None
    assert (asked.error.key, asked.error.facts["column"], desk.ws.manifest) == ("recognise.foreign_table", column, None)
    (told,) = desk.load({"a.csv": text}, Correction(table, {}))
    assert (told.error, told.table, told.rows_loaded) == (None, table, text.count("\n") - 1)


@pytest.mark.parametrize(
    "text",
    [
        "Code,Name,Group\n1,Table,Furniture\n",
        "Код;Наименование;Группа\n1;Стол;Мебель\n",
        "Контрагент;Договор;Дата начала;Дата окончания\nРомашка;Д1;01.01.2026;31.12.2026\n",
    ],
)
def test_bare_names_and_days_beside_unknown_columns_are_asked_about(desk: Desk, text: str) -> None:
    assert failures(desk.load({"a.csv": text})) == ["a.csv: recognise.unknown_table"]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("name\nИванов\n", "staff"),
        ("Код;Наименование\n1;Ромашка\n", "clients"),
        ("ID;Название;Ответственный;Сайт\n1;Ромашка;Иванов;r.ru\n", "clients"),
        ("Клиент;Дата\nРомашка;01.11.2026\n", "touches"),
        ("Клиент;Дата;Комментарий;Сайт\nРомашка;01.11.2026;звонил;r.ru\n", "touches"),
    ],
)
def test_what_says_a_little_more_is_taken(desk: Desk, text: str, table: str) -> None:
    (report,) = desk.load({"a.csv": text})
    assert (report.error, report.table) == (None, table)


def test_clients_with_a_column_of_goods_are_clients(desk: Desk) -> None:
    (report,) = desk.load({"a.csv": "Код;Наименование;ИНН;Производитель\n1;Ромашка;7701;Да\n"})
    assert (report.error, report.table) == (None, "clients")


# The day of an export.


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("клиенты 2026-03-09.csv", date(2026, 3, 9)),
        ("клиенты_20260309_101500.csv", date(2026, 3, 9)),
        ("клиенты 08-04-2026 10-20.csv", date(2026, 4, 8)),
        ("клиенты за 01.03.2026-31.03.2026.csv", date(2026, 3, 31)),
        ("клиенты 2026-03-01 2026-03-31.csv", date(2026, 3, 31)),
    ],
)
def test_the_day_of_an_export_is_the_last_in_its_name(desk: Desk, name: str, day: date) -> None:
    (report,) = desk.load({name: "Клиент;Менеджер\nРомашка;Иванов\n"})
    assert report.captured_on == day


# Tasks and companies of CRMs.


def test_a_task_is_tied_to_the_company_that_its_cell_names(desk: Desk) -> None:
    tasks = "".join(
        f'{number};x;Ждёт выполнения;10.11.2026;01.11.2026;П;"{tied}"\n'
        for number, tied in enumerate(
            ("Компания: Ромашка\nКонтакт: Анна", "Контакт: Анна, Компания: Лютик", "CO_105, D_1", "Компания: Лютик", "Лютик: опт"), 1
        )
    )
    desk.load({
        "компании.csv": "ID;Название компании;Ответственный\n101;Ромашка;И\n105;Лютик;И\n",
        "задачи.csv": f"ID;Название;Статус;Крайний срок;Дата создания;Постановщик;CRM\n{tasks}",
    })  # fmt: skip
    tied = [client for (client,) in desk.rows("select client_id from core.promises order by promise_id")]
    assert tied == ["101", "105", "105", "105", "Лютик: опт"]


@pytest.mark.parametrize(
    ("header", "cells", "days"),
    [
        ("Дата исполнения", "05.11.2026", ("2026-11-05", None)),
        ("Дата исполнения;Дата завершения", "05.11.2026;06.11.2026", ("2026-11-05", "2026-11-06")),
        ("Срок;Дата исполнения", "05.11.2026;06.11.2026", ("2026-11-05", "2026-11-06")),
    ],
)
def test_the_day_of_a_task_is_its_due_unless_another_column_says_that(
    desk: Desk, header: str, cells: str, days: tuple[str, str | None]
) -> None:
    desk.load({"задачи.csv": f"ID;Текст задачи;Статус задачи;Компания;{header}\n1;x;Не завершена;А;{cells}\n"})
    said = desk.rows("select cast(original_due_on as varchar), cast(done_on as varchar) from core.promises")
    assert said == [days]


@pytest.mark.parametrize(
    "header",
    [
        "ID;Название компании;Ответственный;Комментарий",
        "ID;Название компании;Ответственный;Рабочий телефон;Рабочий email",
        "ID;Название компании;Ответственный;Комментарий;Рабочий телефон",
    ],
)
def test_companies_with_phones_and_comments_are_clients(desk: Desk, header: str) -> None:
    (report,) = desk.load({"a.csv": header + "\n" + ";".join("1абвг"[: header.count(";") + 1]) + "\n"})
    assert (report.error, report.table) == (None, "clients")


def test_activities_without_a_day_are_asked_about(desk: Desk) -> None:
    assert failures(desk.load({"a.csv": "Клиент;Тип;Тема;Комментарий;Менеджер\nА;Звонок;x;y;И\n"})) == ["a.csv: recognise.missing_held_on"]


def test_texts_come_without_the_html_of_their_editor(desk: Desk) -> None:
    text = '"<p>Обсудили&nbsp;<b>новинки</b></p>\n<div class=""x"">и цены<br/>R&amp;D</div>"'
    desk.load({"a.csv": f"Клиент;Дата касания;Тема;Описание;Результат\nА;20.11.2026;<i>План</i>;{text};Иванов <i@x.ru> a < b > c\n"})
    assert desk.rows("select subject, text, result from core.touches") == [
        ("План", "Обсудили новинки и цены R&D", "Иванов <i@x.ru> a < b > c")
    ]


def test_money_of_clients_in_thousands_is_left_out_and_said(desk: Desk) -> None:
    (report,) = desk.load({"a.csv": "Клиент;Ключевой клиент;Потенциал, тыс. руб.\nА;✓;100\nБ;☐;200\n"})
    assert [(note.key, note.facts.get("columns")) for note in report.notes][-1] == ("recognise.scaled_left_out", "«Потенциал, тыс. руб.»")
    assert desk.rows("select is_key, potential from core.clients order by client_name") == [(True, None), (False, None)]


# People.

COMBINED = """
    ID | {type} | Наименование | Компания контакта | Должность | Рабочий телефон | Рабочий email | Ответственный
    1 | {contact} | Анна Иванова | Ромашка | Закупщик | +7 900 000-00-01 | a@x.ru | Петров
    2 | {company} | Ромашка | Ромашка | | +7 900 000-00-02 | info@x.ru | Петров
    3 | {company} | Василёк | | | | | Петров
    4 | {contact} | Олег Орлов | Ромашка | Директор | | | Петров
    5 | {contact} | Пётр Без-Компании | | | | | Петров
"""


@pytest.mark.parametrize("header", ["Тип", "Тип контакта", "Type", "Contact type"])
@pytest.mark.parametrize(("contact", "company"), [("Контакт", "Компания"), ("контакт", "компания"), ("contact", "Company ")])
def test_companies_in_a_list_of_contacts_are_no_people(desk: Desk, header: str, contact: str, company: str) -> None:
    desk.load({"Компании.csv": "Название компании;Ответственный\nРомашка;Петров\nВасилёк;Петров\n"})
    text = COMBINED.format(type=header, contact=contact, company=company)
    (report,) = desk.load({"amocrm_export_contacts.csv": semicolons(text)}, Correction(table="contacts", fields={}))
    assert (report.error, report.rows_loaded, report.reasons) == (None, 2, {"contact_is_company": 2, "client_missing": 1})
    assert desk.rows("select contact_name, title, role from core.contacts order by 1") == [
        ("Анна Иванова", "Закупщик", None), ("Олег Орлов", "Директор", None),
    ]  # fmt: skip
    # Set aside by rule: no fault of the data.
    assert [row["reason"] for row in desk.ws.fetch("checks.rejected_rows").to_pylist()] == ["client_missing"]


@pytest.mark.parametrize(("contact", "company"), [("Контакт", "Поставщик"), ("Клиенты", "Компания"), ("ЛПР", "Контакт")])
def test_other_words_of_that_column_set_nobody_aside(desk: Desk, contact: str, company: str) -> None:
    desk.load({"Компании.csv": "Название компании;Ответственный\nРомашка;Петров\n"})
    text = COMBINED.format(type="Тип контакта", contact=contact, company=company)
    (report,) = desk.load({"a.csv": semicolons(text)}, Correction(table="contacts", fields={}))
    assert "contact_is_company" not in report.reasons
    assert desk.rows("select contact_name, role from core.contacts where contact_name in ('Анна Иванова', 'Ромашка') order by 1") == [
        ("Анна Иванова", contact), ("Ромашка", company),
    ]  # fmt: skip


def test_a_list_of_companies_alone_is_set_aside_by_rule(desk: Desk) -> None:
    desk.load({"Компании.csv": "Название компании;Ответственный\nРомашка;Петров\n"})
    text = "ID контакта;Тип;ФИО;Компания;Должность\n2;Компания;Ромашка;Ромашка;\n"
    (report,) = desk.load({"a.csv": text})
    assert (report.table, report.error, report.rows_loaded, report.reasons) == ("contacts", None, 0, {"contact_is_company": 1})
