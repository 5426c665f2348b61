"""The overview: the invitation of an empty workspace, the figures of the demo, each equal to the rows behind it."""

import pyarrow.compute as pc
import pytest

from kam import review
from kam.workspace import Workspace
from tests.pages.shown import sound, words


@pytest.mark.parametrize(("language", "word"), [("ru", "Загрузите свои выгрузки"), ("en", "Upload your exports")])
def test_empty_workspace_invites_in_the_language_of_the_reader(opened, language, word):
    app = sound(opened(lang=language))
    assert word in words(app)
    assert len(app.metric) == 0


def test_files_dropped_on_the_invitation_are_looked_at_on_the_upload_page(opened):
    app = opened()
    content = "Клиент;Дата;Сумма\n«Ромашка»;31.01.2026;100\n"
    app.file_uploader[0].set_value([("Заказы.csv", content.encode(), "text/csv")])
    app.run()
    sound(app)
    assert app.title[0].value == "Загрузка"
    assert "заказы" in app.expander[0].label


def test_demo_comes_in_one_click(opened):
    app = opened()
    next(button for button in app.button if button.label == "Показать пример").click().run()
    assert len(sound(app).metric) == 5
    assert "демо-данные" in words(app)


def test_figures_are_those_of_the_rows_behind_them(opened, demo_path):
    app = sound(opened(path=demo_path))
    ws = Workspace(demo_path)
    as_of = ws.default_as_of()
    clients = ws.fetch("marts.home_clients", as_of=as_of)
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Клиентов"] == str(clients.num_rows)
    assert shown["Засыпают и уснули"] == str(pc.sum(clients.column("is_slipping")).as_py())
    assert shown["Просроченных обещаний"] == str(pc.sum(clients.column("overdue_promise_count")).as_py())
    orders = ws.fetch("marts.evidence_orders", as_of=as_of, months=12)
    figures = ws.fetch("marts.home_figures", as_of=as_of)
    assert pc.sum(orders.column("amount")).as_py() == figures.column("revenue")[0].as_py()
    promises = ws.fetch("marts.promise_list", as_of=as_of, scope="overdue")
    assert promises.num_rows == figures.column("overdue_promise_count")[0].as_py()
    groups = ws.fetch("marts.home_groups", as_of=as_of).to_pylist()
    for dimension in ("class", "status"):
        assert sum(row["client_count"] for row in groups if row["dimension"] == dimension) == clients.num_rows
    ws.close()


def test_filter_of_the_url_holds_on_the_page_and_in_the_menu(opened, demo_path):
    app = sound(opened(path=demo_path, **{"class": "A+", "lang": "en"}))
    ws = Workspace(demo_path)
    assert app.metric[0].value == str(ws.fetch("marts.home_clients", **{"class": "A+"}).num_rows)
    ws.close()
    assert app.query_params["class"] in ("A+", ["A+"])
    assert app.selectbox(key="class").value == "A+"


def test_filter_that_nobody_has_is_left_out(opened, demo_path):
    app = sound(opened(path=demo_path, manager="Никто"))
    assert app.selectbox(key="manager").value is None
    assert "manager" not in app.query_params


def test_as_of_date_of_the_url_is_the_report_date(opened, demo_path):
    app = sound(opened(path=demo_path, as_of="2025-12-31"))
    assert app.date_input(key="as_of").value.isoformat() == "2025-12-31"
    ws = Workspace(demo_path)
    clients = ws.fetch("marts.home_clients", as_of=app.date_input(key="as_of").value)
    ws.close()
    assert app.metric[0].value == str(clients.num_rows)


def test_date_that_is_none_is_the_latest(opened, demo_path):
    app = sound(opened(path=demo_path, as_of="31.12.2025"))
    assert app.date_input(key="as_of").value.isoformat() == "2026-11-20"


def test_figure_opens_its_rows(opened, demo_path):
    app = sound(opened(path=demo_path))
    app.button(key="figures_4").click().run()
    sound(app)
    assert "Откуда это число" in str(app.main) or "просроченных" in words(app).lower()
    rows = app.dataframe[-1].value
    assert len(rows) == int(next(metric.value for metric in app.metric if metric.label == "Просроченных обещаний"))
    assert {"file", "sheet", "row_number"} <= set(rows.columns)


def test_decisions_are_ten_with_a_reason_each(opened, demo_path):
    app = sound(opened(path=demo_path))
    table = app.dataframe[0].value
    assert len(table) == 10
    assert all(table["why"])
    assert list(table["revenue"]) == sorted(table["revenue"], reverse=True)


def test_overview_leads_to_the_weekly_review_with_its_count(opened, demo_path):
    app = sound(opened(path=demo_path, lang="en"))
    ws = Workspace(demo_path)
    count = review.of_workspace(ws).line_count
    ws.close()
    labels = [link.proto.label for link in app.get("page_link")]
    assert [label for label in labels if f"Weekly review: {count} lines" in label]
