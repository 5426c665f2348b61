"""A zip of several files: each is judged by itself, under the names that Windows gives them."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from pathlib import Path

from kam import imports
from kam.imports import Upload
from kam.unpack import unpack
from kam.workspace import Workspace

ORDERS = "Контрагент;Дата;Сумма\nАльфа;15.01.2026;100\n"
TOUCHES = "Клиент;Дата и время;Канал\nАльфа;16.01.2026 10:00;Звонок\n"


def write_zip(path: Path, files: dict[str, bytes]) -> Upload:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 31, 12, 0, 0)), content)
    return Upload(path.name, path)


def test_each_file_of_a_zip_is_loaded_or_refused_by_itself(tmp_path):
    upload = write_zip(
        tmp_path / "выгрузка.zip",
        {
            "1С/заказы.csv": ORDERS.encode("cp1251"),
            "crm/касания.csv": TOUCHES.encode(),
            "crm/договор.pdf": b"%PDF-1.7",
            "__MACOSX/crm/._касания.csv": b"\x00\x05\x16",
            "crm/.DS_Store": b"\x00",
        },
    )
    ws = Workspace(tmp_path / "workspace")
    reports = imports.load(ws, [upload])
    assert [(r.file, r.table, r.rows_loaded, r.error.key if r.error else None) for r in reports] == [
        ("выгрузка.zip › заказы.csv", "orders", 1, None),
        ("выгрузка.zip › касания.csv", "touches", 1, None),
        ("выгрузка.zip › договор.pdf", None, 0, "errors.pdf"),
    ]
    assert reports[0].captured_on == date(2026, 3, 31)
    again = imports.load(ws, [upload])
    assert [(r.rows_loaded, r.replaced_rows) for r in again] == [(1, 1), (1, 1), (0, 0)]


def test_an_archive_inside_an_archive_an_empty_one_and_a_cut_one_are_refused(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", {"заказы.csv": ORDERS.encode()})
    outer = write_zip(tmp_path / "outer.zip", {"inner.zip": inner.path.read_bytes()})
    empty = write_zip(tmp_path / "empty.zip", {})
    cut = tmp_path / "cut.zip"
    cut.write_bytes(inner.path.read_bytes()[:-30])
    ws = Workspace(tmp_path / "workspace")
    reports = imports.load(ws, [outer, empty, Upload("cut.zip", cut)])
    assert [report.error.key for report in reports] == ["errors.archive", "errors.archive", "errors.truncated"]
    assert ws.dataset_id is None


def test_a_name_that_points_out_of_the_folder_stays_inside(tmp_path):
    upload = write_zip(tmp_path / "a.zip", {"../../evil.csv": b"a;b", "C:\\temp\\x.csv": b"a;b"})
    folder = tmp_path / "here"
    folder.mkdir()
    assert [(file.name, file.path.parent) for file in unpack(upload.path, "a.zip", folder)] == [
        ("evil.csv", folder), ("x.csv", folder),
    ]  # fmt: skip
    assert sorted(os.listdir(folder)) == ["0", "1"]


def test_a_russian_name_without_the_mark_of_utf8_is_read_as_windows_wrote_it(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("123456.csv", ORDERS)
    path.write_bytes(path.read_bytes().replace(b"123456.csv", "заказы.csv".encode("cp866")))
    assert unpack(path, "a.zip", tmp_path)[0].name == "заказы.csv"
