"""The client card: the client of the URL, its neighbours, a search, every kind of client without a hitch."""

from __future__ import annotations

import pytest

from kam.workspace import Workspace
from tests.pages.shown import sound, words


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_comes_to_its_end_in_both_languages(opened, demo_path, language):
    app = sound(opened("client", demo_path, lang=language))
    assert len(app.metric) == 6
    assert len(app.get("plotly_chart")) == 3


def test_empty_workspace_invites(opened):
    assert "Загрузите свои выгрузки" in words(sound(opened("client")))


@pytest.mark.parametrize("status", ["prospect", "one_time", "lost", "asleep", "returned", "drowsing", "new", "loyal", "regular"])
def test_client_of_every_status_has_a_card(opened, demo_path, status):
    ws = Workspace(demo_path)
    row = next(row for row in ws.fetch("marts.client_stages").to_pylist() if row["status"] == status)
    ws.close()
    app = sound(opened("client", demo_path, client=row["client_id"]))
    assert app.query_params["client"] in (row["client_id"], [row["client_id"]])
    assert len(app.metric) == 6


def test_first_client_is_the_one_with_the_most_revenue_and_next_leads_on(opened, demo_path):
    ws = Workspace(demo_path)
    first, second = ws.fetch("marts.client_list", row_limit=2).column("client_id").to_pylist()
    ws.close()
    app = sound(opened("client", demo_path))
    assert app.selectbox(key="client").value == first
    assert app.button(key="client_previous").disabled
    app.button(key="client_next").click().run()
    assert sound(app).selectbox(key="client").value == second
    assert app.query_params["client"] in (second, [second])


def test_client_outside_the_filter_is_shown_all_the_same(opened, demo_path):
    ws = Workspace(demo_path)
    rows = ws.fetch("marts.client_list").to_pylist()
    ws.close()
    manager = next(row["manager"] for row in rows if row["manager"])
    other = next(row for row in rows if row["manager"] not in (manager, None))
    app = sound(opened("client", demo_path, client=other["client_id"], manager=manager))
    assert app.selectbox(key="client").value == other["client_id"]
    assert app.button(key="client_next").disabled


def test_name_that_nobody_has_falls_back_to_the_first(opened, demo_path):
    app = sound(opened("client", demo_path, client="никто"))
    assert app.selectbox(key="client").value is not None


def test_hostile_name_is_shown_to_the_letter(opened, world):
    world.given("clients", "client_id | client_name | manager\n1 | ![x](http://evil) <b>А</b> | **М**")
    world.given("orders", "client | date | amount\n1 | 2026-02-01 | 5\n1 | 2026-03-01 | 5")
    world.build()
    app = opened("client", world.workspace.path)
    assert [exception.value for exception in app.exception] == []
    assert not any("http://evil" in markdown.value for markdown in app.markdown)
    assert "**М**" in app.text[0].value


def test_long_list_is_searched(opened, world):
    rows = "\n".join(f"{number} | 2026-03-01 | {number}" for number in range(1, 1103))
    world.given("orders", f"client | date | amount\n{rows}")
    world.build()
    app = sound(opened("client", world.workspace.path))
    assert len(app.selectbox(key="client").options) == 1000
    app.text_input(key="client_words").set_value("7").run()
    sound(app)
    app.text_input(key="client_words").set_value("нет таких").run()
    assert app.selectbox(key="client").value == "1102"  # the client of the URL stays


def test_span_of_the_timeline_is_chosen(opened, demo_path):
    app = opened("client", demo_path)
    app.segmented_control(key="client_span").set_value("all").run()
    sound(app)
