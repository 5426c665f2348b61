"""Key clients: the criteria, management's word, the load of managers, the comb (METHOD 6)."""

from __future__ import annotations

import pytest

D = "2026-04-10"
SHEET = "client_id | manager | key_client | brand | new_segment | in_media | uses_rival | potential"


def card(world, **params) -> dict[str, dict]:
    return {row["client_id"]: row for row in world.rows("marts.key_clients", as_of=D, **params)}


@pytest.mark.parametrize(
    ("row", "count", "is_key"),
    [
        ("a | Anna | yes | | | | |", 0, True),  # management's list alone
        ("a | Anna | | yes | | | |", 1, False),
        ("a | Anna | | yes | yes | | |", 2, True),
        ("a | Anna | | | | yes | yes |", 2, True),
        ("a | Anna | | yes | no | no | no | 1000", 2, True),  # the large potential
        ("a | Anna | yes | yes | yes | yes | yes | 1000", 5, True),
    ],
)
def test_key_by_managements_list_or_two_criteria(world, row, count, is_key):
    world.given("clients", f"{SHEET}\n{row}")
    found = card(world)["a"]
    assert (found["criteria_count"], found["is_key"]) == (count, is_key)


def test_nothing_said_is_no_criterion(world):
    world.given("clients", f"{SHEET}\na | Anna | no | no | no | no | no |\nb | Anna | | | | | |")
    assert card(world) == {}


def test_large_potential_is_that_of_the_clients_which_make_eighty_percent(world):
    world.given("clients", "client_id | potential | brand\na | 800 | yes\nb | 200 | yes\nc | 100 | yes")
    world.given("orders", "client | date | amount\na | 2026-04-01 | 100")
    assert {name: row["is_large"] for name, row in card(world).items()} == {"a": True, "b": True, "c": False}


def test_the_list_kept_in_the_app_wins_over_the_sheet(world):
    world.given("clients", f"{SHEET}\na | Anna | yes | | | | |\nb | Anna | no | | | | |\nc | Anna | yes | | | | |")
    world.workspace.journal.set_dictionary(
        "key_list",
        [{"client_id": "a", "is_listed": "0", "note": "left"}, {"client_id": "b", "is_listed": "1", "note": ""}],
    )
    assert sorted(card(world)) == ["b", "c"]


def test_own_criteria_are_columns_of_the_sheet(world):
    world.given("clients", "client_id | brand | Экспортёр | Тендеры\na | yes | да | нет\nb | yes | нет | \nc | | да | да")
    assert {name: row["is_key"] for name, row in card(world).items()} == {"a": False, "b": False}
    world.workspace.journal.set_dictionary("key_criteria", [{"header": "Экспортёр", "note": ""}, {"header": "Тендеры", "note": ""}])
    found = card(world)
    assert {name: (row["criteria_count"], row["is_key"]) for name, row in found.items()} == {
        "a": (2, True), "b": (1, False), "c": (2, True),
    }  # fmt: skip
    assert found["c"]["own_criteria"] == "Тендеры, Экспортёр"


def test_managements_list_makes_a_plus_of_an_a(world):
    """METHOD 3: A+ is A and named in the key list, also in the one kept in the app."""
    world.given("clients", "client_id | potential\na | 100\nb | 100\nc | 1")
    world.given("orders", "client | date | amount\na | 2026-04-01 | 90\nb | 2026-04-01 | 60")
    classes = {row["client_id"]: row["class"] for row in world.rows("marts.client_classes", as_of=D)}
    assert (classes["a"], classes["b"]) == ("A+", "A")
    world.workspace.journal.set_dictionary("key_list", [{"client_id": "b", "is_listed": "1", "note": ""}])
    classes = {row["client_id"]: row["class"] for row in world.rows("marts.client_classes", as_of=D)}
    assert (classes["a"], classes["b"]) == ("A+", "A+")


def test_load_of_managers_against_the_limit(world):
    keys = [f"{name} | {manager} | yes" for name, manager in zip("abcdefgh", ["Anna"] * 3 + ["Boris"] * 4 + [""], strict=True)]
    world.given("clients", "\n".join(["client_id | manager | key_client", *keys, "x | Anna | no"]))
    world.given("touches", "client | held_on | kind\na | 2026-04-04 | need\nb | 2026-04-03 | need")
    loads = {row["manager_name"]: row for row in world.rows("marts.key_managers", as_of=D)}
    counts = {name: (row["key_client_count"], row["over_count"], row["forgotten_count"]) for name, row in loads.items()}
    assert counts == {"Anna": (3, 0, 2), "Boris": (4, 1, 4), "": (1, 0, 1)}
    assert sorted(card(world, only_keys=True, of_manager="Boris")) == ["d", "e", "f", "g"]
    assert sorted(card(world, forgotten=True, of_manager="Anna")) == ["b", "c"]


PEOPLE = """
client | name | title
a | Ivan | Генеральный директор
a | Olga | Начальник отдела закупок
a | Petr | Инженер
"""


def comb(world, *touches: str, staff: str | None = "name | level\nAnna | руководитель\nBoris | директор") -> dict:
    world.given("clients", "client_id | manager | key_client\na | Anna | yes")
    world.given("contacts", PEOPLE)
    world.given("touches", "\n".join(["client | held_on | kind | type | manager | contact", *touches]))
    if staff:
        world.given("staff", staff)
    return card(world)["a"]


@pytest.mark.parametrize(
    ("touches", "covered"),
    [
        (["a | 2026-04-01 | need | call | Anna | Olga"], 1),
        (["a | 2026-04-01 | need | call | Anna | Ivan"], 0),  # a head with the director is not level
        (["a | 2026-04-01 | need | call | Anna | Olga", "a | 2026-04-01 | need | call | Boris | Ivan"], 2),
        (["a | 2026-04-01 | need | letter | Anna | Olga"], 0),
        (["a | 2026-01-11 | need | call | Anna | Olga"], 1),  # the 89th day
        (["a | 2026-01-10 | need | call | Anna | Olga"], 0),
        (["a | 2026-04-01 | need | call | Nobody | Olga"], 0),
    ],
)
def test_comb_covers_a_level_by_a_personal_touch_of_the_same_level(world, touches, covered):
    found = comb(world, *touches)
    assert (found["level_count"], found["covered_level_count"], found["coverage_share"]) == (3, covered, pytest.approx(covered / 3))


def test_comb_is_not_measurable_without_staff_or_contacts(world):
    found = comb(world, "a | 2026-04-01 | need | call | Anna | Olga", staff=None)
    assert (found["level_count"], found["coverage_share"], found["is_single_thread"]) == (3, None, True)
    world.given("clients", "client_id | key_client\nb | yes")
    found = card(world)["b"]
    assert (found["person_count"], found["coverage_share"], found["is_single_thread"]) == (None, None, None)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Генеральный директор", "director"), ("Зам. директора по сбыту", "director"), ("Директор магазина", "head"),
        ("Помощник директора", "specialist"), ("Зам. начальника отдела", "head"), ("Главный инженер", "head"),
        ("Ведущий инженер", "specialist"), ("CFO", "director"), ("Head of Purchasing", "head"), ("Buyer", "specialist"),
    ],
)  # fmt: skip
def test_titles_have_levels(world, title, level):
    world.given("clients", "client_id | key_client | manager\na | yes | Anna")
    world.given("contacts", f"client | name | title\na | Ivan | {title}")
    world.given("staff", f"name | level\nAnna | {level}")
    world.given("touches", "client | held_on | kind | type | manager | contact\na | 2026-04-01 | need | call | Anna | Ivan")
    assert card(world)["a"]["coverage_share"] == 1
