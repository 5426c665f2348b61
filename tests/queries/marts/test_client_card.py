"""The client card: one client in a row, its events on one axis, months, people, own columns."""

from __future__ import annotations

from datetime import date

import pytest

D = date(2026, 4, 1)


@pytest.fixture
def three(given):
    given(
        "clients",
        """
        client_id | client_name | manager | potential
        1 | Альфа | Иванов | 1000
        2 | Бета | Иванов |
        3 | Гамма | Петров |
        """,
    )
    given(
        "orders",
        """
        client | date | amount
        1 | 2026-01-01 | 100
        1 | 2026-01-31 | 100
        1 | 2026-03-02 | 100
        1 | 2026-04-01 | 100
        1 | 2026-03-10 | -30
        2 | 2026-03-01 | 900
        3 | 2026-03-01 | 50
        1 | 2026-04-02 | 999
        """,
    )


def card(world, client: str, **params) -> dict:
    (row,) = world.rows("marts.client_card", as_of=D, client_id=client, **params)
    return row


def test_card_says_the_cycle_and_the_window_of_the_reference_case(three, world):
    row = card(world, "1")
    assert (row["cycle_days"], row["cycle_basis"]) == (30, "mixed")
    assert (row["expected_order_on"], row["window_opens_on"]) == (date(2026, 5, 1), date(2026, 4, 25))
    assert row["revenue"] == 370
    assert (row["file"], row["row_number"]) == ("clients-1.csv", 2)


def test_neighbours_are_those_by_money_among_the_clients_of_the_filter(three, world):
    assert (card(world, "1")["previous_id"], card(world, "1")["next_id"]) == ("2", "3")
    row = card(world, "1", manager="Иванов")
    assert (row["previous_id"], row["next_id"], row["selected_count"]) == ("2", None, 2)
    outside = card(world, "3", manager="Иванов")
    assert (outside["client_id"], outside["position"], outside["next_id"]) == ("3", None, None)


def test_client_not_known_at_the_date_has_no_card(three, world):
    assert world.rows("marts.client_card", as_of=D, client_id="nobody") == []


def test_list_is_by_money_and_can_be_searched(three, world):
    assert [row["client_id"] for row in world.rows("marts.client_list", as_of=D)] == ["2", "1", "3"]
    assert [row["client_id"] for row in world.rows("marts.client_list", as_of=D, words="АЛЬФ")] == ["1"]
    cut = world.rows("marts.client_list", as_of=D, row_limit=1)
    assert [(row["client_id"], row["client_count"]) for row in cut] == [("2", 3)]


def test_events_of_the_client_stand_on_one_axis_up_to_the_date(three, given, world):
    given("touches", "client | held_on | kind | type\n1 | 2026-03-30 | need | звонок\n1 | 2026-04-02 | need | звонок")
    given("promises", "promise_id | client | text | made_on | due_on\np | 1 | сделать | 2026-03-01 | 2026-04-20")
    rows = world.rows("marts.client_events", as_of=D, client_id="1")
    assert [(row["lane"], row["day_on"].isoformat(), row["code"]) for row in rows] == [
        ("order", "2026-01-01", "order"),
        ("order", "2026-01-31", "order"),
        ("order", "2026-03-02", "order"),
        ("order", "2026-03-10", "return"),
        ("touch", "2026-03-30", "need"),
        ("order", "2026-04-01", "order"),
        ("promise", "2026-04-20", "open"),
    ]
    assert world.fetch("marts.promise_list", as_of=D, client_id="1", due=date(2026, 4, 20)).num_rows == 1
    assert world.fetch("marts.evidence_touches", as_of=D, client_id="1", since=D, till=D).num_rows == 0


def test_months_add_up_to_the_order_lines_and_empty_ones_are_zero(three, world):
    rows = world.rows("marts.client_months", as_of=D, client_id="1")
    assert len(rows) == 24
    last = {row["month_on"].isoformat(): row for row in rows[-4:]}
    assert [last[month]["revenue"] for month in sorted(last)] == [200, 0, 70, 100]
    assert (last["2026-04-01"]["month_ends_on"], last["2026-03-01"]["month_ends_on"]) == (D, date(2026, 3, 31))
    march = world.rows("marts.evidence_orders", as_of=D, client_id="1", since=date(2026, 3, 1), till=date(2026, 3, 31))
    assert sum(row["amount"] for row in march) == 70


def test_people_have_their_last_contact_by_name(three, given, world):
    given("contacts", "client | name | title\n1 | Пётр Сидоров | директор\n1 | Анна Ким | технолог")
    given("touches", "client | held_on | kind | contact\n1 | 2026-03-30 | need | Петр Сидоров\n1 | 2026-04-02 | need | Анна Ким")
    rows = {row["contact_name"]: row["last_contact_on"] for row in world.rows("marts.client_contacts", as_of=D, client_id="1")}
    assert rows == {"Пётр Сидоров": date(2026, 3, 30), "Анна Ким": None}


def test_a_name_in_parts_is_one_person_each_and_is_found_in_any_order(three, given, world):
    given("contacts", """
        client | name           | first_name | middle_name
        1      | Сидоров        | Иван       | Петрович
        1      | Сидоров        | Пётр       |
        1      | Smith          | John       |
        1      | Ким Анна       | Анна       |
        1      |                | Ольга      |
    """)  # fmt: skip
    given("touches", "client | held_on | kind | contact\n1 | 2026-03-30 | need | Иван Сидоров\n1 | 2026-03-29 | need | Smith John")
    rows = {row["contact_name"]: row["last_contact_on"] for row in world.rows("marts.client_contacts", as_of=D, client_id="1")}
    assert rows == {
        "Сидоров Иван Петрович": date(2026, 3, 30), "Сидоров Пётр": None, "John Smith": date(2026, 3, 29), "Ким Анна": None, "Ольга": None,
    }  # fmt: skip


def test_prospect_has_a_card_without_norm_and_expected_order(given, world):
    given("clients", "client_id | client_name\n9 | Новый")
    given("orders", "client | date | amount\n1 | 2026-03-01 | 5")
    row = card(world, "9")
    assert (row["status"], row["compliance"], row["expected_order_on"], row["norm_total"]) == ("prospect", None, None, None)


def test_own_columns_are_kept_with_their_row(given, world):
    given("clients", "client_id | client_name | Цвет | Пусто\n1 | Альфа | синий |\n2 | Бета | красный |")
    rows = world.rows("marts.client_extra", client_id="1")
    assert [(row["own_column"], row["own_value"], row["file"], row["row_number"]) for row in rows] == [
        ("Цвет", "синий", "clients-1.csv", 2)
    ]
