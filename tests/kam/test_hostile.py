"""Forty broken or hostile files, loaded together beside an honest one: a sentence each, and what was there stays."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest

from kam import imports
from kam.i18n import translator
from kam.imports import SheetReport, Upload
from kam.workspace import Workspace

HEADER = "Контрагент;Дата;Сумма\n"
LINE = "Альфа;15.01.2026;100\n"


def book(rows: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


ORDERS = book([["Контрагент", "Дата", "Сумма"], *[["Альфа", f"{day:02d}.01.2026", day] for day in range(1, 29)]])


def zipped(members: dict[str, bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def rebuilt(changes: dict[str, bytes | None]) -> bytes:
    """The honest book with members replaced, or taken out."""
    with zipfile.ZipFile(io.BytesIO(ORDERS)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members.update({name: content for name, content in changes.items() if content is not None})
    return zipped({name: content for name, content in members.items() if changes.get(name, b"") is not None})


def sheet_xml(body: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<?xml version="1.0"?><worksheet xmlns="' + space + b'"><sheetData>' + body + b"</sheetData></worksheet>"


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
flipped = bytearray(ORDERS)
flipped[len(ORDERS) // 3] ^= 0xFF

# name → content: none of them has a row to load.
REFUSED: dict[str, bytes] = {
    "пустой.xlsx": b"",
    "пробелы.csv": b" \n\t\n  \n",
    "один байт.csv": b"\x00",
    "нули.csv": b"\x00" * 5000,
    "только заголовок.csv": HEADER.encode(),
    "только итог.csv": (HEADER + "Итого;;100\n").encode(),
    "без заголовка.csv": b"100;200\n300;400\n",
    "не наши колонки.csv": b"x;y\n1;2\n3;4\n",
    "текст.xlsx": "просто письмо".encode(),
    "случайные байты.xlsx": bytes(range(256)) * 20,
    "обрезан на 10.xlsx": ORDERS[: len(ORDERS) // 10],
    "обрезан на 50.xlsx": ORDERS[: len(ORDERS) // 2],
    "обрезан на 90.xlsx": ORDERS[: len(ORDERS) * 9 // 10],
    "обрезан на байт.xlsx": ORDERS[:-1][:-30],
    "перевёрнутый бит.xlsx": bytes(flipped),
    "только начало zip.xlsx": b"PK\x03\x04" + b"\x00" * 100,
    "пустой zip.zip": zipped({}),
    "zip в zip.zip": zipped({"inner.zip": zipped({"a.csv": LINE.encode()})}),
    "без листов.xlsx": rebuilt({SHEET: None}),
    "без книги.xlsx": rebuilt({"xl/workbook.xml": None}),
    "рваный xml.xlsx": rebuilt({SHEET: sheet_xml(b'<row r="1"><c r="A1"><v>1</v>')[:-30]}),
    "сущности.xlsx": rebuilt({SHEET: ENTITIES}),
    "сущности в строках.xlsx": rebuilt({"xl/workbook.xml": ENTITIES}),
    "бомба.xlsx": rebuilt({SHEET: sheet_xml(b"<row><c><v>1</v></c></row>" + b" " * 90_000_000)}),
    "бомба.zip": zipped({"a.csv": b"a;b\n" * 25_000_000}),
    "ячейка на краю.xlsx": rebuilt({SHEET: sheet_xml(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
    "без ячеек.xlsx": rebuilt({SHEET: sheet_xml(b"")}),
    "формулы без значений.xlsx": book([["Контрагент", "Дата", "Сумма"], ["=A9", "=B9", "=C9"]]),
    "ole без потоков.xls": OLE + b"\x00" * 600,
    "ole мусор.xls": OLE + bytes(range(256)) * 8,
    "документ.docx": zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}),
    "письмо.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "картинка.csv": b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    "архив.rar": b"Rar!\x1a\x07\x00",
    "таблица.gz": b"\x1f\x8b\x08\x00" + b"\x00" * 20,
    "база.csv": b"SQLite format 3\x00" + b"\x00" * 100,
    "страница.xls": b"<html><body><p>no table here</p></body></html>",
    "xml 2003.xls": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
    "одна строка.csv": b"a;" * 3_000_000,
    "даты до 1900.csv": (HEADER + "Альфа;01.01.1812;5\nБета;31.12.1899;5\n").encode(),
    "суммы inf и nan.csv": (HEADER + "Альфа;15.01.2026;inf\nБета;15.01.2026;NaN\nВ;15.01.2026;1e999\n").encode(),
    "шифрованный zip.zip": zipped({"a.csv": LINE.encode()}).replace(
        b"PK\x01\x02" + struct.pack("<BBH", 20, 3, 20) + b"\x00\x00", b"PK\x01\x02" + struct.pack("<BBH", 20, 3, 20) + b"\x01\x00"
    ),
}

# name → (content, rows loaded): odd, but what is in them is plain.
LOADED: dict[str, tuple[bytes, int]] = {
    "нули внутри.csv": ((HEADER + "Аль\x00фа;15.01.2026;100\n" + LINE * 20).encode(), 21),
    "две кодировки.csv": (HEADER.encode() + LINE.encode() * 200 + "Бета;16.01.2026;5\n".encode("cp1251"), 201),
    "незакрытая кавычка.csv": ((HEADER + 'ООО "Ромашка;15.01.2026;100\n' + LINE).encode(), 2),
    "лишние ячейки.csv": ((HEADER + "Альфа;15.01.2026;100;;;\nБета;16.01.2026;5\n").encode(), 2),
    "заголовки дважды.csv": ("Контрагент;Контрагент;Дата;Сумма\nАльфа;Альфа;15.01.2026;100\n".encode(), 1),
    "xlsx по имени csv.csv": (ORDERS, 28),
    "csv по имени xlsx.xlsx": ((HEADER + LINE).encode("cp1251"), 1),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[SheetReport]]]:
    """Everything loaded over a workspace with one order: reports by file, under "" what stood before and after."""
    folder = tmp_path_factory.mktemp("hostile")
    ws = Workspace(folder / "workspace")
    honest = folder / "первый.csv"
    honest.write_text(HEADER + "Первый;01.12.2025;7\n", encoding="utf-8")
    imports.load(ws, [Upload("первый.csv", honest)], mode="add")
    before = ws.dataset_id

    def loaded_of(files: dict[str, bytes]) -> dict[str, list[SheetReport]]:
        uploads = []
        for number, (name, content) in enumerate(files.items()):
            path = folder / f"{number}"
            path.write_bytes(content)
            uploads.append(Upload(name, path))
        found: dict[str, list[SheetReport]] = {name: [] for name in files}
        for report in imports.load(ws, uploads, mode="add"):
            found[report.file.partition(" › ")[0]].append(report)
        return found

    reports = loaded_of(REFUSED)
    assert ws.dataset_id == before
    assert [line["client_id"] for line in ws.fetch("marts.evidence_orders").to_pylist()] == ["Первый"]
    reports.update(loaded_of({name: content for name, (content, _) in LOADED.items()}))
    yield reports
    ws.close()


def test_there_are_forty_of_them() -> None:
    assert len(REFUSED) >= 40


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_in_one_sentence(loaded: dict[str, list[SheetReport]], name: str) -> None:
    assert loaded[name] and all(report.is_refused for report in loaded[name])
    for language in ("ru", "en"):
        for report in loaded[name]:
            sentence = translator(language).error(report.error)
            assert "Traceback" not in sentence and "\n" not in sentence and 20 < len(sentence) < 400, sentence
            assert "{" not in sentence and report.error.key not in sentence


@pytest.mark.parametrize("name", LOADED)
def test_an_odd_file_is_loaded_as_far_as_it_can_be_read(loaded: dict[str, list[SheetReport]], name: str) -> None:
    assert [(report.error, report.rows_loaded) for report in loaded[name]] == [(None, LOADED[name][1])]
