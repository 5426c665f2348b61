"""One person under several spellings: what is folded at once, what waits for an answer, what is never one person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from kam import people
from kam.errors import KamError
from kam.workspace import Workspace
from tests.conftest import World


def touch(world: World, *names: str, captured_on: str = "2026-03-02") -> None:
    world.given("touches", "client | held_on | manager\n" + "".join(f"А | 2026-03-01 | {name}\n" for name in names), captured_on)


def persons(world: World) -> dict[str, int]:
    """Who made how many touches."""
    return {row["person"]: row["touch_count"] for row in world.rows("marts.people_list")}


def near(world: World) -> list[tuple[str, str, str]]:
    return [(row["person"], row["other_person"], row["difference"]) for row in world.rows("checks.near_people")]


def tables(ws: Workspace) -> dict[str, list[Any]]:
    """Every table of the dataset in force, row by row."""
    ws.renew()
    ws.close()
    with duckdb.connect(str(ws.datasets.path(str(ws.dataset_id))), read_only=True) as db:
        names = db.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
        return {name: db.execute(f"select * from {name}").fetchall() for (name,) in names}


TRIVIAL = (
    "Сёмин И. И.",
    "Семин И.И.",
    "СЕМИН И.И.",
    "сёмин и и",
    "Сёмин ИИ",
    "Cёмин И.И.",  # a Latin C
    "Сёмин И.И. (уволен)",
    "Сёмин И.И. (Уволена с 01.02.2026 г.)",
    "Сёмин И.И. [архив]",
    "Сёмин И.И. (в архиве)",
    "Сёмин И.И. (inactive)",
    "Сёмин И.И. (dismissed)",
    "Сёмин И.И., не работает",
    "Сёмин И.И. (не работает)",
    "Сёмин И.И. - уволен",
)


def test_spellings_that_can_be_one_person_only_are_one(world):
    touch(world, *["Сёмин И.И."] * 3, *TRIVIAL)
    assert persons(world) == {"Сёмин И.И.": 3 + len(TRIVIAL)}
    assert near(world) == []


def test_initials_drawn_in_the_other_alphabet_are_the_same_initials(world):
    touch(world, "Петров А.А.", "Петров А.А.", "Петров A.A.", "John Smith", "Jоhn Smith")
    assert persons(world) == {"Петров А.А.": 3, "John Smith": 2}


PROPOSED = (
    ("Иван Иванов", "Иванов Иван", "word_order"),
    ("И.И. Иванов", "Иванов И.И.", "word_order"),
    ("Иванов И.И.", "Иванов Иван Иванович", "initials"),
    ("Иванов И.", "Иванов Иван", "initials"),
    ("Иван Иванов", "Иванов Иван Иванович", "fewer_words"),
    ("Иванов", "Иванов Иван", "fewer_words"),
    ("Петрав Олег", "Петров Олег", "spelling"),
    ("Петров Влаидмир", "Петров Владимир", "spelling"),
    ("Петроов О.", "Петров Олег", "initials"),
    ("J. Smith", "John Smith", "initials"),
    ("Shchukin Yuri", "Щукин Юрий", "alphabet"),
    ("ivanov@firma.ru", "Иванов Иван", "mail"),
    ("I.Ivanov@firma.ru", "Иванов Иван Иванович", "mail"),
)
OTHERS = (
    ("Иванов Иван", "Иванов Пётр"),
    ("Иванов И.И.", "Иванов И.П."),
    ("Иванов И.", "Петров И."),
    ("Иванов И.", "Иванова И."),
    ("Иванов Иван", "Иванова Анна"),
    ("Петров Александр", "Петров Александра"),
    ("Иван Петров", "Иван Сидоров"),
    ("Петров Иван Иванович", "Сидоров Иван Иванович"),
    ("Иванов Иван", "Иванов Игорь"),
    ("p.ivanov@firma.ru", "Иванов Иван"),
    ("Ли Олег", "Ан Олег"),
    ("Увольнев Олег", "Архипов Олег"),
    ("Петров", "Петрав"),  # surnames alone: a letter is too little to go by
)


def test_what_may_be_two_people_is_proposed_and_not_taken(world):
    touch(world, *(name for goes, stays, _ in PROPOSED for name in (goes, stays, stays, stays)))
    assert set(persons(world)) == {name for pair in PROPOSED for name in pair[:2]}
    assert {(stays, goes, difference) for goes, stays, difference in PROPOSED} <= set(near(world))


def test_other_people_are_neither(world):
    touch(world, *(name for pair in OTHERS for name in pair))
    assert set(persons(world)) == {name for pair in OTHERS for name in pair}
    proposed = {frozenset(pair[:2]) for pair in near(world)}
    assert [pair for pair in OTHERS if frozenset(pair) in proposed] == []


def test_the_name_shown_is_the_most_frequent_spelling_then_the_fullest_and_never_the_mark(world):
    touch(world, "ОРЛОВА АННА (уволена)", "ОРЛОВА АННА (уволена)", "Орлова Анна", "Орлова Анна", "Орлова Анна", "Ким О.О.", "Ким О. О.",
          "ЛИ О. О.", "Ли О.О.")
    assert persons(world) == {"Орлова Анна": 5, "Ким О. О.": 2, "Ли О.О.": 2}
    forms = {row["person"]: row["name_forms"] for row in world.rows("marts.people_list")}
    assert forms == {"Орлова Анна": "ОРЛОВА АННА (уволена)", "Ким О. О.": "Ким О.О.", "Ли О.О.": "ЛИ О. О."}


def test_a_name_that_is_only_a_mark_stays_as_it_is(world):
    touch(world, "(уволен)", "Архив")
    assert persons(world) == {"(уволен)": 1, "Архив": 1}


def test_every_table_carries_the_person_and_keeps_the_spelling_where_it_differs(world):
    world.given("clients", "client_name | manager\nА | Сёмин И.И.\nБ | СЁМИН И. И.")
    world.given("orders", """
        client | date       | amount | manager
        А      | 2026-01-10 | 1      | Семин И.И.
        Б      | 2026-01-11 | 1      | Сёмин И.И.
        В      | 2026-01-11 | 1      |
    """)
    world.given("touches", "client | held_on | manager\nА | 2026-01-10 | Сёмин И.И. (уволен)")
    world.given("promises", "client | text | made_on | due_on | owner\nА | счёт | 2026-01-10 | 2026-01-11 | сёмин и.и.")
    world.given("staff", "name | level\nСЁМИН И.И. | 2")
    whole = {"person": "Сёмин И.И.", "client_count": 2, "order_count": 2, "touch_count": 1, "promise_count": 1, "is_dismissed": True}
    (row,) = world.rows("marts.people_list")
    assert {name: row[name] for name in whole} == whole
    orders = {(line["client_id"], line["manager"], line["given_manager"]) for line in world.rows("marts.evidence_orders")}
    assert orders == {("А", "Сёмин И.И.", "Семин И.И."), ("Б", "Сёмин И.И.", None), ("В", None, None)}
    (touched,) = world.rows("marts.evidence_touches")
    assert (touched["manager"], touched["given_manager"]) == ("Сёмин И.И.", "Сёмин И.И. (уволен)")
    (promise,) = world.rows("marts.promise_states")
    (shown,) = world.rows("marts.evidence_promise", promise_id=promise["promise_id"])
    assert (shown["owner"], shown["given_owner"]) == ("Сёмин И.И.", "сёмин и.и.")
    assert world.rows("checks.managers_unknown_to_staff") == []
    assert [row["value"] for row in world.rows("marts.filter_values") if row["dimension"] == "manager"] == ["Сёмин И.И."]


def test_the_newest_export_of_each_source_says_whether_somebody_left(world):
    world.given("clients", "client_name | manager\nА | Сёмин И.И.\nБ | Ким О.О. (уволен)", "2026-01-01")
    world.given("clients", "client_name | manager\nА | Сёмин И.И. (уволен)\nБ | Ким О.О.", "2026-02-01")
    touch(world, "Сёмин И.И.")  # another source, newer, that marks nobody
    dismissed = {row["person"] for row in world.rows("marts.people_list") if row["is_dismissed"]}
    assert dismissed == {"Сёмин И.И."}
    (row,) = world.rows("checks.clients_of_dismissed")
    assert (row["client_id"], row["manager"], row["given_manager"], row["row_number"]) == ("А", "Сёмин И.И.", "Сёмин И.И. (уволен)", 2)
    assert world.rows("checks.clients_of_dismissed", manager="Ким О.О.") == []


def test_the_newest_rows_of_a_dismissed_manager_give_the_client_of_nobody_else(world):
    world.given("orders", "client | date | amount | manager\nА | 2026-01-10 | 1 | Ким О. (уволен)\nБ | 2026-01-10 | 1 | Ли О.")
    assert [(row["client_id"], row["row_number"]) for row in world.rows("checks.clients_of_dismissed")] == [("А", None)]


def test_an_answer_joins_every_row_and_undone_it_leaves_every_table_as_it_was(world):
    touch(world, "Иванов Иван Иванович", "Иванов И.И.", "Иван Иванов")
    world.given("clients", "client_name | manager\nА | Иванов И. И. (уволен)")
    world.build()
    path: Path = world.workspace.path
    before = tables(world.workspace)
    ws = Workspace(path)
    people.keep(ws, {"Иванов И.И.": "Иванов Иван Иванович", "Иван Иванов": "Иванов Иван Иванович"})
    ws.renew()
    (row,) = ws.fetch("marts.people_list").to_pylist()
    assert (row["person"], row["touch_count"], row["client_count"], row["is_dismissed"]) == ("Иванов Иван Иванович", 3, 1, True)
    assert [one.state for one in people.kept(ws)] == ["in_force", "in_force"]
    merged = tables(ws)
    ws = Workspace(path)
    people.take_back(ws, "Иванов И.И.")
    people.take_back(ws, "Иван Иванов")
    assert [(change.key, change.after) for change in ws.journal.changes("person")][:2] == [("Иван Иванов", None), ("Иванов И.И.", None)]
    assert merged["core.touches"] != before["core.touches"]
    assert tables(ws) == before
    ws.close()


def test_a_chain_ends_in_one_person_across_a_name_that_is_in_no_file(world):
    touch(world, "Иван Иванов", "Иванов И.И.", "Ким О.О.")
    people.keep(world.workspace, {"Иван Иванов": "Иванов Ив. Ив.", "Иванов Ив. Ив.": "ИВАНОВ И. И."})
    assert persons(world) == {"Иванов И.И.": 2, "Ким О.О.": 1}
    assert {one.merged: (one.state, one.person) for one in people.kept(world.workspace)} == {
        "Иван Иванов": ("in_force", "Иванов И.И."), "Иванов Ив. Ив.": ("waiting", "Иванов И.И."),
    }  # fmt: skip


def test_a_name_that_left_the_files_stays_as_it_was_answered(world):
    touch(world, "Иван Иванов", "Иванов И.И.")
    people.keep(world.workspace, {"Иван Иванов": "Иванов Иван Иванович", "Иванов И.И.": "Иванов Иван Иванович"})
    assert persons(world) == {"Иванов Иван Иванович": 2}


def test_an_answer_between_spellings_that_are_one_anyway_changes_nothing(world):
    touch(world, "Иванов И.И.")
    people.keep(world.workspace, {"ИВАНОВ И. И.": "Иванов И.И."})
    assert persons(world) == {"Иванов И.И.": 1}
    assert [one.state for one in people.kept(world.workspace)] == ["same"]


def test_a_ring_is_refused_and_one_by_other_spellings_does_not_hang(world):
    touch(world, "Иван Иванов", "Иванов И.И.")
    people.keep(world.workspace, {"Иван Иванов": "Иванов И.И."})
    with pytest.raises(KamError) as refused:
        people.keep(world.workspace, {"Иванов И.И.": "Иван Иванов"})
    assert refused.value.key == "errors.person_ring"
    world.workspace.journal.set_person("ИВАНОВ И. И.", "ИВАН ИВАНОВ")
    assert persons(world) == {"Иван Иванов": 2}


def test_what_is_not_kept_cannot_be_taken_back(world):
    with pytest.raises(KamError) as refused:
        people.take_back(world.workspace, "Иванов")
    assert refused.value.key == "errors.person_unknown"


def test_a_pair_called_two_people_is_no_problem_any_more_until_it_is_asked_again(world):
    touch(world, "Иван Иванов", "Иванов И.И.")
    (pair,) = world.rows("checks.near_people")
    assert [row["manager"] for row in world.rows("checks.manager_name_forms")] == [pair["other_person"]]
    world.workspace.journal.set_distinct_people(pair["pair"], "они")
    assert world.rows("checks.manager_name_forms") == []
    assert people.undecided(world.workspace, world.fetch("checks.near_people")).num_rows == 0
    world.workspace.journal.set_distinct_people(pair["pair"], None)
    assert len(world.rows("checks.manager_name_forms")) == 1


def test_the_next_load_keeps_an_answer_under_another_spelling(world):
    touch(world, "Иван Иванов", "Иванов И.И.")
    people.keep(world.workspace, {"Иван Иванов": "Иванов И.И."})
    assert persons(world) == {"Иванов И.И.": 2}
    touch(world, "ИВАН ИВАНОВ (уволен)", captured_on="2026-04-01")
    assert persons(world) == {"Иванов И.И.": 3}
