"""Managers and owners that no staff sheet names."""


def found(world, **params):
    return [(row["table_name"], row["manager"], row["row_number"]) for row in world.rows("checks.managers_unknown_to_staff", **params)]


def test_names_are_compared_folded(world):
    world.given("staff", "name\nСемёнов Пётр")
    world.given("clients", "client_name | manager\nА | СЕМЕНОВ Петр\nБ | Ушедший Иван\nВ |")
    world.given("touches", "client | held_on | manager\nА | 2026-03-01 | Семёнов Пётр\nА | 2026-03-02 | Стажёр")
    world.given("promises", "promise_id | client | text | owner\np | А | x | Стажёр\nq | А | x | Семёнов Пётр")
    assert found(world) == [("clients", "Ушедший Иван", 3), ("promises", "Стажёр", 2), ("touches", "Стажёр", 3)]
    assert found(world, manager="Ушедший Иван") == [("clients", "Ушедший Иван", 3)]
