"""Readers: every cell as the text that stands in the file, blank cells null, row numbers the file's own."""

from __future__ import annotations

import csv
import datetime
import io
import os
import shutil
import signal
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kam import guard, readers, readers_blocks, readers_encoding, readers_rows, readers_run, readers_text
from kam.errors import KamError
from kam.readers import Note, Sheet, read_file
from kam.readers_html import read_html
from kam.readers_text import read_text
from tests.kam.test_memory import far_xlsb

SHARED = next(
    (folder / "shared" / "data" for folder in Path(__file__).resolve().parents if (folder / "shared" / "data").is_dir()),
    None,
)
real = pytest.mark.skipif(SHARED is None, reason="the files of real systems are not here")


def cells(sheet: Sheet) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in sheet.cells.to_pylist()]


def text_cells(text: str, encoding: str = "utf-8") -> list[tuple[str | None, ...]]:
    return cells(read_text(text.encode(encoding), "продажи.csv")[0])


def refused(path: Path, password: str | None = None) -> str:
    with pytest.raises(KamError) as caught:
        read_file(path, path.name, password)
    return caught.value.key


# Books


def test_a_book_keeps_text_as_it_stands_and_rows_where_they_are(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Продажи")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for row, value in (
        (3, "0007"),
        (5, 1.5),
        (6, True),
        (7, "   "),
        (8, "\u00a0"),
        (9, "a\nb"),
        (10, 45000),
        (11, "конец"),
    ):
        sheet.write(row, 1, value)
    sheet.write_datetime(4, 1, datetime.datetime(2026, 3, 2), day)
    sheet.write(3, 2, "код")
    book.close()
    (found,) = read_file(path, "мои продажи.xlsx")
    assert (found.file, found.name, found.number, found.first_row, found.is_hidden) == (
        "мои продажи.xlsx",
        "Продажи",
        1,
        1,
        False,
    )
    assert [row[0] for row in cells(found)] == [
        None,
        None,
        None,
        "0007",
        "2026-03-02 00:00:00",
        "1.5",
        "true",
        None,
        None,
        "a\nb",
        "45000",
        "конец",
    ]
    assert cells(found)[3] == ("0007", "код")
    assert {str(kind) for kind in found.cells.schema.types} == {"string"}


def test_hidden_sheets_are_flagged_and_empty_and_chart_sheets_are_left_out(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Пустой")
    book.add_worksheet("Данные").write(0, 0, "a")
    hidden = book.add_worksheet("Скрытый")
    hidden.write(0, 0, "b")
    hidden.hide()
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Данные!$A$1:$A$2"})
    book.add_chartsheet("График").set_chart(chart)
    book.close()
    found = read_file(path, "book.xlsx")
    assert [(sheet.name, sheet.number, sheet.is_hidden) for sheet in found] == [
        ("Данные", 2, False),
        ("Скрытый", 3, True),
    ]
    assert found[0].notes == (Note("readers.empty_sheets", {"sheets": "Пустой, График"}),)


def test_a_book_without_any_cell_is_refused(tmp_path):
    path = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(path)
    assert refused(path) == "errors.no_cells"


def test_error_cells_and_formulas_without_a_value_are_told_by_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["сумма"])
    book.active.append(["=1+1"])
    book.create_sheet("Второй").append(["чисто"])
    path = tmp_path / "formulas.xlsx"
    book.save(path)
    first, second = read_file(path, "formulas.xlsx")
    assert (first.notes, second.notes) == ((Note("readers.empty_formulas", {"count": 1}),), ())


def test_a_book_of_1c_with_its_own_member_name_is_read(tmp_path):
    path = tmp_path / "1c.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("TDSheet").write_row(0, 0, ["Контрагент", "Сумма"])
    book.close()
    target = tmp_path / "mended.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info).replace(b"sharedStrings.xml", b"SharedStrings.xml")
            new.writestr(info.filename.replace("sharedStrings", "SharedStrings").replace("/", "\\"), data)
    (found,) = read_file(target, "1c.xlsx")
    assert (found.name, cells(found)) == ("TDSheet", [("Контрагент", "Сумма")])


