"""Name matches on the screen: pairs answered one by one and at once, any two merged by hand, and all of it undone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kam import imports, merges
from kam.imports import SheetReport, Upload
from kam.ui.matching import differing
from kam.workspace import Workspace
from tests.pages.shown import sound, words

ORDERS = """Клиент;ИНН;Дата;Сумма
Ромашка Торговый дом;;10.01.2026;100
Торговый дом Ромашка;;10.02.2026;50
Стройинвестгарант;;10.01.2026;10
Стройинвестгорант;;11.01.2026;20
Вектор Юг;7701;10.01.2026;500
Юг Вектор;7702;10.01.2026;500
Астра;;10.01.2026;5
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "clients.csv").write_text("Код клиента;Клиент;ИНН\n1;Вектор Юг;7701\n2;Юг Вектор;7702\n", encoding="utf-8")
    ws = Workspace(folder / "workspace")
    imports.load(ws, [Upload(name, folder / name) for name in ("orders.csv", "clients.csv")])
    ws.close()
    return folder / "workspace"


@pytest.fixture
def path(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded, tmp_path / "workspace"))


def press(app, label: str, at: int = 0):
    [button for button in app.button if button.label == label][at].click()
    return sound(app.run())


def revenue(path: Path) -> dict[str, float]:
    ws = Workspace(path)
    rows = ws.fetch("marts.client_classes").to_pylist()
    ws.close()
    return {row["client_id"]: float(row["revenue"]) for row in rows}


@pytest.mark.parametrize(("language", "pairs"), [("ru", "3 пары похожих имён"), ("en", "3 pairs of similar names")])
def test_pairs_are_shown_with_what_is_known_and_those_of_other_tax_ids_last(opened, path, language, pairs):
    app = sound(opened("matches", path, lang=language))
    assert pairs in words(app)
    assert [radio.value for radio in app.radio] == ["Ромашка Торговый дом", "Стройинвестгорант", "1"]
    assert len(app.warning) == 1  # the tax ids of the last pair


def test_one_pair_is_merged_into_the_one_that_stays_and_undone(opened, path):
    app = opened("matches", path)
    app.radio[0].set_value("Торговый дом Ромашка")
    app = press(app.run(), "Объединить")
    assert "2 пары похожих имён" in words(app)
    assert revenue(path)["Торговый дом Ромашка"] == 150
    (made,) = [table.value for table in app.dataframe if "merged" in table.value]
    assert made[["merged", "stays", "merge_state"]].values.tolist() == [
        ["Ромашка Торговый дом", "Торговый дом Ромашка", "действует"]
    ]
    app.session_state["matches_merges_0"] = {"selection": {"rows": [0], "columns": []}}
    app = press(app.run(), "Отменить: «Ромашка Торговый дом» — снова отдельный клиент")
    assert "3 пары похожих имён" in words(app)
    assert (revenue(path)["Ромашка Торговый дом"], revenue(path)["Торговый дом Ромашка"]) == (100, 50)


def test_ticked_pairs_are_merged_at_once_but_not_those_of_other_tax_ids(opened, path):
    app = press(opened("matches", path), "Отметить все на странице")
    assert [box.value for box in app.checkbox] == [True, True, False]
    app = press(app, "Объединить отмеченные (2)")
    assert "1 пара похожих имён" in words(app)
    assert revenue(path) == {"Ромашка Торговый дом": 150, "Стройинвестгорант": 30, "1": 500, "2": 500, "Астра": 5}


def test_a_pair_called_different_is_not_proposed_until_it_is_asked_again(opened, path):
    app = press(opened("matches", path), "Это разные", at=1)
    assert "2 пары похожих имён" in words(app)
    app = sound(opened("matches", path))
    assert "Стройинвестгорант" not in [radio.value for radio in app.radio]
    app.session_state["matches_apart_0"] = {"selection": {"rows": [0], "columns": []}}
    app = press(app.run(), "Предлагать снова: Стройинвестгорант ≠ Стройинвестгарант")
    assert "3 пары похожих имён" in words(app)
    assert len(revenue(path)) == 7


