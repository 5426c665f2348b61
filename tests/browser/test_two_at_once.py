"""Two people at once over one workspace: what one sets or types stays with that one, what one loads both see, whole."""

import json
import shutil

from kam import cli
from kam.i18n import translator

A_YEAR_AGO = "2025-11-20"
OWN = """order_id,client,date,amount,currency
1,Альфа,2025-03-10,1111,RUB
2,Бета,2025-10-01,2222,RUB
3,Альфа,2026-02-28,4444,RUB
4,Гамма,2026-03-02,30000,RUB
"""


def shown(reader):
    """The headline figures of the overview, as they stand on the page."""
    reader.tab.locator('[data-testid="stMetricValue"]').first.wait_for()
    return [text.strip() for text in reader.tab.locator('[data-testid="stMetricValue"]').all_inner_texts()]


def told(capsys, workspace, language, as_of=None):
    """The clients and the revenue that `kam show` tells of, as the page writes them."""
    day = ["--as-of", as_of] if as_of else []
    capsys.readouterr()
    assert cli.main(["--workspace", str(workspace), "show", "home_figures", "--format", "json", *day]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    t = translator(language, "RUB")
    return row["client_count"], row["revenue"], [t.number(row["client_count"]), t.money_short(row["revenue"])]


def type_over_first_norm(reader, value):
    """Types a value over the first norm of the settings, without saving it."""
    table = reader.tab.locator('[data-testid="stDataFrame"]').first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    reader.tab.mouse.click(box["x"] + 40, box["y"] + 33 * 1.5)
    for key in ("ArrowRight", "Enter", "ControlOrMeta+a", *value, "Enter"):
        reader.tab.wait_for_timeout(300)
        reader.tab.keyboard.press(key)
    reader.tab.wait_for_timeout(300)
    reader.settle()


def test_what_one_sets_stays_with_one_and_what_one_loads_both_see_whole(serve, demo_server, reader, colleague, tmp_path, capsys):
    office = serve(shutil.copytree(demo_server.workspace, tmp_path / "workspace"))
    reader.open(office, lang="ru", as_of=A_YEAR_AGO)
    colleague.open(office, lang="en", **{"class": "A"})
    *_, a_year_ago = told(capsys, office.workspace, "ru", A_YEAR_AGO)
    assert shown(reader)[:2] == a_year_ago
    narrowed = shown(colleague)
    assert narrowed[:2] != told(capsys, office.workspace, "en")[2]

    reader.follow(translator("ru")("settings.menu"))
    type_over_first_norm(reader, "7")
    reader.tab.get_by_text(translator("ru")("settings.changed")).first.wait_for()
    colleague.follow(translator("en")("settings.menu"))
    assert translator("en")("settings.changed") not in colleague.words()
    colleague.follow("Overview")
    assert shown(colleague) == narrowed
    assert "lang=en" in colleague.tab.url and "as_of" not in colleague.tab.url

    (tmp_path / "own.csv").write_text(OWN, encoding="utf-8")
    colleague.open(office, "upload", lang="en")
    colleague.tab.locator('input[type="file"]').set_input_files(str(tmp_path / "own.csv"))
    colleague.tab.get_by_role("button", name="Load", exact=True).click()
    colleague.tab.get_by_text("sheet is loaded").wait_for(timeout=180_000)

    # The next click of the other: own data have taken the place of the demo, in the language and as of the day set there.
    reader.follow("Обзор")
    assert told(capsys, office.workspace, "ru", A_YEAR_AGO)[:2] == (2, 3333)
    assert shown(reader)[:2] == told(capsys, office.workspace, "ru", A_YEAR_AGO)[2]
    assert f"as_of={A_YEAR_AGO}" in reader.tab.url
    colleague.follow("Overview")
    assert told(capsys, office.workspace, "en")[:2] == (3, 37777)
    assert shown(colleague)[:2] == told(capsys, office.workspace, "en")[2]
    reader.sound()
    colleague.sound()
