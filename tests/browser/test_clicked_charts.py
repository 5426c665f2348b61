"""Charts whose points open the rows behind them: what a test without a browser cannot click."""

import pytest

CHARTS = [
    ("touches", 0, ".barlayer .point path", 4),  # share of a manager
    ("touches", 1, ".barlayer .point path", 1),  # share of a class
    ("touches", 2, ".barlayer .point path", 4),  # a kind of the norm
    ("touches", 3, ".barlayer .point path", 2),  # a kind of the log
    ("touches", 4, ".scatterlayer .point", 3),  # a reason
    ("promises", 0, ".barlayer .point path", 2),  # an age in calendar days
    ("promises", 1, ".barlayer .point path", 2),  # an age in working days
    ("promises", 2, ".scatterlayer .point", 1),  # an owner
    ("client", 0, ".barlayer .point path", 10),  # a day of orders
    ("client", 1, ".barlayer .point path", 0),  # a kind of the client's norm
    ("client", 2, ".barlayer .point path", 40),  # a month
]


@pytest.mark.parametrize("page", [*(pytest.param(page, marks=pytest.mark.slow) for page in ("touches", "promises")), "client"])
def test_every_chart_opens_its_rows(demo_server, reader, page):
    reader.open(demo_server, page)
    for _, chart, mark, place in (row for row in CHARTS if row[0] == page):
        point = reader.tab.locator(".js-plotly-plot").nth(chart).locator(mark).nth(place)
        point.scroll_into_view_if_needed()
        reader.tab.mouse.wheel(0, 80)
        reader.tab.wait_for_timeout(300)
        box = point.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        reader.tab.mouse.move(x, y + 1)
        reader.tab.wait_for_timeout(400)
        reader.tab.mouse.click(x, y)
        dialog = reader.tab.get_by_role("dialog")
        dialog.wait_for(timeout=20_000)
        reader.settle()
        assert "Откуда это число" in dialog.inner_text(), (page, chart)
        reader.tab.keyboard.press("Escape")
        dialog.wait_for(state="detached", timeout=20_000)
        reader.settle()
    reader.sound()
