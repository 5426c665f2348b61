"""Two spellings that the user calls one client: one row of core.clients with everything of both, and undone without a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from kam.workspace import Workspace
from tests.conftest import World

ORDERS = """
    client            | date       | amount
    Ромашка           | 2026-01-10 | 100
    Ромашка           | 2026-03-10 | 100
    Торг дом Ромашка  | 2026-02-10 | 50
    Вектор            | 2026-02-11 | 7
"""


def merge(ws: Workspace, **pairs: str) -> None:
    for merged, stays in pairs.items():
        ws.journal.set_merge(merged, stays)


def clients(world: World) -> dict[str, float]:
    """What each client bought."""
    rows = world.rows("marts.evidence_orders", as_of="2026-12-31")
    return {name: sum(float(row["amount"]) for row in rows if row["client_id"] == name) for name in {r["client_id"] for r in rows}}


def states(world: World) -> dict[str, tuple[str | None, str]]:
    return {row["merged"]: (row["client_id"], row["state"]) for row in world.rows("marts.client_merges")}


def tables(ws: Workspace) -> dict[str, list[Any]]:
    """Every table of the dataset in force, row by row."""
    ws.renew()
    ws.close()
    with duckdb.connect(str(ws.datasets.path(str(ws.dataset_id))), read_only=True) as db:
        names = db.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
        return {name: db.execute(f"select * from {name}").fetchall() for (name,) in names}


def test_orders_touches_promises_and_contacts_follow_the_client_that_stays(world):
    world.given("orders", ORDERS)
    world.given("touches", "client | held_on | subject\nТорг дом Ромашка | 2026-02-09 | Звонок\nРомашка | 2026-03-01 | Звонок")
    world.given("promises", "client | text | made_on | due_on\nТорг дом Ромашка | счёт | 2026-02-01 | 2026-02-05")
    world.given("contacts", "client | name\nТорг дом Ромашка | Анна\nРомашка | Борис")
    merge(world.workspace, **{"Торг дом Ромашка": "Ромашка"})
    assert clients(world) == {"Ромашка": 250, "Вектор": 7}
    assert world.row("marts.client_cycles", "Ромашка", as_of="2026-12-31")["interval_count"] == 2
    (touches,) = {row["client_id"] for row in world.rows("marts.evidence_touches", as_of="2026-12-31")}
    (promise,) = world.rows("marts.promise_states", as_of="2026-12-31")
    people = world.rows("marts.client_contacts", client_id="Ромашка", as_of="2026-12-31")
    assert (touches, promise["client_id"]) == ("Ромашка", "Ромашка")
    assert [row["contact_name"] for row in people] == ["Анна", "Борис"]


def test_what_the_one_that_stays_says_of_itself_wins_and_its_blanks_are_filled(world):
    world.given("clients", """
        client_id | client_name | manager | segment | potential | region
        1         | Ромашка     | Орлова  |         | 500       |
        2         | Ромашко     | Петров  | сети    | 900       | Юг
    """)
    newer = "client_id | client_name | manager | segment | region\n2 | Ромашко | Сидоров | сети | Юг"
    world.given("clients", newer, captured_on="2026-05-01")
    merge(world.workspace, **{"2": "1"})
    (row,) = world.rows("marts.client_list", as_of="2026-12-31")
    assert (row["client_id"], row["client_name"], row["manager"]) == ("1", "Ромашка", "Орлова")
    assert world.row("marts.client_classes", "1", as_of="2026-12-31")["potential"] == 500
    card = world.rows("marts.client_card", client_id="1", as_of="2026-12-31")[0]
    assert (card["segment"], card["region"]) == ("сети", "Юг")


def test_a_client_known_by_name_keeps_its_name_where_a_listed_one_joins_it(world):
    world.given("orders", ORDERS)
    world.given("clients", "client_id | client_name | segment\n7 | Ромашко | сети")
    merge(world.workspace, **{"7": "Ромашка"})
    card = world.rows("marts.client_card", client_id="Ромашка", as_of="2026-12-31")[0]
    assert (card["client_name"], card["segment"]) == ("Ромашка", "сети")


def test_undone_it_leaves_every_table_as_it_was(world):
    world.given("orders", ORDERS)
    world.given("clients", "client_id | client_name | segment\n7 | Ромашко | сети")
    world.given("touches", "client | held_on | subject\nТорг дом Ромашка | 2026-02-09 | Звонок")
    world.build()
    path = world.workspace.path
    before = tables(world.workspace)
    ws = Workspace(path)
    merge(ws, **{"Торг дом Ромашка": "Ромашка", "7": "Ромашка"})
    merged = tables(ws)
    ws = Workspace(path)
    for name in ("Торг дом Ромашка", "7"):
        ws.journal.set_merge(name, None)
    assert merged["core.order_lines"] != before["core.order_lines"]
    assert tables(ws) == before
    ws = Workspace(path)
    assert [(change.key, change.after) for change in ws.journal.changes("merge")][:2] == [("7", None), ("Торг дом Ромашка", None)]
    ws.close()


def test_a_chain_ends_in_one_client(world):
    world.given("orders", ORDERS)
    merge(world.workspace, **{"Торг дом Ромашка": "Ромашка", "Ромашка": "Вектор"})
    assert clients(world) == {"Вектор": 257}
    assert states(world) == {"Ромашка": ("Вектор", "in_force"), "Торг дом Ромашка": ("Вектор", "in_force")}


def test_a_chain_holds_across_a_client_that_is_in_no_file_now(world):
    world.given("orders", ORDERS)
    merge(world.workspace, **{"Торг дом Ромашка": "Ромашка Плюс", "Ромашка Плюс": "Ромашка"})
    assert clients(world) == {"Ромашка": 250, "Вектор": 7}
    assert states(world) == {"Торг дом Ромашка": ("Ромашка", "in_force"), "Ромашка Плюс": (None, "waiting")}


@pytest.mark.parametrize(
    "pairs",
    [
        {"Торг дом Ромашка": "Ромашка", "Ромашка": "Торг дом Ромашка"},
        {"Торг дом Ромашка": "Ромашка", "Ромашка": "Нет такого", "Нет такого": "Торг дом Ромашка"},
    ],
)
def test_a_ring_is_one_client_and_does_not_hang(world, pairs):
    world.given("orders", ORDERS)
    merge(world.workspace, **pairs)
    assert clients(world) == {"Ромашка": 250, "Вектор": 7}
    assert {merged: state for merged, (_, state) in states(world).items() if merged != "Нет такого"} == {
        "Ромашка": "same", "Торг дом Ромашка": "in_force"}  # fmt: skip


def test_a_target_that_left_the_data_is_told_and_nothing_is_lost(world):
    world.given("orders", ORDERS)
    merge(world.workspace, **{"Торг дом Ромашка": "Астра"})
    assert clients(world) == {"Ромашка": 200, "Торг дом Ромашка": 50, "Вектор": 7}
    assert states(world) == {"Торг дом Ромашка": ("Торг дом Ромашка", "target_gone")}


def test_of_a_chain_whose_end_left_the_data_the_last_one_there_stays(world):
    world.given("orders", ORDERS)
    merge(world.workspace, **{"Торг дом Ромашка": "Ромашка", "Ромашка": "Астра"})
    assert clients(world) == {"Ромашка": 250, "Вектор": 7}
    assert states(world) == {"Торг дом Ромашка": ("Ромашка", "in_force"), "Ромашка": ("Ромашка", "target_gone")}


def test_a_client_that_is_in_no_file_now_waits(world):
    world.given("orders", ORDERS)
    merge(world.workspace, **{"Астра": "Вектор"})
    assert len(clients(world)) == 3
    assert states(world) == {"Астра": (None, "waiting")}


def test_a_merge_by_name_is_found_again_under_another_spelling_and_under_the_id_of_a_later_list(world):
    world.given("orders", ORDERS.replace("Торг дом Ромашка", "ООО «ТОРГ ДОМ РОМАШКА»").replace("Вектор", "Вектор-М"))
    world.given("clients", "client_id | client_name\n15 | Ромашка")
    merge(world.workspace, **{"Торг дом Ромашка": "Ромашка"})
    assert clients(world) == {"15": 250, "Вектор-М": 7}


def test_spellings_that_are_one_client_anyway_are_said_to_be(world):
    world.given("orders", ORDERS)
    merge(world.workspace, **{"ООО Ромашка": "Ромашка"})
    assert clients(world)["Ромашка"] == 200
    assert states(world) == {"ООО Ромашка": ("Ромашка", "same")}


def test_the_next_load_keeps_them_and_a_merge_made_meanwhile_builds_anew(world, tmp_path: Path):
    world.given("orders", ORDERS)
    assert len(clients(world)) == 3
    merge(world.workspace, **{"Торг дом Ромашка": "Ромашка"})
    assert clients(world) == {"Ромашка": 250, "Вектор": 7}  # asked again, nothing else done
    world.given("orders", "client | date | amount\nторг дом «ромашка» | 2026-05-01 | 1")
    assert clients(world) == {"Ромашка": 251, "Вектор": 7}
