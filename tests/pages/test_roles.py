"""Roles on the screens: a manager meets own clients alone, a viewer changes nothing, the director reads who did what."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pytest

from kam import agenda_questions, audit, diary, imports, merges, people, queries, questions, rebuild, review, seen
from kam.access import User
from kam.errors import KamError
from kam.ui import who
from kam.workspace import Workspace
from tests.conftest import World
from tests.pages.shown import sound, words

OWN, OTHER = "Иванов Иван Иванович", "ЧУЖОЙ Пётр Петрович"
DIRECTOR, VIEWER, MANAGER = User("boss", "director"), User("eye", "viewer"), User("ivan", "manager", OWN)
WHO = {"director": DIRECTOR, "viewer": VIEWER, "manager": MANAGER}
DIRECTORS = ("upload", "matches", "settings", "rules", "audit")


@pytest.fixture(scope="module")
def two_path(tmp_path_factory):
    """Two managers, a client and a promise each; what is the other's says so."""
    world = World(tmp_path_factory.mktemp("roles") / "workspace")
    world.given("clients", f"client_id | client_name | manager | key_client\n1 | Ромашка | {OWN} | да\n2 | ЧУЖОЙ-клиент | {OTHER} | да")
    world.given("orders", f"client | date | amount | manager\n1 | 2026-03-01 | 500 | {OWN}\n2 | 2026-03-10 | 7 | {OTHER}")
    world.given(
        "touches",
        f"client | held_on | channel | manager | subject\n1 | 2026-03-09 | звонок | {OWN} | Звонок\n2 | 2026-03-09 | звонок | {OTHER} | ЧУЖОЙ",
    )
    world.given(
        "promises",
        f"promise_id | client | text | owner | due_on\np | 1 | Счёт | {OWN} | 2026-03-05\nq | 2 | ЧУЖОЙ-обещание | {OTHER} | 2026-03-05",
    )
    world.build()
    minutes = review.minutes_of(world.workspace)
    minutes.decide("ЧУЖОЙ-решение", OTHER, date(2026, 3, 12), made_on=date(2026, 3, 10), client_id="2", client_name="ЧУЖОЙ-клиент")
    minutes.decide("Позвонить в Ромашку", OWN, date(2026, 3, 12), made_on=date(2026, 3, 10), client_id="1", client_name="Ромашка")
    review.close(minutes, review.of_workspace(world.workspace), date(2026, 3, 10))
    world.workspace.close()
    return world.workspace.path


@pytest.fixture
def as_user(monkeypatch):
    return lambda role: monkeypatch.setattr(who, "current", lambda: WHO[role])


def everything(app):
    """All that a page gives to the browser: texts, options, tables, charts, links."""
    boxes = [*app.selectbox, *app.multiselect]
    frames = [repr(frame.value.to_dict()) for frame in app.dataframe]
    charts = [chart.proto.spec for chart in app.get("plotly_chart")]
    links = [f"{link.proto.label} {link.proto.page}" for link in app.get("page_link")]
    return "\n".join([words(app), *(repr(box.options) for box in boxes), *frames, *charts, *links])


@pytest.mark.parametrize("page", ["home", "review", "key", "abcd", "lifecycle", "touches", "promises", "explore", "sql"])
def test_a_page_gives_a_manager_nothing_of_others(opened, two_path, as_user, page):
    as_user("manager")
    app = sound(opened(page, two_path, manager=OTHER))
    assert "ЧУЖОЙ" not in everything(app)
    assert app.selectbox(key="manager_fixed").options == [OWN]


def test_the_director_sees_on_them_what_the_manager_does_not(opened, two_path, as_user):
    as_user("director")
    assert "ЧУЖОЙ" in everything(sound(opened("promises", two_path)))


def test_a_link_to_anothers_card_shows_no_card(opened, two_path, as_user):
    as_user("manager")
    app = opened("client", two_path, client="2")
    assert "ЧУЖОЙ" not in everything(app)


def test_a_link_to_everybodys_closed_review_leads_nowhere(opened, two_path, as_user):
    as_user("manager")
    app = opened("review", two_path, review="1")
    assert [error.value for error in app.error] != []
    assert "ЧУЖОЙ" not in everything(app)


@pytest.mark.parametrize("page", DIRECTORS)
@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_pages_that_change_are_closed_with_a_sentence_and_not_in_the_menu(opened, two_path, as_user, role, page):
    as_user(role)
    app = sound(opened(page, two_path))
    assert [info.value for info in app.info] == [
        "Эта страница открыта директору: она меняет данные, показывает всю базу или кто что делал. Ваши страницы — в меню слева."
    ]
    assert f"pages/{page}.py" not in everything(app) and len(app.button) == 0


