"""Files that leave by a button: who took which, with how many rows, stands in the audit log before the bytes are given."""

from __future__ import annotations

from collections.abc import Callable

from kam.ui import opening


def on_record(make: Callable[[], bytes | str], file: str, rows: int | None = None) -> Callable[[], bytes | str]:
    """What makes a file's content when its button is pressed, and says so in the audit log; who presses is known now, while
    the page is drawn."""
    journal = opening.ours().journal

    def made() -> bytes | str:
        content = make()
        journal.told("export", file, rows=rows)
        return content

    return made
