"""The weekly review on the screen: agenda, decisions and what became of them, lines set aside, closing, meeting mode."""

from __future__ import annotations

from datetime import date

import pytest

from kam import imports, questions, review
from kam.workspace import Workspace
from tests.pages.shown import sound, words

WEEK_BEFORE = "2026-11-13"


def press(app, key):
    app.button(key=key).click()
    return sound(app.run())


def send(app, form):
    next(button for button in app.button if button.key and button.key.startswith(f"FormSubmitter:form_{form}-")).click()
    return app.run()


def decide(app, item, what, who=None):
    """Types a decision at a line."""
    press(app, f"open_decide_{item}")
    app.text_input(key=f"what_decide_{item}").set_value(what)
    if who:
        app.selectbox(key=f"who_decide_{item}").set_value(who)
    return sound(send(app, f"decide_{item}"))


def minutes_of(path):
    return review.minutes_of(Workspace(path))


@pytest.fixture
def small(world):
    """One key client with a promise that is overdue, one with nothing to say."""
    world.given("clients", "client_id | client_name | manager | key_client\n1 | <b>Ромашка</b> | Иванов | да\n2 | Лютик | Петров |")
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 500\n2 | 2026-03-10 | 7")
    world.given("touches", "client | held_on | channel | manager\n1 | 2026-03-09 | звонок | Иванов\n2 | 2026-03-09 | звонок | Петров")
    world.given("promises", "promise_id | client | text | owner | due_on\np | 1 | Прислать счёт | Иванов | 2026-03-05")
    world.build()
    return world.workspace.path


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_comes_to_its_end_in_both_languages(opened, demo_path, language):
    app = sound(opened("review", demo_path, lang=language))
    assert len(app.metric) == 7
    assert len([heading for heading in app.subheader if heading.value[0].isdigit()]) >= 5


def test_empty_workspace_invites(opened):
    assert "Загрузите свои выгрузки" in words(sound(opened("review")))


def test_without_orders_the_page_names_them(opened, world):
    world.given("clients", "client_id | client_name\n1 | А")
    world.build()
    assert "заказы" in " ".join(info.value for info in sound(opened("review", world.workspace.path)).info)


def test_one_client_without_anything_but_an_order_says_what_is_missing(opened, world):
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 5")
    world.build()
    app = sound(opened("review", world.workspace.path))
    assert "Неизвестно, пока не загружены обещания: Тихие переносы у ключевых, Просроченные обещания." in words(app)
    assert [metric.value for metric in app.metric][2:] == ["—"] * 5


def test_money_and_lines_are_those_of_the_tree(opened, demo_path):
    app = sound(opened("review", demo_path))
    ws = Workspace(demo_path)
    tree = review.of_workspace(ws)
    t_lines = {section.name: len(section.lines) for section in tree.sections if section.lines}
    assert f"{tree.line_count} строк" in words(app)
    assert len([heading for heading in app.subheader if heading.value[0].isdigit()]) == len(t_lines)
    ws.close()


def test_sections_are_cut_and_show_more_on_demand(opened, demo_path):
    app = sound(opened("review", demo_path))
    lines = len([button for button in app.button if button.key and button.key.startswith("open_decide_client:")])
    press(app, "more_touches_owed")
    assert len([button for button in app.button if button.key and button.key.startswith("open_decide_client:")]) == lines + 20


def test_decision_is_typed_rewritten_and_taken_back(opened, small):
    app = decide(opened("review", small), "client:1", "Позвонить <i>директору</i>")
    (one,) = minutes_of(small).decisions()
    assert (one.what, one.who, one.client_name, one.original_due_on) == (
        "Позвонить <i>директору</i>", "Иванов", "<b>Ромашка</b>", date(2026, 3, 17),
    )  # fmt: skip
    press(app, "open_rewrite_1")
    app.text_input(key="what_rewrite_1").set_value("Написать")
    sound(send(app, "rewrite_1"))
    assert minutes_of(small).decisions()[0].what == "Написать"
    press(app, "drop_1")
    assert minutes_of(small).decisions() == []


def test_half_a_decision_is_said_under_the_form_and_the_form_stays(opened, small):
    app = press(opened("review", small), "open_decide_client:1")
    app = send(app, "decide_client:1")
    assert ["заполните оба поля" in error.value for error in app.error] == [True]
    assert app.text_input(key="what_decide_client:1").value == ""


