"""The words: both languages whole, plurals right, a missing word seen and not fatal."""

import re
import string

import pytest

from kam.errors import KamError
from kam.i18n import LANGUAGES, entries, is_plural, plural_form, translator
from kam.norms import load_norms
from kam.tables import load_tables

PLURALS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}


def placeholders(entry):
    texts = entry.values() if is_plural(entry) else [entry]
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(str(text)) if name}


def test_languages_have_the_same_keys():
    assert entries("ru").keys() ^ entries("en").keys() == set()


def test_texts_of_one_key_take_the_same_facts_in_every_language():
    odd = [key for key in entries("ru") if placeholders(entries("ru")[key]) != placeholders(entries("en")[key])]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_every_form_of_their_language(language):
    lacking = {key for key, entry in entries(language).items() if is_plural(entry) and set(entry) != PLURALS[language]}
    assert lacking == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_blank(language):
    assert [key for key, entry in entries(language).items() if not str(entry).strip()] == []


def test_english_has_no_russian_letters_left():
    assert [key for key, entry in entries("en").items() if re.search("[а-яё]", str(entry), re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("count", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"), (14, "many"),
     (21, "one"), (22, "few"), (25, "many"), (101, "one"), (111, "many"), (1.5, "other"), (2.0, "few")],
)  # fmt: skip
def test_russian_plural_form(count, form):
    assert plural_form("ru", count) == form


def test_spans_carry_their_unit():
    ru, en = translator("ru"), translator("en")
    assert [ru.days(value) for value in (1, 24, 11, 2.5, None)] == ["1 день", "24 дня", "11 дней", "2,5 дня", "—"]
    assert [en.days(value) for value in (1, 24)] == ["1 day", "24 days"]


def test_missing_word_is_shown_by_its_key_and_logged(caplog):
    assert translator("ru")("no.such_key") == "[no.such_key]"
    assert "no.such_key" in caplog.text


def test_code_of_the_data_without_a_word_shows_as_it_is():
    assert translator("ru").value("status", "lost") == "потерянный"
    assert translator("ru").value("kind", "standard+need") == "стандартное + о заказе"
    assert translator("ru").value("status", "чужой") == "чужой"
    assert translator("ru").value("class", "A+") == "A+"


def test_mistake_is_said_in_the_language_with_its_facts():
    error = KamError("errors.zero_bytes", file="{x}.csv")
    assert "{x}.csv" in translator("ru").error(error)


def test_unknown_language_falls_back_to_the_first():
    assert translator("de").language == "ru"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_norm_has_words(language):
    assert [key for key in load_norms() if f"norms.{key}" not in entries(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_that_a_sheet_can_have_has_words(language):
    columns = {column for spec in load_tables().values() for column in spec.columns}
    assert {column for column in columns if f"columns.{column}" not in entries(language)} == set()
