"""The promises page: figures equal to the rows behind them, on the demo, without promises, in both languages."""

from __future__ import annotations

import pytest

from kam.i18n import translator
from kam.ui import promising
from kam.workspace import Workspace
from tests.pages.shown import sound, words


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_comes_to_its_end_in_both_languages(opened, demo_path, language):
    app = sound(opened("promises", demo_path, lang=language))
    assert len(app.metric) == 9  # six of promises, three of promptness
    assert len(app.get("plotly_chart")) == 5


def test_empty_workspace_invites(opened):
    assert "Загрузите свои выгрузки" in words(sound(opened("promises")))


def test_without_a_promises_sheet_the_page_names_it(opened, world):
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 5")
    world.build()
    app = sound(opened("promises", world.workspace.path))
    assert "обещания" in " ".join(info.value for info in app.info)


def test_filter_that_leaves_no_promise_is_zeros(opened, world):
    world.given("clients", "client_id | client_name | manager\n1 | А | Иванов\n2 | Б | Петров")
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 5\n2 | 2026-03-01 | 5")
    world.given("promises", "promise_id | client | text | due_on\np | 1 | х | 2026-02-01")
    world.build()
    app = sound(opened("promises", world.workspace.path, manager="Петров"))
    assert [metric.value for metric in app.metric] == ["0", "—", "0", "0", "—", "0"]


def test_promptness_is_shown_where_requests_were_loaded_and_asked_for_where_not(opened, world):
    world.given("clients", "client_id | client_name | manager\n1 | А | Иванов\n2 | Б | Петров")
    world.given("orders", "client | date | amount\n1 | 2026-03-31 | 5")
    world.given("promises", "promise_id | client | text | due_on\np | 1 | х | 2026-02-01")
    world.build()
    assert "загрузите лист обращений" in words(sound(opened("promises", world.workspace.path)))
    world.given(
        "requests",
        "client | received_at | answered_at\n1 | 2026-03-10 | 2026-03-12\n1 | 2026-03-11 | 2026-03-12\n2 | 2026-03-12 |",
    )
    world.build()
    app = sound(opened("promises", world.workspace.path))
    assert [metric.value for metric in app.metric][6:] == ["67\u00a0%", "1,5 дня", "1"]
    app = sound(opened("promises", world.workspace.path, manager="Петров"))
    assert [metric.value for metric in app.metric][6:] == ["0\u00a0%", "—", "1"]


class Screen:
    """What the makers of evidence take of a screen."""

    def __init__(self, path) -> None:
        self.t, self.ws = translator("ru"), Workspace(path)
        self.as_of = self.ws.default_as_of()

    def fetch(self, mart, **params):
        return self.ws.fetch(mart, **params)


def test_every_figure_adds_up_to_its_rows(demo_path):
    screen = Screen(demo_path)
    row = promising.summary(screen.fetch("marts.promise_groups"))
    counted = {"overdue_count": 0, "escalated_count": 2, "silent_move_count": 3, "ahead_count": 5}
    figures = promising.figures(screen, row)
    for name, place in counted.items():
        assert figures[place].value == row[name]
        assert figures[place].evidence().rows.num_rows == row[name], name
    due = figures[1].evidence().rows.to_pylist()
    assert sum(one["is_kept"] for one in due) / len(due) == row["keep_rate"]
    late = [one for one in figures[4].evidence().rows.to_pylist() if one["is_called"] is not None]
    assert sum(one["is_called"] for one in late) / len(late) == row["called_rate"]
    screen.ws.close()


def test_every_bar_opens_its_promises(demo_path):
    screen = Screen(demo_path)
    ages = screen.fetch("marts.promise_ageing")
    for row in ages.to_pylist():
        evidence = promising.age_point(screen, ages, {"customdata": [row["measure"], row["bucket"]]})
        assert evidence.rows.num_rows == row["promise_count"]
    groups = screen.fetch("marts.promise_groups")
    for row in groups.to_pylist():
        if row["dimension"] != "all":
            evidence = promising.group_point(screen, groups, row["dimension"], {"customdata": row["group_name"]})
            assert evidence.rows().num_rows == row["due_count"]
    screen.ws.close()


def test_every_promise_tells_its_story(demo_path):
    screen = Screen(demo_path)
    seen = set()
    for row in screen.fetch("marts.promise_list").to_pylist():
        if row["state"] in seen:
            continue
        seen.add(row["state"])
        evidence = promising.promise(screen, row)
        assert "{" not in screen.t(evidence.rule, **evidence.facts)
        assert evidence.rows().num_rows >= 1
    assert seen == {"kept_on_time", "kept_as_agreed", "kept_late", "open", "overdue", "undated"}
    screen.ws.close()
