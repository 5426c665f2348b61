"""Is a file safe to read, and what is it? Judged by its content, never by its name, before any reader sees it.

Owns the limits on size, ratio and extent, and the sentences for files that are no tables. Knows nothing of tables,
headers or the workspace. `identify` looks at first bytes and the archive's list of members: cheap, unpacks nothing.
`scan` unpacks an archive once, as a stream: checksums, document types, true extent of the cells, what readers lose.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kam.errors import KamError

XLSX, XLSB, XLS, ODS, TEXT, HTML = "xlsx", "xlsb", "xls", "ods", "text", "html"
LOCKED = "locked"  # a book whose password the reader was given

MEBIBYTE = 1024 * 1024
MAX_FILE_BYTES = 1024 * MEBIBYTE
MAX_UNPACKED_BYTES = 4096 * MEBIBYTE
RATIO_FREE_BYTES = 64 * MEBIBYTE  # below this any ratio is harmless
MAX_RATIO = 250  # honest books of repeated text stay below 60; deflate itself ends at 1032
MAX_MEMBERS = 10_000
MAX_GRID_CELLS = 400_000_000  # a reader lays out rows × columns, however few cells are filled
FREE_GRID_CELLS = 2_600_000
MAX_GRID_PER_CELL = 200
HEAD_BYTES = 64 * 1024
CHUNK_BYTES = MEBIBYTE
MAX_COLUMNS = 16_384
MAX_MERGES = 100_000
HEADER_ROWS = 300  # where a cell merged over columns may name them

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
NOT_TABLES = (
    (b"%PDF", "errors.pdf"),
    (b"{\\rtf", "errors.word_document"),
    (b"\x89PNG", "errors.image"),
    (b"\xff\xd8\xff", "errors.image"),
    (b"GIF8", "errors.image"),
    (b"BM", "errors.image"),
    (b"II*\x00", "errors.image"),
    (b"MM\x00*", "errors.image"),
    (b"RIFF", "errors.image"),
    (b"Rar!", "errors.other_archive"),
    (b"7z\xbc\xaf\x27\x1c", "errors.other_archive"),
    (b"\x1f\x8b", "errors.other_archive"),
    (b"PAR1", "errors.not_a_table"),
    (b"SQLite format 3", "errors.not_a_table"),
    (b"MZ", "errors.not_a_table"),
    (b"\x7fELF", "errors.not_a_table"),
)
TEXT_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})


@dataclass(frozen=True)
class FileFacts:
    """What the first look found: the format, and the bytes that the file holds once unpacked."""

    format: str
    unpacked_bytes: int


@dataclass
class SheetFacts:
    """What the scan of one sheet's member found; counts of filled cells, and a bound of their 1-based extent."""

    cells: int = 0
    error_cells: int = 0
    empty_formulas: int = 0
    last_row: int = 0
    last_column: int = 0
    longest_row: int = 0  # cells in a row, where cells do not say where they stand
    open_row: int = 0  # of these, cells so far of the row that goes on in the next chunk
    has_outline: bool = False
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first and last row, first and last column


