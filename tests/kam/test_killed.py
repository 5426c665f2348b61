"""What a killed process leaves at each step is gone, or brought to its end, with the next: the steps of tests/torture.py one by one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kam import backup, imports, restoring, scratch
from kam.datasets import Datasets
from kam.errors import KamError
from kam.imports import Upload
from kam.journal import Journal
from kam.rebuild import rebuild
from kam.workspace import Workspace


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the product catches it."""


def killed(*arguments: object, **named: object) -> None:
    raise Killed


@contextmanager
def dying(owner: object, name: str, instead: Callable[..., object] = killed) -> Iterator[None]:
    """What is called inside is killed at this step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, instead)
        with pytest.raises(Killed):
            yield


@pytest.fixture
def load(ws, tmp_path):
    """load(name, amount): one order of that much in a month of its own, in another file each time."""

    def loaded(name: str, amount: int, over: Workspace = ws) -> None:
        file = tmp_path / f"{name}.csv"
        file.write_text(f"order_id,client,date,amount\n{name},Альфа,2026-0{name}-05,{amount}\n", encoding="utf-8")
        (report,) = imports.load(over, [Upload(file.name, file)])
        assert report.error is None

    return loaded


def revenue(ws: Workspace) -> int:
    return int(sum(row["amount"] for row in ws.fetch("marts.explore_orders").to_pylist()))


def names(ws: Workspace) -> list[str]:
    return [str(one.files[0]["file"]) for one in imports.history(ws) if one.undone_at is None]


@pytest.mark.parametrize("leaving", ["datasets/ds-x.duckdb", "datasets/ds-x.duckdb.part.wal", "datasets/ds-x.json.new", "CURRENT.new",
                                     "files/abc.csv.7.part", "restoring-x/journal.sqlite"])  # fmt: skip
def test_leaving_of_a_killed_writer_goes_with_the_next(ws, load, leaving):
    load("1", 10)
    (ws.path / leaving).parent.mkdir(exist_ok=True)
    (ws.path / leaving).write_bytes(b"x")
    load("2", 20)
    assert not (ws.path / leaving).exists()
    assert not list(ws.path.glob("restoring-*"))
    assert revenue(ws) == 30


def test_import_killed_before_it_is_in_force_is_neither_told_nor_rebuilt_and_its_file_goes(ws, load):
    load("1", 10)
    with dying(Datasets, "publish"):
        load("2", 20)
    with dying(Journal, "add_import"):
        load("3", 40)
    assert names(ws) == ["1.csv"]
    assert rebuild(ws) == 1 and revenue(ws) == 10
    load("4", 80)
    assert names(ws) == ["4.csv", "1.csv"] and revenue(ws) == 90
    # Of the first the log tells that it is not in force; of the second nothing was ever told.
    assert [one.files[0]["file"] for one in imports.history(ws)] == ["4.csv", "2.csv", "1.csv"]
    assert len(list((ws.path / "files").iterdir())) == 3


def test_first_import_killed_before_it_is_in_force_is_neither_told_nor_rebuilt(ws, load):
    with dying(Datasets, "publish"):
        load("1", 10)
    assert names(ws) == [] and ws.dataset_id is None
    with pytest.raises(KamError, match="nothing_to_rebuild"):
        rebuild(ws)


def test_undo_killed_before_the_log_knows_stays_undone(ws, load):
    load("1", 10)
    load("2", 20)
    first = ws.manifest.before_id
    with dying(Journal, "strike_out_after", lambda journal, last: killed() if last == first else None):
        imports.undo(ws)
    assert names(ws) == ["1.csv"] and revenue(ws) == 10
    assert rebuild(ws) == 1 and revenue(ws) == 10


def point(datasets: Datasets, dataset_id: str | None) -> None:
    """Killed where the workspace's own pointer would move; that of the unpacked copy does."""
    if datasets.root.parent.name == "workspace":
        raise Killed
    (datasets.root.parent / "CURRENT").write_text(dataset_id or "")