def test_the_quality_of_all_data_is_no_managers_and_a_viewers(opened, two_path, as_user):
    as_user("manager")
    assert sound(opened("quality", two_path)).info[0].value.startswith("Эта страница открыта директору")
    as_user("viewer")
    assert not sound(opened("quality", two_path)).info


def test_a_manager_that_the_data_do_not_know_reads_a_sentence(opened, two_path, monkeypatch):
    monkeypatch.setattr(who, "current", lambda: User("x", "manager", "Сидоров *С.*"))
    app = sound(opened("home", two_path))
    assert app.warning[0].value.startswith("Данные не знают менеджера «Сидоров \\*С\\.\\*»")
    assert len(app.metric) == 0


def test_viewer_and_manager_wait_for_the_director_in_an_empty_workspace(opened, as_user):
    as_user("viewer")
    app = sound(opened())
    assert app.info[0].value == "Данных пока нет: их загружает директор."
    assert len(app.button) == 0


def keys(app):
    return {button.key for button in app.button if button.key}


def test_at_the_review_a_viewer_has_no_buttons_that_change_and_a_manager_those_of_own_lines(opened, two_path, as_user):
    as_user("viewer")
    assert not {key for key in keys(sound(opened("review", two_path))) if key.startswith(("open_", "close", "back_", "unstep"))}
    as_user("manager")
    found = keys(sound(opened("review", two_path)))
    assert {key for key in found if key.startswith("open_")} == {"open_decide_client:1", "open_done_2", "open_not_done_2", "open_moved_2"}
    as_user("director")
    assert {"open_decide_client:1", "open_aside_client:1", "open_decide_client:2", "open_decide_general"} <= keys(
        sound(opened("review", two_path))
    )


# Under the buttons


@pytest.fixture
def views(two_path, tmp_path):
    whole = Workspace(shutil.copytree(two_path, tmp_path / "copy"))
    yield {role: seen.by(whole, user) for role, user in WHO.items()}
    whole.close()


def changes(ws):
    """Everything that a screen can change, as it changes it."""
    minutes, journal = review.minutes_of(ws), ws.journal
    day = date(2026, 3, 10)
    return {
        "norm": lambda: journal.set_norm("k_sleep", "3"),
        "rules": lambda: journal.set_dictionary("touch_rules", []),
        "merge": lambda: merges.keep(ws, {"1": "2"}),
        "person": lambda: people.keep(ws, {OTHER: OWN}),
        "distinct": lambda: journal.set_distinct("1-2", "a ≠ b"),
        "correction": lambda: journal.set_correction("f", {"table": "orders"}),
        "question": lambda: questions.save(journal, "Моё", "select 1", {}),
        "agenda": lambda: questions.put_on_agenda(journal, questions.shipped("ru")[0]),
        "pin": lambda: journal.set_pinned("returns", True),
        "aside": lambda: minutes.set_aside(["drowsing:1"], day, date(2026, 4, 1), "отпуск"),
        "bring_back": lambda: minutes.bring_back(["drowsing:1"]),
        "general": lambda: minutes.decide("Всем", OWN, day, made_on=day),
        "others": lambda: minutes.decide("x", OWN, day, made_on=day, client_id="2", client_name="x"),
        "others_step": lambda: minutes.step(1, "done", day, day),
        "close": lambda: review.close(minutes, review.of_workspace(ws, manager=OWN), day),
        "load": lambda: imports.load_demo(ws),
        "undo": lambda: imports.undo(ws),
        "rebuild": lambda: rebuild.rebuild(ws),
        "writing": lambda: ws.datasets.writing().__enter__(),
        "point": lambda: ws.datasets.point(None),
    }


# What is said before the question of leave comes up.
SAID = {"load": "errors.demo_over_data"}


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_whoever_may_not_change_is_refused_under_every_button(views, role):
    ws = views[role]
    before = ws.journal.rows("select count(*) from changes"), ws.dataset_id
    for name, change in changes(ws).items():
        with pytest.raises(KamError) as refused:
            change()
        is_hidden = (role, name) == ("manager", "others_step")
        assert refused.value.key == ("errors.decision_changed" if is_hidden else SAID.get(name, "errors.not_allowed")), name
    assert (ws.journal.rows("select count(*) from changes"), ws.dataset_id) == before


