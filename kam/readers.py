"""Files of the user, read as sheets of text cells in a child process with limits of memory and time.

Owns every file format: books by fastexcel, text by pyarrow, HTML by the standard parser; encodings and separators.
Guesses no types and knows no tables: a cell is the text that stands there, a blank one is null, row numbers are the
file's own. `python -m kam.readers` is the child; a file that kills it kills nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kam import guard
from kam.errors import KamError

MEBIBYTE = 1024 * 1024
ENCRYPTED = "encrypted"
BASE_MEMORY_BYTES = 3072 * MEBIBYTE  # address space: mapped libraries and thread stacks are most of it
MEMORY_PER_BYTE = 24  # for every byte of the unpacked file
BASE_SECONDS = 60.0
SECONDS_PER_MEBIBYTE = 0.6
MAX_RECORD_CHARACTERS = 2 * MEBIBYTE  # one line longer than this is no row of a table
MAX_COLUMNS = 16_384
SAMPLE_LINES = 300
SAMPLE_CHARACTERS = 256 * 1024
SAMPLE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Note:
    """Something the reader wants said about a sheet: a locale key and the facts that fill it."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """One sheet of text cells: row i of `cells` is row `first_row` + i of the file, columns are "0", "1", …"""

    file: str
    name: str
    number: int
    is_hidden: bool
    cells: pa.Table
    first_row: int
    notes: tuple[Note, ...] = ()


# The parent: starts the child, waits, takes over its tables.


def read_file(path: Path, name: str, password: str | None = None) -> list[Sheet]:
    """All sheets with cells of the file at `path`, which the user calls `name`; empty and chart sheets are left out.

    KamError: one sentence for a file that is unsafe, damaged, locked or no table at all.
    """
    facts = _identify(path, name, password)
    with tempfile.TemporaryDirectory(prefix="ritm-read-") as folder:
        order = {
            "path": str(path.resolve()),
            "name": name,
            "format": facts.format,
            "password": password,
            "memory": BASE_MEMORY_BYTES + MEMORY_PER_BYTE * facts.unpacked_bytes,
        }
        seconds = BASE_SECONDS + SECONDS_PER_MEBIBYTE * facts.unpacked_bytes / MEBIBYTE
        answer = _run_child(order, Path(folder), seconds)
        if answer is None and facts.format in (guard.XLSX, guard.XLSB, guard.ODS):
            # The reader took its process along: the guard alone can tell why.
            answer = _run_child({**order, "scan_only": True}, Path(folder), seconds)
        if answer is None or "sheets" not in answer:
            raise _error_of(answer, name)
        if not answer["sheets"]:
            raise KamError("errors.no_cells", file=name)
        return [_take_over(entry, Path(folder), name) for entry in answer["sheets"]]


def _identify(path: Path, name: str, password: str | None) -> guard.FileFacts:
    try:
        return guard.identify(path, name)
    except KamError as error:
        if error.key == "errors.encrypted" and password is not None:
            return guard.FileFacts(ENCRYPTED, 20 * path.stat().st_size)
        raise


def _run_child(order: dict[str, Any], folder: Path, seconds: float) -> dict[str, Any] | None:
    root = str(Path(__file__).resolve().parent.parent)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH")))),
        "PYTHONIOENCODING": "utf-8",
        # Each thread's heap counts against the limit of memory: few heaps and few threads on any machine.
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "4",
    }
    command = [sys.executable, "-m", "kam.readers", str(folder)]
    result = folder / "result.json"
    result.unlink(missing_ok=True)
    try:
        subprocess.run(
            command,
            input=json.dumps(order).encode(),
            env=environment,
            timeout=seconds,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": "errors.too_slow", "facts": {"seconds": round(seconds)}}
    if not result.exists():
        return None
    answer: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return answer


def _error_of(answer: dict[str, Any] | None, name: str) -> KamError:
    if answer is None or "error" not in answer:
        return KamError("errors.reader_died", file=name)
    return KamError(answer["error"], **{"file": name, **answer["facts"]})


def _take_over(entry: dict[str, Any], folder: Path, name: str) -> Sheet:
    with pa.OSFile(str(folder / entry["cells"]), "rb") as stream:
        cells = pa.ipc.open_file(stream).read_all()
    notes = tuple(Note(note["key"], note["facts"]) for note in entry["notes"])
    return Sheet(entry.get("file", name), entry["name"], entry["number"], entry["is_hidden"], cells, 1, notes)


# The child: reads, writes one Arrow file a sheet and a result beside them.


def child(folder: Path, order: dict[str, Any]) -> None:
    """Do what the parent asked for and leave result.json in `folder`."""
    _limit_memory(order["memory"])
    try:
        if order.get("scan_only"):
            guard.scan(Path(order["path"]), order["name"])
            result: dict[str, Any] = {}
        else:
            sheets = _read(Path(order["path"]), order["name"], order["format"], order["password"], folder)
            result = {"sheets": [_hand_over(sheet, folder) for sheet in sheets]}
    except KamError as error:
        result = {"error": error.key, "facts": error.facts}
    except MemoryError:
        result = {"error": "errors.too_much_memory", "facts": {}}
    (folder / "result.part").write_text(json.dumps(result, default=str), encoding="utf-8")
    os.replace(folder / "result.part", folder / "result.json")


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits: the deadline alone holds there
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        return


def _hand_over(sheet: Sheet, folder: Path) -> dict[str, Any]:
    target = folder / f"{sheet.number}.arrow"
    with pa.OSFile(str(target), "wb") as stream, pa.ipc.new_file(stream, sheet.cells.schema) as writer:
        writer.write_table(sheet.cells)
    return {
        "name": sheet.name,
        "number": sheet.number,
        "is_hidden": sheet.is_hidden,
        "cells": target.name,
        "notes": [asdict(note) for note in sheet.notes],
    }


def _read(path: Path, name: str, file_format: str, password: str | None, folder: Path) -> list[Sheet]:
    if file_format == ENCRYPTED:
        return _read_encrypted(path, name, password or "", folder)
    if file_format == guard.TEXT:
        return read_text(path.read_bytes(), name)
    if file_format == guard.HTML:
        return read_html(path.read_bytes(), name)
    return _read_book(path, name, file_format)


def _read_encrypted(path: Path, name: str, password: str, folder: Path) -> list[Sheet]:
    import msoffcrypto  # type: ignore[import-untyped]

    opened = folder / "opened"  # the parent removes the folder, whatever happens to this process
    try:
        with path.open("rb") as locked, opened.open("wb") as target:
            book = msoffcrypto.OfficeFile(locked)
            book.load_key(password=password)
            book.decrypt(target)
        return _read(opened, name, guard.identify(opened, name).format, None, folder)
    except (msoffcrypto.exceptions.DecryptionError, msoffcrypto.exceptions.InvalidKeyError):
        raise KamError("errors.wrong_password", file=name) from None
    except (msoffcrypto.exceptions.FileFormatError, msoffcrypto.exceptions.ParseError, ValueError, KeyError):
        raise KamError("errors.encrypted", file=name) from None


# Books: xlsx, xlsm, xlsb, xls, ods.


def _read_book(path: Path, name: str, file_format: str) -> list[Sheet]:
    if file_format == guard.XLS:
        return _book_sheets(path, name, 0)
    # Scan and reader look at the same bytes at the same time: the reader works without the interpreter's lock.
    scan = _Scan(path, name)
    scan.start()
    try:
        sheets: list[Sheet] | KamError = _book_sheets(path, name, _chart_count(path, name))
    except KamError as error:
        sheets = error
    facts = scan.finish()  # what the guard has to say comes before what the reader stumbled over
    if isinstance(sheets, KamError):
        raise sheets
    return _with_losses(path, name, sheets, facts) if file_format == guard.XLSX else sheets


class _Scan(threading.Thread):
    """The guard's scan beside the reader."""

    def __init__(self, path: Path, title: str) -> None:
        super().__init__(daemon=True)
        self.path, self.title = path, title
        self.facts: guard.ScanFacts | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.facts = guard.scan(self.path, self.title)
        except Exception as error:  # carried over to the thread that waits
            self.error = error

    def finish(self) -> guard.ScanFacts:
        """Wait for the scan and give what it found, or raise what it raised."""
        self.join()
        if self.facts is None:
            raise self.error or RuntimeError("the scan ended without a result")
        return self.facts


