"""The exploring page: ready questions at once, the address as the truth, rows behind a cell, filters, words for broken links."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import openpyxl
import pytest

from kam import explore
from kam.explore import Axis, Condition, Key, Measure
from kam.i18n import entries, translator
from kam.ui import explored, exploring
from kam.ui.filters import Chosen
from kam.workspace import Workspace
from tests.pages.shown import sound, words


def asked_by(choice):
    return explore.to_query(choice)


def chart(app):
    return json.loads(app.get("plotly_chart")[0].proto.spec)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", explore.STARTS)
def test_every_start_stands_in_both_languages(opened, demo_path, name, language):
    app = sound(opened("explore", demo_path, lang=language, **asked_by(explore.STARTS[name])))
    assert len(app.get("plotly_chart")) == 1
    assert app.dataframe[0].value.iloc[-1, 0] == translator(language)("explore.total")


def test_without_an_address_there_is_a_picture_at_once(opened, demo_path):
    app = sound(opened("explore", demo_path))
    assert chart(app)["layout"]["title"]["text"].startswith("Сумма · Дата заказа по месяцам, Класс")
    assert [trace["name"] for trace in chart(app)["data"]] == ["A+", "A", "B", "C", "D"]


def test_empty_workspace_invites(opened):
    assert "Загрузите свои выгрузки" in words(sound(opened("explore")))


def test_a_table_that_was_not_loaded_is_named(opened, world):
    world.given("orders", "order_id | client | date | amount\n1 | Альфа | 2026-01-01 | 5")
    world.build()
    app = opened("explore", world.workspace.path, of="touches")
    assert "касания" in app.info[0].value
    assert not app.get("plotly_chart")
    assert next(button.key for button in app.button if (button.key or "").startswith("x_start")) == "x_start_revenue_by_month"


def test_the_total_of_the_table_is_the_total_of_the_mart_under_the_page_filter(opened, demo_path):
    ws = Workspace(demo_path)
    rows = ws.fetch("marts.explore_orders").to_pylist()
    manager = next(row["manager"] for row in rows if row["manager"])
    ws.close()
    app = sound(opened("explore", demo_path, manager=manager, **asked_by(explore.STARTS["revenue_by_client"])))
    total = app.dataframe[0].value.iloc[-1]["total"]
    assert total == pytest.approx(float(sum(row["amount"] for row in rows if row["manager"] == manager)))


def test_a_start_is_written_into_the_address(opened, demo_path):
    app = opened("explore", demo_path)
    app.button(key="x_start_touches_by_manager").click().run()
    sound(app)
    assert app.query_params["of"] == "touches"
    assert app.query_params["chart"] == "heat"
    assert app.selectbox(key="x_of").value == "touches"


def test_a_choice_is_written_into_the_address_and_drawn(opened, demo_path):
    app = opened("explore", demo_path)
    app.selectbox(key="x_rows").set_value("category").run()
    assert app.query_params["rows"] == "category"
    app.selectbox(key="x_columns").set_value("").run()
    assert "columns" not in app.query_params
    app.selectbox(key="x_measure").set_value("median").run()
    assert app.query_params["measure"] == "median~amount"
    app.selectbox(key="x_chart").set_value("box").run()
    assert chart(sound(app))["data"][0]["type"] == "box"
    app.selectbox(key="x_of").set_value("promises").run()
    assert app.query_params["rows"] == "owner"
    sound(app)


def test_a_filter_is_added_and_taken_off(opened, demo_path):
    app = opened("explore", demo_path, **asked_by(explore.STARTS["revenue_by_client"]))
    app.selectbox(key="x_where").set_value("class").run()
    app.multiselect(key="x_values_class").set_value(["A+"]).run()
    app.button(key="x_add").click().run()
    assert app.query_params["where"] == '["class", "is", "A+"]'
    sound(app)
    app.button(key="x_drop_0").click().run()
    assert "where" not in app.query_params


def test_nothing_left_says_what_to_do(opened, demo_path):
    choice = replace(explore.STARTS["revenue_by_client"], conditions=(Condition("client_name", "is", ("Никто",)),))
    app = sound(opened("explore", demo_path, **asked_by(choice)))
    assert "Снимите отбор" in app.info[-1].value


@pytest.mark.parametrize(
    "query",
    [
        {"of": "nothing"},
        {"of": "orders", "rows": "own:Нет такой"},
        {"of": "orders", "rows": "client_name", "measure": "sum~client_name"},
        {"of": "orders", "rows": "client_name", "where": '["amount", "range", "x", ""]'},
        {"of": "orders", "rows": '"; drop table x; --'},
    ],
)
def test_a_broken_link_is_one_sentence_and_the_starts_still_work(opened, demo_path, query):
    app = opened("explore", demo_path, **query)
    assert not app.exception
    assert "Выберите готовый вопрос выше" in app.error[0].value
    app.button(key="x_start_revenue_by_client").click().run()
    sound(app)


class Screen:
    """What the makers of evidence take of a screen."""

    def __init__(self, path, language="ru") -> None:
        self.t, self.ws = translator(language), Workspace(path)
        self.as_of, self.filters = self.ws.default_as_of(), Chosen().filters

    def fetch(self, mart):
        return self.ws.fetch(mart)


def answer_of(screen, choice):
    columns = exploring.columns_of(screen, choice.subject)
    return explored.Answer(screen, exploring.Asked(choice, choice, columns))


@pytest.mark.parametrize("name", [name for name, choice in explore.STARTS.items() if choice.measure.way in ("sum", "count")])
def test_every_cell_opens_its_rows(demo_path, name):
    screen = Screen(demo_path)
    answer = answer_of(screen, explore.STARTS[name])
    places = [(0, None), (None, None), (len(answer.pivot.rows) - 1, None), (0, 0 if answer.across else None)]
    for row, column in places:
        keys = [None if at is None else side[at] for at, side in ((row, answer.pivot.rows), (column, answer.pivot.columns))]
        evidence = explored._evidence(answer, *keys)
        cell = answer.pivot.cells.get((row, column))
        assert evidence.rows().num_rows == (cell.row_count if cell else 0)
        assert answer.write(answer.pivot.value(row, column)) in screen.t(evidence.rule, **evidence.facts)
    screen.ws.close()


def test_an_own_column_is_called_by_its_header(world):
    world.given("orders", "order_id | client | date | amount | status_on\n1 | А | 2026-01-01 | 5 | да\n2 | А | 2026-01-01 | 7 |")
    world.build()
    screen = Screen(world.workspace.path)
    answer = answer_of(screen, explore.Choice("orders", Axis("own:status_on"), None, Measure("sum", "amount")))
    assert answer.rows == ("не указано", "да")
    assert answer.title == "Сумма · status_on (своя)"
    rows = explored.rows_behind(answer, Key("да"), None)
    assert rows.column("status_on (своя)").to_pylist() == ["да"]
    screen.ws.close()


def test_the_xlsx_holds_the_pivot_and_the_question(demo_path):
    screen = Screen(demo_path)
    choice = replace(explore.STARTS["revenue_by_month"], conditions=(Condition("class", "is", ("A+", "B")),))
    answer = answer_of(screen, choice)
    book = openpyxl.load_workbook(io.BytesIO(explored.book(answer)))
    first, second = book.worksheets
    assert [cell.value for cell in first[1]] == ["Дата заказа по месяцам", "A+", "B", "Итого", "Доля"]
    last = [cell.value for cell in first[first.max_row]]
    assert last[0] == "Итого" and last[3] == pytest.approx(last[1] + last[2])
    assert [cell.value for cell in second["A"]][-1] == "Класс: A+, B"
    screen.ws.close()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_column_of_every_table_has_a_word(demo_path, language):
    screen = Screen(demo_path, language)
    for subject in explore.SUBJECTS:
        named = {f"columns.{name}" for name, one in exploring.columns_of(screen, subject).items() if not one.is_own}
        assert named - set(entries(language)) == set()
    screen.ws.close()


def test_a_hostile_header_is_only_read(opened, world):
    header, value = "![x](http://evil.example/a.png) <b>$y$</b>", "<a href='http://evil.example'>да</a>"
    world.given("orders", f"order_id | client | date | amount | {header}\n1 | А | 2026-01-01 | 5 | {value}\n2 | А | 2026-01-01 | 7 | нет")
    world.build()
    choice = explore.Choice(
        "orders", Axis(f"own:{header}"), Axis("client_name"), Measure("sum", "amount"),
        conditions=(Condition(f"own:{header}", "is", (value, "нет")),),
    )  # fmt: skip
    app = opened("explore", world.workspace.path, **asked_by(choice))
    assert not app.exception and not app.error
    assert list(app.dataframe[0].value["row"]) == ["нет", value, "Итого"]
    spoken = json.dumps(chart(app), ensure_ascii=False)
    assert "<b>$y$" not in spoken and "<a href" not in spoken and "&lt;a href" in spoken
    assert not any("![x](http" in button.label for button in app.button)