def test_any_two_clients_are_merged_by_hand(opened, path):
    app = opened("matches", path)
    assert [button.disabled for button in app.button if button.label == "Объединить"][-1]
    app.selectbox(key="hand_goes").select("Астра")
    app.selectbox(key="hand_stays").select("1")
    press(app.run(), "Объединить", at=-1)
    assert revenue(path)["1"] == 505 and "Астра" not in revenue(path)


def test_a_merge_into_a_client_that_left_the_data_is_said(opened, path):
    ws = Workspace(path)
    ws.journal.set_merge("Астра", "Комета")
    ws.close()
    assert any("Комета" in warning.value for warning in sound(opened("matches", path)).warning)


def test_the_next_load_keeps_a_merge(path, tmp_path):
    ws = Workspace(path)
    merges.keep(ws, {"Торговый дом Ромашка": "Ромашка Торговый дом"})
    more = tmp_path / "more.csv"
    more.write_text("Клиент;Дата;Сумма\nТОРГОВЫЙ ДОМ «РОМАШКА»;01.03.2026;7\n", encoding="utf-8")
    imports.load(ws, [Upload("more.csv", more)], mode="add")
    ws.close()
    assert revenue(path)["Ромашка Торговый дом"] == 157


def test_undo_of_an_import_is_logged_though_a_merge_built_its_dataset_anew(path, tmp_path):
    ws = Workspace(path)
    more = tmp_path / "more.csv"
    more.write_text("Клиент;Дата;Сумма\nАстра;01.03.2026;7\n", encoding="utf-8")
    imports.load(ws, [Upload("more.csv", more)], mode="add")
    merges.keep(ws, {"Торговый дом Ромашка": "Ромашка Торговый дом"})
    ws.renew()
    imports.undo(ws)
    assert [bool(one.undone_at) for one in imports.history(ws)] == [True, False]
    ws.close()
    assert (revenue(path)["Ромашка Торговый дом"], revenue(path)["Астра"]) == (150, 5)


def test_the_demo_has_one_pair_and_then_says_that_nothing_is_alike(opened, demo_copy):
    app = sound(opened("matches", demo_copy))
    assert "1 пара похожих имён" in words(app)
    assert "Похожих имён нет" in words(press(app, "Это разные"))


def test_letters_that_differ_are_marked_and_markup_in_a_name_is_harmless():
    mark: Callable[[str, str], str] = differing
    assert mark("Ромашка", "Ромашко") == "Ромашк:orange-background[а]"
    assert mark("АО «Рудногор Ферма»", "Рудногор Форма") == "АО «Рудногор Ф:orange-background[е]рма»"
    assert mark("ИП Орлов К.П.", "ИП Орлов К.Н.") == "ИП Орлов К\\.:orange-background[П]\\."
    assert mark("Вектор", "Векторр") == "Вектор" and mark("Векторр", "Вектор") == "Вектор:orange-background[р]"
    assert mark("[x](y)_a*", "[x](y)_b*") == "\\[x\\]\\(y\\)\\_:orange-background[a]\\*"


def test_a_load_says_how_many_names_are_alike(opened, path):
    app = opened("upload", path)
    app.session_state["loaded"] = [SheetReport("orders.csv", "orders", "orders")]
    assert any("Похожие имена: 3 пары" in info.value for info in sound(app.run()).info)


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([("b", "a"), ("c", "b")], {"b": "a", "c": "a"}),
        ([("b", "a"), ("c", "a"), ("c", "b")], {"b": "a", "c": "a"}),
        ([("c", "a"), ("c", "b")], {"c": "a", "a": "b"}),  # both at once: all three are one
        ([("b", "a"), ("a", "b")], {"b": "a"}),
    ],
)
def test_overlapping_pairs_end_in_one_client(pairs, told):
    assert merges.joined(pairs) == told
