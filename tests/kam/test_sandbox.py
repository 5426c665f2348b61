"""Typed SQL: what it may ask, what it is answered, and the words for what it may not."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from kam import queries, sandbox
from kam.errors import KamError
from kam.i18n import LANGUAGES, entries
from tests.conftest import World

AS_OF = date(2026, 3, 31)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("asked") / "workspace")
    world.given("clients", "client_id | client_name | manager | Город\n1 | Ромашка | Ёжиков | Тверь\n2 | Ландыш | Зуев | Курск")
    world.given(
        "orders",
        """
        client_id | date | amount
        1         | 2026-01-10 | 100.50
        1         | 2026-02-10 | 200
        2         | 2026-03-10 | 50
        """,
    )
    world.given("touches", "client_id | held_on | type\n1 | 2026-03-20 | звонок")
    world.build()
    yield world
    world.workspace.close()


def ask(world: World, text: str, **values: str | None) -> pa.Table:
    return sandbox.ask(world.workspace, text, AS_OF, values).table


def refusal(world: World, text: str, **values: str | None) -> KamError:
    with pytest.raises(KamError) as caught:
        ask(world, text, **values)
    return caught.value


def test_types_are_kept(world: World) -> None:
    table = ask(world, "select date '2026-01-01' as d, 1.50::decimal(18, 2) as m, 1::bigint as n, true as b, [1, 2] as l, null as z")
    assert [str(kind) for kind in table.schema.types] == ["date32[day]", "decimal128(18, 2)", "int64", "bool", "list<l: int32>", "null"]
    assert table.to_pylist() == [{"d": date(2026, 1, 1), "m": Decimal("1.50"), "n": 1, "b": True, "l": [1, 2], "z": None}]


@pytest.mark.parametrize(("count", "rows", "is_cut"), [(999, 999, False), (1000, 1000, False), (1001, 1000, True)])
def test_an_answer_is_cut_after_a_thousand_rows(world: World, count: int, rows: int, is_cut: bool) -> None:
    answer = sandbox.ask(world.workspace, f"select range as n from range({count}) order by n")
    assert (answer.table.num_rows, answer.is_cut) == (rows, is_cut)
    assert answer.table.column("n")[rows - 1].as_py() == rows - 1


def test_the_whole_result_is_not_cut_at_a_thousand(world: World) -> None:
    answer = sandbox.ask_all(world.workspace, "select range as n from range(1500)")
    assert (answer.table.num_rows, answer.is_cut) == (1500, False)


def test_columns_of_the_same_name_are_told_apart(world: World) -> None:
    assert len(set(ask(world, "select 1 as a, 2 as a, 3 as A").column_names)) == 3


@pytest.mark.parametrize("mart", ["marts.client_classes", "marts.weekly_agenda", "marts.touch_clients", "marts.home_figures"])
def test_a_mart_answers_what_it_answers_on_its_screen(world: World, mart: str) -> None:
    assert ask(world, f"select * from {mart}").equals(world.fetch(mart, as_of=AS_OF))


def test_metrics_and_checks_can_be_asked_and_joined(world: World) -> None:
    found = ask(world, """
        select clients.client_name, revenue.revenue
        from metrics.client_revenue as revenue inner join core.clients using (client_key)
        order by all
    """)  # fmt: skip
    assert found.to_pylist() == [{"client_name": "Ландыш", "revenue": Decimal(50)}, {"client_name": "Ромашка", "revenue": Decimal("300.5")}]
    assert ask(world, "select count(*) as n from checks.clients_without_manager").to_pylist() == [{"n": 0}]


def test_every_mart_metric_and_check_can_be_asked(world: World) -> None:
    names = [name for name in queries.all_queries() if name.split(".")[0] in ("marts", *queries.INLINED)]
    for part in (names[at : at + 40] for at in range(0, len(names), 40)):
        counts = " union all ".join(f"select * from (select 1 from {name} limit 0)" for name in part)
        assert sandbox.ask(world.workspace, counts, AS_OF, seconds=60).table.num_rows == 0  # forty questions planned as one


def test_a_mart_is_asked_as_of_the_date(world: World) -> None:
    text = "select sum(revenue) as r from marts.client_classes"
    assert sandbox.ask(world.workspace, text, date(2026, 2, 9)).table.to_pylist() == [{"r": Decimal("100.5")}]
    assert sandbox.ask(world.workspace, text, date(2026, 2, 10)).table.to_pylist() == [{"r": Decimal("300.5")}]


def test_a_mart_takes_its_own_parameters(world: World) -> None:
    assert sandbox.mart_parameters("select * from marts.client_months")["client_id"] == "varchar"
    assert ask(world, "select client_name from marts.client_list order by 1", manager="Ёжиков").num_rows == 1


def test_what_people_typed_is_there(world: World) -> None:
    assert ask(world, "select kind_count > 0 as a from (select count(*) as kind_count from ref.touch_kinds)").to_pylist() == [{"a": True}]
    assert ask(world, "select day from ref.calendar where day = '2026-01-01'").num_rows == 1
    world.workspace.journal.set_norm("sleep_default", "2.5")
    try:
        assert ask(world, "select number from ref.norms where key = 'sleep_default'").to_pylist() == [{"number": 2.5}]
    finally:
        world.workspace.journal.set_norm("sleep_default", None)


def test_own_columns_of_an_upload_can_be_asked(world: World) -> None:
    assert ask(world, "select extra['Город'] as town from raw.clients order by 1").column("town").to_pylist() == ["Курск", "Тверь"]


# Parameters


def test_parameters_are_found_outside_strings_and_comments() -> None:
    text = "select '$a', \"$b\", $c -- $d\n, $as_of /* $e */ + $c, $f, $$ $g $$"
    assert sandbox.parameters(text) == ("c", "f")


@pytest.mark.parametrize(
    ("condition", "value", "count"),
    [
        ("amount > $x", "100.4", 2), ("amount > $x", "100.5", 1), ("ordered_on > $x", "2026-02-09", 2),
        ("ordered_on > $x", "2026-02-10", 1), ("amount > $x + 100", "0.5", 1), ("amount between $x and $x * 2", "50", 1),
        ("$x is null", None, 3), ("$x is null", "", 3), ("order_id = $x", "007", 0), ("ordered_on >= $as_of and $x = '1'", "1", 0),
    ],
)  # fmt: skip
def test_a_parameter_takes_the_type_of_what_it_meets(world: World, condition: str, value: str | None, count: int) -> None:
    assert ask(world, f"select 1 from core.order_lines where {condition}", x=value).num_rows == count


def test_a_value_is_never_sql(world: World) -> None:
    hostile = "x' or 1=1; drop table core.clients --"
    assert ask(world, "select client_name from core.clients where client_name = $x", x=hostile).num_rows == 0
    assert ask(world, "select * from marts.client_list", manager=hostile).num_rows == 0


# Refusals


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("selct 1", 1, 1), ("select 1 frm x y", 1, 14), ("select nothing from core.clients", 1, 8),
        ("select 'Ёж' as q,\n  nothing from core.clients", 2, 3), ("-- ё\n\nselect 1 from core.nobody", 3, 15),
        ("select\n    1 + 'ж'", 2, 7), ("select 1;\n-- ё\n", None, None),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place(world: World, text: str, line: int | None, column: int | None) -> None:
    if line is None:
        assert ask(world, text).num_rows == 1
        return
    error = refusal(world, text)
    assert (error.key, error.facts["line"], error.facts["column"]) == ("errors.sql_wrong_at", line, column)


def test_a_mistake_in_a_plan_has_the_same_place(world: World) -> None:
    with pytest.raises(KamError) as caught:
        sandbox.explain(world.workspace, "select 1,\n nothing from core.clients")
    assert (caught.value.facts["line"], caught.value.facts["column"]) == (2, 2)


def test_a_plan_is_told_without_running(world: World) -> None:
    assert "ORDER" in sandbox.explain(world.workspace, "select * from core.order_lines order by amount desc").upper()
    assert sandbox.explain(world.workspace, "select sum(hash(range)) from range(900000000000)")


def test_a_missing_parameter_is_named(world: World) -> None:
    assert refusal(world, "select $a, $b", b="1").facts == {"names": "a"}


def test_every_refusal_has_a_sentence() -> None:
    keys = {*sandbox.REFUSALS.values(), "errors.sql_wrong", "errors.sql_wrong_at", "errors.sql_slow", "errors.sql_large"}
    for language in LANGUAGES:
        assert keys <= set(entries(language))


def test_nothing_is_asked_of_an_empty_workspace(tmp_path: Path) -> None:
    with pytest.raises(KamError, match="workspace_empty"):
        sandbox.ask(World(tmp_path / "workspace").workspace, "select 1")


# The watch


def test_a_question_that_takes_too_long_is_stopped(world: World) -> None:
    with pytest.raises(KamError, match=r"errors\.sql_slow"):
        sandbox.ask(world.workspace, "select sum(hash(range)) from range(900000000000)", seconds=0.2)


def test_a_process_that_never_answers_is_killed(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the database does not keep its own time, the parent does."""
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time\nprint('ready', flush=True)\ntime.sleep(1000)\n", encoding="utf-8")
    monkeypatch.setattr(sandbox, "_CHILD", sleeper)
    with pytest.raises(KamError, match=r"errors\.sql_slow"):
        sandbox.ask(world.workspace, "select 1", seconds=0.1)