def test_a_far_filled_cell_is_told_although_it_kills_the_reader(tmp_path):
    path = tmp_path / "far.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active["XFD1048576"] = 1
    book.save(path)
    assert refused(path) == "errors.extent"


def test_blank_formatted_cells_to_the_far_corner_cost_nothing(tmp_path):
    path = tmp_path / "blank.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    (found,) = read_file(path, "blank.xlsx")
    assert cells(found) == [("a", "b")]


def test_a_lying_dimension_hides_no_row(tmp_path):
    path, target = tmp_path / "honest.xlsx", tmp_path / "lying.xlsx"
    book = openpyxl.Workbook()
    for number in range(5):
        book.active.append([number])
    book.save(path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b'ref="A1:A5"', b'ref="A1"'))
    assert [row[0] for row in cells(read_file(target, "x")[0])] == ["0", "1", "2", "3", "4"]


@pytest.fixture(params=[True, False] if readers_run.FORKS else [False], ids=lambda forks: "forked" if forks else "started anew")
def way(request, monkeypatch):
    """Both ways to get a reading process."""
    monkeypatch.setattr(readers_run, "FORKS", request.param)
    return request.param


def test_a_child_that_cannot_live_is_one_sentence(tmp_path, monkeypatch, way):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    monkeypatch.setattr(readers_run, "_server", None)
    monkeypatch.setattr(readers_run, "GRACE", 0.5)
    monkeypatch.setattr(readers_run.sys, "executable", shutil.which("false"))
    assert refused(path) == "errors.reader_died"


@pytest.mark.skipif(not readers_run.FORKS, reason="no server where a system cannot fork")
def test_a_file_that_kills_its_process_leaves_the_next_file_its_own(tmp_path):
    deadly, path = tmp_path / "far.xlsb", tmp_path / "a.csv"
    deadly.write_bytes(far_xlsb())
    path.write_text("a;b\n1;2\n")
    server = readers_run._running()
    with pytest.raises(KamError) as caught:
        read_file(deadly, "far.xlsb")
    assert (caught.value.key, caught.value.facts["rows"], caught.value.facts["columns"]) == ("errors.extent", 20_000, 1000)
    assert cells(read_file(path, "a.csv")[0]) == [("a", "b"), ("1", "2")]
    assert readers_run._running() is server


@pytest.mark.skipif(not readers_run.FORKS, reason="no server where a system cannot fork")
def test_a_server_that_has_died_is_followed_by_another(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    server = readers_run._running()
    os.kill(server.process.pid, signal.SIGKILL)
    assert cells(read_file(path, "a.csv")[0]) == [("a", "b"), ("1", "2")]
    assert readers_run._running() is not server


def test_a_file_is_read_the_same_however_its_process_came_to_be(tmp_path, way):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    assert cells(read_file(path, "a.csv")[0]) == [("a", "b"), ("1", "2")]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds a process to its memory")
def test_a_file_that_needs_more_memory_than_it_may_have_is_one_sentence(tmp_path, monkeypatch, way):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    monkeypatch.setattr(readers, "BASE_MEMORY_BYTES", 1)
    monkeypatch.setattr(readers, "MEMORY_PER_BYTE", 0)
    assert refused(path) in ("errors.too_much_memory", "errors.reader_died")


def test_a_child_that_takes_too_long_is_stopped(tmp_path, monkeypatch, way):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    monkeypatch.setattr(readers, "BASE_SECONDS", 0.001)
    monkeypatch.setattr(readers, "SECONDS_PER_MEBIBYTE", 0.0)
    assert refused(path) == "errors.too_slow"


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_book_whose_member_breaks_off_is_damaged_and_not_half_read(tmp_path, member):
    path, target = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number in range(100):
        sheet.write_row(number, 0, [f"клиент {number}", number])
    book.close()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, data[: len(data) // 2] if info.filename == member else data)
    assert refused(target) == "errors.damaged"


# Text


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1251", "cp1251"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp866", "cp866"),
        ("koi8_r", "koi8_r"),
    ],
)
def test_every_encoding_is_told(encoding, told):
    text = "Номер;Клиент;Сумма\n0001;ООО Ёлочка и К;1 500,50\n0002;Бета Логистик;2 000\n"
    (sheet,) = read_text(text.encode(encoding), "a.csv")
    assert cells(sheet) == [
        ("Номер", "Клиент", "Сумма"),
        ("0001", "ООО Ёлочка и К", "1 500,50"),
        ("0002", "Бета Логистик", "2 000"),
    ]
    assert sheet.notes[0] == Note("readers.text", {"encoding": told, "separator": ";"})


