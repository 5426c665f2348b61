"""Free questions: exact answers on hand-made rows, totals that add up, borders of filters, names and values that attack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kam import explore
from kam.errors import KamError
from kam.explore import Axis, Choice, Condition, Key, Measure
from tests.conftest import World

ORDERS = """
    order_id | client | date       | amount | product | Цвет    | Вес, кг | Код
    1        | Альфа  | 2026-01-01 | 100    | болт    | красный | 1,5     | 1,234
    2        | Альфа  | 2026-01-31 | 40     | гайка   | синий   | 2       | 5
    3        | Бета   | 2026-02-01 | 60     | болт    | красный | 10,25   | 6
    4        | Бета   | 2026-04-15 | 20.5   |         |         | —       | x7
    5        | Гамма  | 2026-04-15 | -10    | Ёлка    | синий   | 0,25    | 8
"""
AS_OF = date(2026, 4, 30)
BY_CLIENT = Choice("orders", Axis("client_name"), None, Measure("sum", "amount"), top=0)


def company(world):
    world.given("orders", ORDERS)
    world.given("clients", "client_name | manager | region | Папка\nАльфа | Иванов | Юг | A-1\nБета | Иванов | Юг | A-2\nГамма | | Север | A-1")
    return world


@pytest.fixture
def more(world):
    """The company in a world of the test's own, for rows beside it."""
    return company(world)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    world = company(World(tmp_path_factory.mktemp("explore") / "workspace"))
    world.build()
    yield Asked(world.workspace)
    world.workspace.close()


class Asked:
    """Asks questions of a workspace as the screen does."""

    def __init__(self, workspace):
        self.workspace = workspace

    def columns(self, subject="orders"):
        nothing = "nothing as (select 1)\nselect * from asked limit 0"
        schema = self.workspace.fetch_over(explore.SUBJECTS[subject].mart, nothing, {}, as_of=AS_OF).schema
        return explore.columns_of(schema, subject, self.workspace.fetch("marts.own_columns"))

    def run(self, choice, question):
        return self.workspace.fetch_over(explore.SUBJECTS[choice.subject].mart, question.text, question.values, as_of=AS_OF)

    def pivot(self, choice):
        columns = self.columns(choice.subject)
        explore.checked(choice, columns)
        return explore.pivot_of(self.run(choice, explore.pivot_question(choice, columns)), choice, columns)

    def rows(self, choice, row=None, column=None):
        return self.run(choice, explore.rows_question(choice, self.columns(choice.subject), row, column))

    def values(self, choice):
        """{row: value} of a question without columns."""
        pivot = self.pivot(choice)
        return {"rest" if key.is_rest else key.value: pivot.value(at, None) for at, key in enumerate(pivot.rows)}

    def ids(self, *conditions):
        return sorted(self.rows(replace(BY_CLIENT, conditions=conditions)).column("order_id").to_pylist())


# Measures, totals, the rest


def test_a_pivot_has_cells_and_totals_of_both_sides(asked):
    choice = Choice("orders", Axis("ordered_on", "month"), Axis("client_name"), Measure("sum", "amount"))
    pivot = asked.pivot(choice)
    months = [date(2026, month, 1) for month in (1, 2, 3, 4)]
    assert [key.value for key in pivot.rows] == months  # March has no order, and stands between
    assert [key.value for key in pivot.columns] == ["Альфа", "Бета", "Гамма"]
    found = [[pivot.value(row, column) for column in (0, 1, 2, None)] for row in (0, 1, 2, 3, None)]
    assert found == [
        [140, None, None, 140],
        [None, 60, None, 60],
        [None, None, None, None],
        [None, Decimal("20.5"), -10, Decimal("10.5")],
        [140, Decimal("80.5"), -10, Decimal("210.5")],
    ]
    assert pivot.row_count == 5


@pytest.mark.parametrize(
    ("measure", "alpha", "beta", "total"),
    [
        (Measure("count"), 2, 2, 5),
        (Measure("distinct", "product"), 2, 1, 3),
        (Measure("average", "amount"), 70.0, 40.25, 42.1),
        (Measure("median", "amount"), 70.0, 40.25, 40.0),
        (Measure("share", "amount"), 140 / 210.5, 80.5 / 210.5, 1.0),
        (Measure("share"), 0.4, 0.4, 1.0),
    ],
)
def test_measures(asked, measure, alpha, beta, total):
    pivot = asked.pivot(replace(BY_CLIENT, measure=measure))
    places = {key.value: at for at, key in enumerate(pivot.rows)}
    assert pivot.value(places["Альфа"], None) == pytest.approx(alpha)
    assert pivot.value(places["Бета"], None) == pytest.approx(beta)
    assert pivot.value(None, None) == pytest.approx(total)


