"""A manager sees own clients alone: every query is of one kind, answers are the director's cut, nothing of others stands in them."""

from __future__ import annotations

from typing import Any

import pytest

from kam import own_file, queries, questions, sandbox, scope, seen
from kam.access import User
from kam.errors import KamError
from kam.workspace import Workspace
from tests.conftest import World
from tests.kam import sandboxed

MARTS = sorted(name for name in queries.all_queries() if name.startswith("marts."))
FOREIGN = "ЧУЖОЙ"
OWN, OTHER = "Иванов Иван Иванович", f"{FOREIGN} Пётр Петрович"
IVANOV = User("ivan", "manager", "Иванов Иван Иванович")
# Where a question needs a value to say anything: one of the other's, which must lead nowhere, and what else it takes.
ASKED = {"client_id": "2", "promise_id": "p2", "before_on": "2025-11-01", "person_name": OTHER, "manager": OTHER, "of_manager": OTHER}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two managers; whatever is the other's says so in its text."""
    world = World(tmp_path_factory.mktemp("scope") / "workspace")
    x = FOREIGN
    world.given("clients", f"""client_id | client_name | manager | segment | region | potential | key_client | Своё
        1 | Ромашка | {OWN} | Сети | Тула | 90000 | да | да
        2 | {x}-клиент | {OTHER} | {x}-сегмент | {x}-регион | 70000 | да | {x}
        3 | Лютик | {OWN} | Сети | Тула | | | нет""")  # fmt: skip
    world.given("orders", "\n".join(["client | date | amount | manager | product | Акция"] + [
        f"{client} | 2026-{month:02}-0{client} | {amount} | {who} | {product} | {product}"
        for month in range(1, 11) for client, amount, who, product in
        ((1, 700, OWN, "Чай"), (2, 900, OTHER, f"{x}-товар"), (3, 50, OWN, "Кофе"))
    ]))  # fmt: skip
    world.given("touches", "\n".join(["client | held_on | channel | subject | manager | contact"] + [
        f"{client} | 2026-{month:02}-1{client} | звонок | {text} | {who} | {contact}"
        for month in range(5, 11) for client, text, who, contact in
        ((1, "Уточнил заказ", OWN, "Анна"), (2, f"{x}-тема", OTHER, f"{x}-лицо"), (3, "Не дозвонился", OWN, "Пётр"))
    ]))  # fmt: skip
    for day, due in (("2026-10-01", "2026-10-10"), ("2026-10-08", "2026-10-14")):
        world.given("promises", f"""promise_id | client | text | owner | made_on | due_on
            p1 | 1 | Счёт | {OWN} | 2026-09-20 | {due}
            p2 | 2 | {x}-обещание | {OTHER} | 2026-09-20 | {due}
            p3 | {x}-никто | {x}-безымянное | {OTHER} | 2026-09-20 | {due}""", day)  # fmt: skip
    world.given("contacts", f"client | name | title\n1 | Анна | Директор\n2 | {x}-лицо | {x}-должность")
    world.given("requests", f"client | received_on | subject\n1 | 2026-10-01 | Брак\n2 | 2026-10-02 | {x}-жалоба")
    world.given("staff", f"name | level\n{OWN} | 2\n{OTHER} | 3")
    world.build()
    return world.workspace


@pytest.fixture(scope="module")
def own(workspace: Workspace) -> Workspace:
    return seen.by(workspace, IVANOV)


def asked(ws: Workspace, name: str) -> list[dict[str, Any]]:
    params = queries.compile_query(name).params
    return ws.fetch(name, **{key: value for key, value in ASKED.items() if key in params}).to_pylist()


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_is_of_one_kind_and_says_nothing_of_others_to_a_manager(workspace, own, name):
    columns = workspace.fetch(name).column_names
    kind = scope.kind(name, queries.compile_query(name), columns)
    assert (kind == "closed") == (name in scope.CLOSED), f"{name} cannot be cut to one manager: say in kam.scope why it is closed or open"
    assert (kind == "open") == (name in scope.OPEN)
    if kind == "closed":
        with pytest.raises(KamError, match=r"errors\.not_of_one_manager"):
            own.fetch(name)
        return
    assert FOREIGN not in repr(asked(own, name))


