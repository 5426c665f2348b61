"""Datasets on disk: immutable files, the pointer to the current one, the writer's lock, undo.

datasets/ds-<id>.duckdb is never changed, only replaced: a new one is written beside it as .part, and CURRENT is moved to
it in one atomic step. Knows files only; what is inside them is for kam.build (writes) and kam.workspace (reads).
"""

from __future__ import annotations

import copy
import errno
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kam.errors import KamError

KEPT = 5
RESTORING = "restoring-"  # what a folder is called in which a backup is unpacked


@dataclass(frozen=True)
class Manifest:
    """What CURRENT and the file beside each dataset say of it; `size` in bytes tells a torn file from a whole one."""

    dataset_id: str
    size: int
    before_id: str | None
    published_at: str
    is_demo: bool
    built_by: str = ""  # digest of the SQL that built it: another version of the product builds it anew
    import_id: str = ""  # the dataset that its last import made: built anew, a dataset has an id of its own


class Datasets:
    """The datasets of one workspace."""

    def __init__(self, root: Path, mend: Callable[[], None] = lambda: None) -> None:
        """`mend`: what else a killed writer may have left half done; called by the next one under the lock."""
        self.root = root / "datasets"
        self._mend = mend
        self.root.mkdir(parents=True, exist_ok=True)
        self._pointer = root / "CURRENT"
        self._lock = FileLock(root / "lock")
        self._is_locked = False

    def locked(self) -> Datasets:
        """The same datasets for somebody who may read and not change: every change raises KamError."""
        found = copy.copy(self)
        found._is_locked = True
        return found

    def _check_allowed(self) -> None:
        if self._is_locked:
            raise KamError("errors.not_allowed")

    def path(self, dataset_id: str) -> Path:
        return self.root / f"ds-{dataset_id}.duckdb"

    def part(self, dataset_id: str) -> Path:
        return self.root / f"ds-{dataset_id}.duckdb.part"

    def manifest(self, dataset_id: str) -> Manifest:
        """Raises KamError where the dataset is gone or damaged."""
        try:
            said = json.loads(self._note(dataset_id).read_text(encoding="utf-8"))
            return Manifest(**{**said, "import_id": said.get("import_id") or dataset_id})
        except (OSError, ValueError, TypeError):
            raise KamError("errors.dataset_damaged", dataset=dataset_id) from None

    def _note(self, dataset_id: str) -> Path:
        return self.root / f"ds-{dataset_id}.json"

    def _stray(self, dataset_id: str) -> Path:
        """What somebody else would have written beside a dataset: the next to open it would read that too."""
        return self.root / f"ds-{dataset_id}.duckdb.wal"

    def current(self) -> Manifest | None:
        """The dataset in force, None while nothing was loaded. Raises KamError where its file is not whole."""
        while True:
            dataset_id = self.pointed()
            try:
                manifest = self.manifest(dataset_id) if dataset_id else None
                if manifest is not None:
                    self._check(manifest)
                return manifest
            except KamError:
                # One that was replaced between two looks is gone, not damaged.
                if self.pointed() == dataset_id:
                    raise

    def pointed(self) -> str | None:
        """The id of the dataset that CURRENT points to, whole or not."""
        try:
            return self._pointer.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def last_import(self) -> str | None:
        """The dataset that the import in force made, "" where none is in force; None where what is lost or damaged cannot tell."""
        pointed = self.pointed()
        try:
            if pointed is None:
                return "" if self._pointer.exists() else None
            return self.manifest(pointed).import_id
        except KamError:
            return None

    def _check(self, manifest: Manifest) -> None:
        try:
            is_whole = self.path(manifest.dataset_id).stat().st_size == manifest.size
        except FileNotFoundError:
            is_whole = False
        if not is_whole or self._stray(manifest.dataset_id).exists():
            raise KamError("errors.dataset_damaged", dataset=manifest.dataset_id)

    @contextmanager
    def writing(self) -> Iterator[str]:
        """Holds the writer's lock; gives the id of the dataset to be written. Leavings of killed writers are swept away.

        Raises KamError for somebody who may not change anything."""
        self._check_allowed()
        try:
            with self._lock.acquire(timeout=600):
                self._mend()  # first: a restore brings the note of a dataset after its file
                self._sweep()
                yield f"{datetime.now(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(3)}"
        except Timeout:
            raise KamError("errors.workspace_busy") from None
        except Exception as error:
            if not _is_full(error):
                raise
            self._sweep()
            free = shutil.disk_usage(self.root).free // 2**20
            raise KamError("errors.disk_full", folder=self.root.parent.name, free=free) from error

    def _sweep(self) -> None:
        """Takes away what killed writers left: drafts, and finished datasets that they did not come to write the note of."""
        folder = self.root.parent
        drafts = (*self.root.glob("*.part*"), *self.root.glob("*.new"), *(folder / "files").glob("*.part"), *folder.glob("*.new"))
        unnoted = (file for file in self.root.glob("ds-*.duckdb") if not file.with_suffix(".json").exists())
        for leaving in (*drafts, *unnoted):
            leaving.unlink()
        for unpacked in folder.glob(f"{RESTORING}*"):
            shutil.rmtree(unpacked)

    def publish(self, dataset_id: str, before_id: str | None, is_demo: bool, built_by: str, import_id: str | None = None) -> Manifest:
        """Makes the finished .part the dataset in force. Only inside `writing`.

        `import_id`: of a dataset built anew, that of the one it takes the place of.
        """
        part, file = self.part(dataset_id), self.path(dataset_id)
        _sync(part)
        part.rename(file)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(dataset_id, file.stat().st_size, before_id, now, is_demo, built_by, import_id or dataset_id)
        _replace(self._note(dataset_id), json.dumps(asdict(manifest)))
        self.point(dataset_id)
        self._prune()
        return manifest

    def point(self, dataset_id: str | None) -> None:
        """Moves CURRENT: an atomic step, seen by everybody whole or not at all."""
        self._check_allowed()
        _replace(self._pointer, dataset_id or "")

    def undo(self) -> tuple[str, Manifest | None]:
        """Goes back to the dataset before; returns (undone id, the one now in force). Only inside `writing`.

        Raises KamError where there is none.
        """
        pointed = self.pointed()
        before = self.manifest(pointed).before_id if pointed else None
        if pointed is None or (before is not None and not self._note(before).exists()):
            raise KamError("errors.nothing_to_undo")
        goes_to = self.manifest(before) if before is not None else None
        if goes_to is not None:
            self._check(goes_to)
        self.point(before)
        return pointed, goes_to

    def _prune(self) -> None:
        keep = self._chain()
        for note in self.root.glob("ds-*.json"):
            dataset_id = note.stem.removeprefix("ds-")
            if dataset_id not in keep:
                try:
                    self.path(dataset_id).unlink(missing_ok=True)
                except PermissionError:
                    continue  # Windows, and somebody has it open: the next import takes it away
                self._stray(dataset_id).unlink(missing_ok=True)
                note.unlink(missing_ok=True)
                for own in self.root.glob(f"own-{dataset_id}-*"):  # a manager's rows of it: kam.own_file
                    own.unlink(missing_ok=True)

    def _chain(self) -> set[str]:
        """The dataset in force and those before it, as many as are kept."""
        keep: list[str] = []
        manifest = self.current()
        while manifest is not None and len(keep) <= KEPT:
            keep.append(manifest.dataset_id)
            try:
                manifest = self.manifest(manifest.before_id) if manifest.before_id else None
            except KamError:
                break  # gone or past use, and so are those before it
        return set(keep)


def _is_full(error: BaseException) -> bool:
    """Whether the disk was full: the writers of the dataset and of the journal say so in words, everybody else by number."""
    said = str(error)
    return getattr(error, "errno", None) == errno.ENOSPC or os.strerror(errno.ENOSPC) in said or "disk is full" in said


def _sync(path: Path) -> None:
    """Forces a file or folder to disk; folders cannot be opened on Windows, where the rename is durable by itself."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="utf-8")
    _sync(draft)
    draft.replace(path)
    _sync(path.parent)