def test_first_rows_and_the_rest_make_the_total(more):
    rows = "\n".join(f"n{n} | Клиент {n:02} | 2026-03-01 | {100 - n}" for n in range(7))
    more.given("orders", f"order_id | client | date | amount\n{rows}", "2026-01-02")
    pivot = Asked(fresh(more)).pivot(replace(BY_CLIENT, top=5))
    assert [key.is_rest for key in pivot.rows] == [False] * 5 + [True]
    assert [key.value for key in pivot.rows[:5]] == ["Альфа", "Клиент 00", "Клиент 01", "Клиент 02", "Клиент 03"]
    values = [pivot.value(row, None) for row in range(6)]
    assert values == [140, 100, 99, 98, 97, Decimal("80.5") - 10 + 96 + 95 + 94]
    assert sum(values) == pivot.value(None, None)


def fresh(world):
    world.build()
    return world.workspace


def test_five_groups_of_five_leave_no_rest(more):
    more.given("orders", "order_id | client | date | amount\n8 | Д | 2026-03-01 | 1\n9 | Е | 2026-03-01 | 2", "2026-01-02")
    pivot = Asked(fresh(more)).pivot(replace(BY_CLIENT, top=5))
    assert [key.is_rest for key in pivot.rows] == [False] * 5


def test_many_columns_end_with_the_rest_and_still_add_up(more):
    rows = "\n".join(f"n{n} | Клиент {n:02} | 2026-03-01 | {n + 1}" for n in range(15))
    more.given("orders", f"order_id | client | date | amount\n{rows}", "2026-01-02")
    choice = Choice("orders", Axis("ordered_on", "year"), Axis("client_name"), Measure("sum", "amount"))
    pivot = Asked(fresh(more)).pivot(choice)
    assert len(pivot.columns) == explore.MOST_COLUMNS + 1 and pivot.columns[-1].is_rest
    assert sum(pivot.value(0, at) for at in range(13)) == pivot.value(0, None) == pivot.value(None, None)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("year", {date(2026, 1, 1): Decimal("210.5")}),
        ("quarter", {date(2026, 1, 1): 200, date(2026, 4, 1): Decimal("10.5")}),
        ("week", {date(2025, 12, 29): 100, date(2026, 1, 26): 100, date(2026, 4, 13): Decimal("10.5")}),
    ],
)
def test_steps_of_days(asked, step, expected):
    found = asked.values(replace(BY_CLIENT, rows=Axis("ordered_on", step)))
    assert {day: value for day, value in found.items() if value is not None} == expected


def test_days_between_stand_and_steps_turn_the_year():
    assert explore.next_step(date(2026, 12, 1), "month") == date(2027, 1, 1)
    assert explore.next_step(date(2026, 10, 1), "quarter") == date(2027, 1, 1)
    assert explore.next_step(date(2026, 12, 28), "week") == date(2027, 1, 4)


def test_what_is_not_given_is_a_group_of_its_own_and_not_the_rest(asked):
    by_product = replace(BY_CLIENT, rows=Axis("product"), top=5)
    assert asked.values(by_product) == {"болт": 160, "гайка": 40, None: Decimal("20.5"), "Ёлка": -10}
    assert asked.rows(by_product, Key(None)).column("order_id").to_pylist() == ["4"]


def test_an_order_after_the_date_is_not_known(asked):
    pivot = asked.workspace.fetch("marts.explore_orders", as_of=date(2026, 1, 31))
    assert sorted(pivot.column("order_id").to_pylist()) == ["1", "2"]


@pytest.mark.parametrize("subject", explore.SUBJECTS)
def test_every_first_question_can_be_asked(asked, subject):
    choice = explore.SUBJECTS[subject].first
    pivot = asked.pivot(choice)
    assert pivot.row_count == asked.workspace.fetch(explore.SUBJECTS[subject].mart, as_of=AS_OF).num_rows


