"""A client's day that two exports of different headers sum to the same money."""

from kam import imports
from kam.imports import Upload
from kam.workspace import Workspace


def load(tmp_path, *files):
    ws = Workspace(tmp_path / "workspace")
    for name, text in files:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        imports.load(ws, [Upload(name, path)])
    found = ws.fetch("checks.orders_from_two_sources").to_pylist()
    ws.close()
    return [(row["client_id"], row["ordered_on"].isoformat(), row["file"], row["row_number"], row["other_file"]) for row in found]


SALES = ("1c.csv", "Контрагент;Дата;Сумма;Номенклатура\nА;10.01.2026;60;Пила\nА;10.01.2026;40;Нож\nА;12.01.2026;5;Нож\n")


def test_the_lines_of_the_later_load_are_shown(tmp_path):
    deals = ("crm.csv", "Компания;Дата;Сумма\nА;10.01.2026;100\nА;12.01.2026;6\nБ;10.01.2026;100\n")
    assert load(tmp_path, SALES, deals) == [("А", "2026-01-10", "crm.csv", 2, "1c.csv")]


def test_two_equal_lines_of_one_source_are_not_two_sources(tmp_path):
    more = ("1c-2.csv", "Контрагент;Дата;Сумма;Номенклатура\nА;20.01.2026;5;Нож\nА;20.01.2026;5;Нож\n")
    assert load(tmp_path, SALES, more) == []
