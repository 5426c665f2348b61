"""An upload becomes a dataset: read → recognise → add → build → check → publish; and the log of it.

Knows files, recognition and drafts; must not know screens or SQL. What the user can mend is a KamError inside the
report of the file it concerns: the other files of the batch are loaded all the same.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from kam import build, demo
from kam.apart import tables as tables_of
from kam.body import Body, LeftOut, body
from kam.conventions import number
from kam.errors import KamError
from kam.flatten import flatten
from kam.journal import Import
from kam.layout import Period
from kam.readers import Note, Sheet, read_file
from kam.recognise import Correction, Recognition, recognise
from kam.tables import load_tables
from kam.unpack import is_archive, unpack
from kam.workspace import Workspace

Progress = Callable[[str, float], None]
Corrections = Mapping[tuple[str, str], Correction]
EVERY_SHEET = ("", "")  # the correction under this key is for every sheet that has none of its own

# Rows that the rules set aside; every other reason is something to mend in the file.
BY_RULE = frozenset({"deal_not_won", "order_cancelled", "status_unknown", "cell_unreadable"})
_DATE_IN_NAME = (
    (re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)"), (1, 2, 3)),
    (re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_. ](0[1-9]|1[0-2])[-_. ](20\d\d)(?!\d)"), (3, 2, 1)),
)


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


@dataclass
class SheetReport:
    """What became of one sheet, or of a whole file that was refused (then `sheet` is empty and `error` says why).

    rows_read = rows_loaded + rows_rejected. `reasons` counts rejected rows by reason, and under cell_unreadable cells
    that stay unknown in rows that count. `amount` is the sum of the order lines loaded, in the workspace's currency.
    `left_out`: rows that are no data (totals, groups, footers …). `total` is the file's own total of the amounts, None
    where it has none, and `total_difference` what it has more than `amount`: rejected rows, or rows that the file lacks.
    `continued`: rows that took their order and client from the row above.
    `changes`: how its rows stand to those of the load before from the same source.
    `period`: the days that the file itself says it covers; rows of that time are replaced, found again or not.
    """

    file: str
    sheet: str = ""
    table: str | None = None
    recognition: Recognition | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    replaced_rows: int = 0
    changes: build.Changes | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    error: KamError | None = None
    amount_made: bool = False
    amount: Decimal | None = None
    captured_on: date | None = None
    period: Period | None = None
    left_out: tuple[LeftOut, ...] = ()
    continued: int = 0
    totals: tuple[Decimal, ...] = ()
    rejects: pa.Table | None = None

    @property
    def is_refused(self) -> bool:
        return self.error is not None

    @property
    def total(self) -> Decimal | None:
        return _grand_total(self.totals, self.amount)

    @property
    def total_difference(self) -> Decimal | None:
        return None if self.total is None or self.amount is None else self.total - self.amount


@dataclass(frozen=True)
class _Recognised:
    """A sheet on its way into a draft."""

    upload: Upload
    file_hash: str
    sheet: Sheet
    recognition: Recognition
    report: SheetReport


def inspect(ws: Workspace, uploads: Sequence[Upload], corrections: Corrections | None = None,
            captured_on: date | None = None, progress: Progress = lambda stage, share: None,
            tables: str | None = None, mode: str = "replace-period") -> list[SheetReport]:  # fmt: skip
    """The report that `load` would give; nothing is changed."""
    with _unpacked(uploads) as files:
        reports, ready = _recognise_all(ws, files, corrections or {}, captured_on, tables, progress)
        if ready:
            with ws.datasets.writing() as dataset_id:
                part = ws.datasets.part(dataset_id)
                try:
                    _draft(ws, part, ready, mode, is_demo=False, progress=progress)
                finally:
                    part.unlink(missing_ok=True)
    return reports


def load(ws: Workspace, uploads: Sequence[Upload], mode: str = "replace-period", captured_on: date | None = None,
         corrections: Corrections | None = None, progress: Progress = lambda stage, share: None,
         tables: str | None = None, is_demo: bool = False) -> list[SheetReport]:  # fmt: skip
    """Loads what can be loaded and publishes it as one new dataset; a refused file has its error in its report.

    `tables` forces the table of every sheet. Raises KamError for an unknown mode and for a demo over real data.
    """
    if mode not in build.MODES:
        raise KamError("errors.mode_unknown", mode=mode, known=", ".join(build.MODES))
    if is_demo and ws.manifest is not None and not ws.is_demo:
        raise KamError("errors.demo_over_data")
    with _unpacked(uploads) as files:
        reports, ready = _recognise_all(ws, files, corrections or {}, captured_on, tables, progress)
        if ready:
            _commit(ws, ready, mode, is_demo, corrections or {}, progress)
    progress("done", 1.0)
    return reports


def load_demo(ws: Workspace, rows: int | None = None, progress: Progress = lambda stage, share: None) -> list[SheetReport]:
    """Loads the demo: the shipped sample, or one with about `rows` order lines. Raises KamError over real data."""
    with tempfile.TemporaryDirectory(prefix="ritm-demo-") as folder:
        files = demo.sample_files() if rows is None else demo.write(Path(folder), rows)
        uploads = [Upload(file.name, file) for file in files]
        return load(ws, uploads, "replace-all", progress=progress, is_demo=True)


def history(ws: Workspace) -> list[Import]:
    """The log of imports, the newest first."""
    return ws.journal.imports()


def undo(ws: Workspace) -> str:
    """Goes back to the dataset before the last import; returns the id of what was undone. Raises KamError where none is."""
    undone, _ = ws.datasets.undo()
    ws.journal.mark_undone(undone)
    return undone


def rejects(ws: Workspace, sheet_id: int | None = None) -> pa.Table:
    """The rejected rows and unreadable cells in the dataset: table_name, file, sheet, row_number, reason, column, value."""
    return ws.fetch("marts.rejected_rows", sheet_id=sheet_id)


# Reading and recognising


@contextmanager
def _unpacked(uploads: Sequence[Upload]) -> Iterator[list[Upload | Refused]]:
    """The uploads with the files of each archive in its place, as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="ritm-unpack-") as folder:
        yield [file for number, upload in enumerate(uploads) for file in _files_of(upload, Path(folder) / str(number))]


