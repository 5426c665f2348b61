"""The upload page: recognition shown, questions answered, bad files said, the load, its undo."""

import io
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from kam import imports
from kam.workspace import Workspace
from tests.pages.shown import sound, words

ORDERS = "Клиент;Дата;Сумма;Номер\n«Ромашка»;31.01.2026;1 200,50;1\n«Лютик»;28.02.2026;300;2\n"
AMBIGUOUS = "Клиент;Дата;Сумма;Номер\n«Ромашка»;03/04/2026;100;1\n«Лютик»;05/06/2026;300;2\n"


def dropped(app, *files):
    app.file_uploader[0].set_value([(name, content.encode(), "text/csv") for name, content in files])
    return app.run()


def load(app):
    next(button for button in app.button if button.label in ("Загрузить", "Load")).click()
    return app.run()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_is_useful_in_an_empty_workspace(opened, language):
    assert len(sound(opened("upload", lang=language)).file_uploader) == 1


def test_sheet_is_shown_with_what_it_was_taken_for_and_nothing_is_loaded_yet(opened, tmp_path):
    app = sound(dropped(opened("upload"), ("Заказы.csv", ORDERS)))
    (card,) = app.expander
    assert "заказы" in card.label
    assert "2 строки" in card.label
    assert Workspace(tmp_path / "empty").dataset_id is None


def test_load_publishes_the_figures_and_undo_takes_them_back(opened, tmp_path):
    app = load(dropped(opened("upload"), ("Заказы.csv", ORDERS)))
    sound(app)
    assert "Загружен 1 лист" in words(app)
    ws = Workspace(tmp_path / "empty")
    assert ws.fetch("marts.data_extent").column("order_line_count")[0].as_py() == 2
    next(button for button in app.button if button.label == "Да, вернуть как было").click()
    sound(app.run())
    assert ws.dataset_id is None
    ws.close()


def test_order_of_day_and_month_is_asked_and_the_answer_is_used(opened, tmp_path):
    app = dropped(opened("upload"), ("Заказы.csv", AMBIGUOUS))
    question = next(box for box in app.selectbox if box.label == "Ответ")
    assert any("3 апреля 2026" in option for option in question.options)
    assert any("4 марта 2026" in option for option in question.options)
    question.select_index(1)
    app = load(app.run())
    sound(app)
    ws = Workspace(tmp_path / "empty")
    assert str(ws.fetch("marts.data_extent").column("first_order_on")[0].as_py()) == "2026-03-04"
    ws.close()


def test_corrected_column_is_used_and_remembered(opened, tmp_path):
    odd = ORDERS.replace("Сумма", "Сколько вышло")
    app = dropped(opened("upload"), ("Заказы.csv", odd))
    edited = {"edited_rows": {2: {"field": "amount"}}, "added_rows": [], "deleted_rows": []}
    app.session_state["columns_Заказы.csv_Заказы_orders"] = edited
    app = load(app.run())
    sound(app)
    ws = Workspace(tmp_path / "empty")
    again = tmp_path / "again.csv"
    again.write_text(odd, encoding="utf-8")
    (report,) = imports.inspect(ws, [imports.Upload("again.csv", again)])
    assert report.error is None
    assert report.recognition.column_of("amount").evidence == "remembered"
    ws.close()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("пусто.csv", b"", "пуст"),
        ("договор.xlsx", b"PK\x03\x04junk", "договор.xlsx"),
        ("без клиента.csv", "Дата;Сумма\n01.01.2026;5\n".encode(), "клиент"),
    ],
)
def test_bad_file_is_one_sentence_and_the_rest_is_loaded(opened, tmp_path, name, content, sentence):
    app = opened("upload")
    app.file_uploader[0].set_value([(name, content, "text/csv"), ("Заказы.csv", ORDERS.encode(), "text/csv")])
    app.run()
    said = [element.value for element in (*app.error, *app.warning)]
    assert len([line for line in said if sentence in line.replace("\\", "")]) == 1, said
    app = load(app)
    assert [exception.value for exception in app.exception] == []
    ws = Workspace(tmp_path / "empty")
    assert ws.fetch("marts.data_extent").column("order_line_count")[0].as_py() == 2
    ws.close()


