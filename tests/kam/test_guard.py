"""The guard: what a file is by its content, and a sentence for everything that is unsafe or no table."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from kam import guard
from kam.errors import KamError


def book_bytes(rows: list[list[object]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Лист")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def with_member(content: bytes, member: str, replace: tuple[bytes, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, data.replace(*replace) if info.filename == member else data)
    return target.getvalue()


def ole_bytes(*names: str) -> bytes:
    """A container of old Office with a table of sectors (0) and a directory (1) that lists these streams."""
    header = bytearray(512)
    header[:8] = guard.OLE_MAGIC
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b""
    for name in ("Root Entry", *names)[:4]:
        encoded = name.encode("utf-16-le") + b"\0\0"
        directory += encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded)) + bytes(62)
    return bytes(header) + table + directory.ljust(512, b"\0")


def zip_bytes(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def refusal(tmp_path: Path, content: bytes, *, scan: bool = False) -> str:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(KamError) as caught:
        (guard.scan if scan else guard.identify)(path, "продажи.xlsx")
    assert caught.value.facts["file"] == "продажи.xlsx"
    return caught.value.key


def found(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return guard.identify(path, "x").format


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "errors.zero_bytes"),
        (zip_bytes({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "errors.word_document"),
        (zip_bytes({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}), "errors.presentation"),
        (zip_bytes({"sales.csv": b"a;b"}), "errors.archive"),
        (zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.text"}), "errors.word_document"),
        (
            zip_bytes(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "META-INF/manifest.xml": b"<manifest:encryption-data/>",
                }
            ),
            "errors.encrypted",
        ),
        (zip_bytes({"xl/worksheets/sheet1.xml": b"<x/>"}), "errors.damaged"),
        (ole_bytes("EncryptedPackage", "EncryptionInfo"), "errors.encrypted"),
        (ole_bytes("WordDocument"), "errors.word_document"),
        (ole_bytes("__properties"), "errors.not_a_table"),
        (guard.OLE_MAGIC + b"\0" * 40, "errors.damaged"),
        (b"%PDF-1.7\n%\xe2\xe3", "errors.pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "errors.image"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "errors.image"),
        (b"{\\rtf1 a}", "errors.word_document"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "errors.other_archive"),
        (b"\x1f\x8b\x08" + bytes(20), "errors.other_archive"),
        (b"MZ" + bytes(100), "errors.not_a_table"),
        (bytes(range(256)) * 10, "errors.not_a_table"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "errors.xml_spreadsheet",
        ),
    ],
)
def test_what_is_no_table_is_refused_for_its_own_reason(tmp_path, content, key):
    assert refusal(tmp_path, content) == key


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        (book_bytes([["a"]]), guard.XLSX),
        (zip_bytes({"XL\\Workbook.xml": b"<x/>"}), guard.XLSX),
        (zip_bytes({"xl/workbook.bin": b""}), guard.XLSB),
        (ole_bytes("Workbook"), guard.XLS),
        (ole_bytes("Book"), guard.XLS),
        (zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), guard.ODS),
        (b"BMW;1200\nAudi;900\n", guard.TEXT),
        ("Клиент;Сумма\nАльфа;1\n".encode("utf-16"), guard.TEXT),
        ("Клиент;Сумма\nАльфа;1\n".encode("utf-16-le"), guard.TEXT),
        ("Клиент;Сумма\n".encode("cp866"), guard.TEXT),
        (b"\xef\xbb\xbf<html><body><table><tr><td>1</td></tr></table>", guard.HTML),
        (b"Attachment not found!", guard.TEXT),
    ],
)
def test_a_format_is_told_by_content(tmp_path, content, file_format):
    assert found(tmp_path, content) == file_format


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(KamError, match=r"errors\.file_missing"):
        guard.identify(tmp_path / "none.xlsx", "none.xlsx")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_book_cut_short_is_refused(tmp_path, share):
    content = book_bytes([["x", i] for i in range(500)])
    assert refusal(tmp_path, content[: int(len(content) * share)]) == "errors.truncated"


def test_a_flipped_byte_is_found_by_the_checksum(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_bytes([["сумма"], [100]]))) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))  # stored, so that the amount can be changed in place
    content = target.getvalue()
    assert content.count(b"<v>100</v>") == 1
    assert refusal(tmp_path, content.replace(b"<v>100</v>", b"<v>900</v>"), scan=True) == "errors.damaged"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    content = zip_bytes({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(200 * guard.MEBIBYTE)})
    began = time.monotonic()
    assert refusal(tmp_path, content) == "errors.bomb"
    assert time.monotonic() - began < 1


def test_a_document_type_is_refused(tmp_path):
    content = with_member(book_bytes([["a"]]), "xl/workbook.xml", (b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook'))
    assert refusal(tmp_path, content, scan=True) == "errors.doctype"


def test_a_filled_cell_at_the_far_corner_is_refused_and_a_blank_one_is_not(tmp_path):
    book = book_bytes([["a", "b"], [1, 2]])
    far = with_member(
        book,
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    blank = with_member(
        book,
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'),
    )
    assert refusal(tmp_path, far, scan=True) == "errors.extent"
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank)
    sheet = guard.scan(path, "x").sheets["xl/worksheets/sheet1.xml"]
    assert (sheet.last_row, sheet.last_column, sheet.cells) == (2, 2, 4)


def test_a_long_or_a_wide_sheet_is_honest(tmp_path):
    path = tmp_path / "wide.xlsx"
    path.write_bytes(book_bytes([[f"c{i}" for i in range(2000)], [1] * 2000]))
    assert guard.scan(path, "x").sheets["xl/worksheets/sheet1.xml"].cells == 4000


def test_error_cells_and_formulas_without_a_value_are_counted(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["=1+1", "=2+2", "x"])
    path = tmp_path / "formulas.xlsx"
    book.save(path)
    content = with_member(
        path.read_bytes(),
        "xl/worksheets/sheet1.xml",
        (b"</row>", b'<c r="D1" t="e"><v>#N/A</v></c><c r="E1" t="e"/></row>'),
    )
    path.write_bytes(content)
    sheet = guard.scan(path, "x").sheets["xl/worksheets/sheet1.xml"]
    assert (sheet.empty_formulas, sheet.error_cells) == (2, 1)


@pytest.mark.parametrize(("letters", "number"), [(b"A", 1), (b"Z", 26), (b"AA", 27), (b"XFD", 16384)])
def test_columns_are_numbered_as_in_a_book(letters, number):
    assert guard.column_number(letters) == number
