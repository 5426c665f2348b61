"""Touches entered in bulk: five or more with the same text, entered on one day by one manager."""

HEAD = "client | held_on | created_at | manager | channel | text | result | subject\n"


def touch(number, held="2026-03-{:02d}", created="2026-03-20", manager="И", channel="звонок", text="Всё хорошо", subject=""):
    return f"К{number} | {held.format(number)} | {created} | {manager} | {channel} | {text} | | {subject}\n"


def found(world, **params):
    return [row["row_number"] for row in world.rows("checks.bulk_touches", **params)]


def test_five_are_a_bulk_and_four_are_not(world):
    five = "".join(touch(n) for n in range(1, 6))
    four = "".join(touch(n, text="Другое") for n in range(1, 5))
    world.given("touches", HEAD + five + four)
    assert sorted(found(world)) == [2, 3, 4, 5, 6]
    assert {row["same_count"] for row in world.rows("checks.bulk_touches")} == {5}


def test_the_norm_moves_the_border(world):
    world.given("touches", HEAD + "".join(touch(n) for n in range(1, 5)))
    assert found(world) == []
    assert len(found(world, norms={"bulk_touches": "4"})) == 4


def test_case_and_punctuation_do_not_make_another_text(world):
    world.given("touches", HEAD + "".join(touch(n, text=["ВСЁ  хорошо!", "Все хорошо"][n % 2]) for n in range(1, 6)))
    assert len(found(world)) == 5


def test_another_day_or_manager_is_another_bulk(world):
    days = "".join(touch(n, created="2026-03-20" if n < 5 else "2026-03-21") for n in range(1, 6))
    people = "".join(touch(n, text="Б", manager="И" if n < 5 else "П") for n in range(1, 6))
    world.given("touches", HEAD + days + people)
    assert found(world) == []


def test_without_a_day_of_creation_the_day_held_stands_for_it(world):
    world.given("touches", HEAD + "".join(touch(n, created="", held="2026-03-05" if n < 6 else "2026-03-06") for n in range(1, 7)))
    assert len(found(world)) == 5


def test_without_a_text_the_result_or_the_subject_is_compared_and_nothing_is_no_text(world):
    subjects = "".join(touch(n, text="", subject="Обсудили") for n in range(1, 6))
    silent = "".join(touch(n, text="") for n in range(1, 7))
    dots = "".join(touch(n, text="…") for n in range(1, 7))
    world.given("touches", HEAD + subjects + silent + dots)
    assert sorted(found(world)) == [2, 3, 4, 5, 6]


def test_mailings_go_to_many_by_nature(world):
    world.given("touches", HEAD + "".join(touch(n, channel="Рассылка") for n in range(1, 9)))
    assert found(world) == []


def test_a_touch_without_a_manager_is_its_clients_managers(world):
    world.given("clients", "client_name | manager\n" + "".join(f"К{n} | И\n" for n in range(1, 6)))
    world.given("touches", HEAD + "".join(touch(n, manager="" if n % 2 else "И") for n in range(1, 6)))
    assert len(found(world)) == 5
    assert len(found(world, manager="И")) == 5
    assert found(world, manager="П") == []


def test_touches_that_nobody_signed_are_a_bulk_too(world):
    world.given("touches", HEAD + "".join(touch(n, manager="") for n in range(1, 6)))
    assert len(found(world)) == 5
