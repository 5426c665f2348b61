"""The SQL page: a question typed, answered, saved, opened by its link, pinned to the overview, deleted and put back."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from kam.answers import plain
from kam.columns import kind_of
from kam.ui.asking import own_parameters
from kam.workspace import Workspace
from tests.pages.shown import sound, words


def press(app, label: str):
    next(button for button in app.button if button.label == label).click()
    return app.run()


def typed(app, text: str):
    app.text_area(key="sql_text").set_value(text)
    return sound(app.run())


def journal(path: Path):
    return Workspace(path).journal


def found(app):
    """The answer: the last table of the page."""
    return app.dataframe[-1].value


@pytest.mark.parametrize(("language", "run"), [("ru", "Выполнить"), ("en", "Run")])
def test_the_example_is_answered_in_each_language(opened, demo_path, language, run):
    app = sound(press(sound(opened("sql", demo_path, lang=language)), run))
    assert list(found(app)["class"]) == ["A", "A+", "B", "C", "D"]


def test_own_parameters_become_fields_and_the_date_and_filters_do_not(opened, demo_path):
    app = sound(opened("sql", demo_path))
    typed(app, "select $word as w, $as_of as d, $manager as m")
    assert [field.label for field in app.text_input if field.key.startswith("sql_value_")] == ["\\$word"]
    app.text_input(key="sql_value_word").set_value("Ёж'; drop table x")
    sound(press(app, "Выполнить"))
    assert found(app).iloc[0].tolist()[0] == "Ёж'; drop table x"


def test_fields_are_those_of_the_text_and_of_its_marts():
    assert own_parameters("select $a from marts.client_months where $class = '' and $as_of is null") == ["a", "client_id"]


def test_a_mistake_is_said_with_its_place(opened, demo_path):
    app = sound(opened("sql", demo_path))
    press(typed(app, "select 1,\n  nothing from core.clients"), "Выполнить")
    (error,) = app.error
    assert error.value.startswith("Строка 2, знак 3:")
    assert app.code[-1].value == "  nothing from core.clients\n  ^"


def test_a_plan_is_shown_on_demand(opened, demo_path):
    app = sound(press(sound(opened("sql", demo_path)), "План"))
    assert "Top: 1001" in app.code[-1].value


def test_a_cut_answer_says_so_and_gives_the_whole_on_demand(opened, demo_path):
    app = sound(opened("sql", demo_path))
    sound(press(typed(app, "select range as n from range(1500)"), "Выполнить"))
    assert "первые 1 000 строк" in app.warning[0].value.replace("\u00a0", " ")
    whole = next(button.label for button in app.button if button.label.startswith("Подготовить весь ответ"))
    assert "Готово: 1 500 строк" in words(sound(press(app, whole))).replace("\u00a0", " ")


def test_what_was_typed_survives_a_change_of_page(opened, demo_path):
    app = typed(sound(opened("sql", demo_path)), "select 42 as answer")
    sound(app.switch_page("pages/abcd.py").run())
    assert sound(app.switch_page("pages/sql.py").run()).text_area(key="sql_text").value == "select 42 as answer"


def test_the_chart_draws_the_columns_chosen(opened, demo_path):
    app = sound(press(sound(opened("sql", demo_path)), "Выполнить"))
    app.segmented_control(key="sql_chart_kind").set_value("bar")
    sound(app.run())
    (trace,) = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    assert (trace["type"], trace["x"]) == ("bar", ["A", "A+", "B", "C", "D"])


def test_a_question_is_saved_opened_by_its_link_renamed_deleted_and_put_back(opened, demo_copy):
    app = typed(sound(opened("sql", demo_copy)), "select $x as x")
    app.text_input(key="sql_value_x").set_value("5")
    app.text_input(key="sql_new_name").set_value("Моё")
    sound(press(app, "Сохранить как новый"))
    ((code, _),) = journal(demo_copy).questions().items()
    app = sound(opened("sql", demo_copy, question=code))
    assert (app.text_area(key="sql_text").value, app.text_input(key="sql_value_x").value) == ("select $x as x", "5")
    assert found(app).iloc[0].tolist() == ["5"]
    app.text_input(key=f"sql_name_{code}").set_value("Наше")
    sound(app.run())
    sound(press(app, "Переименовать"))
    assert json.loads(journal(demo_copy).questions()[code])["name"] == "Наше"
    sound(press(app, "Удалить"))
    assert journal(demo_copy).questions() == {}
    sound(press(app, "Вернуть"))
    assert list(journal(demo_copy).questions()) == [code]


def test_a_link_to_a_deleted_question_says_so(opened, demo_path):
    app = opened("sql", demo_path, question="gone")
    assert [error.value for error in app.error] == ["Такого вопроса больше нет: его удалили. Откройте другой из списка."]


def test_a_pinned_question_stands_on_the_overview_with_its_rows(opened, demo_copy):
    app = sound(opened("sql", demo_copy, question="returns"))
    app.toggle(key="sql_pin_returns").set_value(True)
    sound(app.run())
    count = len(found(app))
    home = sound(opened("home", demo_copy))
    labels = [link.proto.label for link in home.get("page_link")]
    assert any(label.startswith("Возвраты") and f"{count} строк" in label for label in labels), labels


def test_without_pins_the_overview_says_nothing_of_them(opened, demo_path):
    assert "Закреплённые" not in words(sound(opened("home", demo_path)))


def test_past_questions_are_kept_with_their_rows(opened, demo_copy):
    app = sound(opened("sql", demo_copy))
    sound(press(typed(app, "select 1 as a"), "Выполнить"))
    press(typed(app, "select nothing"), "Выполнить")
    assert [(asked.text, asked.row_count) for asked in journal(demo_copy).asked()][:2] == [("select nothing", None), ("select 1 as a", 1)]


def test_tables_and_columns_are_found_by_their_meaning(opened, demo_path):
    app = sound(opened("sql", demo_path))
    app.text_input(key="sql_find").set_value("выручк")
    sound(app.run())
    assert {"marts.client_classes"} <= set(app.dataframe[0].value["sql_table"])


def test_an_answer_of_any_type_can_be_shown():
    table = pa.table({"l": [[1, 2]], "s": [{"a": 1}], "t": pa.array([1], pa.timestamp("us", "UTC")), "b": [b"x"]})
    assert [str(kind) for kind in plain(table).schema.types] == ["string", "string", "timestamp[us]", "string"]


@pytest.mark.parametrize(
    ("name", "kind", "shown_as"),
    [("paid_on", pa.string(), "text"), ("paid_on", pa.date32(), "day"), ("share", pa.string(), "text"), ("revenue", pa.int64(), "money"),
     ("revenue", pa.bool_(), "flag"), ("x_at", pa.int64(), "count"), ("paid_on", pa.null(), "day")],
)  # fmt: skip
def test_a_name_decides_how_a_column_looks_only_where_its_type_can_be_that(name, kind, shown_as):
    assert kind_of(name, kind) == shown_as
