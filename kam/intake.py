"""Files taken in: unpacked, read, cut into tables, recognised; nothing is written here.

What the user can mend is a KamError inside the report of the file it concerns: the other files go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path

from kam import headers, loads, scratch
from kam.apart import tables as tables_of
from kam.body import Body, body
from kam.conventions import number
from kam.errors import KamError
from kam.file_dates import day_in
from kam.flatten import flatten
from kam.layout import Period
from kam.readers import Sheet, read_file
from kam.recognise import Correction, Recognition, recognise
from kam.remarks import figures_of
from kam.reports import SheetReport
from kam.stored import PARSED
from kam.tables import load_tables
from kam.unpack import is_archive, unpack
from kam.workspace import Workspace

Progress = Callable[[str, float], None]
Corrections = Mapping[tuple[str, str], Correction]
RETURNS = "-returns"  # behind the fingerprint of sheets that are returns by their name: sales of the same headers are another source
EVERY_SHEET = ("", "")  # the correction under this key is for every sheet that has none of its own


@dataclass(frozen=True)
class Upload:
    """A file as the user gave it: `name` is what it is called, `path` where its bytes lie."""

    name: str
    path: Path
    password: str | None = None


@dataclass(frozen=True)
class Refused:
    """A file that is refused before it is read."""

    name: str
    error: KamError


@dataclass(frozen=True)
class Recognised:
    """A sheet on its way into a draft."""

    upload: Upload
    file_hash: str
    sheet: Sheet
    recognition: Recognition
    report: SheetReport
    is_beside: bool


@contextmanager
def unpacked(uploads: Sequence[Upload]) -> Iterator[list[Upload | Refused]]:
    """The uploads with the files of each archive in its place, as long as the context lasts."""
    scratch.sweep()
    with scratch.folder("unpack") as folder:
        yield [file for number, upload in enumerate(uploads) for file in _files_of(upload, folder / str(number))]


def _files_of(upload: Upload, folder: Path) -> list[Upload | Refused]:
    if not is_archive(upload.path, upload.name):
        return [upload]
    folder.mkdir()
    try:
        files = unpack(upload.path, upload.name, folder)
    except KamError as error:
        return [Refused(upload.name, error)]
    return [Upload(f"{upload.name} › {file.name}", file.path, upload.password) for file in files]


def recognise_all(
    ws: Workspace, uploads: Sequence[Upload | Refused], corrections: Corrections, captured_on: date | None, table: str | None,
    progress: Progress,
) -> tuple[list[SheetReport], list[Recognised]]:  # fmt: skip
    reports: list[SheetReport] = []
    ready: list[Recognised] = []
    seen: set[str] = set()
    for done, (upload, read) in enumerate(_read_all(uploads)):
        progress("read", done / len(uploads))
        if isinstance(read, KamError):
            reports.append(SheetReport(upload.name, error=read))
            continue
        assert isinstance(upload, Upload)
        sheets, file_hash = read
        if file_hash in seen:
            reports.append(SheetReport(upload.name, error=KamError("errors.same_file_twice", file=upload.name)))
        else:
            seen.add(file_hash)
            parts = (flatten(part) for sheet in sheets for part in tables_of(sheet))
            found = [_recognise(ws, upload, file_hash, part, corrections, captured_on, table) for part in parts]
            reports.extend(_settle(upload, found))
            ready.extend(item for item in found if item.report.table is not None and not item.report.is_refused)
    return reports, ready


def recognise_again(upload: Upload, file_hash: str, told: Mapping[str, Correction], captured_on: date) -> dict[str, Recognised]:
    """The sheets of a kept file, by name, as the log of imports says they were taken; sheets that it does not name are left out.

    `told`: what each sheet was taken for, with its columns. Raises KamError for a file that can no longer be read.
    """
    found = {}
    for sheet in read_file(upload.path, upload.name, upload.password):
        for part in map(flatten, tables_of(sheet)):
            if part.name in told:
                recognition = recognise(part, table=told[part.name].table, told=told[part.name])
                report = SheetReport(
                    part.file, part.name, recognition.table, recognition, amount_made=_is_amount_made(recognition),
                    captured_on=captured_on, period=_covered(recognition),
                )  # fmt: skip
                found[part.name] = Recognised(upload, file_hash, part, recognition, report, told[part.name].beside)
    return found


def _read_all(uploads: Sequence[Upload | Refused]) -> Iterator[tuple[Upload | Refused, tuple[list[Sheet], str] | KamError]]:
    """Files are read side by side (the reader is a process of its own), and handed on in their order with their hashes."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from zip(uploads, pool.map(_read, uploads), strict=True)


