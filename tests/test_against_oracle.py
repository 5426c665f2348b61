"""The marts against the second reading of the method, on made-up worlds: every row, every column, many days.

Each world goes through the real build as sheets of text; a difference names the mart, the day, the row and the column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from tests import oracle
from tests.conftest import World as Product
from tests.worlds import days_to_ask, made_world

SEEDS = [*range(6), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(6, 16))]
MARTS: dict[str, tuple[str, Callable[[oracle.World, date], list[oracle.Row]]]] = {
    "client_cycles": ("client_id", oracle.client_cycles),
    "client_classes": ("client_id", oracle.client_classes),
    "client_stages": ("client_id", oracle.client_stages),
    "touch_compliance": ("client_id", oracle.touch_compliance),
    "promise_states": ("promise_id", oracle.promise_states),
    "weekly_agenda": ("item_id", oracle.weekly_agenda),
}
# Sections of the agenda that these worlds say nothing of: no annual meetings, people or records of what was told.
UNSAID = ("silent_moves", "annual_meetings", "single_threads", "good_news")
# How the fields of the second reading are called in a sheet, where they are called otherwise.
COLUMNS = {
    "id": "client_id",
    "is_marked_lost": "marked_lost",
    "is_key": "key_client",
}
# Money is kept to four decimals; everything else is the same to nine.
MONEY = ("potential", "gap", "money")


def as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def as_sheet(rows: Sequence[Any], **columns: str) -> pa.Table:
    """Rows of one dataclass as text cells; `columns` renames fields."""
    names = vars(rows[0])
    cells = {columns.get(name, name): [as_text(getattr(row, name)) for row in rows] for name in names}
    return pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})


def give(product: Product, world: oracle.World) -> None:
    """The world as sheets; kinds are written as the export's own words, no kind at all where no rule should know it."""
    if world.clients:
        product.given("clients", as_sheet(world.clients, **COLUMNS))
    if world.orders:
        product.given("orders", as_sheet(world.orders, on="date"))
    if world.touches:
        sheet = as_sheet(world.touches, on="held_on")
        kinds = [None if touch.kind == "unrecognised" else touch.kind for touch in world.touches]
        hours = [f"{touch.on} 23:59" if row % 2 else str(touch.on) for row, touch in enumerate(world.touches)]
        for name, cells in {"kind": kinds, "held_on": hours}.items():
            sheet = sheet.set_column(sheet.column_names.index(name), name, pa.array(cells, pa.string()))
        product.given("touches", sheet)
    for load in world.loads:
        if load.rows:
            product.given("promises", as_sheet(load.rows), captured_on=load.captured_on)


def is_same(column: str, found: Any, expected: Any) -> bool:
    if isinstance(expected, float):
        leeway = 1e-4 if column in MONEY else 1e-9
        return found is not None and float(found) == pytest.approx(expected, rel=1e-9, abs=leeway)
    return bool(found == expected)


def differences(product: Product, world: oracle.World, day: date) -> list[str]:
    found = []
    for mart, (key, expect) in MARTS.items():
        expected = {row[key]: row for row in expect(world, day)}
        rows = {row[key]: row for row in product.rows(f"marts.{mart}", as_of=day) if row.get("section") not in UNSAID}
        found += [f"{mart} {day} {name}: only one lists it" for name in sorted(expected.keys() ^ rows.keys())]
        found += [
            f"{mart} {day} {name} {column}: {rows[name][column]!r}, expected {value!r}"
            for name in sorted(expected.keys() & rows.keys())
            for column, value in expected[name].items()
            if not is_same(column, rows[name][column], value)
        ]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_marts_agree_with_the_second_reading(seed: int, world: Product) -> None:
    made = made_world(seed)
    give(world, made)
    found = [line for day in days_to_ask(seed, made) for line in differences(world, made, day)]
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:40])
