"""Promises done before they were made."""


def test_the_same_day_is_not_before(world):
    rows = """
        promise_id | client | text | made_on | due_on | done_on
        same | А | x | 2026-03-10 | 2026-03-20 | 2026-03-10
        before | А | x | 2026-03-10 | 2026-03-20 | 2026-03-09
        open | А | x | 2026-03-10 | 2026-03-20 |
    """
    world.given("promises", rows)
    (row,) = world.rows("checks.promises_done_before_made")
    assert (row["promise_id"], row["row_number"], row["file"]) == ("before", 3, "promises-1.csv")
