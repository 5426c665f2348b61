"""A backup that lies unpacked and checked in the workspace comes in force: all of it, even if its process is killed on the way.

From the moment that its folder is called READY there is no way back but an error: whoever opens the workspace next goes on.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from kam import audit
from kam.datasets import Datasets
from kam.journal import Journal

CONTENTS, JOURNAL = "ritm-backup.json", "journal.sqlite"
READY = "RESTORE"
OURS = re.compile(r"journal\.sqlite|datasets/ds-[\w-]+\.(duckdb|json)|files/[0-9a-f]{64}[^/\\:]*|audit/\d{4}-\d\d\.jsonl")


def kept(root: Path) -> dict[str, Path]:
    """Every dataset, original and month of the audit log of a workspace by its name in a backup."""
    paths = [*(root / "datasets").glob("ds-*"), *(root / "files").glob("*"), *audit.files(root)]
    named = {path.relative_to(root).as_posix(): path for path in sorted(paths)}
    return {name: path for name, path in named.items() if OURS.fullmatch(name) and not name.endswith(".part")}


def finish(root: Path, datasets: Datasets, journal: Journal) -> None:
    """Puts in force what READY holds, if it is there. Only inside `writing`; on failure the workspace is as it was before."""
    folder = root / READY
    if not (folder / CONTENTS).exists():
        shutil.rmtree(folder, ignore_errors=True)  # nothing was left to do but to take it away
        return
    contents: dict[str, Any] = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
    _put_in_force(root, folder, contents, datasets, journal)
    (folder / CONTENTS).unlink()
    shutil.rmtree(folder)


def _put_in_force(root: Path, folder: Path, contents: dict[str, Any], datasets: Datasets, journal: Journal) -> None:
    """Files first, which change nothing yet; then the journal and the pointer, each in one step; the journal back on failure.

    The audit log alone is added to, not replaced: what was done here stays on the record."""
    names = [name for name in contents["parts"] if name != JOURNAL and not _is_audit(name)]
    aside = folder / "before.sqlite"
    try:
        for name in names:
            _move(folder / name, root / name)
        for name in filter(_is_audit, contents["parts"]):
            audit.take_over(root, folder / name)
        journal.copy_to(aside)
        journal.take_over(folder / JOURNAL, contents["made_at"])
        datasets.point(contents["current"])
    except Exception:
        if aside.exists():
            journal.take_over(aside, contents["made_at"])
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for name, path in kept(root).items():
        if name not in names and not _is_audit(name):
            path.unlink()


def _is_audit(name: str) -> bool:
    return name.startswith(f"{audit.FOLDER}/")


def _move(source: Path, target: Path) -> None:
    """Into the workspace; what a killed process moved before is there."""
    if source.exists():
        target.parent.mkdir(exist_ok=True)
        source.replace(target)
    target.with_name(target.name + ".wal").unlink(missing_ok=True)