@pytest.mark.parametrize("name", ["client_card", "client_events", "client_contacts", "evidence_touches", "promise_list", "evidence_promise"])
def test_the_other_has_something_to_hide(workspace, name):
    assert FOREIGN in repr(asked(workspace, f"marts.{name}"))


@pytest.mark.slow
@pytest.mark.parametrize("name", MARTS)
def test_rows_of_own_clients_are_the_directors_and_in_the_directors_order(workspace, own, name):
    answer = workspace.fetch(name)
    if name in scope.CLOSED or "client_id" not in answer.column_names:
        return
    params = queries.compile_query(name).params
    whole = workspace.fetch(name, manager=OWN) if "manager" in params else answer
    rows = own.fetch(name).to_pylist()
    assert FOREIGN not in repr(rows)
    assert rows == [row for row in whole.to_pylist() if row["client_id"] in ("1", "3")]


def test_classes_cycles_and_stages_are_those_of_the_whole_portfolio(workspace, own):
    for name in ("marts.client_classes", "marts.client_cycles", "marts.client_stages", "marts.touch_compliance"):
        whole = [row for row in workspace.fetch(name).to_pylist() if row["client_id"] in ("1", "3")]
        assert whole and own.fetch(name).to_pylist() == whole


def test_totals_are_of_own_clients(workspace, own):
    summary, whole = (ws.fetch("marts.abcd_summary").to_pylist()[0] for ws in (own, workspace))
    assert (summary["client_count"], summary["all_client_count"], summary["revenue"]) == (2, 2, 7500)
    assert (whole["client_count"], whole["all_client_count"], whole["revenue"]) == (3, 3, 16500)
    assert own.fetch("marts.home_figures").to_pylist()[0]["client_count"] == 2


def test_filters_offer_own_values_alone(own):
    assert {row["value"] for row in own.fetch("marts.filter_values").to_pylist()} == {OWN, "Сети", "Тула"}


@pytest.mark.parametrize("name", ["marts.client_card", "marts.client_events", "marts.client_months", "marts.stage_reasons"])
def test_a_link_to_anothers_client_finds_nobody(own, name):
    assert own.fetch(name, client_id="2").num_rows == 0
    assert own.fetch(name, client_id="1").num_rows > 0


def test_a_promise_of_anothers_client_has_no_story(own):
    assert own.fetch("marts.evidence_promise", promise_id="p2").num_rows == 0
    assert own.fetch("marts.evidence_promise", promise_id="p1").num_rows == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in queries.all_queries() if name.startswith(("metrics.", "checks."))])
def test_metrics_are_cut_and_checks_are_closed(own, name):
    if not own.is_offered(name):
        with pytest.raises(KamError, match=r"errors\.not_of_one_manager"):
            own.fetch(name)
    else:
        assert name.startswith("metrics.")
        assert FOREIGN not in repr(own.fetch(name).to_pylist())


def test_a_free_question_is_asked_of_own_rows(own):
    text = "counted as (select count(*) as n, count(distinct client_id) as clients from asked)\nselect * from counted"
    assert own.fetch_over("marts.explore_orders", text, {}).to_pylist() == [{"n": 20, "clients": 2}]


def test_own_columns_tell_their_headers_and_no_counts(own):
    assert own.fetch("marts.own_columns").column_names == ["table_name", "own_column", "number_mark"]


@pytest.mark.parametrize("name", ["иванов иван иванович", " Иванов  Иван Иванович", "ИВАНОВ ИВАН ИВАНОВИЧ"])
def test_a_manager_may_be_spelled_otherwise_in_the_file_of_users(workspace, name):
    assert seen.by(workspace, User("ivan", "manager", name)).fetch("marts.client_list").num_rows == 2


