"""The glossary's content: whole in both languages, naming only what exists, and every norm that a measure takes."""

from __future__ import annotations

import tomllib

import pytest

from kam import glossary, queries
from kam.i18n import LANGUAGES, translator
from kam.norms import load_norms
from kam.ui import menu

RAW = tomllib.loads(glossary.FILE.read_text(encoding="utf-8"))["entries"]


def test_every_norm_that_a_query_takes_is_mentioned():
    taken = {norm for query in queries.all_queries().values() for norm in query.norms}
    told = {norm for entry in RAW for norm in entry["norms"]}
    assert taken - told == set()
    assert told - set(load_norms()) == set()


def test_every_page_and_mart_named_exists():
    pages = {name for group in menu.MENU for name in group.pages if menu.exists(name)}
    for entry in RAW:
        assert entry["pages"] and set(entry["pages"]) <= pages, entry["code"]
        assert entry["marts"] and set(entry["marts"]) <= set(queries.all_queries()), entry["code"]


def test_a_measure_names_the_norms_of_its_own_marts():
    """Norms that Python takes (country, currency, minutes of a review) are apart: no mart binds them."""
    taken = {norm for query in queries.all_queries().values() for norm in query.norms}
    for entry in RAW:
        behind = set().union(*(queries.compile_query(mart).norms for mart in entry["marts"]))
        assert set(entry["norms"]) & taken <= behind, entry["code"]


def test_both_languages_say_everything_in_their_own_letters():
    for entry in RAW:
        for language in LANGUAGES:
            assert set(entry[language]) == {"name", "words", "formula"}, entry["code"]
            assert all(text.strip() for text in entry[language].values()), entry["code"]
        assert any("а" <= letter <= "я" for letter in entry["ru"]["words"].lower())
        assert not any("а" <= letter <= "я" for text in entry["en"].values() for letter in text.lower()), entry["code"]
    assert len({entry["code"] for entry in RAW}) == len(RAW)


@pytest.mark.parametrize(
    ("language", "words", "first"),
    [
        ("ru", "цикл заказа", "order_cycle"),
        ("ru", "ЗАБЫТЫЙ", "forgotten"),
        ("ru", "sleep_quantile", "sleep_ratio"),
        ("en", "comb", "comb"),
        ("en", "GAP", "gap"),
    ],
)
def test_search(language, words, first):
    t = translator(language)
    found = glossary.found(glossary.entries(language), words, lambda key: t(f"norms.{key}"))
    assert found[0].code == first


def test_search_without_words_gives_all_and_without_a_hit_nothing():
    every = glossary.entries("ru")
    assert len(glossary.found(every, "  ", str)) == len(RAW)
    assert glossary.found(every, "щщщ", str) == []
