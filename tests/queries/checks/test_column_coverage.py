"""How full each column is, in all and by sheet."""

from kam.tables import load_tables


def coverage(world, table, column):
    rows = world.rows("checks.column_coverage")
    return [
        (row["file"], row["filled_count"], row["row_count"], row["filled_share"])
        for row in rows
        if (row["table_name"], row["column_name"]) == (table, column)
    ]


def test_blank_is_not_filled_and_sheets_add_up(world):
    world.given("orders", "client | date | amount | margin\nА | 2026-03-01 | 5 | 1\nА | 2026-03-02 | 5 |")
    world.given("orders", "client | date | amount\nА | 2026-04-01 | 5\nА | 2026-04-02 | 5")
    assert sorted(coverage(world, "orders", "margin"), key=str) == [
        ("orders-1.csv", 1, 2, 0.5),
        ("orders-2.csv", 0, 2, 0.0),
        (None, 1, 4, 0.25),
    ]


def test_of_snapshots_only_the_newest_counts(world):
    world.given("clients", "client_name | region\nА | Юг\nБ | Юг", "2026-01-01")
    world.given("clients", "client_name | region\nА | Юг\nБ |", "2026-02-01")
    assert coverage(world, "clients", "region") == [(None, 1, 2, 0.5), ("clients-2.csv", 1, 2, 0.5)]


def test_a_table_that_is_not_loaded_has_no_columns(world):
    world.given("orders", "client | date | amount\nА | 2026-03-01 | 5")
    assert {row["table_name"] for row in world.rows("checks.column_coverage")} == {"orders"}


def test_every_column_of_every_table_is_counted(world):
    for table, spec in load_tables().items():
        world.given(table, " | ".join(spec.columns) + "\n" + " | ".join("х" for _ in spec.columns))
    found = {(row["table_name"], row["column_name"]) for row in world.rows("checks.column_coverage")}
    assert found == {(table, column) for table, spec in load_tables().items() for column in spec.columns}