@pytest.mark.parametrize("name", ["Иванов", "", "Сидоров Сидор", None, "%", "' or 1=1 --"])
def test_a_manager_that_the_data_do_not_know_sees_nothing(workspace, name):
    nobody = seen.by(workspace, User("x", "manager", name))
    assert nobody.scope == scope.NOBODY
    for mart in ("marts.client_list", "marts.home_clients", "marts.client_classes", "marts.filter_values"):
        assert nobody.fetch(mart).num_rows == 0


@pytest.mark.parametrize("user", [None, User("boss", "director"), User("eye", "viewer"), User("odd", "viewer", OWN)])
def test_director_and_viewer_see_everybody(workspace, user):
    assert seen.by(workspace, user).scope is None
    assert seen.by(workspace, user).fetch("marts.client_list").num_rows == 3


def test_views_of_different_people_never_share_a_cache(workspace, own):
    other = seen.by(workspace, User("p", "manager", OTHER))
    assert len({workspace.key, own.key, other.key}) == 3
    assert seen.by(workspace, User("boss", "director")).key == workspace.key


def test_what_is_listed_exists_and_is_listed_once():
    assert not set(scope.OPEN) & set(scope.CLOSED)
    assert {*scope.OPEN, *scope.CLOSED} <= set(MARTS)


# Typed SQL: the process that runs it is handed a file with own rows and nothing else

WAYS_ROUND = [
    *(f"select * from {prefix}core.{table}" for prefix in ("dataset.", "") for table in (
        "orders", "order_lines", "clients", "touches", "promises", "promise_snapshots", "contacts", "requests", "order_days", "touch_people",
        "client_merges", "people", "person_merges", "staff", "sources", "rejects", "promise_moves", "touch_wordings", "client_refs")),
    "select * from dataset.raw.orders", "select * from raw.clients", "select * from raw.sheets", "select * from dataset.raw.sheets",
    "select * from staging.orders", "select * from dataset.staging.clients", "select * from \"dataset\".\"core\".\"clients\"",
    "select * from DATASET.CORE.CLIENTS", "from dataset.core.clients", "table dataset.core.clients", "select * from ref.key_list",
    "select * from ref.distinct_pairs", "select * from ref.main.key_list", "select * from dataset.main.clients",
    "select * from duckdb_tables()", "select * from duckdb_columns()", "select * from duckdb_views()", "select * from duckdb_schemas()",
    "select * from duckdb_databases()", "select * from information_schema.tables", "select * from information_schema.columns",
    "select * from pg_catalog.pg_class", "select * from sqlite_master", "show all tables", "select * from pragma_storage_info('core.clients')",
    "select * from pragma_table_info('dataset.core.clients')", "select * from query('select * from dataset.raw.orders')",
    "select * from query_table('core.clients')", "select * from query_table('dataset.core.order_lines')",
    "select * from glob('*')", "select * from '{file}'", "select * from read_blob('{whole}')", "attach '{whole}' as w",
    "select * from '{whole}'",
    "select * from duckdb_constraints()", "select * from duckdb_dependencies()", "select stats(client_name) from dataset.core.clients",
    "select min(client_name), max(client_name), count(*), string_agg(client_name) from dataset.core.clients",
    "select count(*) from dataset.core.order_lines having count(*) > 20", "select * from dataset.core.clients where manager <> '{own}'",
    "select rowid, * from dataset.core.clients where client_id = '2'", "select max(rowid) from dataset.core.order_lines having max(rowid) > 19",
    "summarize dataset.core.clients", "describe dataset.core.clients", "select * from (summarize dataset.core.order_lines)",
    "with recursive r as (select * from dataset.core.clients) select * from r", "select (select string_agg(client_name) from core.clients)",
    "pivot dataset.core.clients on client_name in ('ЧУЖ') using count(*)",
]  # fmt: skip


