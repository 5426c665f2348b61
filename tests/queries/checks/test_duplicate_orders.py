"""Order lines that repeat another to the letter."""

import pytest

HEAD = "client | date | amount | order_id | sku | product | quantity | document_type\n"
LINE = {
    "client": "А", "date": "2026-03-10", "amount": "5", "order_id": "1", "sku": "7", "product": "П", "quantity": "2",
    "document_type": "Реализация",
}  # fmt: skip


def line(**changes):
    return " | ".join((LINE | changes).values()) + "\n"


def rows(world):
    return world.rows("checks.duplicate_orders")


def test_every_copy_but_the_first_is_shown(world):
    world.given("orders", HEAD + line() + line() + line())
    assert [(row["row_number"], row["first_row"], row["first_file"]) for row in rows(world)] == [
        (3, 2, "orders-1.csv"),
        (4, 2, "orders-1.csv"),
    ]


@pytest.mark.parametrize("column", LINE)
def test_a_line_that_differs_in_one_column_is_another_line(world, column):
    other = {"date": "2026-03-11", "amount": "6", "quantity": "3"}.get(column, "другое")
    world.given("orders", HEAD + line() + line(**{column: other}))
    assert rows(world) == []


def test_without_a_number_or_an_item_the_rest_decides(world):
    world.given("orders", "client | date | amount\nА | 2026-03-10 | 5\nА | 2026-03-10 | 5\nА | 2026-03-10 | 6")
    assert [row["row_number"] for row in rows(world)] == [3]


def test_lines_of_zero_are_no_money_to_count_twice(world):
    world.given("orders", HEAD + line(amount="0") + line(amount="0"))
    assert rows(world) == []
