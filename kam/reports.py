"""What became of a file: the report of one sheet, and when a sheet is refused as a whole.

Knows nothing of reading or writing; screens and the command line show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from kam import loads
from kam.body import LeftOut
from kam.errors import KamError
from kam.layout import Period
from kam.readers import Note
from kam.recognise import Recognition

# Rows that the rules set aside; every other reason is something to mend in the file.
BY_RULE = frozenset({"deal_not_won", "order_cancelled", "status_unknown", "contact_is_company", "cell_unreadable"})


@dataclass
class SheetReport:
    """What became of one sheet, or of a whole file that was refused (then `sheet` is empty and `error` says why).

    rows_read = rows_loaded + rows_rejected. `reasons` counts rejected rows by reason, and under cell_unreadable cells
    that stay unknown in rows that count. `amount` is the sum of the order lines loaded, in the workspace's currency.
    `left_out`: rows that are no data (totals, groups, footers …). `total` is the file's own total of the amounts, None
    where it has none, and `total_difference` what it has more than `amount`: rejected rows, or rows that the file lacks.
    `continued`: rows that took their order and client from the row above.
    `changes`: how its rows stand to those of the load before from the same source.
    `again`: the rows that it shares with other sheets, loaded before or in the same load; `given_way`: its own rows
    that another sheet of the load took the place of.
    `period`: the days that the file itself says it covers; rows of that time are replaced, found again or not.
    """

    file: str
    sheet: str = ""
    table: str | None = None
    recognition: Recognition | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    replaced_rows: int = 0
    changes: loads.Changes | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    error: KamError | None = None
    amount_made: bool = False
    amount: Decimal | None = None
    captured_on: date | None = None
    period: Period | None = None
    left_out: tuple[LeftOut, ...] = ()
    continued: int = 0
    totals: tuple[Decimal, ...] = ()
    rejects: pa.Table | None = None
    loaded_at: datetime | None = None
    again: tuple[loads.Again, ...] = ()
    given_way: int = 0

    @property
    def is_refused(self) -> bool:
        return self.error is not None

    @property
    def remarks(self) -> tuple[Note, ...]:
        """What was made of figures, and what they share with other sheets."""
        given_way = [Note("recognise.given_way", {"count": self.given_way})] if self.given_way else []
        return (*(note for note in self.notes if _is_remark(note)), *map(_of_again, self.again), *given_way)

    @property
    def readings(self) -> tuple[Note, ...]:
        """The notes that say how the file was read."""
        return tuple(note for note in self.notes if not _is_remark(note))

    @property
    def total(self) -> Decimal | None:
        return _grand_total(self.totals, self.amount)

    @property
    def total_difference(self) -> Decimal | None:
        return None if self.total is None or self.amount is None else self.total - self.amount


def fault_of(report: SheetReport) -> KamError | None:
    """A sheet whose every row has something to mend is refused as a whole, by its commonest fault."""
    if report.rows_read == 0:
        return KamError("errors.no_rows", file=report.file, sheet=report.sheet)
    faults = {reason: count for reason, count in report.reasons.items() if reason not in BY_RULE}
    if report.rows_loaded > 0 or sum(faults.values()) < report.rows_rejected:
        return None
    reason = max(faults, key=lambda name: faults[name])
    assert report.rejects is not None
    first = next(row for row in report.rejects.to_pylist() if row["reason"] == reason)
    return KamError(
        f"errors.all_{reason}", file=report.file, sheet=report.sheet, row=first["row_number"],
        value=first["value"] or "", rows=report.rows_read,
    )  # fmt: skip


def _is_remark(note: Note) -> bool:
    return note.key.startswith("recognise.")


def _of_again(one: loads.Again) -> Note:
    same = "recognise.same_in_load" if one.is_in_load else "recognise.same_export"
    return Note(same if one.is_same else "recognise.shared_rows", {"other": one.name, "found": one.found, "count": one.rows})


def _grand_total(totals: Sequence[Decimal], amount: Decimal | None) -> Decimal | None:
    """The file's own total: of several rows the last, where it holds the others, else all of them together."""
    if not totals or amount is None:
        return None
    whole = sum(totals, Decimal(0))
    # Parts and their sum, or parts alone: what agrees with the rows is what the file means.
    if whole == amount or abs(totals[-1]) < max(map(abs, totals)):
        return whole
    return totals[-1]