@pytest.mark.parametrize("name", explore.STARTS)
def test_every_start_adds_up(asked, name):
    choice = explore.STARTS[name]
    pivot = asked.pivot(choice)
    if choice.measure.way in ("sum", "count") and pivot.row_count:
        assert sum(pivot.value(row, None) or 0 for row in range(len(pivot.rows))) == pivot.value(None, None)


# Filters, both sides of their borders


def test_a_range_takes_both_of_its_ends(asked):
    assert asked.ids(Condition("amount", "range", ("20.5", "60"))) == ["2", "3", "4"]
    assert asked.ids(Condition("amount", "range", ("20.51", "59.99"))) == ["2"]
    assert asked.ids(Condition("amount", "range", ("", "-10"))) == ["5"]
    assert asked.ids(Condition("ordered_on", "range", ("2026-01-31", "2026-02-01"))) == ["2", "3"]
    assert asked.ids(Condition("ordered_on", "range", ("2026-02-02", ""))) == ["4", "5"]


def test_one_of_and_none_of(asked):
    assert asked.ids(Condition("product", "is", ("болт", "гайка"))) == ["1", "2", "3"]
    assert asked.ids(Condition("product", "is_not", ("болт", "гайка"))) == ["4", "5"]  # what is not given is not a bolt
    assert asked.ids(Condition("is_return", "is", ("true",))) == ["5"]
    assert asked.ids(Condition("is_return", "is", ("false",))) == ["1", "2", "3", "4"]


def test_contains_empty_filled(asked):
    assert asked.ids(Condition("product", "contains", ("елк",))) == ["5"]
    assert asked.ids(Condition("product", "contains", ("БОЛ",))) == ["1", "3"]
    assert asked.ids(Condition("product", "contains", ("%",))) == []
    assert asked.ids(Condition("product", "empty")) == ["4"]
    assert asked.ids(Condition("product", "filled")) == ["1", "2", "3", "5"]


def test_filters_are_all_kept_and_the_total_is_of_what_is_left(asked):
    conditions = (Condition("product", "is", ("болт",)), Condition("manager", "is", ("Иванов",)), Condition("amount", "range", ("61", "")))
    pivot = asked.pivot(replace(BY_CLIENT, conditions=conditions))
    assert (pivot.value(None, None), pivot.row_count) == (100, 1)


# The rows behind


def test_every_cell_is_made_of_its_rows(asked):
    choice = Choice("orders", Axis("client_name"), Axis("product"), Measure("sum", "amount"), top=5)
    pivot = asked.pivot(choice)
    for row, column in [(row, column) for row in (0, 1, 2, None) for column in (0, 1, 2, 3, None)]:
        keys = [None if at is None else sides[at] for at, sides in ((row, pivot.rows), (column, pivot.columns))]
        behind = asked.rows(choice, *keys)
        assert sum(behind.column("amount").to_pylist()) == (pivot.value(row, column) or 0)
        assert {"file", "sheet", "row_number"} <= set(behind.column_names)


def test_the_rest_opens_the_rows_of_all_the_others(more):
    rows = "\n".join(f"n{n} | Клиент {n:02} | 2026-03-01 | {100 - n}" for n in range(5))
    more.given("orders", f"order_id | client | date | amount\n{rows}", "2026-01-02")
    again = Asked(fresh(more))
    choice = replace(BY_CLIENT, top=5)
    behind = again.rows(choice, again.pivot(choice).rows[-1])
    assert sorted(behind.column("order_id").to_pylist()) == ["3", "4", "5", "n4"]


# Own columns


def test_own_columns_group_filter_and_measure(asked):
    columns = asked.columns()
    assert {name: column.kind for name, column in columns.items() if column.is_own} == {
        "own:Цвет": "text", "own:Вес, кг": "number", "own:Код": "text", "client:Папка": "text",
    }  # fmt: skip
    by_colour = replace(BY_CLIENT, rows=Axis("own:Цвет"))
    assert asked.values(by_colour) == {"красный": 160, "синий": 30, None: Decimal("20.5")}
    weight = replace(BY_CLIENT, rows=Axis("client:Папка"), measure=Measure("sum", "own:Вес, кг"))
    assert asked.values(weight) == {"A-2": Decimal("10.25"), "A-1": Decimal("3.75")}
    assert asked.ids(Condition("own:Цвет", "is", ("синий",))) == ["2", "5"]
    assert asked.ids(Condition("own:Вес, кг", "range", ("1.5", "2"))) == ["1", "2"]
    assert asked.ids(Condition("own:Вес, кг", "range", ("1.51", "10.24"))) == ["2"]
    assert asked.ids(Condition("own:Цвет", "empty")) == ["4"]
    assert asked.rows(by_colour, Key("синий")).column("own_1").to_pylist() == ["синий", "синий"]