@dataclass
class ScanFacts:
    """All that a scan found, by the sheet's member name inside the archive (slashes turned forward)."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    has_indents: bool = False
    has_currencies: bool = False  # of an ods: cells that show other money than roubles


def identify(path: Path, name: str) -> FileFacts:
    """The format of the file at `path`; `name` is what the user calls it. KamError for what is no table or unsafe."""
    if not path.is_file():
        raise KamError("errors.file_missing", file=name)
    size = path.stat().st_size
    if size == 0:
        raise KamError("errors.zero_bytes", file=name)
    if size > MAX_FILE_BYTES:
        raise KamError("errors.file_too_large", file=name, limit_mb=MAX_FILE_BYTES // MEBIBYTE)
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if head.startswith(ZIP_MAGICS):
        return _identify_zip(path, name)
    if head.startswith(OLE_MAGIC):
        return FileFacts(_ole_format(path, name), size)
    return FileFacts(_text_format(head, name), size)


# Text: csv, tsv, html, or bytes that nobody can read as a table.


def _text_format(head: bytes, name: str) -> str:
    if not head.startswith(TEXT_BOMS):
        for magic, key in NOT_TABLES:
            # Two letters are no proof: "BMW;1200" is a line of a table.
            if head.startswith(magic) and (len(magic) > 3 or _is_binary(head)):
                raise KamError(key, file=name)
        if _is_binary(head):
            raise KamError("errors.not_a_table", file=name)
    # Markup is ASCII in every encoding met here; without NULs utf-16 shows it too.
    markup = head.replace(b"\x00", b"").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in markup and b"<html" not in markup:
        raise KamError("errors.xml_spreadsheet", file=name)
    start = markup.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    if start == b"<" and (b"<table" in markup or b"<html" in markup or b"<meta" in markup):
        return HTML
    return TEXT


def _is_binary(head: bytes) -> bool:
    if looks_utf16(head):
        return False
    # A stray NUL among lines of text is dirt, not another format.
    controls = len(head) - len(head.translate(None, CONTROL_BYTES))
    return controls * 100 > len(head)


def looks_utf16(head: bytes) -> str | None:
    """ "utf-16-le" or "utf-16-be" when text without a mark is in two-byte units, else None."""
    sample = head[: len(head) // 2 * 2][:4096]
    if len(sample) < 4:
        return None
    pairs = len(sample) // 2
    # Latin, digits and separators have a zero high byte, Cyrillic 0x04: together nearly every unit of our texts.
    little, big = (sum(half.count(byte) for byte in (b"\x00", b"\x04")) for half in (sample[1::2], sample[0::2]))
    if little > pairs * 0.9 and sample[1::2].count(0) and big < pairs * 0.2:
        return "utf-16-le"
    if big > pairs * 0.9 and sample[0::2].count(0) and little < pairs * 0.2:
        return "utf-16-be"
    return None


# OLE2 containers: old xls, old Word, and books encrypted with a password.


def _ole_format(path: Path, name: str) -> str:
    names = ole_names(path.read_bytes())
    if "EncryptedPackage" in names:
        raise KamError("errors.encrypted", file=name)
    if names & {"Workbook", "Book"}:
        return XLS
    if "WordDocument" in names:
        raise KamError("errors.word_document", file=name)
    if not names:
        raise KamError("errors.damaged", file=name)
    raise KamError("errors.not_a_table", file=name)


def ole_names(content: bytes) -> set[str]:
    """The names of the streams in an OLE2 container; empty when its directory cannot be read."""
    try:
        sector_size = 1 << struct.unpack_from("<H", content, 30)[0]
        sector = struct.unpack_from("<I", content, 48)[0]
        table = _ole_sector_table(content, sector_size)
        names: set[str] = set()
        for _ in range(len(content) // sector_size + 1):
            names |= _ole_directory_names(content[(sector + 1) * sector_size : (sector + 2) * sector_size])
            sector = table[sector]
            if sector >= len(table):
                break
        return names
    except (struct.error, IndexError, OverflowError, ValueError):
        return set()


def _ole_sector_table(content: bytes, sector_size: int) -> list[int]:
    # The header lists the first 109 table sectors: enough for 7 MB of sectors; directories stand early in larger files.
    table: list[int] = []
    for number in struct.unpack_from("<109I", content, 76):
        if number >= 0xFFFFFFFA:
            break
        sector = content[(number + 1) * sector_size : (number + 2) * sector_size]
        table.extend(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))
    return table


def _ole_directory_names(sector: bytes) -> set[str]:
    names = set()
    for start in range(0, len(sector) - 127, 128):
        length = struct.unpack_from("<H", sector, start + 64)[0]
        if 2 <= length <= 64:
            names.add(sector[start : start + length - 2].decode("utf-16-le", "replace"))
    return names


# Archives: xlsx and its kin, ods, and zips that are something else.


def member_path(name: str) -> str:
    """A member's name as readers look for it: some exporters write backslashes."""
    return name.replace("\\", "/").lstrip("/")


def _identify_zip(path: Path, name: str) -> FileFacts:
    with open_archive(path, name) as archive:
        members = archive.infolist()
        _check_members(members, path.stat().st_size, name)
        return FileFacts(
            _zip_format(archive, {member_path(m.filename).lower() for m in members}, name),
            sum(m.file_size for m in members),
        )


