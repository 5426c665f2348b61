"""A benchmark company as a published dataset, past the reader: its cells are text already."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from benchmarks.generate import LAST_DAY, Company
from kam import build, loads
from kam.workspace import Workspace


def workspace(path: Path, company: Company) -> Workspace:
    """A new workspace at `path` that holds the company."""
    opened = Workspace(path)
    sheets = [
        ("clients", LAST_DAY, company.clients),
        ("orders", LAST_DAY, company.orders),
        ("touches", LAST_DAY, company.touches),
    ]
    sheets += [("promises", day, table) for day, table in company.promises]
    with opened.datasets.writing() as dataset_id:
        with build.drafting(opened.datasets.part(dataset_id), None) as draft:
            draft.raw.begin_load(datetime(2026, 11, 20, 9), is_demo=False)
            for number, (table, day, cells) in enumerate(sheets, 1):
                draft.raw.add(_sheet(number, table, day, cells))
            draft.build()
            draft.finish()
        opened.datasets.publish(dataset_id, None, is_demo=False, built_by=opened.built_by())
    return opened


def _sheet(number: int, table: str, day: date, cells: pa.Table) -> loads.NewSheet:
    return loads.NewSheet(
        file=f"{table}-{number}.csv",
        file_hash=f"hash-{number}",
        sheet=table,
        table=table,
        fingerprint=table,
        captured_on=day,
        cells=cells,
        row_numbers=pa.array(range(2, cells.num_rows + 2)),
        fields={name: name for name in cells.column_names},
        extra={},
        styles={},
    )
