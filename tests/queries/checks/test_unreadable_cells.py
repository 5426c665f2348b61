"""Cells that could not be read, while their row counts."""


def test_the_column_and_the_value_are_shown(world):
    world.given("clients", "client_name | potential | client_since\nА | много | 2026-03-01\nБ | 100 | давно\nВ | |")
    found = [(row["table_name"], row["column_name"], row["value"], row["row_number"]) for row in world.rows("checks.unreadable_cells")]
    assert found == [("clients", "client_since", "давно", 3), ("clients", "potential", "много", 2)]