def test_a_manager_decides_on_own_clients_and_takes_back_own_words_only(views):
    minutes, day = review.minutes_of(views["manager"]), date(2026, 3, 11)
    about = {"client_id": "1", "client_name": "Ромашка"}
    own = minutes.decide("Съездить", OWN, day, made_on=day, **about)
    others = review.minutes_of(views["director"]).decide("Проверить", OWN, day, made_on=day, **about)
    minutes.rewrite(own, "Съездить в пятницу", OWN, day)
    with pytest.raises(KamError, match=r"errors\.not_allowed"):
        minutes.drop(others)
    minutes.step(2, "done", day, day)
    minutes.drop(own)
    assert [(one.number, one.status) for one in minutes.decisions()] == [(2, "done"), (others, "open")]
    with pytest.raises(KamError, match=r"errors\.not_allowed"):
        review.minutes_of(views["viewer"]).step(2, "not_done", day)


def test_minutes_of_others_are_not_a_managers(views):
    minutes = review.minutes_of(views["manager"])
    assert [one.what for one in minutes.decisions()] == ["Позвонить в Ромашку"]
    assert minutes.reviews() == []
    with pytest.raises(KamError, match=r"errors\.review_unknown"):
        minutes.frozen(1)


def test_an_own_closed_review_loses_a_client_that_is_no_longer_ones_own(views):
    shown = review.of_workspace(views["director"], manager=OWN)
    minutes = review.minutes_of(views["director"])
    review.close(minutes, shown, date(2026, 3, 11))
    mine = review.minutes_of(views["manager"])
    (held,) = mine.reviews()
    assert {line.client_id for section in review.closed_review(mine, held).sections for line in section.lines} == {"1"}
    narrow = review.Minutes(views["manager"].journal, False, review.Own(OWN, frozenset()))
    kept = review.closed_review(narrow, held)
    assert [line for section in kept.sections for line in section.lines] == []
    assert [figure.parts for figure in kept.figures] == [{}] * len(kept.figures)


def test_an_own_closed_review_keeps_of_its_questions_the_rows_of_own_clients(views):
    director = views["director"]
    for name, text in (("Клиенты", "select client_id from core.clients"), ("Сумма", "select sum(amount) from core.order_lines")):
        questions.put_on_agenda(director.journal, questions.save(director.journal, name, text, {}))
    shown = review.of_workspace(director, manager=OWN)
    asked = agenda_questions.asked(director, "ru", shown.as_of, {})
    review.close(review.minutes_of(director), replace(shown, questions=asked), date(2026, 3, 11))
    mine = review.minutes_of(views["manager"])
    found = review.closed_review(mine, mine.reviews()[0]).questions
    assert [(one.name, one.rows.table().to_pylist()) for one in found] == [("Клиенты", [{"client_id": "1", "client_name": "Ромашка"}])]


def test_the_calendar_has_dates_of_own_clients_alone(views):
    def dates(role):
        ws, day = views[role], date(2026, 3, 10)

        def fetch(mart, **params):
            taken = queries.compile_query(mart).params
            return ws.fetch(mart, **{name: value for name, value in {**params, "as_of": day}.items() if name in taken})

        return {one.client_id for one in diary.entries(fetch, review.minutes_of(ws).decisions(), day)}

    assert (dates("director"), dates("manager")) == ({"1", "2"}, {"1"})


def test_the_history_of_questions_is_ones_own(views):
    views["director"].journal.add_asked("select 'ЧУЖОЙ'", {}, 1)
    views["manager"].journal.add_asked("select 1", {}, 1)
    assert [asked.text for asked in views["manager"].journal.asked()] == ["select 1"]
    assert [asked.text for asked in views["director"].journal.asked()] == ["select 'ЧУЖОЙ'"]


# The audit log


def test_the_director_reads_who_did_what(opened, two_path, as_user, tmp_path):
    path = shutil.copytree(two_path, tmp_path / "copy")
    ws = Workspace(path)
    seen.by(ws, DIRECTOR).journal.set_norm("k_sleep", "3")
    audit.note(path, "ivan", "sign_in_failed", address="10.0.0.7")
    ws.close()
    as_user("director")
    app = sound(opened("audit", path))
    rows = app.dataframe[0].value
    assert rows["noted_who"].tolist()[:2] == ["ivan", "boss"]
    assert rows["noted_action"].tolist()[:2] == ["неудачный вход", "норма"]
    assert rows["noted_facts"].tolist()[0] == "адрес: 10.0.0.7"
    app.selectbox(key="audit_who").set_value("boss")
    assert sound(app.run()).dataframe[0].value["noted_action"].tolist() == ["норма"]


def test_an_empty_audit_log_says_so(opened, as_user):
    as_user("director")
    assert "За этот период ничего не записано" in words(sound(opened("audit")))
