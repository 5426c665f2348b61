"""Pairs of near names that the user has not decided on."""


def test_an_answer_takes_the_pair_away_and_taking_it_back_returns_it(world):
    world.given("orders", "client | date | amount\nАльфа Строй | 2026-01-01 | 5\nСтрой Альфа | 2026-01-01 | 6\nВектор | 2026-01-01 | 5")
    (pair,) = world.rows("checks.undecided_clients")
    assert {pair["client_id"], pair["other_client_id"]} == {"Альфа Строй", "Строй Альфа"}
    world.workspace.journal.set_distinct(pair["pair"], "Альфа Строй | Строй Альфа")
    assert world.rows("checks.undecided_clients") == []
    assert len(world.rows("checks.near_clients")) == 1
    world.workspace.journal.set_distinct(pair["pair"], None)
    assert len(world.rows("checks.undecided_clients")) == 1