def test_a_process_that_grows_is_killed_where_no_limit_holds_it(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    grower = tmp_path / "grower.py"
    grower.write_text("import time\nprint('ready', flush=True)\nkept = b'x' * (200 << 20)\ntime.sleep(1000)\n", encoding="utf-8")
    monkeypatch.setattr(sandbox, "_CHILD", grower)
    monkeypatch.setattr(sandbox, "MEMORY", 100 << 20)
    with pytest.raises(KamError, match=r"errors\.sql_memory"):
        sandbox.ask(world.workspace, "select 1", seconds=100)


@pytest.mark.parametrize("last_words", ["", "print('ready', flush=True)", "print('ready', flush=True); print('{', flush=True)"])
def test_a_process_that_dies_is_told_of(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, last_words: str) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text(last_words, encoding="utf-8")
    monkeypatch.setattr(sandbox, "_CHILD", dying)
    with pytest.raises(KamError, match=r"errors\.sql_died"):
        sandbox.ask(world.workspace, "select 1")


def test_too_many_questions_at_once_wait_for_their_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)
    with sandbox._slots, pytest.raises(KamError, match=r"errors\.sql_busy"):
        sandbox.ask(world.workspace, "select 1")
    assert ask(world, "select 1 as a").to_pylist() == [{"a": 1}]


# The command line


def command(world: World, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "kam", "sql", "--workspace", str(world.workspace.path), "--lang", "en", *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)


def test_the_command_line_asks_the_same(world: World) -> None:
    text = "select client_name, $x as x from core.clients where $as_of = '2026-03-31' order by 1"
    ended = command(world, text, "--as-of", "2026-03-31", "--param", "x=5", "--format", "csv")
    assert (ended.returncode, ended.stdout) == (0, "client_name,x\nЛандыш,5\nРомашка,5\n")


def test_the_command_line_says_the_mistake_in_a_sentence(world: World) -> None:
    ended = command(world, "select 1;\ndrop table core.clients")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "These are 2 statements. One is run: leave one SELECT.\n"


def test_the_command_line_says_that_rows_were_cut(world: World) -> None:
    ended = command(world, "select range as n from range(1001)", "--format", "csv")
    assert (len(ended.stdout.splitlines()), "first 1,000 rows" in ended.stderr) == (1001, True)
    assert len(command(world, "select range as n from range(1001)", "--format", "csv", "--all").stdout.splitlines()) == 1002
