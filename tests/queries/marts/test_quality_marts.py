"""The data quality screen: the checks in one list, clean rows and age of tables, entry delay, reasons of rejects."""

from __future__ import annotations

from kam import queries
from kam.tables import load_tables

# What is counted elsewhere or is no problem of its own.
NO_PROBLEMS = {"flagged_rows", "column_coverage", "near_clients", "near_people"}


def problems(world, **params) -> dict:
    return {row["problem"]: row for row in world.rows("marts.quality_problems", **params)}


def tables(world, **params) -> dict:
    return {row["table_name"]: row for row in world.rows("marts.quality_tables", **params)}


def test_every_check_is_in_the_list_and_in_the_flagged_rows(world):
    world.given("orders", "client | date | amount\nА | 2026-01-01 | 5")
    checks = {query.stem for query in queries.all_queries().values() if query.layer == "checks"} - NO_PROBLEMS
    assert set(problems(world)) == checks
    flagged = queries.all_queries()["checks.flagged_rows"]
    assert {table.split(".")[1] for table in flagged.tables if table.startswith("checks.")} == checks


def test_a_check_without_its_table_or_column_is_not_checked(world):
    world.given("orders", "client | date | amount\nА | 2026-01-01 | 5")
    found = problems(world)
    assert found["orders_in_future"]["check_state"] == "clean"
    assert found["orders_in_future"]["row_count"] == 0
    for problem, missing in {
        "touches_in_future": "touches",
        "late_entries": "touches,touches.created_at",
        "promises_due_before_made": "promises,promises.made_on",
        "potential_below_revenue": "clients,clients.potential",
        "managers_unknown_to_staff": "staff",
    }.items():
        row = found[problem]
        assert (row["check_state"], row["missing"], row["row_count"], row["money_affected"]) == ("not_checked", missing, None, None)


def test_a_column_that_nobody_fills_is_missing_too(world):
    world.given("clients", "client_name | potential | client_since\nА | | 2026-01-01")
    world.given("orders", "client | date | amount\nА | 2026-01-01 | 5")
    world.given("touches", "client | held_on | subject\nА | 2026-01-01 | x")
    found = problems(world)
    assert found["potential_below_revenue"]["missing"] == "clients.potential"
    assert found["late_entries"]["missing"] == "touches.created_at"
    assert found["touches_before_client"]["check_state"] == "clean"


def test_money_of_orders_is_their_sum_and_of_other_rows_the_revenue_of_the_clients_once(world):
    world.given("clients", "client_name | client_since | manager\nА | 2025-12-20 | И\nБ | 2025-12-20 | И")
    world.given("orders", """
        client | date | amount
        А | 2025-12-30 | 100
        А | 2025-12-30 | 100
        А | 2025-12-30 | 100
        Б | 2025-12-31 | 7
    """, "2026-01-01")
    world.given("touches", "client | held_on\nА | 2025-12-01\nА | 2025-12-02\nБ | 2025-12-19")
    found = problems(world, as_of="2026-01-01")
    copies, early = found["duplicate_orders"], found["touches_before_client"]
    assert (copies["row_count"], copies["client_count"], float(copies["money_affected"])) == (2, 1, 200)
    assert (early["row_count"], early["client_count"], float(early["money_affected"])) == (3, 2, 307)


def test_wrong_comes_before_doubtful_and_more_before_less(world):
    world.given("clients", "client_name | client_since\nА | 2025-12-20\nБ | 2025-12-20")
    world.given("orders", "client | date | amount\nА | 2026-01-02 | 5\nВ | 2025-12-01 | 0", "2026-01-01")
    world.given("touches", "client | held_on\nА | 2025-12-01\nА | 2025-12-02\nБ | 2025-12-19")
    rows = world.rows("marts.quality_problems")
    assert [(row["problem"], row["row_count"]) for row in rows if row["check_state"] == "found"] == [
        ("orders_in_future", 1),
        ("clients_without_manager", 3),
        ("touches_before_client", 3),
        ("unrecognised_touches", 3),
        ("touches_without_text", 3),
        ("orders_of_zero", 1),
        ("unlisted_clients", 1),
    ]
    states = [row["check_state"] for row in rows]
    assert states == sorted(states, key=["found", "not_checked", "clean"].index)


