"""Touches entered later than three days after they were held."""

ROWS = """
    client | held_on    | created_at       | subject
    А      | 2026-03-10 | 2026-03-13 23:59 | на третий день
    А      | 2026-03-10 | 2026-03-14 00:01 | на четвёртый
    А      | 2026-03-10 | 2026-03-01       | заранее
    А      | 2026-03-10 |                  | не знаем
"""


def test_three_days_are_in_time_and_four_are_late(world):
    world.given("touches", ROWS)
    (row,) = world.rows("checks.late_entries")
    assert (row["subject"], row["delay_days"], row["row_number"]) == ("на четвёртый", 4, 3)


def test_the_norm_moves_the_border(world):
    world.given("touches", ROWS)
    assert world.rows("checks.late_entries", norms={"entry_days": "4"}) == []
    assert len(world.rows("checks.late_entries", norms={"entry_days": "2"})) == 2
