"""Which columns of the rows behind a number are shown."""

from __future__ import annotations

import pyarrow as pa

from kam.ui.evidence import columns


def rows(given: list[str | None]) -> pa.Table:
    text = pa.array(["x", "y"])
    given_manager = pa.array(given, pa.string())
    return pa.table({"file": text, "client_name": text, "manager": text, "given_manager": given_manager, "subject": text})


def test_a_name_as_the_file_spells_it_stands_beside_the_name_where_some_row_has_another_spelling():
    mixed = rows([None, "ИВАНОВ И. И."])
    assert columns(mixed, ("client_name", "manager", "subject")) == ["client_name", "manager", "given_manager", "subject", "file"]
    assert columns(mixed, None) == ["client_name", "manager", "given_manager", "subject", "file"]


def test_it_is_left_out_where_no_row_differs_and_where_the_name_is_not_shown():
    assert columns(rows([None, None]), None) == ["client_name", "manager", "subject", "file"]
    assert columns(rows([None, "ИВАНОВ И. И."]), ("client_name", "subject")) == ["client_name", "subject", "file"]
