"""The log: what broke and where, nothing of the data, never larger than it may be."""

from __future__ import annotations

import logging

import duckdb
import pytest

from kam import cli, imports, log


def broken() -> BaseException:
    try:
        duckdb.connect().execute("select cast('ООО Ромашка 1234567.89' as date)")
    except duckdb.Error as error:
        return error
    raise AssertionError("the cast must fail")


def test_entry_names_the_kind_and_the_place_and_quotes_no_data(tmp_path):
    error = broken()
    assert "Ромашка" in str(error)
    reference = log.failure(error, tmp_path, "a screen")
    text = log.path(tmp_path).read_text(encoding="utf-8")
    assert reference in text and "ConversionException" in text and "test_log.py" in text
    assert "Ромашка" not in text and "1234567" not in text


def test_log_goes_round(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "BYTES", 600)
    for _ in range(40):
        log.failure(broken(), tmp_path, "a screen")
    files = sorted(log.path(tmp_path).parent.iterdir())
    assert len(files) == log.KEPT + 1
    assert all(file.stat().st_size <= 1200 for file in files)


def test_log_that_cannot_be_written_takes_nobody_his_number(tmp_path, caplog):
    (tmp_path / "log").write_text("no folder")
    with caplog.at_level(logging.ERROR):
        reference = log.failure(broken(), tmp_path, "a screen")
    assert reference in caplog.text and "Ромашка" not in caplog.text


@pytest.mark.parametrize(("language", "word"), [("en", "number"), ("ru", "номер")])
def test_command_line_says_the_number_and_the_file_and_no_traceback(tmp_path, monkeypatch, capsys, language, word):
    def fail(*_):
        raise RuntimeError("Ромашка 1234567.89")

    monkeypatch.setattr(imports, "undo", fail)
    assert cli.main(["--workspace", str(tmp_path), "--lang", language, "undo"]) == 70
    said = capsys.readouterr().err
    assert word in said and str(log.path(tmp_path)) in said and "Traceback" not in said and "Ромашка" not in said
    assert said.split(word)[1].split()[0] in log.path(tmp_path).read_text(encoding="utf-8")