def test_capitals_of_cp1251_are_no_other_alphabet():
    assert readers_encoding.decode("КОНТРАГЕНТ;ИНН\nООО АЛЬФА;77\nЗАО БЕТА;78\n".encode("cp1251"))[1] == "cp1251"


def test_western_letters_are_no_russian_ones():
    assert readers_encoding.decode("name,city\nCafé Noir,Zürich\nSeñor Peña,Málaga\n".encode("cp1252"))[1] == "cp1252"


def test_a_spoilt_byte_in_utf8_is_counted_and_changes_nothing_else():
    content = ("Клиент;Сумма\n" + "Альфа;1\n" * 50).encode() + b"\xc3;2\n"
    (sheet,) = read_text(content, "a.csv")
    assert (cells(sheet)[1], cells(sheet)[-1]) == (("Альфа", "1"), ("\ufffd", "2"))
    assert sheet.notes[1] == Note("readers.broken_characters", {"count": 1})


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ";"),
        ("a,b,c\n1,2,3\n", ","),
        ("a\tb\n1,5\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("Отчёт, 2026\n\nПериод: январь, февраль\nДата;Клиент;Сумма\n1;А;1,5\n2;Б;2,5\n", ";"),
        ('name,comment\nА,"x; y; z"\nБ,"p; q; r"\n', ","),
        ("one\ntwo\n", ";"),
    ],
)
def test_the_separator_is_the_one_that_cuts_evenly(text, separator):
    assert readers_rows.find_separator(text) == separator


def test_blank_lines_and_lines_in_quotes_do_not_shift_the_rows_after_them():
    text = 'a;b\n\n1;2\n"x\ny\nz";3\n"q""w";4\n\n5;6\n'
    assert text_cells(text) == [
        ("a", "b"),
        (None, None),
        ("1", "2"),
        ("x\ny\nz", "3"),
        (None, None),
        (None, None),
        ('q"w', "4"),
        (None, None),
        ("5", "6"),
    ]


def test_rows_longer_and_shorter_than_the_others_stay_in_their_places():
    text = "Отчёт\nПериод;2026\na;b;c\n1;2;3\n4;5;6;7\n8;9;10\n\nИтого;15\n"
    assert text_cells(text) == [
        ("Отчёт", None, None, None),
        ("Период", "2026", None, None),
        ("a", "b", "c", None),
        ("1", "2", "3", None),
        ("4", "5", "6", "7"),
        ("8", "9", "10", None),
        (None, None, None, None),
        ("Итого", "15", None, None),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(end):
    assert text_cells(end.join(["a;b", "", "1;2"])) == [("a", "b"), (None, None), ("1", "2")]


def test_a_quoted_cell_may_be_as_long_as_a_line_in_a_short_row_too():
    (sheet,) = read_text(("a;b;c\n1;2;3\n1;\"" + "х" * 200_000 + "\"\n").encode(), "a.csv")
    assert sheet.cells.to_pylist()[-1] == {"0": "1", "1": "х" * 200_000, "2": None}


def test_quotes_inside_a_name_are_letters():
    assert text_cells('a;b\nООО "Альфа";1\n"ООО ""Бета""";2\n')[1:] == [('ООО "Альфа"', "1"), ('ООО "Бета"', "2")]


def test_a_quote_never_closed_swallows_nothing():
    text = "a;b\n" + '1;"open\n' + "2;3\n" * 2000
    (sheet,) = read_text(text.encode(), "a.csv")
    assert (sheet.cells.num_rows, cells(sheet)[1], cells(sheet)[2]) == (2002, ("1", '"open'), ("2", "3"))
    assert Note("readers.broken_quotes") in sheet.notes


def test_the_separator_line_of_excel_is_no_data():
    assert text_cells("sep=,\na,b\n1;0,2\n") == [(None, None), ("a", "b"), ("1;0", "2")]


def test_blank_cells_are_null_whatever_spaces_fill_them():
    assert text_cells('a;b;c;d\n ;"";\u00a0;x \n')[1] == (None, None, None, "x ")


def test_ids_stay_text():
    assert text_cells("id;b\n007;1\n12345678901234567890;NA\n")[1:] == [("007", "1"), ("12345678901234567890", "NA")]


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b" \n\n ;; \n", b"\n"])
def test_a_text_of_blanks_holds_no_sheet(content):
    assert read_text(content, "a.csv") == []


