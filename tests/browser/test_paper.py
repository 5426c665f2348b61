"""The printed review in a real browser: given by the page, it asks for nothing, runs nothing and prints on A4."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kam.exports.review_sheet import review_sheet
from kam.i18n import translator
from tests.browser.conftest import Reader, Server
from tests.kam.exports import reviews

A4 = (595, 842)  # points


class Printed:
    """A file opened in a tab without a network: what it asked for, said and printed."""

    def __init__(self, chromium: Any, path: Path) -> None:
        context = chromium.new_context(offline=True)
        self.asked: list[str] = []
        self.said: list[str] = []
        tab = context.new_page()
        tab.on("request", lambda request: self.asked.append(request.url))
        tab.on("console", lambda message: self.said.append(message.text))
        tab.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        tab.on("pageerror", lambda error: self.said.append(str(error)))
        tab.goto(path.as_uri())
        self.words = str(tab.locator("body").inner_text())
        self.scripts = tab.locator("script, img, iframe, link, object, embed").count()
        self.pdf = bytes(tab.pdf(prefer_css_page_size=True, print_background=True))
        self.address = tab.url
        context.close()

    @property
    def pages(self) -> list[tuple[int, int]]:
        """The size of each page in points."""
        boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", self.pdf)
        return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("made", [reviews.full, reviews.hostile, reviews.closed, lambda: reviews.review([])])
def test_sheet_asks_for_nothing_and_prints_on_a4(chromium: Any, tmp_path: Path, made: Any, language: str) -> None:
    path = tmp_path / "review.html"
    path.write_bytes(review_sheet(made(), translator(language, "RUB")))
    printed = Printed(chromium, path)
    assert (printed.asked, printed.said, printed.scripts) == ([path.as_uri()], [], 0)
    assert printed.address == path.as_uri()
    assert printed.pages and all(abs(page[0] - A4[0]) <= 1 and abs(page[1] - A4[1]) <= 1 for page in printed.pages)


def test_policy_stops_what_would_get_in(chromium: Any, tmp_path: Path) -> None:
    """Were a text ever not escaped, the policy in the head still stops it."""
    path = tmp_path / "review.html"
    evil = b"<script>alert(1)</script><img src='http://evil.example/a.png'></body>"
    path.write_bytes(review_sheet(reviews.full(), translator("en")).replace(b"</body>", evil))
    printed = Printed(chromium, path)
    assert len([text for text in printed.said if "Content Security Policy" in text]) == 2


def test_page_gives_the_book_and_the_sheet_under_their_names(reader: Reader, demo_server: Server, chromium: Any, tmp_path: Path) -> None:
    for language, button, names in (
        ("ru", "Выгрузить", {"Книга xlsx": "Планёрка 2026-11-20.xlsx", "Лист для печати": "Планёрка 2026-11-20.html"}),
        ("en", "Export", {"xlsx book": "Weekly review 2026-11-20.xlsx", "Sheet to print": "Weekly review 2026-11-20.html"}),
    ):
        reader.open(demo_server, "review", lang=language)
        reader.tab.get_by_role("button", name=button).click()
        reader.shot(f"paper-buttons-{language}")
        for label, name in names.items():
            with reader.tab.expect_download() as waited:
                reader.tab.get_by_role("button", name=label).click()
            assert waited.value.suggested_filename == name
            waited.value.save_as(tmp_path / name)
        reader.sound()
    totals = openpyxl.load_workbook(tmp_path / "Планёрка 2026-11-20.xlsx").worksheets[0]
    (whole,) = [row for row in totals.iter_rows(values_only=True) if row[0] == "Всего"]
    printed = Printed(chromium, tmp_path / "Планёрка 2026-11-20.html")
    written = translator("ru", "RUB").money(whole[2])
    assert (printed.said, len(printed.asked)) == ([], 1)
    assert f"{whole[1]}\t{written}" in printed.words and len(printed.pages) > 3
    shown = translator("ru", "RUB").money_short(whole[2])
    reader.open(demo_server, "review", lang="ru")
    assert f"{whole[1]} строк · {shown}" in reader.words()  # the screen says the same
