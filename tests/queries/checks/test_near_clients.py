"""Client names: one alphabet a word, near names proposed and never taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from kam import imports
from kam.imports import Upload
from kam.workspace import Workspace


def load(tmp_path: Path, names: list[str]) -> Workspace:
    path = tmp_path / "заказы.csv"
    rows = "".join(f"{name};{day:02d}.01.2026;{10**day}\n" for day, name in enumerate(names, start=1))
    path.write_text("Контрагент;Дата;Сумма\n" + rows, encoding="utf-8")
    ws = Workspace(tmp_path / "workspace")
    imports.load(ws, [Upload(path.name, path)])
    return ws


def clients(ws: Workspace) -> int:
    return len({line["client_id"] for line in ws.fetch("marts.evidence_orders").to_pylist()})


@pytest.mark.parametrize(
    "spellings",
    [
        ["Комета", "Koмeтa"],  # Latin K, o, e, a
        ["ООО «Вектор»", "OOO Вектор"],  # the legal form in Latin letters
        ["Alfa Trade", "Аlfa Trаde"],  # Cyrillic А and а
        ["Альфа", "ооо «АЛЬФА»", "Альфа, ООО"],
    ],
)
def test_look_alike_letters_are_one_client(tmp_path, spellings):
    assert clients(load(tmp_path, spellings)) == 1


@pytest.mark.parametrize("names", [["Сатурн", "Caturn"], ["Alfa 1С", "Alfa"], ["Альфа Строй", "Строй Альфа"]])
def test_other_names_stay_other_clients(tmp_path, names):
    assert clients(load(tmp_path, names)) == 2


def pairs(ws: Workspace, *columns: str) -> list[tuple]:
    return [tuple(pair[name] for name in columns) for pair in ws.fetch("checks.near_clients").to_pylist()]


def test_near_names_are_proposed_with_what_each_bought(tmp_path):
    names = ["Альфа Строй", "Строй Альфа", "Стройинвестгарант", "Стройинвестгорант", "Вектор", "Ветер"]
    ws = load(tmp_path, names)
    assert clients(ws) == 6
    shown = ("client_id", "amount", "other_client_id", "other_amount", "difference")
    assert pairs(ws, *shown) == [
        ("Стройинвестгорант", 10000, "Стройинвестгарант", 1000, "spelling"),
        ("Строй Альфа", 100, "Альфа Строй", 10, "word_order"),
    ]
    assert [round(likeness, 2) for (likeness,) in pairs(ws, "likeness")] == [0.94, 1.0]


@pytest.mark.parametrize(
    ("names", "difference"),
    [
        (["Ромашка Торговый дом", "Торговый дом «Ромашка»"], "word_order"),
        (["ООО ТД Ромашка", "Торговый дом Ромашка"], "short_form"),
        (["Торговый дом ООО Ромашка", "Ромашка, торговый дом"], "short_form"),
        (["Oka", "Ока"], "look_alike"),  # all Latin, all Cyrillic
        (["ЗМ", "3М"], "look_alike"),  # a letter, a digit
        (["Вектор", "Векторр"], "spelling"),
        (["Стройинвестор", "Стройнивестор"], "spelling"),  # two letters that changed places
    ],
)
def test_near_names_are_known_by_what_differs(tmp_path, names, difference):
    ws = load(tmp_path, names)
    assert clients(ws) == 2
    assert pairs(ws, "difference") == [(difference,)]


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (["Стройинвестор", "Стройинвестар"], 1),  # 13 letters: 1 - 2 / 26 = 92.3 %
        (["Стройинвест", "Стройинваст"], 0),  # 11 letters: 1 - 2 / 22 = 90.9 %
        (["Алмаз Ю", "Алмаз Юг"], 1),  # a letter more: 1 - 1 / 15 = 93.3 %
        (["Алма", "Алмаз"], 0),  # 1 - 1 / 9 = 88.9 %
        (["Магазин Центральный 12", "Магазин Центральный 13"], 0),  # another number is another shop
        (["Магазин Центральный 12", "Магазин Центрольный 12"], 1),
        (["Альфа", "Вектор"], 0),
    ],
)
def test_near_begins_at_ninety_two_of_a_hundred(tmp_path, names, count):
    assert len(pairs(load(tmp_path, names), "pair")) == count


def test_the_listed_one_stays_and_pairs_with_other_tax_ids_come_last(world):
    world.given("clients", """
        client_id | client_name | tax_id
        1         | Ромашка Юг  | 7701
        2         | Юг Ромашка  | 7702
        3         | Вектор Опт  | 7703
        4         | Вектор  Опт | 7703
    """)
    world.given("orders", "client | date | amount\nОпт Вектор | 2026-01-01 | 900\nРомашка Юг | 2026-01-01 | 5000")
    found = world.rows("checks.near_clients")
    assert [(pair["client_id"], pair["other_client_id"], pair["difference"], pair["is_other_tax"]) for pair in found] == [
        ("3", "Опт Вектор", "word_order", False),
        ("4", "Опт Вектор", "word_order", False),
        ("3", "4", "same_name", False),
        ("1", "2", "word_order", True),
    ]


def test_a_word_that_hundreds_share_is_no_reason_to_compare(world):
    names = [f"Магнит {letter}{other}{third}" for letter in "абвгдежз" for other in "абвгдежз" for third in "абвгд"]
    rows = "\n".join(f"{name} | 2026-01-01 | 1" for name in [*names, "Магнит Стройинвестгарант", "Магнит Стройинвестгорант"])
    world.given("orders", "client | date | amount\n" + rows)
    near = {(pair["client_id"], pair["other_client_id"]) for pair in world.rows("checks.near_clients")}
    assert ("Магнит Стройинвестгарант", "Магнит Стройинвестгорант") in near