def _files_of(upload: Upload, folder: Path) -> list[Upload | Refused]:
    if not is_archive(upload.path, upload.name):
        return [upload]
    folder.mkdir()
    try:
        files = unpack(upload.path, upload.name, folder)
    except KamError as error:
        return [Refused(upload.name, error)]
    return [Upload(f"{upload.name} › {file.name}", file.path, upload.password) for file in files]


def _recognise_all(
    ws: Workspace, uploads: Sequence[Upload | Refused], corrections: Corrections, captured_on: date | None, table: str | None,
    progress: Progress,
) -> tuple[list[SheetReport], list[_Recognised]]:  # fmt: skip
    reports: list[SheetReport] = []
    ready: list[_Recognised] = []
    seen: set[str] = set()
    for done, (upload, sheets) in enumerate(_read_all(uploads)):
        progress("read", done / len(uploads))
        if isinstance(sheets, KamError):
            reports.append(SheetReport(upload.name, error=sheets))
            continue
        assert isinstance(upload, Upload)
        file_hash = _hash(upload.path)
        if file_hash in seen:
            reports.append(SheetReport(upload.name, error=KamError("errors.same_file_twice", file=upload.name)))
        else:
            seen.add(file_hash)
            parts = (flatten(part) for sheet in sheets for part in tables_of(sheet))
            found = [_recognise(ws, upload, file_hash, part, corrections, captured_on, table) for part in parts]
            reports.extend(_settle(upload, found))
            ready.extend(item for item in found if item.report.table is not None and not item.report.is_refused)
    return reports, ready


