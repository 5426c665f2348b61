"""The papers of a weekly review by the ending of their file, made and saved. Knows no screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from kam.errors import KamError
from kam.exports.review_book import review_book
from kam.exports.review_sheet import review_sheet
from kam.exports.wording import day_of, file_name
from kam.i18n import Translator
from kam.review import Review

MAKERS: Mapping[str, Callable[[Review, Translator, Mapping[str, str] | None], bytes]] = {"xlsx": review_book, "html": review_sheet}
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "html": "text/html"}

__all__ = ["MAKERS", "TYPES", "day_of", "file_name", "paper", "save"]


def paper(review: Review, t: Translator, kind: str, filters: Mapping[str, str] | None = None) -> bytes:
    """The review as xlsx or html. filters: what it was narrowed by; of these the manager is said by the review itself."""
    return MAKERS[kind](review, t, filters)


def save(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, in place of one that is there. Raises KamError where that cannot be."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise KamError("errors.report_unwritable", file=str(path), why=error.strerror or str(error)) from None
