"""A dataset damaged on disk is noticed by every page, and mended by a button there or on the command line."""

import pytest

from kam import cli, imports
from kam.workspace import Workspace
from tests.pages.shown import sound

FIRST = "Клиент;Дата;Сумма;Номер\n«Ромашка»;31.01.2026;100;1\n"
SECOND = "Клиент;Дата;Сумма;Номер\n«Ромашка»;28.02.2026;50;2\n«Лютик»;28.02.2026;50;3\n"


def torn(path):
    with path.open("ab") as file:
        file.write(b"torn")


def stray(path):
    path.with_name(path.name + ".wal").write_bytes(b"stray")


def gone(path):
    path.unlink()


def unnamed(path):
    path.with_suffix(".json").write_text("{", encoding="utf-8")


@pytest.fixture
def workspace(tmp_path):
    ws = Workspace(tmp_path / "workspace")
    for name, content in (("first.csv", FIRST), ("second.csv", SECOND)):
        (tmp_path / name).write_text(content, encoding="utf-8")
        imports.load(ws, [imports.Upload(name, tmp_path / name)], tables="orders")
    ws.close()
    return ws


def clients(workspace):
    ws = Workspace(workspace.path)
    found = sorted(ws.fetch("marts.client_names").column("client_name").to_pylist())
    ws.close()
    return found


@pytest.mark.parametrize(("page", "damage"), [("home", torn), ("abcd", stray), ("upload", gone), ("settings", unnamed)])
def test_damage_is_said_and_rebuilding_loses_nothing(opened, workspace, page, damage):
    damage(workspace.datasets.path(workspace.dataset_id))
    app = opened(page, workspace.path, lang="en")
    assert "damaged on disk" in app.error[0].value and len(app.error) == 1
    sound(app.button(key="repair_rebuild").click().run())
    assert clients(workspace) == ["«Лютик»", "«Ромашка»"]
    assert list(workspace.datasets.root.glob("*.wal")) == []


@pytest.mark.parametrize("damage", [torn, gone])
def test_going_back_takes_the_last_import_away(opened, workspace, damage):
    damage(workspace.datasets.path(workspace.dataset_id))
    app = opened("home", workspace.path)
    sound(app.button(key="repair_back").click().run())
    assert clients(workspace) == ["«Ромашка»"]


def test_way_out_that_fails_says_why_and_leaves_the_other(opened, workspace):
    torn(workspace.datasets.path(workspace.dataset_id))
    for file in (workspace.path / "files").iterdir():
        file.unlink()
    app = opened("home", workspace.path, lang="en")
    app.button(key="repair_rebuild").click().run()
    assert len(app.error) == 2 and [exception.value for exception in app.exception] == []
    sound(app.button(key="repair_back").click().run())


@pytest.mark.parametrize("verb", ["rebuild", "undo"])
def test_command_line_mends_it_too(workspace, capsys, verb):
    torn(workspace.datasets.path(workspace.dataset_id))
    arguments = ["--workspace", str(workspace.path), "--lang", "en"]
    assert cli.main([*arguments, "show", "client_names"]) == 2
    assert "rebuild and undo" in capsys.readouterr().err
    assert cli.main([*arguments, verb]) == 0
    assert cli.main([*arguments, "show", "client_names"]) == 0