def test_a_line_without_end_is_refused():
    with pytest.raises(KamError, match=r"errors\.endless_line"):
        read_text(b"a;b\n" + b"x" * 5_000_000, "a.csv")


def test_a_text_named_xls_is_read_as_text(tmp_path):
    path = tmp_path / "выгрузка.xls"
    path.write_bytes("Клиент\tСумма\nАльфа\t1,5\n".encode("utf-16"))
    (sheet,) = read_file(path, "выгрузка.xls")
    assert (sheet.name, cells(sheet)) == ("выгрузка", [("Клиент", "Сумма"), ("Альфа", "1,5")])


def test_a_wide_csv_and_a_long_one_keep_every_cell(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("\n".join(["id;x", *(f"{n:06d};{n}" for n in range(20000))]) + "\nитог\n", encoding="cp1251")
    (sheet,) = read_file(path, "long.csv")
    assert (sheet.cells.num_rows, cells(sheet)[20000], cells(sheet)[20001]) == (
        20002,
        ("019999", "19999"),
        ("итог", None),
    )


CELL = st.one_of(
    st.text(alphabet="абвгдеёжзиклмн АБВxyzAZ019.,;|\"'\n-()«»%", max_size=14),
    st.integers(0, 10**7).map(lambda kopecks: f"{kopecks // 100},{kopecks % 100:02d}"),
    st.dates().map(lambda day: day.strftime("%d.%m.%Y")),
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    width=st.integers(2, 7),
    data=st.data(),
    separator=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_written_as_text_comes_back_cell_for_cell(width, data, separator, encoding, line_end):
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=20))
    rows = [[f"Поле {number}" for number in range(width)], *rows]
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator, lineterminator=line_end).writerows(rows)
    expected: list[tuple[str | None, ...]] = []
    for row in rows:
        expected.append(tuple(cell if cell.strip() else None for cell in row))
        expected.extend([(None,) * width] * sum(cell.count("\n") for cell in row))
    (sheet,) = read_text(target.getvalue().encode(encoding), "a.csv")
    assert _without_blank_end(cells(sheet)) == _without_blank_end(expected)


LINE = st.lists(st.one_of(CELL, st.sampled_from([" ", "\u00a0", "\u2009 ", "\t", "x "])), max_size=5)


