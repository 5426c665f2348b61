"""Touches that no rule knows."""


def test_a_kind_given_or_found_by_a_rule_is_recognised(world):
    rows = """
        client | held_on | kind | subject
        А | 2026-03-01 | обязательное | абракадабра
        А | 2026-03-02 | | абракадабра
        А | 2026-03-03 | | недозвон
    """
    world.given("touches", rows)
    assert [row["row_number"] for row in world.rows("checks.unrecognised_touches")] == [3]
