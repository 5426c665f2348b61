"""Names that would act travel through every page: nothing a page gives to be formatted holds one as it came."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from google.protobuf.message import Message

from kam import cli
from kam.exports import books
from kam.i18n import translator
from kam.ui import menu, tables
from kam.workspace import Workspace
from tests import hostile_names
from tests.hostile_names import KEPT, acting, acting_in_chart

PAGES = [name for group in menu.MENU for name in group.pages if menu.exists(name)]
# What a chart shows of a point; customdata only names the point to us.
UNSEEN = ("customdata", "hovertemplate")


@pytest.fixture(scope="module")
def hostile(once: Callable[..., Path]) -> Path:
    return once("hostile", hostile_names.fill)


def texts(message: Message) -> Iterator[tuple[str, str]]:
    """(field, text) of every text that an element sends to the browser, whatever element it is."""
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            values = value.values() if hasattr(value, "values") else value if hasattr(value, "__iter__") else [value]
            for one in values:
                if isinstance(one, Message):
                    yield from ((f"{field.name}.{name}", text) for name, text in texts(one))
        elif field.type == field.TYPE_STRING:
            for one in [value] if isinstance(value, str) else value:
                yield field.name, one


def elements(node: Any) -> Iterator[Any]:
    """Every element and block of a page, dialogs too."""
    children = getattr(node, "children", None)
    if children is not None:
        yield from (element for child in children.values() for element in elements(child))
    if getattr(node, "proto", None) is not None:
        yield node


# Fields that the browser shows to the letter: canvas cells, plain text, options of a select box, keys, addresses.
PLAIN = {
    "arrow_data_frame": ("",), "text": ("body",), "selectbox": ("options", "raw_value", "default", "placeholder"),
    "text_input": ("value", "default", "placeholder"), "page_link": ("query_string", "page"), "plotly_chart": ("spec",),
}  # fmt: skip
ALWAYS_PLAIN = ("id", "key", "form_id", "user_key", "element_id", "url", "query_string", "columns", "data")


def breaches(app: Any) -> list[str]:
    """Where a page gives a name to be formatted as it came."""
    found = []
    for root in app._tree.children.values():
        for element in elements(root):
            if element.type == "plotly_chart":
                found += [f"chart: {text[:80]!r}" for text in chart_texts(json.loads(element.proto.spec)) if acting_in_chart(text)]
                continue
            for field, text in texts(element.proto):
                leaf = field.rsplit(".", 1)[-1]
                if leaf not in ALWAYS_PLAIN and leaf not in PLAIN.get(element.type, ()) and acting(text):
                    found.append(f"{element.type}.{field}: {acting(text)} in {text[:120]!r}")
    return found


def chart_texts(part: Any, name: str = "") -> Iterator[str]:
    if name in UNSEEN:
        return
    if isinstance(part, dict):
        for key, value in part.items():
            yield from chart_texts(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from chart_texts(value, name)
    elif isinstance(part, str):
        yield part


@pytest.mark.parametrize("page", PAGES)
def test_no_name_acts_on_a_page(opened, hostile, page):
    app = opened(page, hostile, lang="en")
    assert [error.value for error in app.error] == [] and [exception.value for exception in app.exception] == []
    assert breaches(app) == []


WITHOUT_FIGURES = ("upload", "settings", "rules", "matches", "explore", "sql", "glossary")


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page not in WITHOUT_FIGURES])
def test_no_name_acts_in_what_a_figure_opens(opened, hostile, page):
    app = opened(page, hostile, lang="en")
    asked = [button.key for button in app.button if translator("en")("evidence.button") in (button.label, button.help)]
    assert asked
    for key in asked[:4]:
        app.button(key=key).click().run()
        assert [error.value for error in app.error] == []
        assert breaches(app) == [], key


@pytest.mark.parametrize("client_id", ["=1+1", "c1", "c11", "<b>bold</b> <i>it</i><br>line", "c33", "c39"])
def test_card_shows_the_name_to_the_letter(opened, hostile, client_id):
    ws = Workspace(hostile)
    (row,) = [row for row in ws.fetch("marts.client_list", row_limit=100).to_pylist() if row["client_id"] == client_id]
    ws.close()
    app = opened("client", hostile, lang="en", client=client_id)
    assert row["client_name"] in KEPT
    (option,) = [option for option in app.selectbox(key="client").options if row["client_name"] in option]
    assert option.startswith(row["client_name"])
    assert breaches(app) == []


def test_table_holds_every_name_to_the_letter(opened, hostile):
    app = opened("abcd", hostile)
    shown = max((frame.value for frame in app.dataframe), key=len)
    assert set(shown["client_name"]) == set(KEPT)


def running_in_book(book: bytes) -> list[str]:
    """Formulas, links and parts outside the book."""
    parts = zipfile.ZipFile(io.BytesIO(book))
    texts = {name: parts.read(name).decode() for name in parts.namelist()}
    found = [f"{name}: {mark}" for name, text in texts.items() for mark in ("<f>", "<f ", "<hyperlink", 'TargetMode="External"') if mark in text]
    return found + [name for name in texts if "externalLink" in name or "vbaProject" in name]


def running_in_csv(content: bytes) -> list[str]:
    """Cells that a spreadsheet would take for formulas, whether it cuts the lines at semicolons or at commas."""
    text = content.decode("utf-8-sig")
    cells = [cell for mark in ";," for line in csv.reader(io.StringIO(text, newline=""), delimiter=mark) for cell in line]
    return [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]


@pytest.mark.parametrize("mart", ["client_list", "touch_due", "promise_list", "weekly_agenda"])
def test_book_and_csv_hold_every_name_and_nothing_that_runs(hostile, mart):
    ws = Workspace(hostile)
    table = ws.fetch(f"marts.{mart}", **({"row_limit": 1000} if mart == "client_list" else {}))
    ws.close()
    t, at = translator("en"), table.column_names.index("client_name")
    book = tables.book(KEPT[17], table, t)
    shown = fastexcel.read_excel(book).load_sheet(0, header_row=0, dtypes="string").to_arrow().column(at).to_pylist()
    assert shown == table.column(at).to_pylist()
    assert any(name in KEPT[:20] for name in shown)
    assert running_in_book(book) == []
    assert running_in_csv(books.csv_file(tables._sheet("x", table, t))) == []


def test_command_line_writes_csv_in_which_nothing_runs(hostile, capsys):
    assert cli.main(["--workspace", str(hostile), "show", "client_list", "--param", "row_limit=100", "--format", "csv"]) == 0
    shown = capsys.readouterr().out
    assert "'=1+1" in shown
    cells = [cell for line in csv.reader(io.StringIO(shown, newline="")) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "＝"))] == []
