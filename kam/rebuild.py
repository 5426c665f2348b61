"""The dataset made anew from what is kept: the files as they came, by hash, and the log of imports.

The same sheets, taken for the same tables with the same columns, in the same order: the same database, row by row.
What was undone stays undone. Knows no screens.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from kam import build
from kam.errors import KamError
from kam.intake import Progress, Recognised, Upload, digest_of, new_sheet, recognise_again
from kam.journal import Import
from kam.recognise import Correction
from kam.workspace import Workspace


def rebuild(ws: Workspace, password: str | None = None, progress: Progress = lambda stage, share: None) -> int:
    """Makes the dataset in force anew and returns how many sheets it was made of.

    `password`: of protected books; it is kept nowhere. Raises KamError where nothing was loaded, where a kept file is gone,
    changed or cannot be read, and for a sheet that is no longer found; the dataset in force stays then.
    """
    with ws.datasets.writing() as dataset_id:
        past = [one for one in reversed(ws.journal.imports()) if one.undone_at is None]
        if not past:
            raise KamError("errors.nothing_to_rebuild")
        part, built_by = ws.datasets.part(dataset_id), ws.built_by()
        with build.drafting(part, None) as draft:
            ws.tell(draft)
            count = sum(_load_again(ws, draft, past, number, password, progress) for number in range(len(past)))
            draft.build(lambda share: progress("build", share))
            draft.finish()
        progress("publish", 0.0)
        last = past[-1]
        ws.datasets.publish(dataset_id, last.before_id, last.is_demo, built_by, last.dataset_id)
    ws.journal.told("rebuild", last.dataset_id, sheets=count)
    progress("done", 1.0)
    return count


def _load_again(ws: Workspace, draft: build.Draft, past: list[Import], number: int, password: str | None, progress: Progress) -> int:
    """Loads one import of the log into the draft; returns the number of its sheets."""
    one = past[number]
    progress("read", number / len(past))
    if one.is_demo or (number > 0 and past[number - 1].is_demo):
        draft.raw.clear()  # the demo and own data never stand together
    draft.raw.begin_load(datetime.fromisoformat(one.files[0]["loaded_at"]), one.is_demo)
    read: dict[str, dict[str, Recognised]] = {}
    for entry in one.files:
        if entry["hash"] not in read:
            read[entry["hash"]] = _read_again(ws, one, entry, password)
        item = read[entry["hash"]].get(entry["sheet"])
        if item is None:
            raise KamError("errors.sheet_not_found_again", file=entry["file"], sheet=entry["sheet"])
        draft.raw.add(new_sheet(item))
    draft.raw.replace_older(one.mode)
    return len(one.files)


def _read_again(ws: Workspace, one: Import, entry: dict[str, Any], password: str | None) -> dict[str, Recognised]:
    same_file = [other for other in one.files if other["hash"] == entry["hash"]]
    told = {other["sheet"]: Correction(other["table"], other["fields"], other["styles"], other.get("beside", False)) for other in same_file}
    upload = Upload(entry["file"], _original(ws, entry), password)
    return recognise_again(upload, entry["hash"], told, date.fromisoformat(entry["captured_on"]))


def _original(ws: Workspace, entry: dict[str, Any]) -> Path:
    """The kept file of a sheet. Raises KamError where it is gone or is not what it was."""
    for kept in (ws.path / "files").glob(f"{entry['hash']}*"):
        if digest_of(kept) == entry["hash"]:
            return kept
    raise KamError("errors.original_missing", file=entry["file"])
