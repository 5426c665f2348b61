"""Touches held before the client existed."""


def test_the_first_day_is_not_before(world):
    world.given("clients", "client_name | client_since\nА | 2026-03-10\nБез даты |")
    world.given("touches", "client | held_on | subject\nА | 2026-03-09 | рано\nА | 2026-03-10 | в срок\nБез даты | 2020-01-01 | не знаем")
    (row,) = world.rows("checks.touches_before_client")
    assert (row["subject"], row["client_since"].isoformat(), row["row_number"]) == ("рано", "2026-03-10", 2)
