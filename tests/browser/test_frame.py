"""What only a browser shows: links that keep the view, the way back, dialogs, hostile names on the screen."""

from urllib.parse import parse_qs, urlsplit

import fastexcel
import pytest

from kam import imports
from kam.workspace import Workspace

VIEW = {"lang": "en", "class": "A+", "as_of": "2026-06-30"}


def query(reader):
    return {name: values[0] for name, values in parse_qs(urlsplit(reader.tab.url).query).items()}


def test_view_is_a_link_that_the_menu_and_the_way_back_keep(demo_server, reader):
    reader.open(demo_server, **VIEW)
    assert query(reader) == VIEW
    reader.follow("Upload")
    assert query(reader) == VIEW
    reader.follow("Overview")
    assert query(reader) == VIEW
    assert "As of 30 Jun 2026" in reader.words()
    reader.tab.go_back()
    reader.tab.wait_for_timeout(300)
    reader.settle()
    assert "Exports" in reader.words()
    reader.sound()


def test_help_opens_beside_the_title_and_says_what_by_which_rule_and_what_to_do(demo_server, reader):
    reader.open(demo_server, lang="en")
    reader.tab.get_by_text("Help", exact=True).click(timeout=5_000)
    for part in ("What is here", "By which rule", "What to do with it"):
        reader.tab.get_by_text(part).wait_for(timeout=5_000)
    reader.shot("help")
    reader.sound()


def test_language_is_switched_in_place_and_written_into_the_url(demo_server, reader):
    reader.open(demo_server)
    reader.tab.get_by_text("English", exact=True).click()
    reader.tab.wait_for_timeout(300)
    reader.settle()
    assert query(reader) == {"lang": "en"}
    assert "Ten clients" in reader.words()
    reader.sound()


def test_date_preset_moves_every_figure(demo_server, reader):
    reader.open(demo_server)
    reader.tab.get_by_text("На 20.11.2026").click()
    reader.tab.get_by_text("Год назад: 20.11.2025").click()
    reader.tab.wait_for_timeout(300)
    reader.settle()
    assert query(reader) == {"as_of": "2025-11-20"}
    reader.sound()


def test_bar_opens_the_clients_it_counts(demo_server, reader):
    reader.open(demo_server, lang="en")
    bar = reader.tab.locator(".js-plotly-plot").first.locator(".bars .point").nth(2)
    bar.wait_for()
    box = bar.bounding_box()
    reader.tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reader.tab.get_by_role("dialog").wait_for()
    reader.settle()
    assert "Clients of class B" in reader.tab.get_by_role("dialog").inner_text()
    reader.shot("dialog-bar")
    reader.sound()


@pytest.fixture(scope="module")
def hostile_server(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    names = ["![x](http://evil.test/a.png)", "<img src=http://evil.test/b.png>", "<b>bold</b>", "=1+1", "$x$ :red[y]"]
    rows = "".join(f"{name};2026-01-0{day};{100 * day};{day}\n" for day, name in enumerate(names, 1))
    file = folder / "orders.csv"
    file.write_text(f"Клиент;Дата;Сумма;Номер\n{rows}", encoding="utf-8")
    ws = Workspace(folder / "workspace")
    (report,) = imports.load(ws, [imports.Upload("![x](http:__evil.test_c.png).csv", file)])
    assert report.error is None
    ws.close()
    return serve(folder / "workspace")


def test_hostile_names_ask_nothing_of_the_network_and_draw_no_markup(hostile_server, reader):
    reader.open(hostile_server)
    reader.tab.get_by_text("Откуда число").first.click()
    reader.tab.get_by_role("dialog").wait_for()
    reader.settle().sound()
    reader.tab.keyboard.press("Escape")
    for label in ("ABCD", "Жизненный цикл", "Карточка клиента", "Загрузка"):
        reader.follow(label)
        assert reader.tab.locator("b", has_text="bold").count() == 0
        reader.sound()


def test_table_downloads_as_a_book_of_all_its_rows(demo_server, reader, tmp_path):
    reader.open(demo_server, lang="en")
    with reader.tab.expect_download() as download:
        reader.tab.get_by_text("Download xlsx").first.click()
    download.value.save_as(tmp_path / "book.xlsx")
    rows = fastexcel.read_excel(tmp_path / "book.xlsx").load_sheet(0).to_arrow()
    assert rows.num_rows == 10
    assert rows.column_names[:2] == ["Client", "Why"]
    assert download.value.suggested_filename.endswith(".xlsx")
    reader.sound()


def test_row_of_a_decision_opens_the_card_of_its_client_and_keeps_the_view(demo_server, reader):
    reader.open(demo_server, **VIEW)
    table = reader.tab.locator('[data-testid="stDataFrame"]').first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    reader.tab.mouse.click(box["x"] + 17, box["y"] + 33 * 1.5)
    reader.tab.wait_for_url("**/client?**")
    reader.settle()
    assert query(reader).items() >= VIEW.items()
    assert query(reader)["client"]
    reader.sound()
