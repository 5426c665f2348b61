"""Rows that were not loaded."""


def test_what_is_left_out_rightly_is_no_finding(world):
    rows = """
        client | date | amount | status
         | 2026-03-01 | 5 | Выиграна
        А | позавчера | 5 | Выиграна
        А | 2026-03-01 | 5 | Проиграна
        А | 2026-03-01 | 5 | Отменён
        А | 2026-03-01 | 5 | Выиграна
    """
    world.given("orders", rows)
    found = [(row["reason"], row["row_number"], row["value"]) for row in world.rows("checks.rejected_rows")]
    assert found == [("client_missing", 2, None), ("date_unreadable", 3, "позавчера")]


def test_of_snapshots_only_the_newest_is_looked_at(world):
    world.given("contacts", "client | name | phone\nА | | 1", "2026-01-01")
    assert [row["file"] for row in world.rows("checks.rejected_rows")] == ["contacts-1.csv"]
    world.given("contacts", "client | name | phone\nА | Анна | 1", "2026-02-01")
    assert world.rows("checks.rejected_rows") == []
