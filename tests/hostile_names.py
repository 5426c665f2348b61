"""Forty names that would do something if they were taken for more than text, and a workspace in which everything is called so.

Owns the list, the files made of it and what must not be found where a name is shown; knows no screen.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from kam import imports
from kam.workspace import Workspace

HOST = "evil.test"
LONG = "Ы" * 31_990 + "<b>end</b>"
NAMES = (
    "=1+1",
    '=HYPERLINK("http://evil.test","pay")',
    "=cmd|'/c calc'!A1",
    "+7 495 000-00-00",
    "-2+3",
    "@SUM(A1:A9)",
    "=IMPORTXML(\"http://evil.test\";\"//a\")",
    "＝1+1",
    "plain,=2+2",
    "plain;=2+2",
    "'=3+3",
    "![pixel](http://evil.test/pixel.png)",
    "[click](http://evil.test)",
    "[click](javascript:alert(1))",
    "http://evil.test/bare",
    "www.evil.test",
    "user@evil.test",
    "<img src=http://evil.test/i.png onerror=alert(1)>",
    "<script>document.title='pwned'</script>",
    "<a href='http://evil.test'>a</a>",
    "<b>bold</b> <i>it</i><br>line",
    "<svg onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<iframe src=http://evil.test></iframe>",
    "&lt;b&gt; &amp;amp; &#60;",
    "$\\frac{1}{0}$",
    "$$E=mc^2$$ $a$",
    ":red[red] :material/delete: :balloon:",
    "**strong** __under__ ~~gone~~ `code`",
    "# heading",
    "- item",
    "1. item",
    "a | b | c",
    "invoice\u202excod.exe",
    "zero\u200bwidth\ufeff",
    "first\nsecond",
    "{name} {0} %s %{customdata} {{x}}",
    "\\n \\u0041 %00 \\x41",
    "'; drop table clients; --",
    LONG,
)
# What stands only where a name was taken for markup, in text that a page gives to be formatted.
ACTIVE = ("](http", "](javascript", "<img", "<script", "<a href", "<b>", "<svg", "<style>*", "<iframe", "$\\frac", "$$E", ":red[red",
          "**strong", "~~gone", " `code")  # fmt: skip
# What a bare address is recognised by, after backslashes were taken away.
ADDRESSES = ("http://evil", "www.evil", "user@evil")
# The same for a chart's labels, which know a little HTML.
ACTIVE_IN_CHARTS = ("<img", "<script", "<a href", "<b>bold", "<b>end", "<svg", "<style", "<iframe", "\u202e")
SHEETS = ("=1+1", "<img src=x>", "!(a)(b)", "$a$ ~~gone~~", "{0}", "<b>td<")
LATEST = date(2026, 3, 31)


KEPT = tuple(" ".join(name.split(" ")).replace("\n", " ") for name in NAMES)  # as a cell is kept: white space as one space


def told(number: int) -> str:
    """A name in the middle of the list of forty, for managers, texts and the like: another than the client's own."""
    return NAMES[(number * 7 + 3) % (len(NAMES) - 1)]


def files(folder: Path) -> list[imports.Upload]:
    """The exports of a company in which everything is called so; the files and sheets too."""
    folder.mkdir(parents=True)
    numbers = range(len(NAMES))
    tables = {
        "clients": [["client_id", "client_name", "manager", "segment", "region", "industry", "potential", "<b>own</b>"],
                    *([f"c{n}" if n % 2 else NAMES[n][:200], NAMES[n], told(n), told(n + 1), told(n + 2), told(n + 3), 90_000, told(n)]
                      for n in numbers)],
        "orders": [["order_id", "client", "date", "amount", "manager", "product", "status"],
                   *([f"o{n}-{k}", NAMES[n], LATEST - timedelta(7 * n + 30 * k), 100 * (n + 1), told(n), told(n + 4), "Выполнен"]
                     for n in numbers for k in range(4))],
        "touches": [["client", "held_on", "type", "subject", "text", "manager", "reason", "contact"],
                    *([NAMES[n], LATEST - timedelta(n + 14 * k), told(n + 5), told(n + 6), told(n + 7), told(n), told(n + 8), told(n)]
                      for n in numbers for k in range(3))],
        "promises": [["promise_id", "client", "text", "owner", "made_on", "original_due_on", "due_on"],
                     *([f"p{n}", NAMES[n], told(n + 9), told(n), LATEST - timedelta(40), LATEST - timedelta(n), LATEST - timedelta(n)]
                       for n in numbers)],
        "contacts": [["client", "contact_name", "title", "role"], *([NAMES[n], told(n + 10), told(n + 11), told(n + 12)] for n in numbers)],
        "staff": [["name", "level", "role"], *([told(n), "", told(n + 1)] for n in numbers)],
    }  # fmt: skip
    return [_book(folder, number, table, rows) for number, (table, rows) in enumerate(tables.items())]


def _book(folder: Path, number: int, table: str, rows: list[list[object]]) -> imports.Upload:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEETS[number]
    for row in rows:
        sheet.append([cell if not isinstance(cell, str) else None for cell in row])
        for column, cell in enumerate(row, 1):
            if isinstance(cell, str):
                place = sheet.cell(sheet.max_row if cell is not None else 1, column)
                place.value, place.data_type = cell, "s"
    path = folder / f"{table}.xlsx"
    book.save(path)
    return imports.Upload(f"<img src=http:evil.test>![x](y)$z$ {table}.xlsx", path)


def fill(ws: Workspace) -> None:
    """Loads the files into the workspace; every one of them must go in."""
    for upload in files(ws.path.parent / f"{ws.path.name}-files"):
        (report,) = imports.load(ws, [upload], captured_on=LATEST, tables=upload.path.stem)
        assert report.error is None


def acting(text: str) -> list[str]:
    """What in a formatted text would act: names that were put into it as they are, without a backslash."""
    plain = text.replace("\\", "")
    return [mark for mark in ACTIVE if re.search(r"(?<!\\)" + re.escape(mark), text)] + [mark for mark in ADDRESSES if mark in plain]


def acting_in_chart(text: str) -> list[str]:
    """What in a chart's label would act."""
    return [mark for mark in ACTIVE_IN_CHARTS if mark in text]
