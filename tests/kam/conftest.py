"""A workspace of the test's own, and files as a director would drop them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kam.imports import Upload
from kam.workspace import Workspace

Write = Callable[[str, str], Upload]


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes `a | b` lines as a csv file with semicolons."""

    def write_file(name: str, text: str) -> Upload:
        path = tmp_path / name
        lines = [";".join(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return Upload(name, path)

    return write_file
