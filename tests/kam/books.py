"""Books that tests write byte by byte: ods, xls (BIFF8 in an OLE2 container) and xlsb (BIFF12), every cell a text or a number.

Only what a reader needs to find the cells, as the formats' descriptions give it: [MS-XLS], [MS-CFB], [MS-XLSB], OpenDocument 1.3.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

Cell = str | float | None
Rows = Sequence[Sequence[Cell]]


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


# OpenDocument.

ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODS_SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))


def ods(rows: Rows, sheet: str = "Лист1") -> bytes:
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    return ods_of(f"<table:table table:name={quoteattr(sheet)}>{lines}</table:table>")


def ods_of(tables: str) -> bytes:
    """A book around the XML of its tables."""
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_SPACES}>{body}</office:document-content>'
    return zipped({"mimetype": ODS, "META-INF/manifest.xml": "<manifest/>", "content.xml": content})


def _ods_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str):
        # A paragraph folds its spaces: those that are meant have an element of their own.
        text = escape(cell).replace(" ", "<text:s/>")
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{cell!r}"><text:p>{cell}</text:p></table:table-cell>'


# BIFF8: records of a type and a length, in the stream "Workbook" of an OLE2 container.


def xls(rows: Rows, sheet: str = "Лист1", is_1904: bool = False) -> bytes:
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    pages = _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", int(is_1904)))
    title = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    offset = len(start) + len(pages) + 4 + 6 + len(title) + 4
    bound = _record(0x0085, struct.pack("<IBB", offset, 0, 0) + title)
    cells = b"".join(_xls_cell(r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row))
    end = _record(0x000A, b"")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    size = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    return _ole(start + pages + bound + end + begin + size + cells + end)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls_cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if cell is None or cell == "":
        return b""
    if isinstance(cell, str):
        return _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", cell))


SECTOR = 512
FREE, CHAIN_END, TABLE_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _ole(stream: bytes) -> bytes:
    """The stream in the plainest container: sector 0 the directory, then the stream, then the sector table."""
    stream += bytes(max(4096 - len(stream), -len(stream) % SECTOR))
    count = len(stream) // SECTOR
    tables = -(-(1 + count) // 127)  # each sector of the table names 128, of which the table itself is some
    chain = [CHAIN_END, *range(2, count + 1), CHAIN_END, *[TABLE_SECTOR] * tables]
    chain += [FREE] * (tables * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, 0, 0, 4096, CHAIN_END, 0, CHAIN_END, 0)
    places = [1 + count + number for number in range(tables)]
    header += struct.pack("<109I", *places, *[FREE] * (109 - tables))
    directory = _ole_entry("Root Entry", 5, 1, CHAIN_END, 0) + _ole_entry("Workbook", 2, FREE, 1, len(stream)) + bytes(256)
    return header + directory + stream + struct.pack(f"<{len(chain)}I", *chain)


def _ole_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    entry = title.ljust(64, b"\0") + struct.pack("<HBBIII", len(title), kind, 1, FREE, FREE, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


# BIFF12: the same idea, with lengths of seven bits a byte, as members of a zip.

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb(rows: Rows, sheet: str = "Лист1") -> bytes:
    lines = []
    for number, row in enumerate(rows):
        lines.append(_wide_record(0x0000, struct.pack("<II", number, 0) + bytes(9)))
        lines += [_xlsb_cell(column, cell) for column, cell in enumerate(row) if cell is not None and cell != ""]
    return xlsb_of(b"".join(lines), len(rows), max(map(len, rows)), sheet)


def xlsb_of(cells: bytes, height: int, width: int, sheet: str = "Лист1") -> bytes:
    """A book around the records of its rows and cells; `height` and `width` are what it says of itself."""
    size = struct.pack("<IIII", 0, height - 1, 0, width - 1)
    begin = _wide_records((0x81, b""), (0x94, size), (0x91, b""))
    bundle = struct.pack("<II", 0, 1) + _wide_text("rId1") + _wide_text(sheet)
    target = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped({
        "xl/workbook.bin": _wide_records((0x83, b""), (0x8F, b""), (0x9C, bundle), (0x90, b""), (0x84, b"")),
        "xl/_rels/workbook.bin.rels": f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{target}</Relationships>',
        "xl/worksheets/sheet1.bin": begin + cells + _wide_records((0x92, b""), (0x82, b"")),
    })  # fmt: skip


def _xlsb_cell(column: int, cell: str | float) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(cell, str):
        return _wide_record(0x0006, place + _wide_text(cell))
    return _wide_record(0x0005, place + struct.pack("<d", cell))


def _wide_text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _wide_records(*records: tuple[int, bytes]) -> bytes:
    return b"".join(_wide_record(kind, data) for kind, data in records)


def _wide_record(kind: int, data: bytes) -> bytes:
    return _seven_bits(kind) + _seven_bits(len(data)) + data


def _seven_bits(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
