"""Clients whose manager nobody names."""


def test_order_and_touch_name_a_manager_too(world):
    world.given("clients", "client_name | manager\nСо своим | И\nПо заказу |\nПо касанию |\nНичей |")
    world.given("orders", "client | date | amount | manager\nПо заказу | 2026-03-01 | 5 | П")
    world.given("touches", "client | held_on | manager\nПо касанию | 2026-03-01 | С")
    (row,) = world.rows("checks.clients_without_manager")
    assert (row["client_id"], row["file"], row["row_number"]) == ("Ничей", "clients-1.csv", 5)


def test_under_a_manager_there_are_none(world):
    world.given("clients", "client_name | manager\nСвой | И\nНичей |")
    assert world.rows("checks.clients_without_manager", manager="И") == []