def open_archive(path: Path, name: str) -> zipfile.ZipFile:
    """The zip at `path`; KamError when its list of members is missing, which is how a download cut short looks."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError, OSError, struct.error, ValueError, NotImplementedError):
        raise KamError("errors.truncated", file=name) from None


def _check_members(members: list[zipfile.ZipInfo], packed_bytes: int, name: str) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise KamError("errors.encrypted_archive", file=name)
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        raise KamError("errors.bomb", file=name, unpacked_mb=unpacked // MEBIBYTE)
    if unpacked > RATIO_FREE_BYTES and unpacked > MAX_RATIO * packed_bytes:
        raise KamError("errors.bomb", file=name, unpacked_mb=unpacked // MEBIBYTE)


def _zip_format(archive: zipfile.ZipFile, members: set[str], name: str) -> str:
    if "xl/workbook.xml" in members:
        return XLSX
    if "xl/workbook.bin" in members:
        return XLSB
    if any(member.startswith("word/") for member in members):
        raise KamError("errors.word_document", file=name)
    if any(member.startswith("ppt/") for member in members):
        raise KamError("errors.presentation", file=name)
    if "mimetype" in members:
        return _open_document_format(archive, name)
    if any(member.startswith("xl/worksheets/") for member in members):
        raise KamError("errors.damaged", file=name)
    raise KamError("errors.archive", file=name)


def _open_document_format(archive: zipfile.ZipFile, name: str) -> str:
    try:
        kind = archive.read("mimetype")[:100].strip()
        manifest = archive.read("META-INF/manifest.xml")[:MEBIBYTE] if "META-INF/manifest.xml" in archive.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise KamError("errors.damaged", file=name) from None
    if b"encryption-data" in manifest:
        raise KamError("errors.encrypted", file=name)
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return ODS
    raise KamError("errors.word_document" if b"opendocument.text" in kind else "errors.not_a_table", file=name)


# The scan: every member unpacked once, a mebibyte at a time.

DOCTYPES = (b"<!DOCTYPE", b"<!ENTITY")
WIDE_COLUMN = re.compile(rb'r="([A-Z]{2,})\d')
FAR_CELL = re.compile(rb'r="[A-Z](?:[A-Z]|\d{6})')
SIX_DIGIT_ROW = re.compile(rb'r="[A-Z]+\d{6}')
SEVEN_DIGIT_ROW = re.compile(rb'r="[A-Z]+\d{7}')
ERROR_CELL = re.compile(rb'<(?:x:)?c [^>]*t="e"[^>]*(?<!/)>')
VALUELESS = (b"</f></c>", b"</f><v></v></c>", b"</f><v/></c>", b"</f><v /></c>")
MERGE = re.compile(rb'mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
REFERENCE = re.compile(rb'r="([A-Z]+)(\d+)"')
OTHER_CURRENCY = re.compile(rb'office:currency="(?!RU[BR]")[^"]')


def scan(path: Path, name: str) -> ScanFacts:
    """Unpack every member of the archive once, as a stream.

    KamError: a checksum that does not hold, a document type, a wider extent than an honest file with so few cells has.
    Memory: a few chunks, whatever the file holds.
    """
    facts = ScanFacts()
    with open_archive(path, name) as archive:
        for member in archive.infolist():
            title = member_path(member.filename)
            if sheet := _scan_member(archive, member, title.lower(), name, facts):
                facts.sheets[title] = sheet
            if title.lower() == "xl/styles.xml":
                facts.has_indents = any(b'indent="' in part for part in parts(archive, member, name))
    return facts


def _scan_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, title: str, name: str, facts: ScanFacts
) -> SheetFacts | None:  # fmt: skip
    is_xml = title.endswith((".xml", ".rels", ".vml"))
    is_sheet = title.startswith("xl/worksheets/") and title.endswith(".xml")
    sheet = SheetFacts() if is_sheet else None
    for part in parts(archive, member, name):
        if is_xml and b"!" in part and any(mark in part for mark in DOCTYPES):
            raise KamError("errors.doctype", file=name)
        if sheet is not None:
            _count_cells(part, sheet)
        elif title == "content.xml" and not facts.has_currencies:
            facts.has_currencies = OTHER_CURRENCY.search(part) is not None
    if sheet is not None and _is_sparse(sheet):
        _measure_filled(archive, member, name, sheet)
        refuse_sparse(sheet, name)
    if sheet is not None and sheet.longest_row > MAX_COLUMNS:
        raise KamError("errors.extent", file=name, rows=sheet.last_row, columns=sheet.longest_row)
    return sheet


def refuse_sparse(sheet: SheetFacts, name: str) -> None:
    """KamError where rows × columns, which a reader lays out, are far more than the filled cells."""
    if _is_sparse(sheet):
        raise KamError("errors.extent", file=name, rows=sheet.last_row, columns=sheet.last_column)


def parts(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Chunks that end where a cell or an element ends, so that nothing sought is cut in two."""
    rest = b""
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                chunk = rest + chunk
                cut = (chunk.rfind(b"</c>") + 4) if b"</c>" in chunk else (chunk.rfind(b">") + 1)
                # A text that runs on for megabytes is cut anywhere: nothing sought stands inside it.
                cut = cut or len(chunk)
                rest = chunk[cut:]
                yield chunk[:cut]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, struct.error):
        raise KamError("errors.damaged", file=name) from None
    yield rest