def test_every_count_is_the_number_of_rows_that_the_check_shows(world):
    world.given("clients", "client_name | client_since | potential | manager\nА | 2025-12-20 | 1 | И\nРомашка плюс | | | П")
    world.given("staff", "name\nИ")
    orders = "А | 2026-02-02 | 5\nА | 2026-02-02 | 5\nРомашка плюс | 2025-12-01 | 0\nПлюс ромашка | 2025-12-01 | 9\nА | позавчера | 3"
    world.given("orders", "client | date | amount\n" + orders, "2026-01-01")
    world.given("touches", "client | held_on | manager\nА | 2025-12-01 | П\nА | 2026-12-02 | И")
    world.given("promises", "promise_id | client | text | made_on | due_on\np | А | x | 2025-12-10 | 2025-12-01")
    for params in ({}, {"manager": "П"}):
        found = problems(world, as_of="2026-02-02", **params)
        assert sum(row["check_state"] == "found" for row in found.values()) > 2
        for name, row in found.items():
            taken = queries.compile_query(f"checks.{name}").params
            asked = {key: value for key, value in {"as_of": "2026-02-02", **params}.items() if key in taken}
            if row["check_state"] != "not_checked":
                assert len(world.rows(f"checks.{name}", **asked)) == row["row_count"], (name, params)


def test_a_row_that_two_checks_name_is_one_row_that_is_not_clean(world):
    world.given("orders", "client | date | amount\nА | 2026-01-02 | 0\nА | 2026-01-01 | 5\n | 2026-01-01 | 5\nА | 2026-01-01 | 6", "2026-01-01")
    orders = tables(world, as_of="2026-01-02")["orders"]
    assert (orders["row_count"], orders["flagged_count"], orders["clean_share"]) == (4, 2, 0.5)
    rows = world.rows("marts.evidence_flagged", as_of="2026-01-02", table_name="orders")
    assert [(row["problem"], row["row_number"]) for row in rows] == [
        ("orders_in_future", 2), ("orders_of_zero", 2), ("rejected_rows", 4),
    ]  # fmt: skip


def test_age_is_counted_from_the_newest_export_to_the_date(world):
    world.given("clients", "client_name\nА", "2026-01-01")
    world.given("clients", "client_name\nА", "2026-01-05")
    world.given("orders", "client | date | amount\nА | 2026-01-03 | 5", "2026-03-01")
    row = tables(world, as_of="2026-02-05")
    assert (row["clients"]["age_days"], row["clients"]["is_old"], row["clients"]["last_on"]) == (31, False, None)
    assert (row["orders"]["age_days"], row["orders"]["last_on"].isoformat()) == (0, "2026-01-03")
    assert tables(world, as_of="2026-02-06")["clients"]["is_old"] is True


def test_entry_delay_is_a_median_by_who_entered(world):
    world.given("clients", "client_name | manager\nА | П")
    rows = "client | held_on | created_at | manager\n"
    rows += "А | 2026-01-10 | 2026-01-10 | И\nА | 2026-01-10 | 2026-01-12 | И\nА | 2026-01-10 | 2026-01-01 | И\n"
    rows += "А | 2026-01-10 | 2026-01-14 |\nА | 2026-01-10 | 2026-01-13 | П\nА | 2026-01-10 | | П"
    world.given("touches", rows)
    by_manager = {row["manager"]: row for row in world.rows("marts.entry_delay")}
    assert [row["is_all"] for row in world.rows("marts.entry_delay")] == [True, False, False]
    assert {name: (row["touch_count"], row["median_delay_days"], row["late_count"]) for name, row in by_manager.items()} == {
        None: (5, 2.0, 1), "П": (2, 3.5, 1), "И": (3, 0.0, 0),
    }  # fmt: skip


def test_without_a_day_of_creation_there_is_no_delay(world):
    world.given("touches", "client | held_on\nА | 2026-01-10")
    assert world.rows("marts.entry_delay") == []


def test_rejects_are_counted_by_table_reason_and_column(world):
    world.given("orders", "client | date | amount\n | 2026-01-01 | 5\n | 2026-01-01 | 6\nА | 2026-01-01 | 6")
    world.given("clients", "client_name | potential\nА | много")
    found = [tuple(row.values()) for row in world.rows("marts.reject_reasons")]
    assert found == [("orders", "client_missing", None, 2), ("clients", "cell_unreadable", "potential", 1)]


def test_near_names_that_the_user_told_apart_are_no_problem(world):
    world.given("orders", "client | date | amount\nАльфа Строй | 2026-01-01 | 5\nСтрой Альфа | 2026-01-01 | 6")
    assert problems(world)["undecided_clients"]["row_count"] == 1
    (pair,) = world.rows("checks.near_clients")
    world.workspace.journal.set_distinct(pair["pair"], "Альфа Строй | Строй Альфа")
    assert problems(world)["undecided_clients"]["check_state"] == "clean"
    world.workspace.journal.set_distinct(pair["pair"], None)
    assert problems(world)["undecided_clients"]["row_count"] == 1


def test_every_table_that_can_be_loaded_has_its_line(world):
    for table, spec in load_tables().items():
        world.given(table, " | ".join(spec.columns) + "\n" + " | ".join("х" for _ in spec.columns))
    assert set(tables(world, as_of="2026-01-01")) == set(load_tables())
