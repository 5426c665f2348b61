"""A manager sees own clients alone: every query is of one kind, answers are the director's cut, nothing of others stands in them."""

from __future__ import annotations

from typing import Any

import pytest

from kam import queries, scope, seen
from kam.access import User
from kam.errors import KamError
from kam.workspace import Workspace
from tests.conftest import World

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
