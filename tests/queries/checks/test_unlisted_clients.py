"""Clients that only orders name."""


def test_listed_clients_and_those_without_orders_are_left_out(world):
    world.given("clients", "client_name\nЗнакомый")
    world.given("orders", "client | date | amount\nЗнакомый | 2026-03-01 | 5\nЧужой | 2026-03-02 | 5\nЧужой | 2026-03-01 | 5")
    world.given("touches", "client | held_on\nТолько касание | 2026-03-01")
    (row,) = world.rows("checks.unlisted_clients")
    assert (row["client_id"], row["line_count"], row["file"], row["row_number"]) == ("Чужой", 2, "orders-2.csv", 4)
