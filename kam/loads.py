"""What travels between an import and the dataset it writes: a sheet ready to be added, and what became of its rows.

Forms alone: knows neither files nor SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True)
class NewSheet:
    """A recognised sheet, ready to be added. `cells`: its data rows as text columns "0", "1", …; `row_numbers`: the row
    of each in the file.

    `fields` maps a canonical column to the column of `cells`; `extra` names the kept columns that map to nothing;
    `styles` how dates and numbers are written, by canonical column ('made': amount is quantity × price).
    `former_fingerprint`: what sheets of the same source may have in the dataset before.
    `period`: the first and last day that the file says it covers, where it says so.
    `is_beside`: another export, whatever rows it shares with others.
    """

    file: str
    file_hash: str
    sheet: str
    table: str
    fingerprint: str
    captured_on: date
    cells: pa.Table
    row_numbers: pa.Array
    fields: Mapping[str, str]
    extra: Mapping[str, str]
    styles: Mapping[str, str]
    period: tuple[date, date] | None = None
    former_fingerprint: str | None = None
    is_beside: bool = False


@dataclass(frozen=True)
class Again:
    """Rows that a sheet shares with one that was there or is loaded with it: `found` of its `rows` in the same days.

    `is_same`: they are one export; the rows of these days in the other were replaced, as if it had been loaded before.
    """

    file: str
    sheet: str
    rows: int
    found: int
    is_in_load: bool
    is_same: bool

    @property
    def name(self) -> str:
        """The other sheet, as a person knows it."""
        return self.file if self.sheet in ("", Path(self.file).stem) else f"{self.file}, {self.sheet}"


@dataclass(frozen=True)
class Changes:
    """How the rows of a load stand to those before it: equal, changed, new, and gone from the export.

    Gone rows of an event table are taken out; a state table keeps them, under the day of the export that had them.
    `rows`: the changes, a line each, as kam.changes.shown gives them; None where nothing was there before.
    """

    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    rows: pa.Table | None = None


@dataclass
class Counts:
    """What became of a sheet's rows. `reasons`: rejected rows and, under cell_unreadable, cells by reason.

    `changes`: of every sheet of the same source in this load, told by the first of them; so is `again`.
    `given_way`: rows that were replaced by those of another sheet of this load.
    """

    sheet_id: int
    rows_read: int = 0
    rows_rejected: int = 0
    replaced_rows: int = 0
    changes: Changes | None = None
    again: tuple[Again, ...] = ()
    given_way: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rows_loaded(self) -> int:
        return self.rows_read - self.rows_rejected