def _chart_count(path: Path, name: str) -> int:
    with guard.open_archive(path, name) as archive:
        members = (guard.member_path(member).lower() for member in archive.namelist())
        return sum(m.startswith("xl/chartsheets/") and "/_rels/" not in m for m in members)


def _book_sheets(path: Path, name: str, chart_count: int) -> list[Sheet]:
    import fastexcel

    try:
        book = fastexcel.read_excel(path.read_bytes())
    except fastexcel.FastExcelError as error:
        raise KamError("errors.encrypted" if "assword" in str(error) else "errors.damaged", file=name) from None
    sheets: list[Sheet] = []
    skipped: list[str] = []
    for index, title in enumerate(book.sheet_names):
        try:
            sheet = _book_sheet(book, index, title, name)
        except fastexcel.FastExcelError:
            chart_count -= 1  # a chart sheet of an xlsb has no cells to load; more failures than charts are damage
            if chart_count < 0:
                raise KamError("errors.damaged", file=name) from None
            sheet = None
        if sheet is None:
            skipped.append(title)
        else:
            sheets.append(sheet)
    if skipped and sheets:
        sheets[0] = replace(sheets[0], notes=(Note("readers.empty_sheets", {"sheets": ", ".join(skipped)}),))
    return sheets


def _book_sheet(book: Any, index: int, title: str, name: str) -> Sheet | None:
    loaded = book.load_sheet(
        index, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True, skip_whitespace_tail_rows=True
    )
    cells = pa.Table.from_batches([loaded.to_arrow()])
    if cells.num_rows == 0 or cells.num_columns == 0:
        return None
    cells = cells.rename_columns([str(number) for number in range(cells.num_columns)])
    return Sheet(name, title, index + 1, loaded.visible != "visible", cells, 1)


