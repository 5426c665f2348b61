"""Clients whose potential is below the revenue of the last 12 months."""

D = "2026-03-31"


def test_equal_is_not_below_and_unknown_is_not_zero(world):
    world.given("clients", "client_name | potential\nмало | 99.99\nровно | 100\nмного | 100.01\nнеизвестно |")
    orders = "".join(f"{name} | 2026-03-01 | 100\n" for name in ("мало", "ровно", "много", "неизвестно"))
    world.given("orders", "client | date | amount\n" + orders)
    (row,) = world.rows("checks.potential_below_revenue", as_of=D)
    assert (row["client_id"], float(row["potential"]), float(row["revenue"]), row["row_number"]) == ("мало", 99.99, 100.0, 2)


def test_revenue_is_of_the_year_before_the_date(world):
    world.given("clients", "client_name | potential\nА | 100")
    world.given("orders", "client | date | amount\nА | 2025-03-31 | 60\nА | 2025-04-01 | 60\nА | 2026-04-01 | 500")
    assert world.rows("checks.potential_below_revenue", as_of="2026-03-31") == []
    assert [row["client_id"] for row in world.rows("checks.potential_below_revenue", as_of="2026-03-30")] == ["А"]
