"""A workspace saved and put back, also while somebody works in it; what is no whole backup leaves everything as it was."""

from __future__ import annotations

import json
import zipfile
from datetime import date

import pytest

from kam import backup, cli, imports
from kam.errors import KamError
from kam.journal import Journal
from kam.workspace import Workspace

FIRST = "Клиент;Дата;Сумма;Номер\n«Ромашка»;31.01.2026;100;1\n"
SECOND = "Клиент;Дата;Сумма;Номер\n«Лютик»;28.02.2026;50;2\n«Фиалка»;28.02.2026;70;3\n"


@pytest.fixture
def ws(tmp_path):
    made = Workspace(tmp_path / "workspace")
    load(made, tmp_path, "first.csv", FIRST)
    yield made
    made.close()


def load(ws, folder, name, content):
    (folder / name).write_text(content, encoding="utf-8")
    (report,) = imports.load(ws, [imports.Upload(name, folder / name)], mode="replace-all", tables="orders")
    assert report.error is None and report.rows_loaded


def names(ws):
    return sorted(ws.fetch("marts.client_names").column("client_name").to_pylist())


def state(ws):
    return names(ws), ws.journal.norms(), ws.dataset_id, sorted(path.name for path in (ws.path / "files").iterdir())


def test_backup_brings_back_data_norms_and_files_into_the_running_workspace(ws, tmp_path):
    ws.journal.set_norm("abcd_basis", "turnover")
    before = state(ws)
    saved = backup.save(ws, tmp_path / "b.zip")
    assert (saved.dataset_count, saved.file_count) == (1, 1)
    load(ws, tmp_path, "second.csv", SECOND)
    ws.journal.set_norm("abcd_basis", None)
    ws.journal.set_norm("k_sleep", "4")
    version = ws.journal.version
    other = Workspace(ws.path)  # the command line beside the app
    backup.restore(other, tmp_path / "b.zip")
    other.close()
    assert state(ws) == before
    assert ws.journal.version > version
    assert [one.undone_at for one in ws.journal.imports()] == [None]


def test_what_is_written_after_a_restore_is_kept(ws, tmp_path):
    backup.save(ws, tmp_path / "b.zip")
    backup.restore(ws, tmp_path / "b.zip")
    load(ws, tmp_path, "second.csv", SECOND)
    ws.journal.set_norm("k_sleep", "4")
    again = Workspace(ws.path)
    assert names(again) == ["«Лютик»", "«Фиалка»"] and again.journal.norms() == {"k_sleep": "4"}
    again.close()


def test_backup_opens_in_an_empty_workspace_and_can_be_rebuilt_there(ws, tmp_path, capsys):
    assert cli.main(["--workspace", str(ws.path), "--lang", "en", "backup", str(tmp_path / "b.zip")]) == 0
    elsewhere = str(tmp_path / "elsewhere")
    assert cli.main(["--workspace", elsewhere, "--lang", "en", "restore", str(tmp_path / "b.zip")]) == 0
    assert f"{date.today().year}" in capsys.readouterr().out
    assert cli.main(["--workspace", elsewhere, "rebuild"]) == 0
    moved = Workspace(tmp_path / "elsewhere")
    assert names(moved) == names(ws)
    moved.close()


def test_backup_of_nothing_makes_nothing_of_a_workspace(ws, tmp_path):
    empty = Workspace(tmp_path / "empty")
    backup.save(empty, tmp_path / "b.zip")
    empty.close()
    backup.restore(ws, tmp_path / "b.zip")
    assert ws.dataset_id is None and list((ws.path / "files").iterdir()) == []


def changed(path, name, content):
    """The same zip with one part otherwise, its own checksums right."""
    with zipfile.ZipFile(path) as old:
        parts = {one: old.read(one) for one in old.namelist()}
    parts[name] = content(parts[name])
    with zipfile.ZipFile(path, "w") as new:
        for one, bytes_ in parts.items():
            new.writestr(one, bytes_)


def with_contents(edit):
    def content(old):
        said = json.loads(old)
        edit(said)
        return json.dumps(said).encode()

    return content