def _count_cells(part: bytes, sheet: SheetFacts) -> None:
    # An upper bound of the extent, cheap for the honest: blank cells count in it, rows are known by their digits.
    # One letter is found many times faster than a word: "e", "f", "L" and "g" are rare in the XML of cells.
    cells = part.count(b"</c>")
    sheet.cells += cells
    if cells > part.count(b'c r="'):
        _count_rows_without_references(part, sheet)
    if b"e" in part and b't="e"' in part:
        sheet.error_cells += len(ERROR_CELL.findall(part))
    if b"f" in part and b"</f>" in part:
        sheet.empty_formulas += sum(part.count(end) for end in VALUELESS)
    sheet.has_outline = sheet.has_outline or (b"L" in part and b'outlineLevel="' in part)
    if b"g" in part and b"mergeCell " in part:
        sheet.merges.extend(_merges(part, MAX_MERGES - len(sheet.merges)))
    sheet.last_column, sheet.last_row = max(sheet.last_column, 26), max(sheet.last_row, 99_999)
    if not FAR_CELL.search(part):
        return
    sheet.last_column = max((sheet.last_column, *map(column_number, set(WIDE_COLUMN.findall(part)))))
    if sheet.last_row < 9_999_999 and SIX_DIGIT_ROW.search(part):
        sheet.last_row = 9_999_999 if SEVEN_DIGIT_ROW.search(part) else 999_999


def _count_rows_without_references(part: bytes, sheet: SheetFacts) -> None:
    """Cells that do not say where they stand follow one another: a row is as wide as it has cells."""
    lengths = [row.count(b"</c>") for row in part.split(b"<row")]
    sheet.longest_row = max(sheet.longest_row, sheet.open_row + lengths[0], *lengths[1:])
    sheet.open_row = lengths[-1] if len(lengths) > 1 else sheet.open_row + lengths[0]


def _merges(part: bytes, limit: int) -> Iterator[tuple[int, int, int, int]]:
    """Merged cells that cover several rows, or columns near the top: those that say something of other cells."""
    edges = ((int(top), int(end), column_number(left), column_number(right)) for left, top, right, end in MERGE.findall(part))
    return islice((edge for edge in edges if edge[1] > edge[0] or edge[0] <= HEADER_ROWS), limit)


def _is_sparse(sheet: SheetFacts) -> bool:
    grid = sheet.last_row * sheet.last_column
    return grid > MAX_GRID_CELLS or (grid > FREE_GRID_CELLS and grid > MAX_GRID_PER_CELL * max(sheet.cells, 1))


def _measure_filled(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, sheet: SheetFacts) -> None:
    # Blank formatted cells cost a reader nothing: only filled ones, which alone have an end tag, stretch the grid.
    sheet.last_row = sheet.last_column = 0
    for part in parts(archive, member, name):
        for cell in part.split(b"</c>")[:-1]:
            reference = REFERENCE.search(cell, cell.rfind(b"<c "))
            if reference:
                sheet.last_column = max(sheet.last_column, column_number(reference[1]))
                sheet.last_row = max(sheet.last_row, int(reference[2]))


def column_number(letters: bytes) -> int:
    """1-based number of a column by its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
