"""Orders dated after the day on which their export was taken."""


def numbers(world, **params):
    return [row["order_id"] for row in world.rows("checks.orders_in_future", **params)]


def test_the_day_of_the_export_is_not_yet_the_future(world):
    rows = "order_id | client | date | amount\nthat_day | А | 2026-03-10 | 5\nday_after | А | 2026-03-11 | 5"
    world.given("orders", rows, "2026-03-10")
    (row,) = world.rows("checks.orders_in_future")
    assert (row["order_id"], row["file"], row["sheet"], row["row_number"]) == ("day_after", "orders-1.csv", "orders", 3)


def test_each_sheet_has_its_own_day(world):
    world.given("orders", "order_id | client | date | amount\nold | А | 2026-03-11 | 5", "2026-03-10")
    world.given("orders", "order_id | client | date | amount\nfresh | А | 2026-03-12 | 5", "2026-03-20")
    assert numbers(world) == ["old"]


def test_filter_leaves_the_clients_of_a_manager(world):
    world.given("orders", "order_id | client | date | amount | manager\na | А | 2026-03-11 | 5 | И\nb | Б | 2026-03-11 | 5 | П", "2026-03-01")
    assert numbers(world, manager="П") == ["b"]
    assert numbers(world, manager="Кто-то") == []