def newer(said):
    said["format"] = 2


def outside(said):
    said["parts"]["files/../../evil"] = said["parts"].pop("journal.sqlite")


def no_such_dataset(said):
    said["current"] = "20200101000000-aaaaaa"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("journal.sqlite", lambda old: old[:-1] + b"x", "errors.backup_damaged"),
        ("journal.sqlite", lambda old: old + b"x", "errors.backup_damaged"),
        (backup.CONTENTS, lambda old: b"{}", "errors.backup_foreign"),
        (backup.CONTENTS, lambda old: b"not json", "errors.backup_foreign"),
        (backup.CONTENTS, with_contents(newer), "errors.backup_newer"),
        (backup.CONTENTS, with_contents(outside), "errors.backup_foreign"),
        (backup.CONTENTS, with_contents(no_such_dataset), "errors.backup_damaged"),
    ],
)
def test_backup_that_is_not_whole_is_refused_and_changes_nothing(ws, tmp_path, name, content, key):
    file = tmp_path / "b.zip"
    backup.save(ws, file)
    changed(file, name, content)
    load(ws, tmp_path, "second.csv", SECOND)
    before = state(ws)
    with pytest.raises(KamError) as refused:
        backup.restore(ws, file)
    assert refused.value.key == key
    assert state(ws) == before
    assert list(ws.path.glob("restoring-*")) == []


@pytest.mark.parametrize(("content", "key"), [(b"", "errors.backup_damaged"), (b"PK\x05\x06" + bytes(18), "errors.backup_foreign")])
def test_file_that_is_no_backup_is_refused(ws, tmp_path, content, key):
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(KamError) as refused:
        backup.restore(ws, tmp_path / "b.zip")
    assert refused.value.key == key


def test_torn_file_and_missing_file_are_refused(ws, tmp_path):
    backup.save(ws, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) // 2])
    for name, key in (("b.zip", "errors.backup_damaged"), ("nowhere.zip", "errors.backup_unreadable")):
        with pytest.raises(KamError) as refused:
            backup.restore(ws, tmp_path / name)
        assert refused.value.key == key


def test_failure_at_the_last_step_takes_the_journal_back(ws, tmp_path, monkeypatch):
    backup.save(ws, tmp_path / "b.zip")
    load(ws, tmp_path, "second.csv", SECOND)
    ws.journal.set_norm("k_sleep", "4")
    before = state(ws)

    def fail(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ws.datasets, "point", fail)
        with pytest.raises(KamError):
            backup.restore(ws, tmp_path / "b.zip")
    assert state(ws) == before


def test_place_that_cannot_be_written_is_said_and_an_older_backup_stays(ws, tmp_path, monkeypatch):
    with pytest.raises(KamError) as refused:
        backup.save(ws, tmp_path / "nowhere" / "b.zip")
    assert refused.value.key == "errors.backup_unwritable"
    backup.save(ws, tmp_path / "b.zip")
    old = (tmp_path / "b.zip").read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_pack", fail)
    with pytest.raises(KamError):
        backup.save(ws, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == old
    assert list(tmp_path.glob("*.part")) == []


def test_damaged_workspace_is_not_saved_over_a_good_backup_and_a_backup_mends_it(ws, tmp_path):
    backup.save(ws, tmp_path / "b.zip")
    good = (tmp_path / "b.zip").read_bytes()
    with ws.datasets.path(ws.dataset_id).open("ab") as file:
        file.write(b"torn")
    with pytest.raises(KamError) as refused:
        backup.save(ws, tmp_path / "b.zip")
    assert refused.value.key == "errors.dataset_damaged" and (tmp_path / "b.zip").read_bytes() == good
    backup.restore(ws, tmp_path / "b.zip")
    assert names(ws) == ["«Ромашка»"]


def test_journal_of_something_else_is_not_whole(tmp_path):
    (tmp_path / "x.sqlite").write_bytes(b"SQLite format 3\x00" + b"x" * 500)
    assert not Journal.is_whole(tmp_path / "x.sqlite")