def by_blocks(content: bytes, size: int) -> readers_blocks.Regular | None:
    """What the reader of blocks makes of the text with blocks of so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers_blocks, "BLOCK_BYTES", size)
        patch.setattr(readers_blocks, "HEAD_BYTES", size // 2)
        return readers_blocks.read(io.BytesIO(content), "a.csv")


def is_as_the_whole(found: readers_blocks.Regular, content: bytes) -> bool:
    """Whether the careful reader gives the same cells and notes."""
    sheets = readers_text._sheets(found.cells, "a.csv", [readers_text._how(found.encoding, found.separator)])
    return sheets == readers_text._read_whole(content, "a.csv")


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    lines=st.lists(LINE, min_size=1, max_size=60),
    separator=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8_r"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.integers(150, 600),
)
def test_blocks_of_a_text_hold_the_cells_of_the_whole(lines, separator, encoding, line_end, size):
    text = line_end.join(separator.join(cell.replace('"', "").replace("\n", "") for cell in line) for line in lines)
    content = text.encode(encoding, "replace")
    found = by_blocks(content, size)
    assert found is None or is_as_the_whole(found, content)


SPACED = st.one_of(CELL, st.sampled_from(["", " ", "\u00a0", "\n", "\r", "x ", " x", '"', '""', "x\ny"]))
ROW = st.one_of(st.lists(SPACED, min_size=3, max_size=3), st.lists(SPACED, max_size=3), st.just(["Альфа", "1", "2"]))


def written(cell: str, separator: str, quotes: str) -> str:
    """The cell as a system writes it that quotes all cells, some (where it must) or none (whatever is in them)."""
    is_quoted = quotes == "all" or (quotes == "some" and any(letter in cell for letter in f'{separator}"\n\r'))
    return '"' + cell.replace('"', '""') + '"' if is_quoted else cell


@settings(max_examples=400, derandomize=True, deadline=None)
@given(
    rows=st.lists(st.tuples(ROW, st.sampled_from(["usual"] * 9 + ["all", "some", "none"])), min_size=1, max_size=60),
    quotes=st.sampled_from(["all", "some", "none"]),
    separator=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    size=st.integers(20, 400),
    cut=st.sampled_from([0, 0, 0, 1]),
)
def test_blocks_of_a_quoted_text_hold_the_cells_of_the_whole(rows, quotes, separator, encoding, line_end, size, cut):
    lines = [separator.join(written(cell, separator, quotes if how == "usual" else how) for cell in row) for row, how in rows]
    content = (line_end.join(lines) + line_end).encode(encoding, "replace")
    content = content[: len(content) - cut]
    found = by_blocks(content, size)
    assert found is None or is_as_the_whole(found, content)


PIECE = st.sampled_from(["a", '"a"', '"a;b"', '""', '"', 'a"b', '"a"b', '"a', 'a"', '"a""', '"a\nb"', '"\n', '" "', '"\r"', '"" '])


@settings(max_examples=400, derandomize=True, deadline=None)
@given(
    lines=st.lists(st.one_of(st.just('"a";1'), st.tuples(PIECE, PIECE).map(";".join), PIECE), min_size=2, max_size=25),
    line_end=st.sampled_from(["\n", "\r\n"]),
    size=st.integers(8, 80),
)
def test_odd_quotes_are_read_as_in_the_whole_or_left_to_it(lines, line_end, size):
    content = line_end.join(lines).encode()
    found = by_blocks(content, size)
    assert found is None or is_as_the_whole(found, content)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_long_text_is_read_in_blocks_with_its_odd_lines_and_blanks_where_they_stand(encoding):
    lines = ["Отчёт", "", "Клиент;Дата;Сумма", *(f"Альфа {n};01.02.2026;{n},50" for n in range(900)), " ;\u00a0;1", "Итого;900"]
    found = by_blocks("\r\n".join(lines).encode(encoding), 4096)
    rows = [tuple(row.values()) for row in found.cells.to_pylist()]
    assert (len(rows), found.cells.column(0).num_chunks > 2, found.encoding, found.separator) == (905, True, encoding, ";")
    assert rows[:4] == [("Отчёт", None, None), (None,) * 3, ("Клиент", "Дата", "Сумма"), ("Альфа 0", "01.02.2026", "0,50")]
    assert rows[-3:] == [("Альфа 899", "01.02.2026", "899,50"), (None, None, "1"), ("Итого", "900", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("header", "line"),
    [
        ('"Код";"Клиент";"Сумма"', '"{n}";"Альфа";"{n},50"'),
        ('"Код";"Клиент";"Сумма"', "{n};Альфа;{n},50"),
        ("Код;Клиент;Сумма", '{n};"ООО ""Альфа; Бета""";{n},50'),
        ("Код;Клиент;Сумма", '{n};ООО "Альфа";{n},50'),
        ('"Код";"Клиент";"Сумма"', '"{n}";"";" "'),
        ('"Код";"Клиент";"Примечание"', '"{n}";"Альфа";"Звонили\nи писали {n}"'),
    ],
    ids=["all", "header", "doubled", "inside", "blank", "several lines"],
)
def test_quotes_as_systems_write_them_are_read_by_blocks(header, line, line_end, encoding):
    lines = [header, *(line.format(n=n) for n in range(900)), '"Итого"']
    content = (line_end.join(lines) + line_end).encode(encoding)
    found = by_blocks(content, 4096)
    assert found is not None and found.cells.column(0).num_chunks > 2
    assert is_as_the_whole(found, content)


