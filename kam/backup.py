"""A workspace as one file, and back: datasets, kept originals, journal, audit log, each with its checksum. Works while the app runs.

Nothing is put in force before all of it lies whole beside what is there; what is there stays until then. Knows no screen.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kam import restoring, scratch
from kam.datasets import RESTORING, Datasets
from kam.errors import KamError
from kam.journal import Journal
from kam.restoring import CONTENTS, JOURNAL, OURS
from kam.workspace import Workspace

FORMAT = 1
_PART = 1 << 20


@dataclass(frozen=True)
class Saved:
    """What a backup holds: the day it was made, how many datasets and kept files, its bytes unpacked."""

    made_at: str
    dataset_count: int
    file_count: int
    size: int


def save(ws: Workspace, target: Path) -> Saved:
    """Writes the workspace into `target`, in the place of what was called so. Raises KamError for a damaged workspace or place.

    No import can begin meanwhile; the screens go on.
    """
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        for left in target.parent.glob(f"{glob.escape(target.name)}.*.part"):
            left.unlink()  # of one that was killed
        scratch.sweep()
        with ws.datasets.writing(), scratch.folder("backup") as folder:
            current = ws.datasets.current()
            ws.journal.copy_to(folder / JOURNAL)
            parts = {JOURNAL: folder / JOURNAL, **restoring.kept(ws.path)}
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                sums = {name: _pack(archive, name, path) for name, path in parts.items()}
                contents = {
                    "format": FORMAT, "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "current": current.dataset_id if current else None, "parts": sums,
                }  # fmt: skip
                archive.writestr(CONTENTS, json.dumps(contents))
        draft.replace(target)
    except OSError as error:
        raise KamError("errors.backup_unwritable", file=str(target), why=error.strerror or str(error)) from None
    finally:
        draft.unlink(missing_ok=True)
    ws.journal.told("backup", target.name)
    return _saved(contents)


def restore(ws: Workspace, source: Path) -> Saved:
    """Puts the workspace of a backup in the place of this one. Raises KamError for a file that is no backup or is not whole.

    Until everything is unpacked and checked, and if anything goes wrong later, the workspace stays as it was.
    """
    with _opened(source) as archive, ws.datasets.writing():
        folder = Path(tempfile.mkdtemp(dir=ws.path, prefix=RESTORING))
        try:
            contents = _contents(archive, source)
            for name, said in contents["parts"].items():
                _unpack(archive, name, said, folder, source)
            _check(folder, contents, source)
            (folder / CONTENTS).write_text(json.dumps(contents), encoding="utf-8")
            folder.rename(ws.path / restoring.READY)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        restoring.finish(ws.path, ws.datasets, ws.journal)
    ws.journal.told("restore", source.name, made_at=contents["made_at"])
    return _saved(contents)


def _pack(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as content, archive.open(zipfile.ZipInfo.from_file(path, name), "w", force_zip64=True) as part:
        while piece := content.read(_PART):
            digest.update(piece)
            size += len(piece)
            part.write(piece)
    return {"size": size, "sha256": digest.hexdigest()}


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError):
        raise KamError("errors.backup_damaged", file=source.name) from None
    except OSError as error:
        raise KamError("errors.backup_unreadable", file=source.name, why=error.strerror or str(error)) from None


def _contents(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """What the backup says of itself: no name in it may point out of the workspace."""
    if CONTENTS not in archive.namelist():
        raise KamError("errors.backup_foreign", file=source.name)
    try:
        contents: dict[str, Any] = json.loads(archive.read(CONTENTS))
        parts, form = contents["parts"], int(contents["format"])
        is_ours = JOURNAL in parts and all(OURS.fullmatch(name) for name in parts) and contents["made_at"] and "current" in contents
    except (ValueError, KeyError, TypeError):
        is_ours, form = False, FORMAT
    if form > FORMAT:
        raise KamError("errors.backup_newer", file=source.name)
    if not is_ours:
        raise KamError("errors.backup_foreign", file=source.name)
    return contents


def _unpack(archive: zipfile.ZipFile, name: str, said: dict[str, Any], folder: Path, source: Path) -> None:
    target = folder / name
    target.parent.mkdir(exist_ok=True)
    digest, left = hashlib.sha256(), int(said["size"])
    try:
        with archive.open(name) as part, target.open("wb") as copy:
            while piece := part.read(_PART):
                left -= len(piece)
                if left < 0:
                    break
                digest.update(piece)
                copy.write(piece)
    except (KeyError, zipfile.BadZipFile, EOFError):
        left = -1
    if left != 0 or digest.hexdigest() != said["sha256"]:
        raise KamError("errors.backup_damaged", file=source.name)


def _check(folder: Path, contents: dict[str, Any], source: Path) -> None:
    """The unpacked workspace is one that would open."""
    datasets = Datasets(folder)
    datasets.point(contents["current"])
    try:
        datasets.current()
    except KamError:
        raise KamError("errors.backup_damaged", file=source.name) from None
    if not Journal.is_whole(folder / JOURNAL):
        raise KamError("errors.backup_damaged", file=source.name)


def _saved(contents: dict[str, Any]) -> Saved:
    names = list(contents["parts"])
    count = sum(name.endswith(".duckdb") for name in names)
    files = sum(name.startswith("files/") for name in names)
    return Saved(contents["made_at"], count, files, sum(part["size"] for part in contents["parts"].values()))
