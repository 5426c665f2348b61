"""Order lines of zero amount."""


def test_only_zero_is_zero(world):
    world.given("orders", """
        order_id | client | date | amount
        free | А | 2026-03-10 | 0
        sale | А | 2026-03-10 | 0.01
        back | А | 2026-03-10 | -1
    """)
    assert [row["order_id"] for row in world.rows("checks.orders_of_zero")] == ["free"]
