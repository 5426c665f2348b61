"""A disk that is full in the middle of an import: one sentence, the last good dataset, the space given back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kam import imports
from kam.errors import KamError
from kam.imports import Upload
from kam.workspace import Workspace

SIZE = 24 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of 24 MB; only root may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def free(place: Path) -> int:
    return os.statvfs(place).f_bavail * os.statvfs(place).f_frsize


def orders(folder: Path, name: str, rows: int, amount: int) -> Upload:
    path = folder / name
    lines = ["order_id,client,date,amount,product", *(
        f"{name}-{row},Client {row % 50},2026-01-{row % 28 + 1:02d},{amount},{os.urandom(24).hex()}" for row in range(rows)
    )]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Upload(name, path)


def revenue(ws: Workspace) -> int:
    return int(sum(row["revenue"] for row in ws.fetch("marts.client_classes").to_pylist()))


def test_a_full_disk_loses_nothing_and_says_so(small_disk: Path, tmp_path: Path) -> None:
    ws = Workspace(small_disk / "workspace")
    imports.load(ws, [orders(tmp_path, "small.csv", 100, 1)])
    before, in_force = free(small_disk), ws.dataset_id
    with pytest.raises(KamError, match=r"errors\.disk_full"):
        imports.load(ws, [orders(tmp_path, "big.csv", 300_000, 2)])
    assert (ws.dataset_id, revenue(ws)) == (in_force, 100)
    assert free(small_disk) > before - 2 * 1024 * 1024  # what was written of the draft is given back
    imports.load(ws, [orders(tmp_path, "next.csv", 100, 3)])
    assert revenue(ws) == 300  # the same days of the same source: replaced
    ws.close()
