"""Questions with a name: the shipped ones answer, with exact values on rows made by hand; saved ones come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kam import imports, questions, sandbox
from kam.errors import KamError
from kam.journal import ASKED_KEPT, Journal
from kam.questions import Chart
from kam.workspace import Workspace
from tests.conftest import World

AS_OF = date(2026, 3, 31)
CODES = [question.code for question in questions.shipped("ru")]


@pytest.fixture(scope="module")
def demo(once: Callable[..., Path]) -> Iterator[Workspace]:
    ws = Workspace(once("demo", imports.load_demo))
    yield ws
    ws.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("asked") / "workspace")
    world.given("clients", "client_id | client_name | Город\n1 | Ромашка | Тверь\n2 | Ландыш | Тверь\n3 | Мак | Курск")
    world.given(
        "orders",
        """
        client_id | date       | amount | product | document_type
        1         | 2025-03-10 | 500    | болты   |
        1         | 2025-09-30 | 100    | гайки   |
        1         | 2026-03-10 | 100    | болты   |
        1         | 2026-03-11 | -50    | болты   | возврат
        2         | 2025-12-31 | 700    | болты   |
        3         | 2026-01-01 | 200    | болты   |
        """,
    )
    world.given("touches", "client_id | held_on | type\n1 | 2026-03-20 | звонок")
    world.given(
        "promises",
        """
        promise_id | client_id | owner  | text    | made_on    | due_on
        late       | 1         | Ёжиков | счёт    | 2026-03-01 | 2026-03-30
        today      | 1         | Ёжиков | договор | 2026-03-01 | 2026-03-31
        """,
    )
    world.build()
    yield world
    world.workspace.close()


def shipped(code: str) -> questions.Question:
    return next(question for question in questions.shipped("en") if question.code == code)


def rows(world: World, code: str, **values: str) -> list[dict[str, Any]]:
    question = shipped(code)
    return sandbox.ask(world.workspace, question.text, AS_OF, {**question.values, **values}).table.to_pylist()


def test_twenty_are_shipped_with_a_name_in_each_language() -> None:
    assert len(CODES) == 20
    for russian, english in zip(questions.shipped("ru"), questions.shipped("en"), strict=True):
        assert russian.name != english.name
        assert max(len(russian.name), len(english.name)) <= questions.NAME_LIMIT
        assert russian.chart is None or russian.chart.kind in questions.CHARTS


@pytest.mark.parametrize("code", CODES)
def test_the_shipped_question_answers_on_the_demo(demo: Workspace, code: str) -> None:
    question = shipped(code)
    assert set(sandbox.parameters(question.text)) == set(question.values)
    table = sandbox.ask(demo, question.text, values=question.values).table
    assert table.num_rows > 0
    if question.chart:
        assert {question.chart.x, question.chart.y} <= set(table.column_names)


@pytest.mark.parametrize(("days", "names"), [("89", []), ("90", ["Мак"]), ("91", ["Мак", "Ландыш"])])
def test_new_clients_are_those_of_the_last_days(world: World, days: str, names: list[str]) -> None:
    """1 January was 89 days before 31 March: it is within the last 90, not within the last 89."""
    assert [row["client_name"] for row in rows(world, "first_orders", days=days)] == names


def test_who_fell_is_held_against_the_year_before(world: World) -> None:
    (row,) = rows(world, "year_to_year")
    assert (row["client_name"], row["revenue"], row["revenue_before"], row["difference_money"]) == ("Ромашка", 150, 500, -350)


@pytest.mark.parametrize(("share", "names"), [("0.66", ["Ландыш"]), ("0.67", ["Ландыш", "Мак"]), ("1", ["Ландыш", "Мак", "Ромашка"])])
def test_concentration_takes_clients_until_the_share_is_reached(world: World, share: str, names: list[str]) -> None:
    """700 of 1,050 are two thirds."""
    assert [row["client_name"] for row in rows(world, "concentration", share=share)] == names


def test_returns_are_a_share_of_what_was_sold(world: World) -> None:
    (row,) = rows(world, "returns")
    assert (row["client_name"], row["returned_money"], row["returned_share"]) == ("Ромашка", 50, 0.25)


def test_a_product_is_given_up_after_the_months_asked(world: World) -> None:
    """Nuts were last bought on 30 September, six months before the end of March."""
    assert [row["product"] for row in rows(world, "stopped_products", months="6")] == ["гайки"]
    assert rows(world, "stopped_products", months="7") == []


def test_a_promise_is_overdue_the_day_after(world: World) -> None:
    (row,) = rows(world, "overdue_by_owner")
    assert (row["owner"], row["promise_count"], row["longest_overdue_days"]) == ("Ёжиков", 1, 1)


def test_own_columns_are_counted_by_value(world: World) -> None:
    assert [tuple(row.values()) for row in rows(world, "own_columns")] == [("Город", "Тверь", 2), ("Город", "Курск", 1)]


def test_one_product_leaves_out_who_bought_two(world: World) -> None:
    assert [row["client_name"] for row in rows(world, "one_product")] == ["Ландыш", "Мак"]


# Saved


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.sqlite")
    yield journal
    journal.close()


def test_a_saved_question_comes_back_as_it_was(journal: Journal) -> None:
    made = questions.save(journal, "  Кто  ушёл ", "select $x", {"x": "1"}, Chart("bar", "a", "b"))
    assert questions.find(journal, "ru", made.code) == made
    assert (made.name, made.is_shipped) == ("Кто ушёл", False)


def test_a_saved_question_is_no_change_of_the_data(journal: Journal) -> None:
    before = journal.version
    questions.save(journal, "а", "select 1", {})
    journal.set_pinned("а", True)
    assert journal.version == before


def test_renamed_and_changed_it_keeps_its_link_and_its_pin(journal: Journal) -> None:
    made = questions.save(journal, "а", "select 1", {})
    journal.set_pinned(made.code, True)
    questions.change(journal, questions.rename(journal, made, "б"), "select 2", {}, None)
    assert [(found.name, found.text) for found in questions.pinned(journal, "ru")] == [("б", "select 2")]


def test_deleted_it_leaves_the_home_page_and_comes_back_there(journal: Journal) -> None:
    made = questions.save(journal, "а", "select 1", {})
    journal.set_pinned(made.code, True)
    questions.delete(journal, made)
    assert questions.pinned(journal, "ru") == []
    with pytest.raises(KamError, match="question_unknown"):
        questions.find(journal, "ru", made.code)
    questions.put_back(journal, made)
    assert questions.pinned(journal, "ru") == [made]


@pytest.mark.parametrize(
    ("name", "key"),
    [(" ", "question_unnamed"), ("Ё", "question_taken"), ("ё", "question_taken"), ("x" * 121, "question_name_long"), ("x" * 120, None)],
)
def test_a_name_is_given_once_and_fits(journal: Journal, name: str, key: str | None) -> None:
    questions.save(journal, "Ё", "select 1", {})
    if key is None:
        assert questions.save(journal, name, "select 1", {}).name == name
        return
    with pytest.raises(KamError, match=key):
        questions.save(journal, name, "select 1", {})


def test_a_shipped_question_can_be_pinned_and_unpinned(journal: Journal) -> None:
    journal.set_pinned("returns", True)
    assert [question.code for question in questions.pinned(journal, "en")] == ["returns"]
    journal.set_pinned("returns", False)
    assert questions.pinned(journal, "en") == []


def test_the_history_keeps_each_question_once_the_newest_first(journal: Journal) -> None:
    for text, count in (("select 1", 1), ("select 2", None), ("select 1", 3)):
        journal.add_asked(text, {}, count)
    assert [(asked.text, asked.row_count) for asked in journal.asked()] == [("select 1", 3), ("select 2", None)]


def test_the_history_forgets_the_oldest(journal: Journal) -> None:
    for number in range(ASKED_KEPT + 1):
        journal.add_asked(f"select {number}", {}, 1)
    assert (len(journal.asked()), journal.asked()[-1].text) == (ASKED_KEPT, "select 1")