def test_a_cell_of_several_lines_never_hides_at_the_end_of_a_block():
    # Even quotes up to the end of the first block, and the second of them opens a cell that goes on in the next.
    for head, tail in (('a;b\nc"c;d\n"x\n', 'y";1\n'), ('a;b\nc"c;"x\n', 'y"\n')):
        content = (head + tail + "2;3\n" * 50).encode()
        assert by_blocks(content, 2 * len(head)) is None
        regular = content.replace(b'c"c', b"c")
        assert is_as_the_whole(by_blocks(regular, 2 * len(head)), regular)


def test_half_a_letter_at_the_end_of_utf16_is_told_by_the_whole():
    content = "Клиент;Сумма\nАльфа;1\n".encode("utf-16")
    assert readers_blocks.read(io.BytesIO(content), "a.csv").encoding == "utf-16-le"
    assert readers_blocks.read(io.BytesIO(content + b"\x20"), "a.csv") is None


def test_no_kind_of_space_is_passed_over():
    every = pa.array([chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000])
    spaces = every.filter(pc.equal(pc.utf8_trim_whitespace(every), ""))
    table = pa.table({str(n): [space, "x"] for n, space in enumerate(spaces.to_pylist())})
    assert len(spaces) > 20
    assert {column.null_count for column in readers_rows.blank_to_null(table).columns} == {1}


@pytest.mark.parametrize(
    "odd",
    ['а;"б;в', 'а"б;"в;г', 'а;"б"в', '"а";"б";"в";"г"', "а;б\x00;в", "а;б\x1a;в", "а;б;в;г", "а;\ufffd;в", "а" * 2_000_000],
    ids=["open", "open, even", "odd in a short row", "wider, quoted", "nul", "end of file", "wider", "spoilt", "endless"],
)
def test_what_only_the_whole_text_can_tell_is_left_to_it(odd):
    text = "Клиент;Дата;Сумма\n" + "Альфа;01.02.2026;1\n" * 300 + odd + "\n" + "Альфа;01.02.2026;1\n" * 5
    assert readers_blocks.read(io.BytesIO(text.encode()), "a.csv") is None
    assert readers_blocks.read(io.BytesIO(text.encode().replace(odd.encode(), b"\xff;1;2")), "a.csv") is None


