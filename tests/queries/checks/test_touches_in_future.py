"""Touches dated after the day on which their export was taken."""


def test_the_day_of_the_export_is_not_yet_the_future(world):
    world.given("touches", "client | held_on | subject\nА | 2026-03-10 | был\nА | 2026-03-11 | план", "2026-03-10")
    (row,) = world.rows("checks.touches_in_future")
    assert (row["subject"], row["row_number"], row["captured_on"].isoformat()) == ("план", 3, "2026-03-10")


def test_filter_leaves_the_clients_of_a_manager(world):
    world.given("clients", "client_name | manager\nА | И\nБ | П")
    world.given("touches", "client | held_on\nА | 2026-03-11\nБ | 2026-03-12", "2026-03-10")
    assert [row["client_id"] for row in world.rows("checks.touches_in_future", manager="И")] == ["А"]
