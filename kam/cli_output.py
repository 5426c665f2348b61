"""What the command line prints: tables with aligned columns, csv, JSON. Numbers are plain, dates ISO, nothing is null."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from kam.exports import books
from kam.reports import SheetReport


def plain(value: Any) -> Any:
    """A value as it is written out: numbers plain, dates ISO, nothing as null."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    return [{key: plain(value) for key, value in row.items()} for row in table.to_pylist()]


def _print_json(table: pa.Table) -> None:
    print(json.dumps(_plain_rows(table), ensure_ascii=False, indent=1))


def _print_csv(table: pa.Table) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([books.csv_cell(name) for name in table.column_names])
    writer.writerows([books.csv_cell(value) for value in row.values()] for row in _plain_rows(table))


def _print_table(table: pa.Table) -> None:
    print_rows(_plain_rows(table), tuple(table.column_names))


def print_remarks(reports: Sequence[SheetReport], t: Any) -> None:
    """On stderr: what was made of the figures of a sheet beside loading them, and that they miss the file's own total."""
    for report in reports:
        remarks = [t(note.key, **note.facts) for note in report.remarks]
        if report.total_difference:
            remarks.append(t("upload.total_differs", total=plain(report.total), difference=plain(report.total_difference)))
        for remark in remarks:
            print(f"{report.file}, {report.sheet}: {remark}", file=sys.stderr)


PRINTERS: dict[str, Callable[[pa.Table], None]] = {"table": _print_table, "csv": _print_csv, "json": _print_json}


def print_rows(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Rows under the names of their columns; nothing at all where there are neither."""
    lines = [list(columns), *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {count}" for key, count in value.items())
    return str(round(value, 4) if isinstance(value, float) else value)