def _without_blank_end(rows: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    return rows


# HTML named .xls


def test_a_table_of_html_is_read_with_entities_spans_and_nested_tables(tmp_path):
    path = tmp_path / "bitrix.xls"
    path.write_bytes(
        """<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body>
        <table><tr><th>Клиент&nbsp;А</th><th colspan="2">Сумма</th></tr>
        <tr><td>ООО &laquo;Альфа&raquo;<td>1<td>a<br>b</tr>
        <tr><td><table><tr><td>внутри</td></tr></table>снаружи</td><td>2</td></tr></table></body></html>""".encode("cp1251")
    )
    outer, inner = read_file(path, "bitrix.xls")
    assert cells(outer) == [("Клиент А", "Сумма", None), ("ООО «Альфа»", "1", "a\nb"), ("снаружи", "2", None)]
    assert cells(inner) == [("внутри",)]
    assert outer.notes == (Note("readers.html"),)


def test_a_page_that_lies_about_its_encoding_is_read_as_it_is():
    (sheet,) = read_html('<meta charset="utf-8"><table><tr><td>Клиент</td></tr></table>'.encode("cp1251"), "a.xls")
    assert cells(sheet) == [("Клиент",)]


# Real files


@real
@pytest.mark.parametrize(
    ("file", "sheets"),
    [
        ("messy/calamine__any_sheets.ods", [("Visible", 5, 2)]),
        ("messy/calamine__any_sheets.xls", [("Visible", 5, 2), ("Chart", 3, 2)]),
        ("messy/calamine__any_sheets.xlsb", [("Visible", 5, 2)]),
        ("messy/calamine__any_sheets.xlsx", [("Visible", 5, 2)]),
        ("messy/calamine__date.xlsx", [("Sheet1", 3, 2)]),
        ("messy/calamine__date_1904.xlsx", [("Sheet1", 3, 2)]),
        ("messy/calamine__errors.xlsx", [("Feuil1", 7, 1)]),
        ("messy/calamine__header-row.xlsx", [("Sheet1", 10, 4)]),
        ("messy/calamine__issue_530.xlsx", [("出勤分类组织汇总表", 5, 14)]),
        ("messy/calamine__merged_range.xlsx", [("Sheet1", 4, 8), ("Sheet2", 4, 6)]),
        ("messy/calamine__strict_iso_paths.xlsx", [("ml_out", 76, 18)]),
        ("messy/calamine__too_small.xls", [("calamine__too_small", 1, 1)]),
        ("messy/pycalamine__base.xls", [("Sheet1", 2, 10)]),
        ("onec/1c_account_analysis_layout_anonymised.xlsx", [("TDSheet", 81, 26)]),
        ("online_retail/Online Retail (random 40000 rows).xlsx", [("Sheet1", 40001, 8)]),
        ("crm_maven/sales_pipeline.csv", [("sales_pipeline", 8801, 8)]),
        ("bitrix24/deals.csv", [("deals", 7, 18)]),
    ],
)
def test_real_files_are_read_whole(file, sheets):
    found = read_file(SHARED / file, Path(file).name)
    assert [(sheet.name, sheet.cells.num_rows, sheet.cells.num_columns) for sheet in found] == sheets


@real
@pytest.mark.parametrize(
    ("file", "password", "key"),
    [
        ("calamine__pass_protected.xlsx", None, "errors.encrypted"),
        ("calamine__pass_protected.xlsx", "wrong", "errors.wrong_password"),
        ("calamine__pass_protected.xlsx", "123", "errors.no_cells"),
        ("msoffcrypto__example_password.xlsx", None, "errors.encrypted"),
        ("calamine__vba.xlsm", None, "errors.no_cells"),
        ("pycalamine__empty_file.xlsx", None, "errors.zero_bytes"),
    ],
)
def test_real_files_that_hold_nothing_are_refused_for_their_own_reason(file, password, key):
    assert refused(SHARED / "messy" / file, password) == key


@real
def test_a_locked_book_opens_with_its_password():
    (sheet,) = read_file(SHARED / "messy" / "msoffcrypto__example_password.xlsx", "x.xlsx", "Password1234_")
    assert cells(sheet)[0] == ("lorem", "ipsum")


@real
def test_dates_of_1904_are_the_days_they_show():
    first, second = (
        cells(read_file(SHARED / "messy" / f"calamine__{name}.xlsx", "x")[0])[0][0] for name in ("date", "date_1904")
    )
    assert first == second == "2021-01-01 00:00:00"


def test_text_and_book_of_the_same_rows_are_the_same_cells(tmp_path):
    rows = [("Номер", "Клиент", "Сумма"), ("007", "ООО «Альфа»", "1 500,50"), (None, "Бета", None)]
    path = tmp_path / "same.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write_string(number, column, value)
    book.close()
    text = "\n".join(";".join(value or "" for value in row) for row in rows)
    assert cells(read_file(path, "x")[0]) == text_cells(text, "cp1251") == rows


def test_the_reader_names_formats_as_the_guard_does():
    assert {guard.XLSX, guard.XLSB, guard.XLS, guard.ODS, guard.TEXT, guard.HTML} == {
        "xlsx",
        "xlsb",
        "xls",
        "ods",
        "text",
        "html",
    }


def test_an_ods_is_read(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Лист"><table:table-row>
<table:table-cell office:value-type="string"><text:p>0007</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="1.5"><text:p>1,5</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>""".replace("\n<", "<").replace(
                "\n", " "
            ),
        )
    path = tmp_path / "a.ods"
    path.write_bytes(target.getvalue())
    (sheet,) = read_file(path, "a.ods")
    assert (sheet.name, cells(sheet)) == ("Лист", [("0007", "1.5")])
