"""The child process that reads one file: `python -m kam.readers_child FOLDER`, the order on stdin, the answer in FOLDER.

Owns the limits that it sets itself and the hand-over: one Arrow file a sheet and result.json beside them. It starts
lean, as every file pays for it: libraries are imported when a format needs them, pandas and numpy never.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kam import guard
from kam.errors import KamError

if TYPE_CHECKING:
    from kam.readers import Sheet

UNWANTED = ("numpy", "pandas")


def child(folder: Path, order: dict[str, Any]) -> None:
    """Do what the parent asked for and leave result.json in `folder`."""
    _limit_memory(order["memory"])
    try:
        if order.get("scan_only"):
            _say_why(Path(order["path"]), order["name"], order["format"])
            result: dict[str, Any] = {}
        else:
            sheets = _read(Path(order["path"]), order["name"], order["format"], order["password"], folder)
            result = {"sheets": [_hand_over(sheet, folder) for sheet in sheets]}
    except KamError as error:
        result = {"error": error.key, "facts": error.facts}
    except MemoryError:
        result = {"error": "errors.too_much_memory", "facts": {}}
    (folder / "result.part").write_text(json.dumps(result, default=str), encoding="utf-8")
    os.replace(folder / "result.part", folder / "result.json")


def _say_why(path: Path, name: str, file_format: str) -> None:
    """KamError for what the guard has against a book that a reader has died of."""
    from kam.extents import refuse_far

    guard.scan(path, name)
    if file_format == guard.XLSB:
        refuse_far(path, name)


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits: the deadline alone holds there
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        return


def _hand_over(sheet: Sheet, folder: Path) -> dict[str, Any]:
    import pyarrow as pa

    from kam.readers import DEPTHS

    target = folder / f"{sheet.number}.arrow"
    cells = sheet.cells if sheet.depths is None else sheet.cells.append_column(DEPTHS, sheet.depths)
    with pa.OSFile(str(target), "wb") as stream, pa.ipc.new_file(stream, cells.schema) as writer:
        writer.write_table(cells)
    return {
        "name": sheet.name,
        "number": sheet.number,
        "is_hidden": sheet.is_hidden,
        "cells": target.name,
        "first_column": sheet.first_column,
        "merges": sheet.merges,
        "notes": [asdict(note) for note in sheet.notes],
    }


def _read(path: Path, name: str, file_format: str, password: str | None, folder: Path) -> list[Sheet]:
    if file_format == guard.LOCKED:
        return _read_encrypted(path, name, password or "", folder)
    if file_format == guard.TEXT:
        from kam.readers_text import read_stream

        with path.open("rb") as stream:
            return read_stream(stream, name)
    if file_format == guard.HTML:
        from kam.readers_html import read_html

        return read_html(path.read_bytes(), name)
    from kam.readers_books import read_book

    return read_book(path, name, file_format)


def _read_encrypted(path: Path, name: str, password: str, folder: Path) -> list[Sheet]:
    import msoffcrypto  # type: ignore[import-untyped]

    opened = folder / "opened"  # the parent removes the folder, whatever happens to this process
    try:
        with path.open("rb") as locked, opened.open("wb") as target:
            book = msoffcrypto.OfficeFile(locked)
            book.load_key(password=password)
            book.decrypt(target)
        return _read(opened, name, guard.identify(opened, name).format, None, folder)
    except (msoffcrypto.exceptions.DecryptionError, msoffcrypto.exceptions.InvalidKeyError):
        raise KamError("errors.wrong_password", file=name) from None
    except (msoffcrypto.exceptions.FileFormatError, msoffcrypto.exceptions.ParseError, ValueError, KeyError):
        raise KamError("errors.encrypted", file=name) from None


class _Lean:
    """pyarrow imports numpy, and asks for pandas when a list becomes an array: 300 ms that nothing here needs."""

    @staticmethod
    def find_spec(title: str, path: object = None, target: object = None) -> None:
        """Refuse the unwanted, leave everything else to the other finders."""
        if title in UNWANTED:
            raise ImportError(f"{title} stays out of the reading process")


def keep_lean() -> None:
    """From now on the unwanted libraries cannot be imported."""
    sys.meta_path.insert(0, _Lean)


if __name__ == "__main__":
    keep_lean()
    child(Path(sys.argv[1]), json.loads(sys.stdin.buffer.read()))
    os._exit(0)  # a reader that is still busy with a book already refused is not waited for