def _with_losses(path: Path, name: str, sheets: list[Sheet], facts: guard.ScanFacts) -> list[Sheet]:
    # Readers turn #N/A and formulas without a stored value into nothing: say so, by sheet.
    if not any(sheet.error_cells or sheet.empty_formulas for sheet in facts.sheets.values()):
        return sheets
    members = _sheet_members(path, name)
    return [
        replace(sheet, notes=sheet.notes + _losses(facts.sheets.get(members.get(sheet.name, "")))) for sheet in sheets
    ]


def _losses(facts: guard.SheetFacts | None) -> tuple[Note, ...]:
    if facts is None:
        return ()
    counts = (("readers.error_cells", facts.error_cells), ("readers.empty_formulas", facts.empty_formulas))
    return tuple(Note(key, {"count": count}) for key, count in counts if count)


def _sheet_members(path: Path, name: str) -> dict[str, str]:
    """Sheet name → member of the archive, as the workbook's own relations say."""
    from xml.etree import ElementTree

    with guard.open_archive(path, name) as archive:
        members = {guard.member_path(member).lower(): member for member in archive.namelist()}
        try:
            book = ElementTree.fromstring(archive.read(members["xl/workbook.xml"]))
            relations = ElementTree.fromstring(archive.read(members["xl/_rels/workbook.xml.rels"]))
        except (KeyError, ElementTree.ParseError):
            return {}
    targets = {relation.get("Id"): guard.member_path(relation.get("Target", "")) for relation in relations}
    return {
        sheet.get("name", ""): _under_xl(targets.get(_relation_id(sheet), ""))
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }


def _relation_id(sheet: Any) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _under_xl(target: str) -> str:
    return target if target.startswith("xl/") else f"xl/{target}"


# Text: encoding, separator, records.

SEPARATORS = ("\t", ";", "|", ",")
HEADER_BONUS = 0.3
SINGLE_BYTE = ("cp1251", "cp866", "koi8_r", "cp1252")