def test_line_is_set_aside_with_a_reason_and_brought_back(opened, small):
    app = press(opened("review", small), "open_aside_client:1")
    app.text_input(key="reason_aside_client:1").set_value("ждём юристов")
    app = sound(send(app, "aside_client:1"))
    assert "Отложена 1 строка" in [expander.label for expander in app.expander]
    assert "ждём юристов" in words(app)
    assert not any(button.key == "open_decide_client:1" for button in app.button)
    press(app, "back_0")
    assert any(button.key == "open_decide_client:1" for button in app.button)


def close(app):
    app.date_input(key="held_on").set_value(date(2026, 11, 16))
    press(app, "close_review")
    return app


def test_closed_review_opens_the_next_with_its_decisions(opened, demo_copy):
    tree = review.of_workspace(Workspace(demo_copy), date.fromisoformat(WEEK_BEFORE))
    firsts = [section.lines[0].client_id for section in tree.sections if section.lines][:3]
    app = opened("review", demo_copy, as_of=WEEK_BEFORE)
    for number, client in enumerate(firsts, 1):
        decide(app, f"client:{client}", f"Решение {number}")
    app = close(app)
    assert "Закрытая планёрка 16.11.2026" in words(app)
    assert not any(button.key and button.key.startswith("open_") for button in app.button)
    app = sound(opened("review", demo_copy))
    assert words(app).count("Решение 1") == 1
    assert app.subheader[0].value.endswith("Решения прошлой недели")
    press(app, "open_done_1")
    app.text_input(key="reason_done_1").set_value("договорились")
    sound(send(app, "done_1"))
    press(app, "open_moved_2")
    sound(send(app, "moved_2"))
    press(app, "open_not_done_3")
    sound(send(app, "not_done_3"))
    done, moved, failed = minutes_of(demo_copy).decisions()
    assert (done.state(date(2026, 11, 20)), moved.silent_move_count, failed.status) == ("kept_on_time", 1, "not_done")
    assert "договорились" in words(app)
    press(app, "unstep_3")
    assert minutes_of(demo_copy).decisions()[2].status == "open"


def test_figures_stand_beside_those_of_the_review_before_and_open_the_clients(opened, demo_copy):
    ws = Workspace(demo_copy)
    minutes = review.minutes_of(ws)
    review.close(minutes, review.of_workspace(ws, date.fromisoformat(WEEK_BEFORE)), date(2026, 11, 16))
    tree = review.of_workspace(ws)
    app = sound(opened("review", demo_copy))
    assert len([caption for caption in app.caption if caption.value.startswith("было ")]) == 7
    press(app, "figures_0")
    table = app.dataframe[-1].value
    revenue = tree.figures[0]
    assert len(table) == len(revenue.changes)
    assert sum(table["difference_money"]) == pytest.approx(revenue.value - revenue.before)
    ws.close()


def test_past_review_is_a_link_and_an_unknown_one_a_sentence(opened, demo_copy):
    ws = Workspace(demo_copy)
    review.close(review.minutes_of(ws), review.of_workspace(ws), date(2026, 11, 23))
    ws.close()
    assert "Закрытая планёрка 23.11.2026" in words(sound(opened("review", demo_copy, review="1")))
    app = opened("review", demo_copy, review="9")
    assert ["№ 9 нет" in error.value for error in app.error] == [True]


def test_narrowed_view_is_not_closed(opened, demo_path):
    app = sound(opened("review", demo_path, **{"class": "A+"}))
    assert "Снимите фильтры" in words(app)
    assert not any(button.key == "close_review" for button in app.button)


def test_meeting_goes_section_by_section_and_keeps_decisions(opened, small):
    app = sound(opened("review", small, meeting="figures"))
    assert app.subheader[0].value == "Цифры недели"
    press(app, "meeting_next")
    assert app.subheader[0].value.endswith("Просроченные обещания")
    decide(app, "client:1", "Позвонить", "Петров")
    while app.subheader[0].value != "Решения и итог":
        press(app, "meeting_next")
    assert "Позвонить" in words(app) and "Петров" in words(app)
    press(app, "meeting_back")
    press(app, "meeting_leave")
    assert "Планёрка" in app.title[0].value and "meeting" not in app.query_params


def test_evidence_of_a_line_opens_its_rows(opened, demo_path):
    ws = Workspace(demo_path)
    tree = review.of_workspace(ws)
    shown = {f"{section.name}_0_0": section.lines[0] for section in tree.sections if section.lines}
    ws.close()
    for place, line in shown.items():
        app = press(opened("review", demo_path), f"why_{place}")
        assert line.client_name in words(app)
        if line.reasons[0].section != "annual_meetings":  # of a meeting that was never held there is no row
            assert len(app.dataframe[-1].value) >= 1, place


