"""Names of our people that may be one person."""

import pytest


def pairs(world, names):
    world.given("touches", "client | held_on | manager\n" + "".join(f"А | 2026-03-01 | {name}\n" for name in names))
    return [(row["manager"], row["like_manager"]) for row in world.rows("checks.manager_name_forms")]


@pytest.mark.parametrize(
    ("rare", "usual"),
    [
        ("Иван Иванов", "Иванов Иван"),
        ("Иванов И. И.", "Иванов Иван Иванович"),
        ("Иванов", "Иванов Иван"),
        ("J. Smith", "John Smith"),
    ],
)
def test_forms_of_one_name(world, rare, usual):
    assert pairs(world, [rare, usual, usual]) == [(rare, usual)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванов Иван", "Иванов Пётр"),
        ("Иванов И.", "Петров И."),
        ("Иван Петров", "Иван Сидоров"),
        ("Иванова Анна", "Иванов Андрей"),
        ("Иванов Иван", "Иванов Игорь"),
    ],
)
def test_other_people_are_other_people(world, one, other):
    assert pairs(world, [one, other, other]) == []


def test_the_first_row_of_the_rarer_name_is_shown(world):
    world.given("staff", "name\nИванов Иван")
    world.given("clients", "client_name | manager\nА | Иванов Иван\nБ | Иван Иванов")
    (row,) = world.rows("checks.manager_name_forms")
    assert (row["manager"], row["row_count"], row["like_row_count"], row["file"], row["row_number"]) == (
        "Иван Иванов", 1, 2, "clients-2.csv", 3,
    )  # fmt: skip
