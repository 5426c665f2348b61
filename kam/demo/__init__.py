"""The demo: exports of an invented Russian supplier, three years up to a fixed Friday, with answers that a test knows.

Pure Python and a fixed seed, so the same files come out on every machine. It owns the planted cases and how the files
look; it must not know how they are read, and computes no measure of the product: what it tells in `answers` holds by
construction. Words and planted cases are data/demo.toml.
"""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path

from kam.demo.clients import add_planted, add_population
from kam.demo.company import DATA, FIRST_DAY, LAST_DAY, SILENT, Demo, read_words
from kam.demo.entry import enter_touches
from kam.demo.expected import answers, as_toml
from kam.demo.meetings import name_annual_meetings
from kam.demo.orders import in_order
from kam.demo.promises import PROMISE_EXPORTS, add_promises
from kam.demo.requests import add_requests
from kam.demo.sheets import files
from kam.demo.touches import add_touches
from kam.demo.writing import as_bytes

__all__ = [
    "ANSWERS", "FIRST_DAY", "LAST_DAY", "PROMISE_EXPORTS", "SAMPLE", "SILENT", "answers", "build", "captured_on", "sample_files", "write",
]  # fmt: skip

SAMPLE = DATA / "sample"
ANSWERS = "answers.toml"

SEED = 20261120
CLIENT_COUNT = 300
ROWS_PER_CLIENT = 16  # order rows that a client comes to, on average; only used to scale


def write(out: Path, rows: int | None = None, seed: int = SEED) -> list[Path]:
    """Write the exports and answers.toml into `out` and give the paths of the exports.

    rows: about how many order rows there are to be; the shipped sample is the default. OSError where `out` is no place.
    """
    out.mkdir(parents=True, exist_ok=True)
    demo = build(rows, seed)
    made = files(demo)
    for file in made:
        (out / file.name).write_bytes(as_bytes(file))
    (out / ANSWERS).write_text(as_toml(answers(demo)), encoding="utf-8")
    return [out / file.name for file in made]


def captured_on(path: Path) -> date:
    """The day an export of the demo was taken: the one in its name, else the last day of the demo."""
    found = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
    return date.fromisoformat(found.group()) if found else LAST_DAY


def sample_files() -> list[Path]:
    """The exports that ship with the product, in the order in which they are best loaded: clients first."""
    words = read_words()
    first = words["files"]["clients"].split("{")[0]
    paths = [path for path in SAMPLE.iterdir() if path.name != ANSWERS]
    return sorted(paths, key=lambda path: (not path.name.startswith(first), path.name))


def build(rows: int | None = None, seed: int = SEED) -> Demo:
    """The invented company: clients, orders, touches, promises and requests, the same for the same arguments."""
    count = CLIENT_COUNT if rows is None else max(60, round(rows / ROWS_PER_CLIENT))
    demo = Demo(read_words())
    add_planted(demo)
    add_population(demo, random.Random(seed), count)
    demo.orders = in_order(demo)
    add_touches(demo, random.Random(seed + 1))
    add_promises(demo, random.Random(seed + 2))
    name_annual_meetings(demo, random.Random(seed + 3))
    enter_touches(demo, random.Random(seed + 4))
    add_requests(demo, random.Random(seed + 5))
    return demo
