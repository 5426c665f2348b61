"""Why an order line does not count, one reason a row: what is no order at all first, then whose it is, then its cells."""

from __future__ import annotations

import pytest

from tests.conftest import World

LISTED = "client_id | client_name\n1 | Альфа\n2 | Альфа\n3 | Бета"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        # client | date | amount | status
        ("Бета | 15.01.2026 | 10 | Сделка успешна", None),
        (" | плохо | плохо | Переговоры", ("deal_not_won", "Переговоры")),
        (" | 15.01.2026 | 10 | Отменён", ("order_cancelled", "Отменён")),
        (" | 15.01.2026 | 10 | Замер", ("status_unknown", "Замер")),
        (" | 15.01.2026 | 10 | ", ("status_unknown", None)),
        (" | плохо | 10 | Сделка успешна", ("client_missing", None)),
        ("Альфа | плохо | 10 | Сделка успешна", ("client_ambiguous", "Альфа")),
        ("Бета | | 10 | Сделка успешна", ("date_missing", None)),
        ("Бета | плохо | плохо | Сделка успешна", ("date_unreadable", "плохо")),
        ("Бета | 15.01.2026 | | Сделка успешна", ("amount_missing", None)),
        ("Бета | 15.01.2026 | — | Сделка успешна", ("amount_missing", "—")),
        ("Бета | 15.01.2026 | плохо | Сделка успешна", ("amount_unreadable", "плохо")),
    ],
)
def test_a_line_has_the_first_reason_that_speaks_against_it(world: World, row: str, reason: tuple[str, str | None] | None) -> None:
    world.given("clients", LISTED)
    # The first two rows tell that these are deals, and what money they are in.
    world.given("orders", f"client | date | amount | status\nБета | 14.01.2026 | 1 | Сделка успешна\nБета | 14.01.2026 | 1 | Переговоры\n{row}")
    found = [(row["reason"], row["value"]) for row in world.rows("marts.rejected_rows") if row["row_number"] == 4]
    assert found == ([reason] if reason else [])


def test_where_no_status_speaks_of_deals_none_is_asked_for(world: World) -> None:
    rows = "Бета | 14.01.2026 | 1 | Замер\nБета | 14.01.2026 | 2 | \nБета | 14.01.2026 | 4 | Отменён"
    world.given("orders", f"client | date | amount | status\n{rows}")
    assert [(row["row_number"], row["reason"]) for row in world.rows("marts.rejected_rows")] == [(4, "order_cancelled")]