def test_an_own_column_with_one_text_is_not_a_number(asked):
    with pytest.raises(KamError, match=r"explore\.errors\.measure"):
        asked.pivot(replace(BY_CLIENT, measure=Measure("sum", "own:Код")))
    assert asked.values(replace(BY_CLIENT, measure=Measure("distinct", "own:Код"))) == {"Альфа": 2, "Бета": 2, "Гамма": 1}


def test_own_columns_of_promises_are_those_of_the_newest_export(world):
    header = "promise_id | client | text | made_on | due_on | Отдел"
    world.given("promises", f"{header}\np1 | А | x | 2026-01-01 | 2026-02-01 | склад\np2 | А | y | 2026-01-01 | 2026-02-01 | цех", "2026-01-02")
    world.given("promises", f"{header}\np1 | А | x | 2026-01-01 | 2026-02-01 | офис", "2026-01-09")
    world.given("orders", "order_id | client | date | amount\n1 | А | 2026-01-01 | 5")
    world.build()
    choice = Choice("promises", Axis("own:Отдел"), None, Measure("count"))
    assert Asked(world.workspace).values(choice) == {"офис": 1, "цех": 1}


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (("1,5", "2"), "comma"),
        (("1.5", "2"), "dot"),
        (("1", "2000"), "dot"),
        (("1,234", "5"), None),  # a thousand or one and a bit: not guessed
        (("1,234", "5000"), "comma"),
        (("1 234,50 ₽", "(3,10)"), "comma"),
        (("1", "штука"), None),
        (("—", ""), None),
    ],
)
def test_the_mark_of_an_own_column_of_numbers(world, values, mark):
    rows = "\n".join(f"{n} | А | 2026-01-01 | 1 | {value}" for n, value in enumerate(values))
    world.given("orders", f"order_id | client | date | amount | Своя\n{rows}")
    found = {row["own_column"]: row["number_mark"] for row in world.rows("marts.own_columns")}
    assert found.get("Своя") == mark


# Attacks


