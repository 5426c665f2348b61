"""The portfolio of the touches screen: who is counted, who is served, what the norm consists of (METHOD 2.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)
SERVED = ("mandatory", "mandatory", "standard", "need")  # 4 of the norm 2 / 1 / 2: exactly 80 %
UNSERVED = ("mandatory", "standard", "standard", "standard", "need")  # 3 of 5
ROUND = ("all", None)


def day(before: int) -> date:
    return D - timedelta(before)


@pytest.fixture
def company(given):
    """company({client: (manager, kinds of touches)}, revenue={client: …}): one order ten days ago, norm 2 / 1 / 2."""

    def made(clients: dict, revenue: dict | None = None, ordered: dict | None = None) -> None:
        sheet = ["client_id | client_name | manager | client_since"]
        sheet += [f"{name} | {name} | {manager} | 2025-01-01" for name, (manager, _) in clients.items()]
        orders = ["client | date | amount"]
        orders += [f"{name} | {day((ordered or {}).get(name, 10))} | {(revenue or {}).get(name, 100)}" for name in clients]
        touches = ["client | held_on | kind | type | subject | manager"]
        for name, (manager, kinds) in clients.items():
            touches += [f"{name} | {day(5)} | {kind} | звонок | х | {manager}" for kind in kinds]
        given("clients", "\n".join(sheet))
        given("orders", "\n".join(orders))
        if len(touches) > 1:
            given("touches", "\n".join(touches))

    return made


def groups(world, **params) -> dict:
    rows = world.rows("marts.touch_groups", as_of=D, **params)
    return {(row["dimension"], row["group_name"]): row for row in rows}


def test_client_at_eighty_percent_is_served_and_under_it_is_not(company, world):
    company({"a": ("И", SERVED), "b": ("И", UNSERVED)}, revenue={"a": 300, "b": 100})
    row = groups(world)[ROUND]
    assert (row["measured_count"], row["served_count"]) == (2, 1)
    assert (row["served_share"], row["served_revenue_share"]) == (0.5, 0.75)


def test_negative_revenue_weighs_nothing(company, given, world):
    company({"a": ("И", SERVED), "b": ("И", UNSERVED)}, revenue={"a": 100, "b": 50})
    given("orders", f"client | date | amount\nb | {day(9)} | -500")
    assert groups(world)[ROUND]["served_revenue_share"] == 1


def test_asleep_and_lost_are_counted_beside(company, world):
    company({"a": ("И", SERVED), "b": ("И", UNSERVED)}, ordered={"b": 400})
    # One order and long silent is one-time, which is in the portfolio; two orders and silent is lost.
    assert groups(world)[ROUND]["sleeping_count"] == 0
    world.given("orders", f"client | date | amount\nb | {day(430)} | 100\nb | {day(400)} | 100")
    row = groups(world)[ROUND]
    assert (row["measured_count"], row["served_count"], row["sleeping_count"]) == (1, 1, 1)


def test_manager_who_logged_nothing_is_not_known_rather_than_zero(company, world):
    company({"a": ("Иванов", SERVED), "b": ("Петров", ())})
    by = groups(world)
    assert (by["manager", "Петров"]["log"], by["manager", "Петров"]["served_share"]) == ("nothing_logged", None)
    assert (by["manager", "Иванов"]["log"], by["manager", "Иванов"]["served_share"]) == ("logged", 1)
    assert (by[ROUND]["served_share"], by[ROUND]["no_data_count"]) == (1, 1)


def test_manager_who_logged_with_another_client_touched_this_one_not_at_all(company, world):
    company({"a": ("Иванов", SERVED), "b": ("Иванов", ())})
    row = groups(world)["manager", "Иванов"]
    assert (row["measured_count"], row["served_count"], row["no_data_count"]) == (2, 1, 0)


def test_client_without_manager_is_a_group_of_its_own(company, world):
    company({"a": ("", SERVED)})
    assert groups(world)["manager", ""]["served_count"] == 1


def test_filter_leaves_its_clients_alone(company, world):
    company({"a": ("Иванов", SERVED), "b": ("Петров", UNSERVED)})
    assert groups(world, manager="Петров")[ROUND]["served_share"] == 0


def test_nobody_left_is_a_row_of_zeros_without_shares(company, world):
    company({"a": ("Иванов", SERVED)})
    row = groups(world, manager="Никто")[ROUND]
    assert (row["client_count"], row["served_share"], row["mix"], row["personal_share"]) == (0, None, None, None)


def test_norm_taken_apart_adds_up_and_kinds_do_not_make_up_for_each_other(company, world):
    company({"a": ("И", SERVED), "b": ("И", UNSERVED)})
    by = {row["kind"]: row for row in world.rows("marts.touch_norm", as_of=D)}
    assert [by[kind]["norm"] for kind in ("mandatory", "standard", "need")] == [4, 2, 4]
    assert [by[kind]["done"] for kind in ("mandatory", "standard", "need")] == [3, 4, 2]
    assert [by[kind]["counted"] for kind in ("mandatory", "standard", "need")] == [3, 2, 2]
    assert [by[kind]["owed"] for kind in ("mandatory", "standard", "need")] == [1, 0, 2]
    assert all(row["counted"] + row["missing"] == row["norm"] for row in by.values())
    assert all(row["counted"] + row["extra"] == row["done"] for row in by.values())


def test_norm_of_one_client_is_its_own(company, world):
    company({"a": ("И", SERVED), "b": ("И", UNSERVED)})
    (row,) = [row for row in world.rows("marts.touch_norm", as_of=D, client_id="b") if row["kind"] == "standard"]
    assert (row["norm"], row["done"], row["counted"], row["extra"]) == (1, 3, 1, 2)


def test_mix_and_personal_share_are_of_the_contacts_in_the_windows(company, given, world):
    company({"a": ("И", ("mandatory", "mandatory", "standard"))})
    given("touches", f"client | held_on | kind | type | subject | manager\na | {day(4)} | need | письмо | х | И")
    row = groups(world)[ROUND]
    assert (row["mix"], row["personal_count"], row["contact_count"], row["personal_share"]) == (1, 3, 4, 0.75)


def test_every_scope_shows_the_clients_of_its_figure(company, world):
    company({"a": ("И", SERVED), "b": ("И", UNSERVED), "c": ("П", ()), "d": ("И", SERVED * 4)})
    row = groups(world)[ROUND]
    for scope, name in {
        "measured": "measured_count", "served": "served_count", "sleeping": "sleeping_count", "no_data": "no_data_count",
        "below": "below_count", "near": "near_count", "met": "met_count", "over": "over_count",
    }.items():  # fmt: skip
        assert world.fetch("marts.touch_clients", as_of=D, scope=scope).num_rows == row[name], scope
    owing = world.rows("marts.touch_clients", as_of=D, scope="owing")
    assert sum(client["owed_count"] for client in owing) == row["owed_count"]
    assert row["over_count"] == 1


def test_rows_behind_a_client_are_its_order_lines_and_the_touches_of_its_window(company, given, world):
    company({"a": ("И", SERVED)})
    outside = 31  # the window is 30.4375 days: the day 30 days ago is in it, 31 days ago is not
    given("touches", f"client | held_on | kind | manager\na | {day(30)} | need | И\na | {day(outside)} | need | И")
    rows = world.rows("marts.evidence_compliance", as_of=D, client_id="a")
    assert [row["row_kind"] for row in rows].count("order") == 1
    assert sum(row["counts"] for row in rows if row["row_kind"] == "touch") == 5
    assert all(row["file"] and row["row_number"] for row in rows)
    contacts = world.fetch("marts.evidence_compliance", as_of=D, contacts=True)
    assert contacts.num_rows == groups(world)[ROUND]["contact_count"]
