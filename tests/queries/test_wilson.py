"""The 95 % interval of a share, against values worked out by its formula elsewhere."""

from __future__ import annotations

import duckdb
import pytest

from kam import queries


@pytest.fixture(scope="module")
def sql():
    connection = duckdb.connect()
    for macro in queries.macros():
        connection.execute(macro.text)
    return connection


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_interval_of_a_share(sql, hits, trials, low, high):
    found = sql.execute(f"select wilson_low({hits}, {trials}), wilson_high({hits}, {trials})").fetchone()
    assert [round(end, 4) for end in found] == [low, high]


def test_no_trials_have_no_interval(sql):
    assert sql.execute("select wilson_low(0, 0), wilson_high(0, 0)").fetchone() == (None, None)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, "0"),
        (1, "1-3"),
        (3, "1-3"),
        (4, "4-7"),
        (7, "4-7"),
        (8, "8-14"),
        (14, "8-14"),
        (15, "15-30"),
        (30, "15-30"),
        (31, "31+"),
    ],
)
def test_ageing_bucket(sql, days, bucket):
    assert sql.execute(f"select ageing_bucket({days})").fetchone() == (bucket,)
