"""What somebody could type, on purpose or not, that would take the machine along: each ends, and nothing else does.

Time is never asserted: a bomb that outlived its deadline would keep the test from ending at all. A bomb may also be answered,
where the database finds a short way.
"""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from kam import sandbox
from kam.errors import KamError
from tests.conftest import World

SECONDS = 0.3
DEEP = 9000
QUICK = 30  # the others are slow: more of the same kinds
ENDS = {
    "answered",
    "errors.sql_slow", "errors.sql_memory", "errors.sql_large", "errors.sql_died", "errors.sql_wrong", "errors.sql_wrong_at",
    "errors.sql_too_long",
}  # fmt: skip

BOMBS = {
    "cross_join": "select count(*) from range(1000000) a, range(1000000) b where a.range % 7 = b.range % 11",
    "recursive_for_ever": "with recursive a(n) as (select 1 union all select n + 1 from a) select max(n) from a",
    "recursive_doubling": "with recursive a(n) as (select 1 union all (select n from a union all select n from a)) select count(*) from a",
    "recursive_text": "with recursive a(t) as (select 'x' union all select t || t from a) select max(length(t)) from a",
    "huge_range": "select sum(hash(range)) from range(9000000000000000000)",
    "huge_series": "select * from generate_series(1, 9000000000000000000) order by hash(generate_series)",
    "huge_list": "select range(100000000000) as a",
    "days": "select * from generate_series(timestamp '0001-01-01', timestamp '9999-01-01', interval 1 microsecond) order by 1 desc",
    "repeat": "select repeat('x', 1000000000) as a",
    "repeat_many": "select repeat('x', 1000000) as a from range(1000)",
    "repeat_of_repeat": "select length(repeat(repeat(repeat('x', 10000), 10000), 10000)) as a",
    "pad": "select lpad('x', 2000000000, 'y') as a",
    "concatenation": "select string_agg(repeat('x', 100000), '') as a from range(1000000)",
    "replace": "select replace(repeat('x', 1000000), 'x', repeat('y', 1000000)) as a",
    "format": "select printf('%900000000d', 1) as a",
    "list_of_all": "select list(range) as a from range(10000000000)",
    "list_transform": "select list_sum(list_transform(range(1000000000), lambda x: x * 2)) as a",
    "list_reduce": "select list_reduce(range(100000000), lambda x, y: (x + y) % 7) as a",
    "list_sort": "select list_sort(list_transform(range(100000000), lambda x: hash(x))) as a",
    "map": "select map(range(100000000), range(100000000)) as a",
    "histogram": "select histogram(hash(range)) as a from range(1000000000)",
    "distinct": "select count(distinct hash(range)) from range(10000000000)",
    "grouping_sets": "select count(*) from (select 1 from range(100000000) t(a) group by cube (a, a+1, a+2, a+3, a+4, a+5, a+6, a+7, a+8))",
    "window": "select sum(range) over (order by hash(range) rows between 1000000 preceding and current row) as a from range(1000000000)",
    "median": "select quantile_cont(hash(range)::double, [0.1, 0.5]) as a from range(10000000000)",
    "sort": "select * from range(10000000000) order by hash(range)",
    "regex": r"select count(*) from range(10000000) where regexp_matches(repeat('a', 10000) || range, '^(a+)+b$')",
    "regex_large": r"select regexp_matches(repeat('a', 100000), '((a{1,100}){1,100}){1,100}$') as a",
    "regex_replace": r"select regexp_replace(repeat('a', 10000000), '', repeat('b', 1000), 'g') as a",
    "levenshtein": "select levenshtein(repeat('a', 1000000), repeat('b', 1000000)) as a",
    "deep_parentheses": "select " + "(" * DEEP + "1" + ")" * DEEP,
    "deep_sum": "select " + "1+" * DEEP + "1",
    "deep_not": "select " + "not " * 4000 + "true",
    "deep_select": "select * from (" * 1000 + "select 1" + ")" * 1000,
    "deep_case": "select " + "case when 1 then " * 700 + "1" + " end" * 700,
    "deep_list": "select " + "[" * DEEP + "]" * DEEP,
    "deep_json": "select json(repeat('[', 1000000) || repeat(']', 1000000)) as a",
    "deep_cast": "select 1" + "::int" * 3000,
    "many_unions": " union all ".join(["select 1"] * 1000),
    "many_joins": "select count(*) from range(9) a0 " + " ".join(f"join range(9) a{n} on true" for n in range(1, 400)),
    "many_joins_on": "select count(*) from range(9) a0 " + " ".join(f"join range(9) a{n} using (range)" for n in range(1, 100)),
    "many_columns": "select " + ", ".join(f"columns(*) as a{n}" for n in range(900)) + " from core.order_lines",
    "many_ctes": "with " + ", ".join(f"a{n} as (select * from {f'a{n - 1}, a{n - 1} b' if n else 'range(9)'})" for n in range(60))
                 + " select count(*) from a59",
    "pivot": f"from (pivot (select range as a, range as b from range(100000)) on a in ({', '.join(map(str, range(2000)))}) using sum(b))",
    "json": "select json_group_array(json_object('a', repeat('x', 10000))) as a from range(10000000)",
    "json_tree": "select count(*) from range(1000000), json_tree(json(list_transform(range(100000), lambda x: [x, x])::varchar))",
    "lateral": "select count(*) from range(10000000) a, lateral (select * from range(a.range)) b",
    "correlated": "select sum((select max(hash(b.range + a.range)) from range(1000000) b)) from range(1000000) a",
    "bits": "select bitstring('1', 2000000000) as a",
    "power": "select factorial(30) * factorial(30) * factorial(30) as a",
    "sample": "select * from range(100000000000) using sample reservoir(1000000000 rows)",
    "query_in_query": "select * from query('select * from query(''select sum(hash(range)) from range(10000000000000)'')')",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("bombed") / "workspace")
    world.given("orders", "client_id | date | amount\n1 | 2026-01-10 | 100")
    world.build()
    yield world
    world.workspace.close()


def test_there_are_thirty_bombs_and_more() -> None:
    assert len(BOMBS) >= 30


def ending(world: World, text: str) -> str:
    """How a text ends: the key of its refusal, or that it was answered within the limits."""
    try:
        table = sandbox.ask(world.workspace, text, seconds=SECONDS).table
    except KamError as error:
        return error.key
    return "answered" if table.num_rows <= sandbox.SHOWN_ROWS and table.nbytes <= sandbox.SHOWN_BYTES else "too much"


@pytest.mark.parametrize(
    "bomb", [bomb if number < QUICK else pytest.param(bomb, marks=pytest.mark.slow) for number, bomb in enumerate(BOMBS)]
)
def test_the_bomb_ends(world: World, bomb: str) -> None:
    assert ending(world, BOMBS[bomb]) in ENDS
    assert [process for process in psutil.Process().children() if "sandbox_child" in " ".join(process.cmdline())] == []


def test_the_next_question_is_answered_as_ever(world: World) -> None:
    for _ in range(2 * sandbox.AT_ONCE):  # a bomb gives its place back
        with pytest.raises(KamError):
            sandbox.ask(world.workspace, BOMBS["sort"], seconds=SECONDS)
    assert sandbox.ask(world.workspace, "select amount from core.order_lines").table.to_pydict() == {"amount": [100]}
