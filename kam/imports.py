"""An upload becomes a dataset: read → recognise → add → build → check → publish; and the log of it.

Knows files, recognition and drafts; must not know screens or SQL. What the user can mend is a KamError inside the
report of the file it concerns: the other files of the batch are loaded all the same.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from kam import build, demo, heap, loads, scratch
from kam.errors import KamError
from kam.intake import EVERY_SHEET, Corrections, Progress, Recognised, Upload, correction_for, new_sheet, recognise_all, unpacked
from kam.journal import Import
from kam.readers_run import warm
from kam.replacing import MODES
from kam.reports import SheetReport, fault_of
from kam.workspace import Workspace

__all__ = [
    "EVERY_SHEET", "Corrections", "Progress", "SheetReport", "Upload", "history", "inspect", "load", "load_demo", "rejects", "undo", "warm",
]  # fmt: skip


def inspect(ws: Workspace, uploads: Sequence[Upload], corrections: Corrections | None = None,
            captured_on: date | None = None, progress: Progress = lambda stage, share: None,
            tables: str | None = None, mode: str = "replace-period") -> list[SheetReport]:  # fmt: skip
    """The report that `load` would give; nothing is changed."""
    build.stand_by()
    with heap.trimmed(), unpacked(uploads) as files:
        reports, ready = recognise_all(ws, files, corrections or {}, captured_on, tables, progress)
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
    if mode not in MODES:
        raise KamError("errors.mode_unknown", mode=mode, known=", ".join(MODES))
    if is_demo and ws.manifest is not None and not ws.is_demo:
        raise KamError("errors.demo_over_data")
    build.stand_by()
    with heap.trimmed(), unpacked(uploads) as files:
        reports, ready = recognise_all(ws, files, corrections or {}, captured_on, tables, progress)
        if ready:
            _commit(ws, ready, mode, is_demo, corrections or {}, progress)
    progress("done", 1.0)
    return reports


def load_demo(ws: Workspace, rows: int | None = None, progress: Progress = lambda stage, share: None) -> list[SheetReport]:
    """Loads the demo: the shipped sample, or one with about `rows` order lines. Raises KamError over real data."""
    with scratch.folder("demo") as folder:
        files = demo.sample_files() if rows is None else demo.write(folder, rows)
        uploads = [Upload(file.name, file) for file in files]
        return load(ws, uploads, "replace-all", progress=progress, is_demo=True)


def history(ws: Workspace) -> list[Import]:
    """The log of imports, the newest first, without one that is not in force yet or was killed before it was."""
    ws.settle()
    last, past = ws.datasets.last_import(), ws.journal.imports()
    numbers = [one.number for one in past if one.dataset_id == last]
    if last is None or (last and not numbers):
        return past
    return [one for one in past if one.undone_at is not None or one.number <= max(numbers, default=0)]


def undo(ws: Workspace) -> str:
    """Goes back to the dataset before the last import; returns the id of what was undone. Raises KamError where none is."""
    with ws.datasets.writing():
        undone, before = ws.datasets.undo()
        ws.journal.strike_out_after(before.import_id if before else None)
    ws.journal.told("undo", undone)
    return undone


def rejects(ws: Workspace, sheet_id: int | None = None) -> pa.Table:
    """The rejected rows and unreadable cells in the dataset: table_name, file, sheet, row_number, reason, column, value."""
    return ws.fetch("marts.rejected_rows", sheet_id=sheet_id)


# Writing


def _commit(ws: Workspace, ready: list[Recognised], mode: str, is_demo: bool, corrections: Corrections, progress: Progress) -> None:
    with ws.datasets.writing() as dataset_id:
        before, built_by = ws.manifest, ws.built_by()
        _forget_originals(ws)
        part = ws.datasets.part(dataset_id)
        loaded = _draft(ws, part, ready, mode, is_demo, progress)
        if not loaded:
            part.unlink()
            return
        progress("publish", 0.0)
        for item in loaded:
            _keep_original(ws, item)
        before_id = before.dataset_id if before else None
        if before is None:
            ws.datasets.point(None)  # nothing is in force, and that is known: a pointer that is not there was lost
            ws.journal.strike_out_after(None)
        # The log first: an import killed in between is in the log and not in force, and is struck out by the next.
        ws.journal.add_import(dataset_id, before_id, mode, is_demo, [_log(item) for item in loaded])
        ws.datasets.publish(dataset_id, before_id, is_demo, built_by)
        for item in loaded:
            if (correction := correction_for(corrections, item.sheet)) is not None:
                ws.journal.set_correction(item.recognition.fingerprint, correction.to_dict())


def _draft(ws: Workspace, part: Path, ready: list[Recognised], mode: str, is_demo: bool, progress: Progress) -> list[Recognised]:
    """Builds the draft and fills the reports; returns the sheets of which something was loaded.

    A sheet of which no row can be read is refused, and must not have taken the place of older rows: then all begins again.
    """
    while True:
        useless = _try_draft(ws, part, ready, mode, is_demo, progress)
        left = [item for item in ready if item not in useless]
        if not useless or not left:
            return left
        ready = left


def _try_draft(ws: Workspace, part: Path, ready: list[Recognised], mode: str, is_demo: bool, progress: Progress) -> list[Recognised]:
    """Builds the draft of these sheets; returns those of which no row could be read."""
    part.unlink(missing_ok=True)
    before = ws.manifest
    keeps_before = before is not None and before.is_demo == is_demo and not is_demo
    base = ws.datasets.path(before.dataset_id) if before is not None and keeps_before else None
    with build.drafting(part, base) as draft:
        ws.tell(draft)
        sheet_ids = {}
        draft.raw.begin_load(datetime.now(UTC).replace(tzinfo=None, microsecond=0), is_demo)
        for done, item in enumerate(ready):
            progress("load", done / len(ready))
            sheet_ids[draft.raw.add(new_sheet(item))] = item
            item.sheet.rest()
            item.report.loaded_at = draft.raw.loaded_at
        draft.raw.replace_older(mode)
        counts = draft.build(lambda share: progress("build", share))
        useless = _fill_reports(draft, counts, sheet_ids)
        draft.finish()
    return useless


def _fill_reports(draft: build.Draft, counts: Sequence[loads.Counts], sheet_ids: Mapping[int, Recognised]) -> list[Recognised]:
    """Fills the reports from the build; returns the sheets of which no row could be read."""
    useless = []
    for count in counts:
        report = sheet_ids[count.sheet_id].report
        report.rows_read, report.rows_rejected = count.rows_read, count.rows_rejected
        report.rows_loaded, report.replaced_rows = count.rows_loaded, count.replaced_rows
        report.changes, report.reasons, report.again = count.changes, count.reasons, count.again
        report.given_way = count.given_way
        report.rejects = draft.rejects(count.sheet_id)
        report.amount = draft.amount(count.sheet_id) if report.table == "orders" and not count.given_way else None
        if error := fault_of(report):
            report.error = error
            report.rows_loaded = 0
            useless.append(sheet_ids[count.sheet_id])
    return useless


def _keep_original(ws: Workspace, item: Recognised) -> None:
    """The file as it came, by its hash: the whole dataset can be rebuilt from these and the journal."""
    folder = ws.path / "files"
    folder.mkdir(exist_ok=True)
    kept = folder / (item.file_hash + Path(item.upload.name).suffix.lower())
    if not kept.exists():
        draft = kept.with_name(kept.name + f".{os.getpid()}.part")
        shutil.copyfile(item.upload.path, draft)
        draft.replace(kept)


def _forget_originals(ws: Workspace) -> None:
    """Takes away the files of imports that were killed before they were in the log: nothing will ever ask for them.

    Such a file is newer than all of the log; an older one is of a log that was lost, and stays.
    """
    past = ws.journal.imports()
    if not past and ws.manifest is not None:
        return
    logged = {sheet["hash"] for one in past for sheet in one.files}
    since = max((datetime.fromisoformat(one.imported_at).timestamp() for one in past), default=0.0)
    for kept in (ws.path / "files").glob("*"):
        if kept.name.partition(".")[0] not in logged and kept.stat().st_mtime >= since:
            kept.unlink()


def _log(item: Recognised) -> dict[str, object]:
    report = item.report
    return {
        "file": report.file, "sheet": report.sheet, "table": report.table, "hash": item.file_hash,
        "captured_on": str(report.captured_on), "rows_read": report.rows_read, "rows_loaded": report.rows_loaded,
        "rows_rejected": report.rows_rejected, "loaded_at": str(report.loaded_at),
        "fields": {c.header: c.field for c in item.recognition.columns},
        "styles": {c.header: c.style for c in item.recognition.columns if c.style}, "beside": item.is_beside,
    }  # fmt: skip