@pytest.mark.parametrize("step", [(restoring, "_put_in_force"), (Journal, "take_over"), (Datasets, "point", point)])
def test_restore_killed_on_its_way_into_force_is_finished_by_whoever_opens_next(ws, load, tmp_path, step):
    load("1", 10)
    ws.journal.set_norm("k_sleep", "4")
    backup.save(ws, tmp_path / "b.zip")
    load("2", 20)
    ws.journal.set_norm("k_sleep", "5")
    with dying(*step):
        backup.restore(ws, tmp_path / "b.zip")
    # The one that was open goes on as well as one that is opened now.
    other = Workspace(ws.path)
    for one in (other, ws):
        assert (names(one), one.journal.norms(), revenue(one)) == (["1.csv"], {"k_sleep": "4"}, 10)
    assert not (ws.path / restoring.READY).exists()
    other.close()


def test_restore_killed_between_a_dataset_and_its_note_loses_neither(ws, load, tmp_path):
    load("1", 10)
    backup.save(ws, tmp_path / "b.zip")
    elsewhere, move = Workspace(tmp_path / "elsewhere"), restoring._move
    with dying(restoring, "_move", lambda source, target: killed() if target.suffix == ".json" else move(source, target)):
        backup.restore(elsewhere, tmp_path / "b.zip")
    assert revenue(elsewhere) == 10
    elsewhere.close()


def test_original_of_a_log_that_was_lost_stays(ws, load):
    load("1", 10)
    with ws.journal.change() as db:
        db.execute("delete from imports")
    (kept,) = (ws.path / "files").iterdir()
    os.utime(kept, (0, 0))
    load("2", 20)
    load("3", 40)
    assert len(list((ws.path / "files").iterdir())) == 3


def test_dataset_built_anew_does_not_take_the_place_of_an_import_that_came_first(ws, load, monkeypatch):
    """Two processes: one is about to build the dataset anew for another currency when the other's import gets the lock."""
    load("1", 10)
    other = Workspace(ws.path)
    ws.journal.set_norm("currency", "USD")
    first, build_anew = other.manifest, Workspace._build_anew

    def late(self, *arguments):
        if self is ws:
            load("2", 20, over=other)
        return build_anew(self, *arguments)

    monkeypatch.setattr(Workspace, "_build_anew", late)
    assert revenue(ws) == 30
    assert ws.manifest.before_id not in (None, first) and names(ws) == ["2.csv", "1.csv"]
    other.close()


def test_dataset_taken_away_between_two_looks_is_not_called_damaged(ws, load, monkeypatch):
    load("1", 10)
    old, manifest_of = ws.dataset_id, Datasets.manifest

    def slow(self, dataset_id):
        if dataset_id == old and ws.datasets.pointed() == old:
            monkeypatch.setattr(Datasets, "manifest", manifest_of)
            rebuild(other)  # the old dataset goes before its note is read
        return manifest_of(self, dataset_id)

    other = Workspace(ws.path)
    monkeypatch.setattr(Datasets, "manifest", slow)
    assert ws.datasets.current().dataset_id != old
    assert revenue(ws) == 10
    other.close()


def test_folders_of_processes_that_are_no_more_go_and_those_of_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead, foreign = tmp_path / f"ritm-read-{gone.pid}-abc", tmp_path / "ritm-notes"
    dead.mkdir()
    (dead / "orders.csv").write_text("Клиент")
    foreign.mkdir()
    lasting = scratch.lasting("upload")
    with scratch.folder("read") as own:
        scratch.sweep()
        assert f"-{os.getpid()}-" in own.name
        assert {path.name for path in tmp_path.iterdir()} == {own.name, foreign.name, lasting.name}
    assert {path.name for path in tmp_path.iterdir()} == {foreign.name, lasting.name}
