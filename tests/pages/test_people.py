"""The tab of our people on the page of name matches: one person or two, several at once, by hand, undone; a dismissed manager's clients."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kam import imports
from kam.imports import Upload
from kam.workspace import Workspace
from tests.pages.shown import sound, words

TOUCHES = """Клиент;Дата;Тема;Менеджер
Ромашка;10.01.2026;Звонок;Иванов Иван Иванович
Ромашка;11.01.2026;Звонок;Иванов Иван Иванович
Вектор;12.01.2026;Звонок;ИВАНОВ И. И. (уволен)
Вектор;13.01.2026;Звонок;Петров Олег
Вектор;14.01.2026;Звонок;Петров Олег
Астра;14.01.2026;Звонок;Олег Петров
Астра;14.01.2026;Звонок;Ким *О*
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    (folder / "touches.csv").write_text(TOUCHES, encoding="utf-8")
    ws = Workspace(folder / "workspace")
    (report,) = imports.load(ws, [Upload("touches.csv", folder / "touches.csv")])
    assert report.error is None
    ws.close()
    return folder / "workspace"


@pytest.fixture
def path(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded, tmp_path / "workspace"))


def press(app, label: str, at: int = 0):
    [button for button in app.button if button.label == label][at].click()
    return sound(app.run())


def touches(path: Path) -> dict[str, int]:
    ws = Workspace(path)
    rows = ws.fetch("marts.people_list").to_pylist()
    ws.close()
    return {row["person"]: row["touch_count"] for row in rows}


APART = {"Иванов Иван Иванович": 2, "ИВАНОВ И. И.": 1, "Петров Олег": 2, "Олег Петров": 1, "Ким *О*": 1}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", ("2 пары похожих имён", "клиентов 0, заказов 0, касаний 1, обещаний 0 · уволен · пишется также", "Сотрудники (2)")),
        ("en", ("2 pairs of similar names", "clients 0, orders 0, touches 1, promises 0 · left · also written", "People (2)")),
    ],
)
def test_pairs_are_shown_with_what_stands_under_each_name(opened, path, language, said):
    app = sound(opened("matches", path, lang=language))
    captions = [caption for radio in app.radio for caption in radio.proto.captions]
    shown = words(app) + " ".join(captions) + " ".join(tab.label for tab in app.tabs)
    assert all(part in shown for part in said)
    assert {radio.value for radio in app.radio} == {"Иванов Иван Иванович", "Петров Олег"}
    assert touches(path) == APART


def test_ticked_pairs_become_one_person_each_and_are_undone(opened, path):
    app = press(opened("matches", path), "Отметить все на странице")
    app = press(app, "Отмеченные — по одному человеку (2)")
    assert touches(path) == {"Иванов Иван Иванович": 3, "Петров Олег": 3, "Ким *О*": 1}
    (made,) = [table.value for table in app.dataframe if "merged" in table.value]
    place = made["merged"].tolist().index("Олег Петров")
    assert made[["stays", "answer_state", "counted_as"]].values.tolist()[place] == ["Петров Олег", "действует", "Петров Олег"]
    app.session_state["matches_people_0"] = {"selection": {"rows": [place], "columns": []}}
    press(app.run(), "Отменить: «Олег Петров» — снова отдельный человек")
    assert touches(path)["Олег Петров"] == 1


def test_the_other_name_can_stay(opened, path):
    app = opened("matches", path)
    [radio] = [radio for radio in app.radio if radio.value == "Петров Олег"]
    radio.set_value("Олег Петров")
    at = [one.value for one in app.radio].index("Олег Петров")
    press(app.run(), "Это один человек", at=at)
    assert touches(path)["Олег Петров"] == 3


def test_a_pair_called_two_people_is_not_proposed_until_it_is_asked_again(opened, path):
    app = press(opened("matches", path), "Разные люди")
    app = press(app, "Разные люди")
    assert "Похожих имён сотрудников нет" in words(app)
    app.session_state["matches_people_apart_0"] = {"selection": {"rows": [0], "columns": []}}
    app = app.run()
    (again,) = [button.label for button in app.button if button.label.startswith("Предлагать снова")]
    assert "1 пара похожих имён" in words(press(app, again))
    assert touches(path) == APART


def test_any_two_names_are_joined_by_hand(opened, path):
    app = opened("matches", path)
    app.selectbox(key="person_hand_goes").select("Ким *О*")
    app.selectbox(key="person_hand_stays").select("Петров Олег")
    press(app.run(), "Это один человек", at=-1)
    assert touches(path)["Петров Олег"] == 3 and "Ким *О*" not in touches(path)


def test_where_nobody_is_named_it_says_so(opened, tmp_path):
    (tmp_path / "orders.csv").write_text("Клиент;Дата;Сумма\nРомашка;10.01.2026;100\n", encoding="utf-8")
    ws = Workspace(tmp_path / "workspace")
    imports.load(ws, [Upload("orders.csv", tmp_path / "orders.csv")])
    ws.close()
    assert any("Ни один лист не называет" in info.value for info in sound(opened("matches", tmp_path / "workspace")).info)