HOSTILE = (
    "'; drop table core.orders; --", 'amount" from asked; select 1 --', "x') or ('1'='1", "$x_0", "{amount}", "own:own:~", "~",
    "[\"a\"]", "amount~sum", "\\", "Robert'); --", "%", "a" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_column_that_does_not_exist_is_refused(asked, name):
    for choice in (
        replace(BY_CLIENT, rows=Axis(name)),
        replace(BY_CLIENT, columns=Axis(name)),
        replace(BY_CLIENT, measure=Measure("sum", name)),
        replace(BY_CLIENT, measure=Measure("distinct", name)),
        replace(BY_CLIENT, conditions=(Condition(name, "is", ("x",)),)),
    ):
        with pytest.raises(KamError, match=r"explore\.errors"):
            asked.pivot(choice)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_way_a_step_a_test_a_chart_that_does_not_exist_is_refused(asked, name):
    for choice in (
        replace(BY_CLIENT, rows=Axis("ordered_on", name)),
        replace(BY_CLIENT, measure=Measure(name, "amount")),
        replace(BY_CLIENT, conditions=(Condition("amount", name, ("1",)),)),
        replace(BY_CLIENT, chart=name),
        replace(BY_CLIENT, top=-1),
    ):
        with pytest.raises(KamError, match=r"explore\.errors"):
            asked.pivot(choice)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_headers_and_values_are_only_names_and_values(world, name):
    header, value = name.strip(), name
    rows = {"order_id": ["1", "2"], "client": ["А", value], "date": ["2026-01-01"] * 2, "amount": ["5", "7"], header: [value, "иное"]}
    import pyarrow as pa

    world.given("orders", pa.table({key: pa.array(cells, pa.string()) for key, cells in rows.items()}))
    world.build()
    asked = Asked(world.workspace)
    choice = Choice("orders", Axis(f"own:{header}"), Axis("client_name"), Measure("sum", "amount"))
    pivot = asked.pivot(choice)
    assert {key.value for key in pivot.rows} == {value.strip(), "иное"}
    assert pivot.value(None, None) == 12
    for test in ("is", "contains"):
        narrowed = replace(choice, conditions=(Condition(f"own:{header}", test, (value.strip(),)),))
        assert asked.pivot(narrowed).value(None, None) == 5
        sql = explore.as_sql(narrowed, asked.columns())
        assert sql.count(";") == 0 or ";" in name
        assert {row["value"] for row in told(asked, sql)} == {5}
        again = explore.from_query(as_lists(explore.to_query(narrowed)))
        assert again == narrowed
    assert asked.rows(choice, Key(value.strip())).num_rows == 1


def told(asked, sql):
    """The rows of a question as it is handed to the SQL page, asked of the mart it names."""
    text = sql.replace("marts.explore_orders as asked", "asked")
    return asked.workspace.fetch_over("marts.explore_orders", f"handed as (\n{text}\n)\nselect * from handed", {}, as_of=AS_OF).to_pylist()


@pytest.mark.parametrize("value", ["1; drop", "2026-13-01", "nan", "inf", "1e400", "", "now()"])
def test_a_value_that_does_not_fit_is_refused(asked, value):
    for column, test in (("amount", "is"), ("ordered_on", "is"), ("amount", "range"), ("ordered_on", "range"), ("is_return", "is")):
        values = (value, "") if test == "range" else (value,)
        with pytest.raises(KamError, match=r"explore\.errors"):
            asked.ids(Condition(column, test, values))


# The address and the SQL


def as_lists(query):
    return {name: value if isinstance(value, list) else [value] for name, value in query.items()}


@pytest.mark.parametrize("name", explore.STARTS)
def test_a_choice_survives_its_address(name):
    choice = replace(explore.STARTS[name], conditions=(Condition("client_name", "is", ("ООО «Ромашка», [А]", "~")), Condition("class", "empty")))
    again = explore.from_query(as_lists(explore.to_query(choice)))
    assert again == (choice if choice.chart == "scatter" else replace(choice, second=Measure("count")))


@pytest.mark.parametrize(
    "query",
    [
        {"of": ["nobody"]},
        {"of": ["orders"], "rows": ["class"], "where": ["{"]},
        {"of": ["orders"], "rows": ["class"], "where": ["[1, 2]"]},
        {"of": ["orders"], "rows": ["class"], "where": ['["class"]']},
        {"of": ["orders"], "rows": ["[1"]},
    ],
)
def test_a_broken_link_is_refused_in_words(query):
    with pytest.raises(KamError, match=r"explore\.errors\.link"):
        explore.from_query(query)


def test_no_address_is_the_first_question():
    assert explore.from_query({}) == explore.SUBJECTS["orders"].first
    assert explore.from_query({"of": ["touches"]}) == explore.SUBJECTS["touches"].first


def test_the_sql_handed_on_gives_the_same_figures(asked):
    conditions = (
        Condition("product", "is_not", ("гайка",)), Condition("ordered_on", "range", ("2026-01-01", "2026-04-15")),
        Condition("amount", "range", ("-10", "")), Condition("is_return", "is", ("true", "false")), Condition("own:Цвет", "filled"),
    )  # fmt: skip
    for measure in (Measure("sum", "amount"), Measure("count"), Measure("distinct", "product"), Measure("share", "amount")):
        choice = replace(BY_CLIENT, columns=Axis("ordered_on", "month"), measure=measure, conditions=conditions)
        pivot = asked.pivot(choice)
        found = {(row["row_key"], row["column_key"]): row["value"] for row in told(asked, explore.as_sql(choice, asked.columns()))}
        cells = {
            (pivot.rows[row].value, pivot.columns[column].value): cell.value
            for (row, column), cell in pivot.cells.items() if row is not None and column is not None
        }  # fmt: skip
        assert found == pytest.approx(cells)


def test_the_spread_has_exact_marks(world):
    rows = "\n".join(f"{n} | А | 2026-01-01 | {n}" for n in range(1, 102))
    world.given("orders", f"order_id | client | date | amount\n{rows}")
    world.build()
    asked = Asked(world.workspace)
    (row,) = asked.run(BY_CLIENT, explore.spread_question(BY_CLIENT, asked.columns())).to_pylist()
    assert row["marks"] == [6.0, 26.0, 51.0, 76.0, 96.0]