def _read(upload: Upload | Refused) -> tuple[list[Sheet], str] | KamError:
    if isinstance(upload, Refused):
        return upload.error
    try:
        with ThreadPoolExecutor(max_workers=1) as beside:  # while another process reads
            beside.submit(headers.load_dictionary)
            file_hash = beside.submit(digest_of, upload.path)
            return read_file(upload.path, upload.name, upload.password), file_hash.result()
    except KamError as error:
        return error


def _recognise(
    ws: Workspace, upload: Upload, file_hash: str, sheet: Sheet, corrections: Corrections, captured_on: date | None,
    table: str | None,
) -> Recognised:  # fmt: skip
    correction = correction_for(corrections, sheet)
    known = cache(partial(_known_names, ws))
    recognition = recognise(sheet, table=table, told=correction, known_names=known)
    journal = ws.journal
    kept = journal.correction(recognition.fingerprint) or journal.correction(recognition.former_fingerprint)
    remembered = Correction.from_dict(kept) if correction is None and kept is not None else None
    if remembered is not None:
        recognition = recognise(sheet, table=table, remembered=remembered, known_names=known)
    report = SheetReport(
        sheet.file, sheet.name, recognition.table, recognition, notes=sheet.notes,
        amount_made=_is_amount_made(recognition), captured_on=captured_on or _own_date(upload),
        period=_covered(recognition),
    )  # fmt: skip
    question = next((question for question in recognition.questions if not question.can_wait), None)
    if recognition.table is not None and question is not None:
        report.error = KamError(question.key, **{"file": sheet.file, "sheet": sheet.name, **question.facts})
    said = correction or remembered
    return Recognised(upload, file_hash, sheet, recognition, report, said is not None and said.beside)


def _known_names(ws: Workspace) -> frozenset[str]:
    if ws.manifest is None:
        return frozenset()
    return frozenset(headers.fold(name) for name in ws.fetch("marts.client_names").column("client_name").to_pylist())


def correction_for(corrections: Corrections, sheet: Sheet) -> Correction | None:
    return corrections.get((sheet.file, sheet.name), corrections.get(EVERY_SHEET))


def _settle(upload: Upload, found: list[Recognised]) -> list[SheetReport]:
    """A sheet that is none of our tables is passed over in silence only where another sheet of its file is one."""
    if any(item.report.table is not None for item in found):
        return [item.report for item in found]
    for item in found:
        questions = item.recognition.questions
        key, facts = (questions[0].key, questions[0].facts) if questions else ("errors.none_of_ours", {})
        item.report.error = KamError(key, **{"file": upload.name, "sheet": item.sheet.name, **facts})
    return [item.report for item in found]


def _covered(recognition: Recognition) -> Period | None:
    is_event = recognition.table is not None and load_tables()[recognition.table].kind == "event"
    return recognition.period if is_event else None


def _is_amount_made(recognition: Recognition) -> bool:
    fields = {column.field for column in recognition.columns}
    return recognition.table == "orders" and "amount" not in fields and {"quantity", "price"} <= fields


def _own_date(upload: Upload) -> date:
    """The day an export was taken: what its name says, else when the file was last changed."""
    return day_in(upload.name) or datetime.fromtimestamp(upload.path.stat().st_mtime).date()


def digest_of(path: Path) -> str:
    """What a file is kept under: the SHA-256 of its bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def new_sheet(item: Recognised) -> loads.NewSheet:
    recognition = item.recognition
    table = recognition.table
    assert table is not None and item.report.captured_on is not None
    parsed = {name for name, kind in load_tables()[table].columns.items() if kind in PARSED}
    fields = {column.field: str(column.index) for column in recognition.columns if column.field}
    styles = {c.field: c.style for c in recognition.columns if c.field in parsed and c.style}
    if item.report.amount_made:
        styles["amount"] = "made"
    rows = body(item.sheet, recognition)
    _note_rows(item.report, rows)
    figures = figures_of(item.report, item.sheet, recognition, rows.cells)
    return loads.NewSheet(
        file=item.sheet.file, file_hash=item.file_hash, sheet=item.sheet.name, table=table,
        fingerprint=recognition.fingerprint + (RETURNS if figures.are_returns else ""),
        former_fingerprint=None if figures.are_returns else recognition.former_fingerprint,
        captured_on=item.report.captured_on, period=item.report.period, cells=figures.cells, row_numbers=rows.row_numbers,
        fields={**fields, **figures.fields}, styles=styles,
        extra={c.header: str(c.index) for c in recognition.columns if not c.field and c.header}, is_beside=item.is_beside,
    )  # fmt: skip


def _note_rows(report: SheetReport, rows: Body) -> None:
    report.left_out, report.continued = rows.left_out, rows.continued
    amount = report.recognition.column_of("amount") if report.recognition and report.table == "orders" else None
    if amount is not None:
        said = (number(row.sums.get(amount.index), amount.style) for row in rows.left_out if row.kind == "total")
        report.totals = tuple(value for value in said if value is not None)
