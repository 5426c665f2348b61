"""Columns that no row fills are not written, and are read as if they were; datasets of the older layout are taken over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from kam import blank, build, candidates, imports, recognise, stored
from kam.tables import load_tables
from kam.workspace import Workspace
from tests.conftest import World
from tests.kam.conftest import Write
from tests.kam.test_rebuild import whole

HEAD = "Номер | Контрагент | Дата | Сумма | Склад\n"


def asked(ws: Workspace, sql: str) -> list[tuple[Any, ...]]:
    assert ws.dataset_id is not None
    with duckdb.connect(str(ws.datasets.path(ws.dataset_id)), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def written(ws: Workspace, table: str) -> set[str]:
    return {name for (name,) in asked(
        ws, f"select column_name from duckdb_columns() where schema_name || '.' || table_name = '{table}' and not is_generated"
    )}  # fmt: skip


def without_times(ws: Workspace) -> dict[str, list[Any]]:
    return {name: rows for name, rows in whole(ws).items() if name not in ("raw.sheets", "core.sources")}


def test_a_column_that_no_row_fills_keeps_its_name_type_and_place(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("one.csv", "Контрагент | Дата | Сумма\nАльфа | 15.01.2026 | 100,5")])
    assert written(ws, "raw.orders") == {"sheet_id", "row_number", "style_code", "client", "date", "amount"}
    names = [name for (name, *_) in asked(ws, "describe raw.orders")]
    assert names == ["sheet_id", "row_number", "style_code", *load_tables()["orders"].columns, "extra"]
    assert asked(ws, "select client, date, amount, margin, extra from raw.orders") == [("Альфа", "15.01.2026", "100,5", None, None)]


def test_a_new_column_leaves_the_rows_before_as_they_were(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("one.csv", "Контрагент | Дата | Сумма\nАльфа | 01/02/2026 | 100.5\nАльфа | 01/13/2026 | 7")])
    imports.load(
        ws, [write("two.csv", HEAD + "9 | Бета | 15.03.2026 | 1,5 | Юг"), write("three.csv", HEAD + "10 | Бета | 16.03.2026 | 2,5 | Юг")]
    )
    found = asked(ws, "select ordered_on::varchar, amount::double, order_id, extra['Склад'] from core.order_lines order by 1")
    assert found == [("2026-01-02", 100.5, None, None), ("2026-01-13", 7, None, None),
                     ("2026-03-15", 1.5, "9", "Юг"), ("2026-03-16", 2.5, "10", "Юг")]  # fmt: skip


def test_a_wide_core_table_is_the_same_whether_or_not_its_absent_columns_are_written(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = write("one.csv", HEAD + "1 | Альфа | 15.01.2026 | 100 | А\n2 | Бета | плохо | 200 | Б")
    narrow, full = Workspace(tmp_path / "narrow"), Workspace(tmp_path / "full")
    imports.load(full, [upload])
    monkeypatch.setattr(build, "SPARSE_ROWS", 1)
    imports.load(narrow, [upload])
    assert without_times(narrow) == without_times(full)
    assert asked(narrow, "describe core.order_lines") == asked(full, "describe core.order_lines")
    assert "margin" in written(full, "core.order_lines") - written(narrow, "core.order_lines")


def test_a_source_is_known_again_by_what_told_it_while_the_order_of_columns_mattered(
    ws: Workspace, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        then.setattr(recognise, "fingerprint", candidates.former_fingerprint)
        imports.load(ws, [write("one.csv", HEAD + "1 | Альфа | 15.01.2026 | 500 | Юг\n2 | Бета | 16.02.2026 | 100 | Юг")])
    (report,) = imports.load(ws, [write("two.csv", HEAD + "2 | Бета | 16.02.2026 | 150 | Юг")])
    assert report.replaced_rows == 1
    assert asked(ws, "select order_id, amount::double from core.order_lines order by 1") == [("1", 500), ("2", 150)]


(SPARSE,) = (step.sparse for step in blank.steps() if step.table == "core.order_lines")
FOREIGN = {"rate", "given_amount", "given_currency"}


@pytest.mark.parametrize("absent", sorted({*SPARSE.values()}))
def test_nothing_else_fills_a_column_than_what_its_file_names(absent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is given but one column: what is left unwritten then was empty anyway, and the rest is there."""
    full, narrow = World(tmp_path / "full"), World(tmp_path / "narrow")
    cells = dict.fromkeys(load_tables()["orders"].columns, "7") | {"date": "15.01.2026", "status": "оплачен", "extra": "Юг"}
    columns = {name: [value] * 3 for name, value in cells.items()} | {"client_id": ["A1"] * 3, "client": ["Альфа"] * 3}
    columns |= {"currency": ["RUB", "RUB", "RUB" if absent in FOREIGN else "EUR"]}
    columns |= {"manager": ["Петров А.А.", "Петров А. А.", "Петров А.А."]}
    for world in (full, narrow):
        world.given("orders", pa.table({name: values for name, values in columns.items() if name != absent}))
        if absent not in FOREIGN:
            world.given("rates", "currency | date | rate\nEUR | 01.01.2026 | 90")
    full.build()
    monkeypatch.setattr(build, "SPARSE_ROWS", 1)
    narrow.build()
    assert without_times(narrow.workspace) == without_times(full.workspace)
    counts = asked(full.workspace, f"select {', '.join(f'count({name})' for name in SPARSE)} from core.order_lines")
    filled = {name for name, count in zip(SPARSE, counts[0], strict=True) if count}
    empty = FOREIGN if absent in FOREIGN else {name for name, source in SPARSE.items() if source == absent}
    assert filled == set(SPARSE) - empty
    assert set(SPARSE) & written(narrow.workspace, "core.order_lines") == filled


def test_rows_of_the_older_layout_keep_how_their_dates_and_numbers_are_written(tmp_path: Path) -> None:
    spec = load_tables()["orders"]
    styles = {"date": "mdy", "amount": "comma", "quantity": "dot"}
    struct = "struct(date varchar, amount varchar, quantity varchar)"
    with duckdb.connect() as db:
        db.execute(f"create table old as select {{'date': 'mdy', 'amount': 'comma', 'quantity': 'dot'}}::{struct} as style")
        kind = str(db.execute("select style from old").description[0][1])
        assert db.execute(f"select {stored.coded(spec, kind)} from old").fetchall() == [(stored.style_code(spec, styles),)]
        said = stored.with_styles("select old.style.date, old.style.amount, old.style.quantity, old.style.price", spec)
        row = f"(select {stored.style_code(spec, styles)} as style_code) as old"
        assert db.execute(f"{said} from {row}").fetchall() == [("mdy", "comma", "dot", None)]
