"""The audit log: what is done is on record under its user, bounded, whole beside torn lines, and outlives a restore."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta

import pytest

from kam import audit, backup, cli, imports, seen
from kam.access import User
from kam.workspace import Workspace

BOSS = User("boss", "director")


@pytest.fixture
def ws(tmp_path):
    made = Workspace(tmp_path / "workspace")
    yield made
    made.close()


def told(ws):
    return [(one.who, one.action, one.what) for one in audit.entries(ws.path)]


def test_what_is_typed_is_on_record_under_its_user_the_newest_first(ws):
    boss = seen.by(ws, BOSS)
    boss.journal.set_norm("abcd_basis", "turnover")
    boss.journal.set_norm("abcd_basis", "turnover")  # nothing changed
    ws.journal.set_dictionary("key_list", [{"client_id": "1", "is_listed": "1", "note": ""}])
    boss.journal.set_dictionary("key_list", [{"client_id": "2", "is_listed": "1", "note": "да"}])
    found = audit.entries(ws.path)
    assert [(one.who, one.action, one.what) for one in found] == [
        ("boss", "dictionary", "key_list"), (None, "dictionary", "key_list"), ("boss", "norm", "abcd_basis"),
    ]  # fmt: skip
    assert [one.facts for one in found] == [
        {"added": "2 · 1 · да", "removed": "1 · 1"}, {"rows": 1}, {"before": "shipped", "after": "turnover"},
    ]  # fmt: skip


def test_loads_undone_loads_and_their_rows_are_on_record(ws, tmp_path):
    (tmp_path / "заказы.csv").write_text("Клиент;Дата;Сумма\nРомашка;31.01.2026;100\nЛютик;что-то;5\n", encoding="utf-8")
    boss = seen.by(ws, BOSS)
    imports.load(boss, [imports.Upload("заказы.csv", tmp_path / "заказы.csv")], tables="orders")
    imports.undo(boss)
    undone, loaded = audit.entries(ws.path)
    assert (undone.who, undone.action, loaded.who, loaded.action, loaded.what) == ("boss", "undo", "boss", "load", "заказы.csv")
    assert loaded.facts["table"] == "orders" and (loaded.facts["rows"], loaded.facts["rejected"]) == (1, 1)


def test_a_change_that_cannot_be_put_on_record_is_not_made(ws, monkeypatch):
    def refuse(*_args, **_facts):
        raise OSError("disk full")

    monkeypatch.setattr(audit, "note", refuse)
    with pytest.raises(OSError, match="disk full"):
        ws.journal.set_norm("abcd_basis", "turnover")
    assert ws.journal.norms() == {}


def test_a_torn_line_is_passed_over_and_takes_no_other_with_it(ws):
    audit.note(ws.path, "a", "sign_in")
    (file,) = audit.files(ws.path)
    with file.open("a", encoding="utf-8") as log:
        log.write('{"at": "2026-')
    audit.note(ws.path, "b", "sign_in")
    assert [who for who, _, _ in told(ws)] == ["b", "a"]


def test_a_text_with_any_character_is_one_line_and_long_ones_are_cut(ws):
    text = "select '\u2028\n\x85'"
    audit.note(ws.path, "a", "sql", text, long="x" * 5000, nothing=None)
    (one,) = audit.entries(ws.path)
    assert one.what == text
    assert one.facts == {"long": "x" * audit.LONGEST + "…"}


def test_a_period_counts_both_its_days(ws):
    audit.note(ws.path, "a", "sign_in")
    today = audit.entries(ws.path)[0].at.astimezone().date()
    assert len(audit.entries(ws.path, today, today)) == 1
    assert audit.entries(ws.path, since=today + timedelta(days=1)) == []
    assert audit.entries(ws.path, till=today - timedelta(days=1)) == []


def test_months_beyond_those_kept_go_when_a_month_begins(ws):
    folder = ws.path / audit.FOLDER
    folder.mkdir()
    months = [f"{2000 + number // 12}-{number % 12 + 1:02}" for number in range(audit.KEPT_MONTHS + 3)]
    for month in months:
        (folder / f"{month}.jsonl").write_text("", encoding="utf-8")
    audit.note(ws.path, "a", "sign_in")
    kept = [file.stem for file in audit.files(ws.path)]
    assert len(kept) == audit.KEPT_MONTHS and kept[0] == months[4]


def test_a_restore_adds_to_the_log_and_takes_nothing_from_it(ws, tmp_path):
    audit.note(ws.path, "a", "sign_in")
    backup.save(ws, tmp_path / "b.zip")
    audit.note(ws.path, "b", "sign_in")
    before = told(ws)
    backup.restore(ws, tmp_path / "b.zip")
    assert told(ws) == [(None, "restore", "b.zip"), *before]
    other = Workspace(tmp_path / "other")
    backup.restore(other, tmp_path / "b.zip")
    assert told(other) == [(None, "restore", "b.zip"), ("a", "sign_in", "")]
    other.close()


def test_the_command_line_reads_the_log_and_is_on_it(ws, capsys):
    assert cli.main(["norms", "--workspace", str(ws.path), "abcd_basis=turnover"]) == 0
    audit.note(ws.path, "anna", "sign_in_failed", address="10.0.0.7")
    capsys.readouterr()
    assert cli.main(["audit", "--workspace", str(ws.path), "--who", "anna", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["who"], row["action"], json.loads(row["facts"])) == ("anna", "sign_in_failed", {"address": "10.0.0.7"})
    assert cli.main(["audit", "--workspace", str(ws.path), "--action", "norm", "--since", f"{date(2026, 1, 1)}", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith("""abcd_basis,"{""before"": ""shipped"", ""after"": ""turnover""}\"""")


def test_a_journal_of_an_earlier_version_learns_who(tmp_path):
    old = sqlite3.connect(tmp_path / "journal.sqlite")
    old.executescript(
        "create table changes (id integer primary key autoincrement, kind text, key text, before text, after text, changed_at text);"
        "create table asked (id integer primary key autoincrement, text text, given text, row_count integer, asked_at text);"
        "insert into asked (text, given, asked_at) values ('select 1', '{}', '2026-01-01T00:00:00+00:00');"
    )
    old.close()
    ws = Workspace(tmp_path)
    assert [asked.text for asked in ws.journal.asked()] == ["select 1"]
    assert seen.by(ws, BOSS).journal.asked() == []
    ws.close()