def test_list_of_decisions_says_what_became_of_each(opened, small):
    minutes = minutes_of(small)
    minutes.decide("Позвонить", "Иванов", date(2026, 3, 5), made_on=date(2026, 3, 1), client_id="1", client_name="Ромашка")
    app = sound(opened("review", small))
    table = app.dataframe[-1].value
    assert list(table["decision_state"]) == ["просрочено"]
    assert list(table["days_overdue"]) == [5]


def test_whole_agenda_is_a_table_of_every_line(opened, demo_path):
    app = opened("review", demo_path)
    app.session_state["whole"] = True
    app = sound(app.run())
    ws = Workspace(demo_path)
    tree = review.of_workspace(ws)
    ws.close()
    table = app.dataframe[-1].value
    assert len(table) == tree.line_count
    assert sum(table["money"].dropna()) == pytest.approx(float(tree.money))
    assert all(table["why"])


def test_every_figure_opens_the_clients_it_is_made_of(opened, demo_path):
    ws = Workspace(demo_path)
    tree = review.of_workspace(ws)
    ws.close()
    for place, figure in enumerate(tree.figures):
        table = press(opened("review", demo_path), f"figures_{place}").dataframe[-1].value
        made = sum(table["adds_money" if figure.kind == "money" else "adds_count"])
        assert (made / sum(table["of_count"]) if figure.kind == "percent" else made) == pytest.approx(figure.value), figure.name


def test_talk_about_the_demo_stays_with_the_demo(opened, demo_copy, tmp_path):
    ws = Workspace(demo_copy)
    minutes = review.minutes_of(ws)
    minutes.decide("Позвонить", "Иванов", date(2026, 11, 20), made_on=date(2026, 11, 13))
    minutes.set_aside(["overdue:1"], date(2026, 11, 13), date(2027, 1, 1), "ждём")
    review.close(minutes, review.of_workspace(ws, date.fromisoformat(WEEK_BEFORE)), date(2026, 11, 16))
    own = tmp_path / "Заказы.csv"
    own.write_text("Клиент;Дата;Сумма;Номер\nА;27.11.2026;100;1\n", encoding="utf-8")
    imports.load(ws, [imports.Upload(own.name, own)])
    now = review.of_workspace(ws)
    assert (now.previous, now.section("decisions").lines, review.minutes_of(ws).set_asides()) == (None, (), [])
    imports.undo(ws)
    assert len(review.of_workspace(ws).section("decisions").lines) == 1
    ws.close()


# Questions on the agenda


def with_questions(path, *texts):
    """Saved questions on the agenda of a workspace; gives their codes."""
    journal = Workspace(path).journal
    made = [questions.save(journal, f"Вопрос {number} <b>", text, {}) for number, text in enumerate(texts, 1)]
    for question in made:
        questions.put_on_agenda(journal, question)
    return [question.code for question in made]


CLIENTS = "select client_id, client_name, client_since, manager from core.clients order by client_id"


TITLES = [("ru", "Свои вопросы к данным", "1 вопрос · 2 строки"), ("en", "Questions of your own", "1 question · 2 rows")]


@pytest.mark.parametrize(("language", "title", "total"), TITLES)
def test_question_with_rows_is_a_part_of_the_agenda_after_its_sections(opened, small, language, title, total):
    with_questions(small, CLIENTS, "select 1 as x where false")
    app = sound(opened("review", small, lang=language))
    assert [heading.value for heading in app.subheader if heading.value[0].isdigit()][-1] == f"12\\. {title}"
    assert total in [caption.value for caption in app.caption]
    assert "Вопрос 2" in next(caption.value for caption in app.caption if "«" in caption.value)


def test_review_without_questions_says_nothing_of_them(opened, small):
    app = sound(opened("review", small))
    assert "вопросы к данным" not in words(app)
    assert not any("12" in heading.value for heading in app.subheader)


def test_question_that_fails_is_a_sentence_and_the_rest_of_the_review_stands(opened, small):
    with_questions(small, "select nothing from core.clients", CLIENTS)
    app = sound(opened("review", small))
    (warning,) = app.warning
    assert warning.value.startswith("Нет ответа. Строка 1, знак 8:") and warning.value.endswith("Остальная повестка на месте.")
    assert any(button.key == "open_decide_client:1" for button in app.button)
    assert "Иванов" in words(app) and "Решения этой планёрки" in words(app)


