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


def test_near_names_are_proposed_with_what_each_bought(tmp_path):
    names = ["Альфа Строй", "Строй Альфа", "Стройинвестгарант", "Стройинвестгорант", "Вектор", "Ветер"]
    ws = load(tmp_path, names)
    assert clients(ws) == 6
    pairs = ws.fetch("checks.near_clients").to_pylist()
    shown = ("client_id", "amount", "other_client_id", "other_amount", "is_same_words")
    assert [tuple(pair[name] for name in shown) for pair in pairs] == [
        ("Стройинвестгарант", 1000, "Стройинвестгорант", 10000, False),
        ("Альфа Строй", 10, "Строй Альфа", 100, True),
    ]
    assert [round(pair["likeness"], 2) for pair in pairs] == [0.94, 1.0]
