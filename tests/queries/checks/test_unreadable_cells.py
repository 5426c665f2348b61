"""Cells that could not be read, while their row counts."""


def test_the_column_and_the_value_are_shown(world):
    world.given("clients", "client_name | potential | client_since\nА | много | 2026-03-01\nБ | 100 | давно\nВ | |")
    found = [(row["table_name"], row["column_name"], row["value"], row["row_number"]) for row in world.rows("checks.unreadable_cells")]
    assert found == [("clients", "client_since", "давно", 3), ("clients", "potential", "много", 2)]


def test_a_blank_in_words_is_no_cell_that_could_not_be_read(world):
    world.given("clients", "client_name | potential | mandatory_touches | client_since | sales_type\n"
                           "А | — | - | не указана | проектный\nБ | ~5 | много | 31.02.2026 | особый")  # fmt: skip
    world.given("promises", "promise_id | client | made_on | due_on | done_on | moved_on | new_due_on | original_due_on\n"
                            "1 | А | 15.01.2026 | без срока | 01.01.0001 | нет | n/a | 0000-00-00\n"
                            "2 | А | 15.01.2026 | скоро | да | вчера | потом | раньше")  # fmt: skip
    world.given("requests", "client | received_at | answered_at | answer_due_on | fixed_on\n"
                            "А | 15.01.2026 | нет | не указан | не закрыта\nА | 15.01.2026 | да | скоро | почти")  # fmt: skip
    found = {(row["table_name"], row["row_number"], row["column_name"]) for row in world.rows("checks.unreadable_cells")}
    assert found == {
        *(("clients", 3, name) for name in ("potential", "mandatory_touches", "client_since", "sales_type")),
        *(("promises", 3, name) for name in ("due_on", "done_on", "moved_on", "new_due_on", "original_due_on")),
        *(("requests", 3, name) for name in ("answered_at", "answer_due_on", "fixed_on")),
    }
