"""Colours that can be read and told apart."""

import pytest

from kam.palette import DARK, LIGHT, READABLE, contrast, palette


def colours(theme):
    return {**theme.classes, **theme.verdicts, **theme.statuses, **theme.kinds}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_in_colour_read_on_the_background(theme):
    assert {code for code, colour in colours(theme).items() if contrast(theme.ink(colour), theme.background) < READABLE} == set()
    assert contrast(theme.text, theme.background) > 10
    assert contrast(theme.muted, theme.background) > READABLE


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("group", ["classes", "verdicts", "statuses", "kinds"])
def test_codes_of_one_meaning_have_colours_of_their_own(theme, group):
    shades = list(getattr(theme, group).values())
    assert len(set(shades)) == len(shades)


def test_themes_know_the_same_codes():
    for group in ("classes", "verdicts", "statuses", "kinds"):
        assert getattr(LIGHT, group).keys() == getattr(DARK, group).keys()


def test_colour_of_a_code_follows_from_its_column():
    assert LIGHT.of("class", "A+") == LIGHT.classes["A+"]
    assert LIGHT.of("status", "lost") == LIGHT.statuses["lost"]
    assert LIGHT.of("status", "below") == LIGHT.verdicts["bad"]
    assert LIGHT.of("touch_status", "near") == LIGHT.verdicts["near"]
    assert LIGHT.of("client_name", "open") is None
    assert LIGHT.of("class", "Z") is None


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_unknown_theme_is_light():
    assert palette(None) is LIGHT
    assert palette("dark") is DARK