def test_decision_is_noted_to_a_row_of_a_question_and_to_the_question(opened, small):
    (code,) = with_questions(small, CLIENTS)
    app = press(opened("review", small), f"open_decide_question:{code}:1")
    app.text_input(key=f"what_decide_question:{code}:1").set_value("Спросить Лютика")
    app = sound(send(app, f"decide_question:{code}:1"))
    app = press(app, f"open_decide_question:{code}")
    app.text_input(key=f"what_decide_question:{code}").set_value("Обсудить всё")
    app.selectbox(key=f"who_decide_question:{code}").set_value("Петров")
    app = sound(send(app, f"decide_question:{code}"))
    first, second = minutes_of(small).decisions()
    assert (first.client_id, first.client_name, first.who, first.item_id) == ("2", "Лютик", "Петров", f"question:{code}")
    assert (second.client_id, second.what, second.item_id) == (None, "Обсудить всё", f"question:{code}")
    press(app, "drop_1")
    assert [one.what for one in minutes_of(small).decisions()] == ["Обсудить всё"]


def test_first_rows_are_shown_the_others_on_demand_and_all_behind_the_count(opened, demo_copy):
    (code,) = with_questions(demo_copy, "select client_id from core.clients order by 1 limit 30")
    app = sound(opened("review", demo_copy))
    rows = [button.key for button in app.button if str(button.key).startswith(f"open_decide_question:{code}:")]
    assert len(rows) == 5
    press(app, f"more_rows_{code}")
    assert len([button for button in app.button if str(button.key).startswith(f"open_decide_question:{code}:")]) == 25
    press(app, f"why_{code}")
    assert len(app.dataframe[-1].value) == 30


def test_answer_without_clients_is_a_table(opened, small):
    with_questions(small, "select amount as revenue from core.order_lines order by 1")
    app = sound(opened("review", small))
    assert [float(value) for value in app.dataframe[0].value["revenue"]] == [7, 500]


def test_closed_review_shows_the_answers_it_was_closed_with_and_offers_nothing(opened, small):
    with_questions(small, CLIENTS)
    app = sound(opened("review", small))
    close(app)
    journal = Workspace(small).journal
    questions.delete(journal, questions.saved(journal)[0])
    app = sound(opened("review", small, review="1"))
    assert "Менеджер: Петров" in words(app) and "1 вопрос · 2 строки" in words(app)
    assert not any(str(button.key).startswith(("open_", "off_")) for button in app.button)
    assert "1 вопрос" not in words(sound(opened("review", small)))


def test_question_is_put_on_the_agenda_in_the_review_and_taken_off(opened, small):
    app = sound(opened("review", small))
    app.selectbox(key="add_question").set_value("managers")
    app = sound(app.run())
    assert Workspace(small).journal.on_agenda() == ["managers"]
    assert "1 вопрос · 2 строки" in words(app)
    press(app, "off_managers")
    assert Workspace(small).journal.on_agenda() == []
    assert "1 вопрос" not in words(app)


def test_question_is_put_on_the_agenda_from_its_own_page_with_one_click(opened, small):
    app = sound(opened("sql", small, question="managers"))
    press(app, "sql_agenda")
    assert Workspace(small).journal.on_agenda() == ["managers"]
    press(app, "sql_agenda")
    assert Workspace(small).journal.on_agenda() == []


def test_full_agenda_says_so(opened, small):
    journal = Workspace(small).journal
    for question in questions.shipped("ru")[: questions.AGENDA_LIMIT]:
        journal.set_on_agenda(question.code, True)
    app = opened("sql", small, question="unreadable")
    app.button(key="sql_agenda").click()
    (error,) = app.run().error
    assert error.value.startswith("На повестке уже 8 вопросов")


def test_meeting_has_a_slide_for_the_questions(opened, small):
    with_questions(small, CLIENTS)
    app = sound(opened("review", small, meeting="figures"))
    assert "- 12\\. Свои вопросы к данным: 1 вопрос · 2 строки" in [one.value for one in app.markdown]
    app = sound(opened("review", small, meeting="questions"))
    assert app.subheader[0].value == "12\\. Свои вопросы к данным"
    assert "Менеджер: Петров" in words(app)
    press(app, "meeting_next")
    assert app.subheader[0].value == "Решения и итог"


def test_manager_sees_the_rows_of_the_manager(opened, small):
    with_questions(small, CLIENTS, "select count(*) as n from core.clients")
    app = sound(opened("review", small, manager="Петров"))
    assert "2 вопроса · 2 строки" in words(app)
    assert "Вопрос не учитывает фильтр (Менеджер): строки — по всем." in [caption.value for caption in app.caption]