def read_text(content: bytes, name: str) -> list[Sheet]:
    """The one sheet of a csv or tsv file; blank lines and lines inside quotes do not shift the rows after them."""
    text, encoding, broken = decode(content)
    _refuse_endless_line(text, name)
    separator, text = _separator(text)
    cells, is_unquoted = _records(text, separator)
    if all(column.null_count == cells.num_rows for column in cells.columns):
        return []
    notes = [Note("readers.text", {"encoding": encoding, "separator": _spoken(separator)})]
    if broken:
        notes.append(Note("readers.broken_characters", {"count": broken}))
    if is_unquoted:
        notes.append(Note("readers.broken_quotes"))
    return [Sheet(name, Path(name).stem, 1, False, cells, 1, tuple(notes))]


def _spoken(separator: str) -> str:
    return "tab" if separator == "\t" else separator


def decode(content: bytes) -> tuple[str, str, int]:
    """Text, the encoding it was in, and how many characters could not be read (they become U+FFFD)."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return _tidy(content[len(mark) :].decode(encoding, "replace"), encoding)
    if (wide := guard.looks_utf16(content)) is not None:
        return _tidy(content.decode(wide, "replace"), wide)
    try:
        return _tidy(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        sample = content[max(error.start - SAMPLE_BYTES // 2, 0) : error.start + SAMPLE_BYTES // 2]
    encoding = "utf-8" if _is_mostly_utf8(sample) else single_byte_encoding(sample)
    return _tidy(content.decode(encoding, "replace"), encoding)


def _is_mostly_utf8(sample: bytes) -> bool:
    # A few spoilt bytes in a long utf-8 text do not make it another encoding.
    text = sample.decode("utf-8", "replace")
    spoilt = text.count("\ufffd")
    readable = len(text) - len(text.encode("ascii", "ignore")) - spoilt
    return spoilt * 20 < readable


def _tidy(text: str, encoding: str) -> tuple[str, str, int]:
    if "\x00" in text or "\x1a" in text:
        text = text.replace("\x00", "").replace("\x1a", "")
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    return text, encoding, text.count("\ufffd")


def single_byte_encoding(content: bytes) -> str:
    """Which of the one-byte encodings of Russian and western texts reads most like words."""
    words = bytes(byte for byte in content[:SAMPLE_BYTES] if byte >= 0x80 or byte == 32 or chr(byte).isalpha())
    return max(SINGLE_BYTE, key=lambda encoding: _likeness(words.decode(encoding, "replace")))


def _likeness(text: str) -> float:
    # Words are one alphabet and one case after the first letter; а о е и н т are half of Russian.
    score = 0.0
    for before, letter in zip(" " + text, text, strict=False):
        if "а" <= letter.lower() <= "я" or letter in "ёЁ№«»—":
            score += 1.0 + (letter.lower() in "аоеинтср") * 0.5
            score -= 2.0 * (before.islower() and letter.isupper()) + 2.0 * (before.isascii() and before.isalpha())
        elif not letter.isascii():
            score += 0.4 if letter.isalpha() and before.isascii() and before.isalpha() else -1.0
    return score


def _refuse_endless_line(text: str, name: str) -> None:
    for start in range(0, len(text) - MAX_RECORD_CHARACTERS, MAX_RECORD_CHARACTERS // 2):
        if text.find("\n", start, start + MAX_RECORD_CHARACTERS) < 0:
            raise KamError("errors.endless_line", file=name)


def _separator(text: str) -> tuple[str, str]:
    first = text[:100].partition("\n")[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], text[text.index("\n") :] if "\n" in text else ""
    return find_separator(text[:SAMPLE_CHARACTERS]), text


def find_separator(sample: str) -> str:
    """The separator that cuts most lines of the sample into the same number of cells; ";" when none cuts any."""
    best, best_score = ";", 0.0
    for separator in SEPARATORS:
        rows = [row for row in _sample_rows(sample, separator) if any(row)]
        wide = [len(row) for row in rows if len(row) > 1]
        if not wide:
            continue
        mode = max(set(wide), key=lambda count: (wide.count(count), count))
        first = next(row for row in rows if len(row) == mode)
        # Decimal commas cut as evenly as semicolons, but not the header, which is words; and the earlier separator
        # keeps the place unless clearly beaten.
        score = wide.count(mode) / len(rows) + HEADER_BONUS * (not any(_is_figures(cell) for cell in first))
        if score > best_score + 0.1:
            best, best_score = separator, score
    return best


def _is_figures(cell: str) -> bool:
    return cell.strip()[:1].isdigit()


def _sample_rows(sample: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) >= SAMPLE_LINES:
                break
    except csv.Error:
        pass
    # The last row of a cut sample is cut itself.
    return rows[:-1] if len(rows) > 1 and len(sample) >= SAMPLE_CHARACTERS else rows


def _records(text: str, separator: str) -> tuple[pa.Table, bool]:
    """Cells by line of the file, and whether quotes had to be taken as letters because one was never closed."""
    counts = [len(row) for row in _sample_rows(text[:SAMPLE_CHARACTERS], separator) if row]
    if not counts:
        return pa.table({}), False
    width = max(set(counts), key=lambda count: (counts.count(count), count))
    data = text.encode()
    if '"' not in text:
        return _parse(data, separator, width, False), False
    try:
        cells = _parse(data, separator, width, True)
    except (pa.ArrowInvalid, _RunawayQuote):
        return _unquote(_parse(data, separator, width, False)), True
    return cells, False


class _RunawayQuote(Exception):
    """A quote that was opened and never closed has swallowed the lines after it."""


def _parse(data: bytes, separator: str, width: int, is_quoted: bool) -> pa.Table:
    ragged: list[tuple[int | None, str]] = []
    table = _arrow_csv(data, separator, width, is_quoted, ragged, True)
    if ragged:
        # Only the single-threaded parser knows where the odd rows stood.
        ragged.clear()
        table = _arrow_csv(data, separator, width, is_quoted, ragged, False)
        table = _put_back(table, ragged, separator, is_quoted)
    if is_quoted:
        table = _on_own_lines(table)
    return _blank_to_null(table)


def _arrow_csv(
    data: bytes, separator: str, width: int, is_quoted: bool, ragged: list[tuple[int | None, str]], use_threads: bool
) -> pa.Table:
    from pyarrow import csv as arrow_csv

    def keep(row: Any) -> str:
        ragged.append((row.number, row.text))
        return "skip"

    names = [str(number) for number in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=use_threads, block_size=8 * MEBIBYTE),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator,
            quote_char='"' if is_quoted else False,
            double_quote=is_quoted,
            newlines_in_values=is_quoted,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, null_values=[""], strings_can_be_null=True
        ),
    )


def _put_back(table: pa.Table, ragged: Sequence[tuple[int | None, str]], separator: str, is_quoted: bool) -> pa.Table:
    """The odd rows among the even ones, at their places; the table grows to the widest of them."""
    rows = [_fields(line, separator, is_quoted)[:MAX_COLUMNS] for _, line in ragged]
    width = max(table.num_columns, *(len(row) for row in rows))
    odd = pa.table(
        {str(n): pa.array([row[n] if n < len(row) else None for row in rows], pa.string()) for n in range(width)}
    )
    for number in range(table.num_columns, width):
        table = table.append_column(str(number), pa.nulls(table.num_rows, pa.string()))
    places = pa.array([number for number, _ in ragged], pa.int64())
    every = pa.arange(1, table.num_rows + odd.num_rows + 1)
    even_places = every.filter(pc.invert(pc.is_in(every, value_set=places)))
    both = pa.concat_tables([table, odd])
    order = pc.sort_indices(pa.chunked_array([even_places, places]))
    return both.take(order)


def _fields(line: str, separator: str, is_quoted: bool) -> list[str]:
    return next(csv.reader([line], delimiter=separator), []) if is_quoted else line.split(separator)


def _on_own_lines(table: pa.Table) -> pa.Table:
    """Blank rows after each record that spans several lines, so that row i is line i of the file."""
    breaks = None
    for column in table.columns:
        count = pc.fill_null(pc.count_substring(column, "\n"), 0)
        breaks = count if breaks is None else pc.add(breaks, count)
    most = pc.max(breaks).as_py() if breaks is not None else 0
    if not most:
        return table
    if most > 500:
        raise _RunawayQuote
    ends = pc.cumulative_sum(pc.cast(pc.add(breaks, 1), pa.int64()))
    starts = pc.subtract(ends, pc.cast(breaks, pa.int64()))
    lines = pa.arange(1, ends[-1].as_py() + 1)
    return table.take(pc.index_in(lines, value_set=starts.combine_chunks()))


def _blank_to_null(table: pa.Table) -> pa.Table:
    blank = pa.scalar(None, pa.string())
    columns = [pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), blank, column) for column in table.columns]
    return pa.table(columns, names=table.column_names)


def _unquote(table: pa.Table) -> pa.Table:
    columns = [pc.replace_substring_regex(column, '^"(.*)"$', "\\1") for column in table.columns]
    return pa.table(columns, names=table.column_names)


# HTML tables, which some systems write and call .xls.


class _Tables(HTMLParser):
    """Every table of a page as rows of cell texts; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str | None]]] = []
        self.open_tables: list[list[list[str | None]]] = []
        self.texts: list[list[str] | None] = []
        self.spans: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self.open_tables.append([])
            self.tables.append(self.open_tables[-1])
            self.texts.append(None)
            self.spans.append(1)
        elif self.open_tables and tag == "tr":
            self._close_cell()
            self.open_tables[-1].append([])
        elif self.open_tables and tag in ("td", "th"):
            self._close_cell()
            if not self.open_tables[-1]:
                self.open_tables[-1].append([])
            self.texts[-1] = []
            span = dict(attrs).get("colspan") or "1"
            self.spans[-1] = min(int(span), 1000) if span.isdigit() else 1
        elif self.open_tables and tag in ("br", "p", "div") and self.texts[-1]:
            self.texts[-1].append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, or a table with what is open in it."""
        if not self.open_tables:
            return
        if tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag == "table":
            self._close_cell()
            self.open_tables.pop()
            self.texts.pop()
            self.spans.pop()

    def handle_data(self, data: str) -> None:
        """Text belongs to the innermost open cell."""
        if self.texts and self.texts[-1] is not None:
            self.texts[-1].append(data)

    def _close_cell(self) -> None:
        pieces = self.texts[-1]
        if pieces is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(pieces).split("\n")).strip()
        # A cell over several columns stands in the first of them, as in a book.
        self.open_tables[-1][-1].extend([text or None] + [None] * (self.spans[-1] - 1))
        self.texts[-1] = None


def read_html(content: bytes, name: str) -> list[Sheet]:
    """One sheet per table of the page; row numbers count the table's own rows."""
    parser = _Tables()
    parser.feed(_html_text(content))
    parser.close()
    grids = [grid for grid in parser.tables if any(any(row) for row in grid)]
    stem = Path(name).stem
    return [
        Sheet(
            name,
            stem if len(grids) == 1 else f"{stem} {number}",
            number,
            False,
            _grid_table(grid),
            1,
            (Note("readers.html"),),
        )
        for number, grid in enumerate(grids, start=1)
    ]


def _html_text(content: bytes) -> str:
    import re

    charset = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", content[:8192])
    if charset and not content.startswith(guard.TEXT_BOMS):
        try:
            return content.decode(charset[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass  # a page that lies about its own encoding is read like any text
    return decode(content)[0]


def _grid_table(grid: list[list[str | None]]) -> pa.Table:
    width = max(len(row) for row in grid)
    return pa.table(
        {str(n): pa.array([row[n] if n < len(row) else None for row in grid], pa.string()) for n in range(width)}
    )


class _NoPandas:
    """pyarrow asks for pandas whenever a list becomes an array: 200 ms that nothing in the child needs."""

    @staticmethod
    def find_spec(title: str, path: object = None, target: object = None) -> None:
        """Refuse pandas, leave everything else to the other finders."""
        if title == "pandas":
            raise ImportError("pandas stays out of the reading process")


if __name__ == "__main__":
    sys.meta_path.insert(0, _NoPandas)
    child(Path(sys.argv[1]), json.loads(sys.stdin.buffer.read()))
