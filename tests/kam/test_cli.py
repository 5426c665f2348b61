"""The command line, as a schedule would call it: exit codes, sentences, plain numbers."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kam import review
from kam.cli import main
from kam.minutes import Minutes
from kam.workspace import Workspace

ORDERS = """client,date,amount
Альфа,2026-01-01,100
Альфа,2026-01-31,100
Альфа,2026-03-02,100.5
Альфа,2026-04-01,100
,2026-04-01,7
"""


@pytest.fixture
def kam(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Runs a command in a workspace of its own; gives (exit code, stdout, stderr)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(["--workspace", str(tmp_path / "workspace"), *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def orders(tmp_path: Path) -> str:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return str(path)


def test_import_prints_a_report_per_sheet_as_json(kam, orders: str) -> None:
    code, out, err = kam("import", orders, "--json")
    (report,) = json.loads(out)
    assert (code, err) == (0, "")
    assert {key: report[key] for key in ("file", "sheet", "table", "rows_read", "rows_loaded", "rows_rejected", "reasons")} == {
        "file": "orders.csv", "sheet": "orders", "table": "orders", "rows_read": 5, "rows_loaded": 4, "rows_rejected": 1,
        "reasons": {"client_missing": 1},
    }  # fmt: skip


def test_import_exits_2_with_a_sentence_where_a_file_is_refused_and_loads_the_others(kam, orders: str, tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").touch()
    code, _, err = kam("import", str(tmp_path / "empty.xlsx"), orders)
    assert code == 2
    assert err == "Файл «empty.xlsx» пуст (0 байт): выгрузите его ещё раз.\n"
    assert json.loads(kam("show", "client_cycles", "--format", "json")[1])[0]["order_count"] == 4


def test_a_file_that_is_not_there_is_a_sentence(kam) -> None:
    code, _, err = kam("--lang", "en", "import", "nowhere.csv")
    assert (code, err.count("\n")) == (2, 1)
    assert "nowhere.csv" in err


def test_show_gives_plain_numbers_and_iso_dates_in_every_format(kam, orders: str) -> None:
    kam("import", orders)
    (row,) = json.loads(kam("show", "client_cycles", "--as-of", "2026-04-01", "--format", "json")[1])
    assert (row["client_id"], row["cycle_days"], row["expected_order_on"], row["window_opens_on"]) == (
        "Альфа", 30, "2026-05-01", "2026-04-25",
    )  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(kam("show", "client_classes", "--format", "csv")[1]))
    assert (row["revenue"], row["potential"], row["class"]) == ("400.5", "", "A+")
    assert "2026-05-01" in kam("show", "client_cycles")[1]


def test_show_as_of_a_day_knows_only_what_was_known_then(kam, orders: str) -> None:
    kam("import", orders)
    (row,) = json.loads(kam("show", "client_cycles", "--as-of", "2026-03-01", "--format", "json")[1])
    assert (row["order_count"], row["last_order_on"]) == (2, "2026-01-31")
    assert json.loads(kam("show", "client_cycles", "--as-of", "2025-12-31", "--format", "json")[1]) == []


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("show", "nothing"), "nothing"),
        (("show", "client_cycles", "--param", "x=1"), "x"),
        (("show", "client_cycles", "--param", "x"), "имя=значение"),
        (("norms", "sleep_floor=abc"), "abc"),
        (("norms", "sleep_floor=1000"), "1000"),
        (("norms", "nothing=1"), "nothing"),
        (("norms", "abcd_basis=other"), "auto, potential, turnover"),
        (("norms", "revenue_months="), "revenue_months"),
    ],
)
def test_what_the_user_can_mend_is_one_sentence_and_exit_2(kam, orders: str, arguments: tuple[str, ...], part: str) -> None:
    kam("import", orders)
    code, out, err = kam(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert part in err
    assert "[errors" not in err


def test_an_empty_workspace_says_what_to_do(kam) -> None:
    code, _, err = kam("show", "client_cycles")
    assert (code, err) == (2, "Данных ещё нет: загрузите выгрузки или демо.\n")
    assert kam("undo")[0] == 2


@pytest.mark.parametrize(
    "arguments", [(), ("nothing",), ("import",), ("show", "x", "--as-of", "01.02.2026"), ("show", "x", "--format", "pdf")]
)
def test_a_call_that_is_not_one_exits_64(kam, arguments: tuple[str, ...]) -> None:
    assert kam(*arguments)[0] == 64


def test_norms_are_listed_changed_kept_and_put_back(kam, orders: str) -> None:
    kam("import", orders)
    assert kam("norms", "peer_days_transactional=60", "cycle_shrink=1")[0] == 0
    listed = {line.split()[0]: line.split()[1] for line in kam("norms")[1].splitlines()[1:]}
    assert (listed["peer_days_transactional"], listed["cycle_shrink"]) == ("60", "1")
    kam("norms", "cycle_shrink=2")
    listed = {line.split()[0]: line.split()[1] for line in kam("norms")[1].splitlines()[1:]}
    assert listed["cycle_shrink"] == "2"


def test_a_changed_norm_is_seen_at_once(kam, orders: str) -> None:
    kam("import", orders)
    kam("norms", "preorder_min_days=10")
    (row,) = json.loads(kam("show", "client_cycles", "--format", "json")[1])
    assert row["window_opens_on"] == "2026-04-21"


def test_list_names_every_mart_of_the_contract(kam) -> None:
    names = [line.split()[0] for line in kam("list")[1].splitlines()]
    assert {"client_cycles", "client_classes", "client_stages", "touch_compliance", "promise_states"} <= set(names)


def test_import_says_what_was_made_of_figures_and_that_they_miss_the_total_of_the_file(kam, tmp_path: Path) -> None:
    file = tmp_path / "суммы.csv"
    rows = "А;15.01.2026;500 $\nБ;16.01.2026;100 руб\nБ;17.01.2026;70 руб\nВ;16.01.2026;30\nИтого;;230\n"
    file.write_text("Контрагент;Дата;Сумма\n" + rows, encoding="utf-8")
    code, _, err = kam("import", str(file), "--lang", "en")
    assert code == 0
    assert "суммы.csv, суммы: Some amounts name a currency: $, руб; rows that name none: 1." in err
    assert "суммы.csv, суммы: The total in the file is 230; it differs from the rows to be loaded by 30." in err


def test_imports_and_undo(kam, orders: str) -> None:
    kam("import", orders)
    assert "orders.csv" in kam("imports")[1]
    assert kam("undo")[0] == 0
    assert kam("show", "client_cycles")[0] == 2


def test_inspect_loads_nothing(kam, orders: str) -> None:
    assert kam("inspect", orders)[0] == 0
    assert kam("show", "client_cycles")[0] == 2


def test_a_mapping_file_and_a_forced_table_are_obeyed(kam, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("Кто,Когда,Почём\nАльфа,03/04/2026,100\nБета,05/06/2026,50\n", encoding="utf-8")
    (tmp_path / "odd.toml").write_text(
        'table = "orders"\n[fields]\n"Кто" = "client"\n"Когда" = "date"\n"Почём" = "amount"\n[styles]\n"Когда" = "mdy"\n',
        encoding="utf-8",
    )
    assert kam("import", str(tmp_path / "odd.csv"))[0] == 2
    assert kam("import", str(tmp_path / "odd.csv"), "--map", str(tmp_path / "odd.toml"))[0] == 0
    rows = json.loads(kam("show", "client_cycles", "--format", "json")[1])
    assert [(row["client_id"], row["last_order_on"]) for row in rows] == [("Альфа", "2026-03-04"), ("Бета", "2026-05-06")]


def test_demo_files_are_written_and_the_demo_is_loaded_once(kam, tmp_path: Path) -> None:
    code, out, _ = kam("demo", "--out", str(tmp_path / "demo"), "--rows", "300")
    assert code == 0
    assert len(out.splitlines()) >= 6
    assert kam("demo")[0] == 0
    assert kam("demo", "--if-empty")[:2] == (0, "")


def test_another_currency_decides_anew_which_amounts_count(kam, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "client,date,amount,currency\nАльфа,2026-01-01,100,RUB\nАльфа,2026-01-02,50,RUB\nАльфа,2026-01-03,7,USD\n",
        encoding="utf-8",
    )
    kam("import", str(tmp_path / "orders.csv"))
    (row,) = json.loads(kam("show", "client_classes", "--format", "json")[1])
    assert row["revenue"] == 150
    kam("norms", "currency=usd")
    (row,) = json.loads(kam("show", "client_classes", "--format", "json")[1])
    assert row["revenue"] == 7


def test_merge_counts_a_client_as_another_and_unmerge_takes_it_back(kam, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("Клиент;Дата;Сумма\nРомашка;01.01.2026;10\nРомашко;02.01.2026;5\nАстра;02.01.2026;1\n", encoding="utf-8")
    kam("import", str(path))

    def bought() -> dict[str, float]:
        rows = json.loads(kam("show", "client_classes", "--format", "json")[1])
        return {row["client_id"]: row["revenue"] for row in rows}

    assert kam("merge", "Ромашко", "Ромашка")[::2] == (0, "")
    assert bought() == {"Ромашка": 15, "Астра": 1}
    assert "in_force" in kam("merges")[1]
    assert kam("merge", "Ромашка", "Нет такого")[0] == 2
    assert kam("merge", "Ромашка", "Ромашка")[0] == 2
    assert kam("unmerge", "Астра")[0] == 2
    assert kam("unmerge", "Ромашко")[0] == 0
    assert bought() == {"Ромашка": 10, "Ромашко": 5, "Астра": 1}


def test_merge_of_people_counts_one_name_as_another_and_is_taken_back(kam, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = ["Ромашка;01.01.2026;10;Иванов Пётр", "Астра;02.01.2026;5;Петров Иван", "Мак;02.01.2026;1;ПЕТРОВ Иван"]
    path.write_text("\n".join(["Клиент;Дата;Сумма;Менеджер", *rows]) + "\n", encoding="utf-8")
    kam("import", str(path))

    def sold() -> dict[str, int]:
        found = json.loads(kam("show", "people_list", "--format", "json")[1])
        return {row["person"]: row["order_count"] for row in found}

    kept = next(name for name in sold() if name.casefold() == "петров иван")
    assert sold() == {"Иванов Пётр": 1, kept: 2}
    assert kam("merge-person", "ПЕТРОВ Иван", "Иванов Пётр")[::2] == (0, "")  # any of its spellings will do
    assert sold() == {"Иванов Пётр": 3}
    assert "in_force" in kam("person-merges")[1]
    code, _, said = kam("merge-person", "Никто", "Иванов Пётр")
    assert (code, said) == (2, "Никого по имени «Никто» в данных нет. Имена показывает команда show people_list.\n")
    assert kam("merge-person", "Иванов Пётр", "Иванов Пётр")[0] == 2
    assert kam("unmerge-person", "Никто")[0] == 2
    assert kam("unmerge-person", kept)[::2] == (0, "")
    assert sold() == {"Иванов Пётр": 1, kept: 2}


# report


def cover(path: Path) -> list[object]:
    return [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True) for cell in row]


def test_report_writes_the_review_as_a_book_and_as_a_sheet(kam, orders: str, tmp_path: Path) -> None:
    kam("import", orders)
    for name, ending in (("Планёрка.xlsx", b"PK"), ("sheet.HTML", b"<!DOCTYPE html>")):
        code, out, err = kam("report", "--out", str(tmp_path / name))
        assert (code, err) == (0, "") and "Планёрка 01.04.2026" in out and name in out
        assert (tmp_path / name).read_bytes().startswith(ending)
    assert 400.5 in cover(tmp_path / "Планёрка.xlsx")
    kam("--lang", "en", "report", "--out", str(tmp_path / "Планёрка.xlsx"), "--as-of", "2026-02-01")
    cells = cover(tmp_path / "Планёрка.xlsx")
    assert cells[0] == "Weekly review 1 Feb 2026" and 200 in cells  # the file that was there is replaced
    assert sorted(path.suffix for path in tmp_path.glob("*.part")) == []


def test_report_on_an_empty_workspace_is_a_sentence(kam, tmp_path: Path) -> None:
    code, out, err = kam("report", "--out", str(tmp_path / "r.xlsx"))
    assert (code, out, err) == (2, "", "Данных ещё нет: загрузите выгрузки или демо.\n")
    assert not (tmp_path / "r.xlsx").exists()


def test_report_of_a_manager_takes_the_name_in_any_case(kam, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("client,date,amount\nАльфа,2026-01-01,100\nБета,2026-01-02,7\n", encoding="utf-8")
    (tmp_path / "clients.csv").write_text("client_id,client_name,manager\nА1,Альфа,Иванов\nБ1,Бета,Петров\n", encoding="utf-8")
    kam("import", str(tmp_path / "clients.csv"), str(tmp_path / "orders.csv"))
    assert kam("report", "--out", str(tmp_path / "r.xlsx"), "--manager", "петров")[0] == 0
    cells = cover(tmp_path / "r.xlsx")
    assert 7 in cells and 107 not in cells and "Петров" in str(cells[5])
    code, _, err = kam("report", "--out", str(tmp_path / "r.xlsx"), "--manager", "Сидоров")
    assert (code, err) == (2, "Менеджера «Сидоров» нет в данных. Есть: Иванов, Петров.\n")


def test_report_of_a_closed_review_is_as_it_was(kam, orders: str, tmp_path: Path) -> None:
    kam("import", orders)
    ws = Workspace(tmp_path / "workspace")
    review.close(Minutes(ws.journal), review.of_workspace(ws), date(2026, 4, 6))
    ws.close()
    (tmp_path / "more.csv").write_text("client,date,amount\nБета,2026-04-05,5000\n", encoding="utf-8")
    kam("import", str(tmp_path / "more.csv"), "--mode", "add")
    assert kam("report", "--out", str(tmp_path / "r.xlsx"), "--review", "1")[0] == 0
    cells = cover(tmp_path / "r.xlsx")
    assert cells[0] == "Планёрка 06.04.2026" and 400.5 in cells
    kam("report", "--out", str(tmp_path / "r.xlsx"))
    assert {400.5, 5400.5, 5000} <= {cell for cell in cover(tmp_path / "r.xlsx") if isinstance(cell, (int, float))}
    code, _, err = kam("report", "--out", str(tmp_path / "r.xlsx"), "--review", "7")
    assert (code, err) == (2, "Закрытой планёрки № 7 нет: выберите другую из списка.\n")


def test_report_that_cannot_be_written_is_a_sentence_and_leaves_nothing(kam, orders: str, tmp_path: Path) -> None:
    kam("import", orders)
    code, _, err = kam("report", "--out", str(tmp_path / "nowhere" / "r.html"))
    assert code == 2 and err.startswith("Файл «") and err.count("\n") == 1
    (tmp_path / "folder.html").mkdir()
    assert kam("report", "--out", str(tmp_path / "folder.html"))[0] == 2
    assert list(tmp_path.glob(".*.part")) == []


@pytest.mark.parametrize("text", ["", "--out r.pdf", "--out r.xlsx --review 1 --manager И", "--out r.xlsx --review 0"])
def test_report_that_is_no_call_exits_64(kam, orders: str, text: str) -> None:
    kam("import", orders)
    assert kam("report", *text.split())[0] == 64
