"""Columns looked at by their spellings: the answers are those that a look at each cell gives."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam import spellings
from kam.conventions import number, number_convention

CELLS = st.lists(st.one_of(st.none(), st.text(alphabet="019.,-; аТ₽", max_size=8)), max_size=12)


@st.composite
def columns(draw: st.DrawFn) -> pa.ChunkedArray:
    """A part of a column of two chunks, which begins and ends anywhere."""
    chunks = [pa.array(draw(CELLS), pa.string()) for _ in range(2)]
    whole = pa.chunked_array(chunks)
    start = draw(st.integers(0, len(whole)))
    return whole.slice(start, draw(st.integers(0, len(whole))))


def texts(column: pa.ChunkedArray) -> list[str]:
    return [text for text in column.to_pylist() if text is not None]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(column=columns())
def test_letters_are_found_where_a_cell_of_the_part_has_one(column: pa.ChunkedArray) -> None:
    assert spellings.holds(column, "9₽") == any("9" in text or "₽" in text for text in texts(column))
    assert spellings.holds_words(column) == any(re.search("[аТ₽]", text) for text in texts(column))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(column=columns())
def test_spellings_are_the_cells_with_one_for_every_digit_but_nought(column: pa.ChunkedArray) -> None:
    expected: dict[str, int] = {}
    for text in texts(column):
        spelt = text.replace("9", "1")
        expected[spelt] = expected.get(spelt, 0) + 1
    spelt, counts = spellings.alike(column)
    assert dict(zip(spelt.to_pylist(), counts.to_pylist(), strict=True)) == expected


@pytest.mark.parametrize(
    ("cells", "style", "sample"),
    [
        (["1,5", "2.25", "3.75", "1.234"], None, "1,5"),
        (["1.234,56", "2,50", "7,8.1"], "comma", ""),
        (["1.234", "900"], None, "1.234"),
        (["1.234", "1900"], "dot", ""),
        (["1,234", "1900"], "comma", ""),
        (["0.234", None], "dot", ""),
        (["9.99", "8,88"], "comma", ""),
        (["12 руб.", "5"], "dot", ""),
    ],
)
def test_conventions_are_told_by_every_digit_that_matters(cells: list[str | None], style: str | None, sample: str) -> None:
    found = number_convention(pa.chunked_array([pa.array(cells, pa.string())]))
    assert (found.style, found.sample) == (style, sample)


def test_a_cell_is_read_by_its_columns_convention() -> None:
    assert (number("1.234,5", "comma"), number("1,234.5", "dot")) == (Decimal("1234.5"), Decimal("1234.5"))
