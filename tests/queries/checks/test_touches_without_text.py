"""Touches that say nothing."""


def test_any_of_subject_text_and_result_is_something(world):
    rows = """
        touch_id | client | held_on | subject | text | result
        1 | А | 2026-03-01 | тема | |
        2 | А | 2026-03-01 | | текст |
        3 | А | 2026-03-01 | | | итог
        4 | А | 2026-03-01 | | |
    """
    world.given("touches", rows)
    assert [row["row_number"] for row in world.rows("checks.touches_without_text")] == [5]
