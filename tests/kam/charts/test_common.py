"""The layout that every chart shares."""

from __future__ import annotations

import pytest

from kam.charts import CONFIG, common
from kam.i18n import translator
from kam.palette import palette

RU, EN = translator("ru"), translator("en")


def test_label_shows_markup_to_the_letter():
    assert common.label('<a href="x">ООО "Ромашка" & К</a>', 60) == '&lt;a href="x"&gt;ООО "Ромашка" &amp; К&lt;/a&gt;'


def test_label_cuts_a_long_name_before_escaping_it():
    assert common.label("&" * 40, 5) == "&amp;" * 4 + "…"


def test_label_cannot_turn_the_direction_of_the_words_after_it():
    assert common.label("invoice\u202excod.exe") == "invoicexcod.exe"


def test_label_of_nothing_is_a_dash():
    assert common.label(None) == "—"


def test_charts_never_send_data_away():
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displaylogo"] is False


@pytest.mark.parametrize(("t", "separators"), [(RU, ",\u00a0"), (EN, ".,")])
def test_numbers_have_the_marks_of_the_language(t, separators):
    assert common.figure(t, palette("light"), title="x").layout.separators == separators


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_backgrounds_let_the_theme_through(theme):
    layout = common.figure(RU, palette(theme), title="x").layout
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == (common.CLEAR, common.CLEAR)
    assert layout.font.color == palette(theme).text


def test_long_title_breaks_into_lines_and_makes_room_for_them():
    short = common.figure(RU, palette("light"), title="Коротко")
    long = common.figure(RU, palette("light"), title="слово " * 30)
    assert long.layout.title.text.count("<br>") == 2
    assert long.layout.margin.t - short.layout.margin.t == 2 * common.TITLE_LINE


@pytest.mark.parametrize(
    ("top", "marks"),
    [
        (100, [0, 25, 50, 75, 100]),
        (7, [0, 2, 4, 6]),
        (0, [0]),
        (1_000_000, [0, 250_000, 500_000, 750_000, 1_000_000]),
    ],
)
def test_marks_of_an_axis_are_round(top, marks):
    assert common.steps(top) == marks


def test_log_axis_marks_every_power_of_ten_and_passes_over_zero():
    axis = common.log_money_axis(palette("light"), EN, [0, None, 500, 20_000])
    assert axis["tickvals"] == [100, 1_000, 10_000, 100_000]
    assert axis["ticktext"][-1] == "100K"