def test_own_data_takes_the_place_of_the_demo(opened, demo_copy: Path):
    app = load(dropped(opened("upload", demo_copy), ("Заказы.csv", ORDERS)))
    sound(app)
    assert "демо-данные" not in words(app)
    ws = Workspace(demo_copy)
    assert ws.fetch("marts.data_extent").column("client_count")[0].as_py() == 2
    ws.close()


def test_what_a_load_will_change_is_said_before_it_with_the_rows(opened):
    app = load(dropped(opened("upload"), ("Заказы.csv", ORDERS)))
    again = ORDERS.replace("300", "350").replace("1 200,50;1\n", "1 200,50;1\n«Астра»;01.02.2026;7;3\n")
    app = sound(dropped(app, ("Заказы 2.csv", again)))
    assert "1 новая строка, 1 изменена, 1 без изменений" in words(app)
    next(toggle for toggle in app.toggle if toggle.label == "Посмотреть изменения").set_value(True)
    app = sound(app.run())
    rows = next(frame.value for frame in app.dataframe if "after" in frame.value.columns)
    assert rows[["before", "after"]].fillna("").values.tolist() == [["300", "350"], ["", ""]]


def test_the_dataset_is_rebuilt_on_the_page_and_stays_the_same(opened, tmp_path):
    app = load(dropped(opened("upload"), ("Заказы.csv", ORDERS)))
    ws = Workspace(tmp_path / "empty")
    before = ws.dataset_id
    next(button for button in app.button if button.label == "Собрать заново").click()
    app = sound(app.run())
    assert "Собрано заново из 1 листа" in words(app)
    assert ws.dataset_id != before
    assert ws.fetch("marts.data_extent").column("order_line_count")[0].as_py() == 2
    ws.close()


def test_password_of_a_protected_book_is_asked_for_and_used(opened, tmp_path):
    app = opened("upload")
    app.file_uploader[0].set_value([("Заказы.xlsx", protected("сезам"), "application/octet-stream")])
    app = app.run()
    field = next(box for box in app.text_input if box.label.startswith("Пароль книги"))
    app = field.input("не тот").run()
    assert not app.exception
    assert "парол" in words(app).lower()
    assert all(button.disabled for button in app.button if button.label == "Загрузить")
    field = next(box for box in app.text_input if box.label.startswith("Пароль книги"))
    app = load(field.input("сезам").run())
    assert "Загружен 1 лист" in words(app)
    ws = Workspace(tmp_path / "empty")
    assert ws.fetch("marts.data_extent").column("order_line_count")[0].as_py() == 1
    ws.close()


def protected(password):
    """An xlsx book of one order under a password."""
    plain, locked = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    for row in (("Клиент", "Дата", "Сумма"), ("Ромашка", "31.01.2026", "100")):
        book.active.append(row)
    book.save(plain)
    OOXMLFile(plain).encrypt(password, locked)
    return locked.getvalue()


def test_an_export_whose_columns_changed_is_said_and_may_be_kept_beside(opened, tmp_path):
    load(dropped(opened("upload"), ("Заказы.csv", ORDERS)))
    wider = ORDERS.replace("Номер\n", "Номер;Склад\n").replace(";1\n", ";1;Север\n").replace(";2\n", ";2;Юг\n")
    app = sound(dropped(opened("upload"), ("Заказы со складом.csv", wider)))
    assert ["2 из 2 строк" in warning.value for warning in app.warning] == [True]
    app.checkbox[0].check()
    app = sound(app.run())
    assert not app.warning and app.checkbox[0].value
    load(app)
    ws = Workspace(tmp_path / "empty")
    assert ws.fetch("marts.data_extent").column("order_line_count")[0].as_py() == 4
    ws.close()