def _read_all(uploads: Sequence[Upload | Refused]) -> Iterator[tuple[Upload | Refused, list[Sheet] | KamError]]:
    """Files are read side by side (the reader is a process of its own), and handed on in their order."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from zip(uploads, pool.map(_read, uploads), strict=True)


def _read(upload: Upload | Refused) -> list[Sheet] | KamError:
    if isinstance(upload, Refused):
        return upload.error
    try:
        return read_file(upload.path, upload.name, upload.password)
    except KamError as error:
        return error


def _recognise(
    ws: Workspace, upload: Upload, file_hash: str, sheet: Sheet, corrections: Corrections, captured_on: date | None,
    table: str | None,
) -> _Recognised:  # fmt: skip
    correction = _correction(corrections, sheet)
    recognition = recognise(sheet, table=table, told=correction)
    if correction is None and (kept := ws.journal.correction(recognition.fingerprint)) is not None:
        recognition = recognise(sheet, table=table, remembered=Correction.from_dict(kept))
    report = SheetReport(
        sheet.file, sheet.name, recognition.table, recognition, notes=sheet.notes,
        amount_made=_is_amount_made(recognition), captured_on=captured_on or _own_date(upload),
        period=_covered(recognition),
    )  # fmt: skip
    question = next((question for question in recognition.questions if not question.can_wait), None)
    if recognition.table is not None and question is not None:
        report.error = KamError(question.key, **{"file": sheet.file, "sheet": sheet.name, **question.facts})
    return _Recognised(upload, file_hash, sheet, recognition, report)


def _correction(corrections: Corrections, sheet: Sheet) -> Correction | None:
    return corrections.get((sheet.file, sheet.name), corrections.get(EVERY_SHEET))


def _settle(upload: Upload, found: list[_Recognised]) -> list[SheetReport]:
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
    """The day an export was taken: a date in its name, else when the file was last changed."""
    for pattern, (year, month, day) in _DATE_IN_NAME:
        if found := pattern.search(upload.name):
            try:
                return date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError:
                continue
    return datetime.fromtimestamp(upload.path.stat().st_mtime).date()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Writing


def _commit(
    ws: Workspace, ready: list[_Recognised], mode: str, is_demo: bool, corrections: Corrections, progress: Progress
) -> None:
    with ws.datasets.writing() as dataset_id:
        before, built_by = ws.manifest, ws.built_by()
        part = ws.datasets.part(dataset_id)
        loaded = _draft(ws, part, ready, mode, is_demo, progress)
        if not loaded:
            part.unlink()
            return
        progress("publish", 0.0)
        build.verify(part)
        for item in loaded:
            _keep_original(ws, item)
        ws.datasets.publish(dataset_id, before.dataset_id if before else None, is_demo, built_by)
        ws.journal.add_import(dataset_id, before.dataset_id if before else None, mode, [_log(item) for item in loaded])
        for item in loaded:
            if (correction := _correction(corrections, item.sheet)) is not None:
                ws.journal.set_correction(item.recognition.fingerprint, correction.to_dict())


def _draft(
    ws: Workspace, part: Path, ready: list[_Recognised], mode: str, is_demo: bool, progress: Progress
) -> list[_Recognised]:
    """Builds the draft and fills the reports; returns the sheets of which something was loaded."""
    before = ws.manifest
    keeps_before = before is not None and before.is_demo == is_demo and not is_demo
    base = ws.datasets.path(before.dataset_id) if before is not None and keeps_before else None
    with build.drafting(part, base, is_demo) as draft:
        ws.tell(draft)
        sheet_ids = {}
        for done, item in enumerate(ready):
            progress("load", done / len(ready))
            sheet_ids[draft.add(_new_sheet(item))] = item
        draft.replace_older(mode)
        counts = draft.build(lambda share: progress("build", share))
        useless = _fill_reports(draft, counts, sheet_ids)
        if useless and len(useless) < len(sheet_ids):
            draft.drop(useless)
            counts = draft.build(lambda share: progress("build", share))
            _fill_reports(draft, counts, sheet_ids)
        draft.finish()
    return [item for sheet_id, item in sheet_ids.items() if sheet_id not in useless]


def _fill_reports(
    draft: build.Draft, counts: Sequence[build.Counts], sheet_ids: Mapping[int, _Recognised]
) -> list[int]:
    """Fills the reports from the build; returns the sheets of which no row could be read."""
    useless = []
    for count in counts:
        report = sheet_ids[count.sheet_id].report
        report.rows_read, report.rows_rejected = count.rows_read, count.rows_rejected
        report.rows_loaded, report.replaced_rows = count.rows_loaded, count.replaced_rows
        report.changes, report.reasons = count.changes, count.reasons
        report.rejects = draft.rejects(count.sheet_id)
        report.amount = draft.amount(count.sheet_id) if report.table == "orders" else None
        if error := _useless(report):
            report.error = error
            report.rows_loaded = 0
            useless.append(count.sheet_id)
    return useless


def _useless(report: SheetReport) -> KamError | None:
    """A sheet whose every row has something to mend is refused as a whole, by its commonest fault."""
    if report.rows_read == 0:
        return KamError("errors.no_rows", file=report.file, sheet=report.sheet)
    faults = {reason: count for reason, count in report.reasons.items() if reason not in BY_RULE}
    if report.rows_loaded > 0 or sum(faults.values()) < report.rows_rejected:
        return None
    reason = max(faults, key=lambda name: faults[name])
    assert report.rejects is not None
    first = next(row for row in report.rejects.to_pylist() if row["reason"] == reason)
    return KamError(
        f"errors.all_{reason}", file=report.file, sheet=report.sheet, row=first["row_number"],
        value=first["value"] or "", rows=report.rows_read,
    )  # fmt: skip


def _new_sheet(item: _Recognised) -> build.NewSheet:
    recognition = item.recognition
    table = recognition.table
    assert table is not None and item.report.captured_on is not None
    parsed = {name for name, kind in load_tables()[table].columns.items() if kind in build.PARSED}
    fields = {column.field: str(column.index) for column in recognition.columns if column.field}
    styles = {c.field: c.style for c in recognition.columns if c.field in parsed and c.style}
    if item.report.amount_made:
        styles["amount"] = "made"
    rows = body(item.sheet, recognition)
    _note_rows(item.report, rows)
    return build.NewSheet(
        file=item.sheet.file, file_hash=item.file_hash, sheet=item.sheet.name, table=table,
        fingerprint=recognition.fingerprint, captured_on=item.report.captured_on, period=item.report.period, cells=rows.cells,
        row_numbers=rows.row_numbers, fields=fields, styles=styles,
        extra={c.header: str(c.index) for c in recognition.columns if not c.field and c.header},
    )  # fmt: skip


def _note_rows(report: SheetReport, rows: Body) -> None:
    report.left_out, report.continued = rows.left_out, rows.continued
    amount = report.recognition.column_of("amount") if report.recognition and report.table == "orders" else None
    if amount is not None:
        said = (number(row.sums.get(amount.index), amount.style) for row in rows.left_out if row.kind == "total")
        report.totals = tuple(value for value in said if value is not None)


def _grand_total(totals: Sequence[Decimal], amount: Decimal | None) -> Decimal | None:
    """The file's own total: of several rows the last, where it holds the others, else all of them together."""
    if not totals or amount is None:
        return None
    whole = sum(totals, Decimal(0))
    # Parts and their sum, or parts alone: what agrees with the rows is what the file means.
    if whole == amount or abs(totals[-1]) < max(map(abs, totals)):
        return whole
    return totals[-1]


def _keep_original(ws: Workspace, item: _Recognised) -> None:
    """The file as it came, by its hash: the whole dataset can be rebuilt from these and the journal."""
    folder = ws.path / "files"
    folder.mkdir(exist_ok=True)
    kept = folder / (item.file_hash + Path(item.upload.name).suffix.lower())
    if not kept.exists():
        draft = kept.with_name(kept.name + f".{os.getpid()}.part")
        shutil.copyfile(item.upload.path, draft)
        draft.replace(kept)


def _log(item: _Recognised) -> dict[str, object]:
    report = item.report
    return {
        "file": report.file, "sheet": report.sheet, "table": report.table, "hash": item.file_hash,
        "captured_on": str(report.captured_on), "rows_read": report.rows_read, "rows_loaded": report.rows_loaded,
        "rows_rejected": report.rows_rejected,
        "fields": {c.header: c.field for c in item.recognition.columns},
        "styles": {c.header: c.style for c in item.recognition.columns if c.style},
    }  # fmt: skip