def test_no_way_round_leads_to_rows_of_others(workspace, own, tmp_path):
    file, typed = own.beside()
    whole = workspace.beside()[0]
    canary = tmp_path / "canary"
    canary.write_text(FOREIGN)
    texts = [text.replace("{file}", str(file)).replace("{whole}", str(whole)).replace("{own}", OWN) for text in WAYS_ROUND]
    makes = [f"create view {name} as select * from dataset.{name}" for name in sorted(own.stored())]
    answers, _ = sandboxed.answers(file, canary, texts, makes)
    for text, (said, rows) in zip(texts, answers, strict=True):
        assert FOREIGN not in repr(rows), (text, rows)
        assert FOREIGN not in repr(said), (text, said)
        assert "having" not in text or rows is None or rows.endswith(": []}"), (text, rows)
    read = [rows for _, rows in answers[:3] if rows]
    assert read and "1" in read[0]  # own rows are there: the list looks at something
    assert FOREIGN.encode() not in file.read_bytes()
    assert FOREIGN.encode() in whole.read_bytes()
    assert not [name for name, table in typed.items() if FOREIGN in repr(table.to_pylist())]
    assert "ref.touch_kinds" in typed and "ref.key_list" not in typed and "ref.distinct_pairs" not in typed


@pytest.mark.parametrize(
    ("text", "values", "rows"),
    [
        ("select client_id from marts.client_list", {"manager": OTHER}, ["1", "3"]),
        ("select client_id from marts.client_card", {"client_id": "2", "manager": OTHER}, []),
        ("select client_id from marts.client_classes where $manager = manager", {"manager": OTHER}, []),
        ("select text from marts.evidence_promise", {"promise_id": "p2"}, []),
        ("select string_agg(client_id, ',' order by client_id) from metrics.client_traits", {}, ["1,3"]),
        ("select cast(all_client_count as varchar) from marts.abcd_summary", {"scope_manager": OTHER, "manager": OTHER}, ["2"]),
    ],
)  # fmt: skip
def test_parameters_of_a_typed_question_cannot_widen_it(own, text, values, rows):
    assert sandbox.ask(own, text, values=values).table.column(0).to_pylist() == rows


@pytest.mark.parametrize(
    "name", ["marts.client_names", "marts.people_list", "checks.near_clients", "metrics.loaded_tables", "marts.rejected_rows"]
)
def test_what_cannot_be_cut_is_refused_in_a_sentence(own, name):
    with pytest.raises(KamError, match=r"errors\.not_of_one_manager"):
        sandbox.ask(own, f"select * from {name}")


def test_a_value_that_a_parameter_cannot_be_is_said(own):
    with pytest.raises(KamError, match=r"errors\.param_value"):
        sandbox.ask(own, "select * from marts.class_moves", values={"before_on": "вчера"})


def test_a_text_may_not_ask_for_every_answer_at_once(own):
    named = " ".join(name for name in MARTS if name not in scope.CLOSED)
    with pytest.raises(KamError, match=r"errors\.sql_many_answers"):
        sandbox.ask(own, f"select 1 /* {named} */")


def test_the_file_with_own_rows_goes_with_its_dataset(workspace, own):
    made = own.beside()[0]
    assert made.name.startswith(f"{own_file.PREFIX}{workspace.dataset_id}-")
    other = seen.by(workspace, User("p", "manager", OTHER)).beside()[0]
    assert made != other and own.beside()[0] == made
    own_file.sweep(made.parent, keep=workspace.dataset_id)
    assert made.exists()
    own_file.sweep(made.parent)
    assert not made.exists() and not other.exists()


def test_questions_of_others_run_over_own_rows(workspace, own):
    questions.save(workspace.journal, "Все клиенты", "select client_id from core.clients order by 1", {})
    (saved,) = questions.saved(own.journal)
    assert sandbox.ask(own, saved.text).table.column("client_id").to_pylist() == ["1", "3"]
    assert sandbox.ask(workspace, saved.text).table.num_rows == 4
