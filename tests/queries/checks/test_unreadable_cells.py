"""Cells that could not be read, while their row counts."""

import duckdb
import pytest

from kam.tables import load_tables

# What a row of each table cannot do without, so that what stands beside it is asked for.
COUNTS = {
    "clients": {"client_name": "А"},
    "orders": {"client": "А", "date": "15.01.2026", "amount": "10"},
    "touches": {"client": "А", "held_on": "15.01.2026"},
    "promises": {"client": "А", "promise_id": "1"},
    "contacts": {"client": "А", "name": "Иванов"},
    "staff": {"name": "Иванов"},
    "requests": {"client": "А", "received_at": "15.01.2026"},
    "rates": {"currency": "USD", "rate": "90"},
}
TYPED = {name: [one for one, kind in spec.columns.items() if kind not in ("text", "id")] for name, spec in load_tables().items()}
WORDS = ["—", "-", "нет", "не указано", "n/a", "#Н/Д", "null", "\u00a0"]


def sheet(table, values):
    """A row for each value of each typed column, the rest of it as it must be; and column and row number of each."""
    columns = list(dict.fromkeys([*COUNTS[table], *TYPED[table]]))
    cells = [(name, value) for name in TYPED[table] for value in values]
    rows = [[value if column == name else COUNTS[table].get(column, "") for column in columns] for name, value in cells]
    places = {number: name for number, (name, _) in enumerate(cells, 2)}
    return "\n".join(" | ".join(row) for row in [columns, *rows]), places


@pytest.mark.parametrize("table", list(load_tables()))
def test_every_cell_that_is_not_read_is_told_or_its_row_rejected(world, table):
    """A column added to tables.toml must be in core.rejects too."""
    world.given("clients", "client_name\nА")
    rows, places = sheet(table, ["чепуха"])
    world.given(table, rows)
    told = {
        row["row_number"]: row["column_name"] or row["reason"]
        for row in world.rows("marts.rejected_rows") if row["table_name"] == table and row["value"] and "чепуха" in row["value"]
    }  # fmt: skip
    rejecting = {"date": "date_unreadable", "amount": "amount_unreadable", "held_on": "date_unreadable",
                 "received_at": "date_unreadable", "rate": "rate_unreadable", "nominal": "rate_unreadable"}  # fmt: skip
    required = {*load_tables()[table].required, *(TYPED["rates"] if table == "rates" else ())}
    assert told == {number: rejecting[name] if name in required else name for number, name in places.items()}


@pytest.mark.parametrize("table", [name for name in load_tables() if name != "rates"])
def test_a_blank_in_words_is_told_of_no_column(world, table):
    rows, _ = sheet(table, WORDS)
    world.given("clients", "client_name\nА")
    world.given(table, rows)
    assert [(row["column_name"], row["value"]) for row in world.rows("checks.unreadable_cells")] == []


def test_of_a_row_that_does_not_count_no_cell_is_told(world):
    world.given("clients", "client_id | client_name | potential\n | | много")
    world.given("orders", "client | date | amount | margin\nА | плохо | 10 | много\nА | 15.01.2026 | 10 | много")
    world.given("contacts", "client | name | birthday\nА | | скоро\nА | Иванов | скоро")
    world.given("touches", "client | held_on | minutes\nА | плохо | много\nА | 15.01.2026 | много")
    found = [(row["table_name"], row["row_number"], row["column_name"]) for row in world.rows("checks.unreadable_cells")]
    assert found == [("contacts", 3, "birthday"), ("orders", 3, "margin"), ("touches", 3, "minutes")]


def test_figures_of_orders_each_tell_their_own_column(world):
    world.given("orders", "client | date | amount | margin | discount | quantity | price | list_price\n"
                          "А | 15.01.2026 | 10 | 1 | 2 | 3 шт | 4 | ~5\nА | 15.01.2026 | 10 | | — | | | \n"
                          "А | 15.01.2026 | 10 | 1 | 2 | 3 | 4 | 5\nА | 15.01.2026 | 10 | 1 | x2 | 3 | 4 | нет")  # fmt: skip
    found = {(row["row_number"], row["column_name"], row["value"]) for row in world.rows("checks.unreadable_cells")}
    assert found == {(2, "quantity", "3 шт"), (2, "list_price", "~5"), (5, "discount", "x2")}
    assert [float(row["amount"]) for row in world.rows("marts.evidence_orders")] == [10, 10, 10, 10]


def test_flags_are_read_in_words_and_marks(world):
    yes = ["Да", "yes", "+", "1", "TRUE", "Истина", "x", "Х", "V", "✓"]
    no = ["Нет", "No", "-", "0", "FALSE", "ложь", "–", "—"]
    names = [*yes, *no, "", "VIP", "может быть"]
    world.given("clients", "client_name | brand\n" + "\n".join(f"{number:02} | {name}" for number, name in enumerate(names)))
    told = [row["value"] for row in world.rows("checks.unreadable_cells")]
    with duckdb.connect(world.workspace.datasets.path(world.workspace.dataset_id), read_only=True) as dataset:
        said = dataset.execute("select is_brand from core.clients order by client_id").fetchall()
    assert [flag for (flag,) in said] == [True] * len(yes) + [False] * len(no) + [None] * 3
    assert told == ["VIP", "может быть"]


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
