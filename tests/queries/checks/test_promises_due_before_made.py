"""Promises due before they were made."""

HEAD = "promise_id | client | text | made_on | original_due_on | due_on\n"


def found(world):
    return [row["promise_id"] for row in world.rows("checks.promises_due_before_made")]


def test_the_same_day_is_not_before(world):
    world.given("promises", HEAD + """
        same | А | x | 2026-03-10 | | 2026-03-10
        before | А | x | 2026-03-10 | | 2026-03-09
        unknown | А | x | | | 2026-03-09
    """)
    assert found(world) == ["before"]


def test_either_due_may_be_wrong(world):
    world.given("promises", HEAD + "first | А | x | 2026-03-10 | 2026-03-01 | 2026-03-20\nnow | А | x | 2026-03-10 | 2026-03-20 | 2026-03-01")
    assert sorted(found(world)) == ["first", "now"]


def test_a_due_mended_in_a_newer_export_is_looked_at_there(world):
    world.given("promises", HEAD + "p | А | x | 2026-03-10 | 2026-03-20 | 2026-03-01", "2026-03-12")
    assert found(world) == ["p"]
    world.given("promises", HEAD + "p | А | x | 2026-03-10 | 2026-03-20 | 2026-03-20", "2026-03-19")
    assert found(world) == []


def test_filter_is_the_clients_manager(world):
    world.given("clients", "client_name | manager\nА | И\nБ | П")
    world.given("promises", HEAD + "a | А | x | 2026-03-10 | | 2026-03-09\nb | Б | x | 2026-03-10 | | 2026-03-09")
    assert [row["promise_id"] for row in world.rows("checks.promises_due_before_made", manager="П")] == ["b"]
