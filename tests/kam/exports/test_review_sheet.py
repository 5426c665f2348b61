"""The review as a sheet to print: whole, harmless, with the same figures as the tree."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from kam.exports import papers
from kam.exports.review_sheet import LONGEST_TEXT, SECTION_LINES, ageing, review_sheet
from kam.i18n import translator
from tests.kam.exports import reviews

RU, EN = translator("ru", "RUB"), translator("en", "RUB")
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "span", "b", "bdi", "a", "div", "table", "thead", "tbody",
    "tfoot", "tr", "th", "td", "figure", "figcaption", "svg", "text", "rect", "line",
}  # fmt: skip


class Seen(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


def seen(review: Any = None, t: Any = RU, **filters: str) -> Seen:
    return Seen(review_sheet(review or reviews.full(), t, filters))


@pytest.mark.parametrize("review", [reviews.full(), reviews.hostile(), reviews.review([])])
def test_sheet_is_whole_and_can_do_nothing(review):
    content = review_sheet(review, RU)
    page = Seen(content)
    assert set(page.tags) <= ALLOWED
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")} and not names & {"src", "srcset", "style", "action"}
    assert all(value and value.startswith("#") for name, value in page.attributes if name == "href")
    style = content.decode().split("<style>")[1].split("</style>")[0]
    assert not re.search(r"url\(|@import|https?:", style)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'") in page.attributes


def test_hostile_texts_are_read_to_the_letter_and_long_ones_are_cut():
    page = seen(reviews.hostile())
    for text in reviews.HOSTILE:
        plain = re.sub(r"[\x00-\x1f\u202e]+", " ", text)
        assert (plain if len(plain) <= LONGEST_TEXT else plain[:LONGEST_TEXT] + "…") in page.text, text[:50]
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00]", page.text)
    assert "Ы" * (LONGEST_TEXT + 1) not in page.text


def test_money_and_lines_are_those_of_the_review():
    page = seen().text
    assert "Всего 4 1\u00a0271\u00a0₽" in re.sub(" +", " ", page)
    assert "2 строки · 1\u00a0200\u00a0₽" in page and "1\u00a0000\u00a0₽" in page


def test_figures_stand_beside_the_last_ones_with_the_clients_that_made_the_difference():
    page = seen().text
    assert "Ромашка +70\u00a0₽; Новый −40\u00a0₽" in page
    assert f"+{RU('review.points', value=10)}" in page and "не загружены обещания" in page
    assert "В прошлый раз" not in seen(reviews.review([])).text


def test_decisions_stand_where_they_were_made_and_there_is_room_for_more():
    page = seen()
    assert page.text.count("Позвонить") == 2  # at its line, and in the list
    assert "Вернуть деньги — Иванов, до 04.12.2026" in page.text and "ждём банк" in page.text
    assert page.attributes.count(("class", "box")) == 3 and "Записал" in page.text
    blank = review_sheet(reviews.full(), RU).count(b"<tr><td></td><td></td><td></td><td></td></tr>")
    assert (blank, review_sheet(reviews.closed(), RU).count(b"<tr><td></td><td></td>")) == (6, 0)
    assert ("class", "box") not in seen(reviews.closed()).attributes


def test_charts_are_drawn_from_the_lines():
    page = seen()
    assert page.tags.count("svg") == 3  # sections, owners, ageing
    assert "Просрочено 3 обещания, самое старое — 35 дней" in page.text
    assert page.text.count("8–14 дн.") == 1
    assert seen(reviews.review([])).tags.count("svg") == 0


def test_long_section_is_cut_and_says_how_much_is_in_the_book():
    lines = [reviews.line("forgotten", str(n), f"Клиент {n:03}", "10", reviews.forgotten()) for n in range(SECTION_LINES + 2)]
    page = seen(reviews.review(lines)).text
    assert f"Клиент {SECTION_LINES - 1:03}" in page and f"Клиент {SECTION_LINES:03}" not in page
    assert "Ещё 2 строки на 20\u00a0₽ — в книге xlsx" in page
    assert "Ещё" not in seen(reviews.review(lines[:SECTION_LINES])).text


def test_section_of_an_unloaded_sheet_says_so():
    assert "Не загружены: контакты." in seen().text
    assert seen(reviews.review([])).text.count("Ничего нет.") == 11


@pytest.mark.parametrize(("language", "words"), [(RU, "Закрытая планёрка"), (EN, "Closed review")])
def test_closed_review_says_that_it_is(language, words):
    assert words in seen(reviews.closed(), language).text


def test_narrowed_view_says_by_what():
    assert "Показана часть: Класс: A+." in seen(None, RU, **{"class": "A+"}).text


def test_names_of_files_are_in_the_language_with_the_date_and_the_manager():
    assert papers.file_name(reviews.full(), RU) == "Планёрка 2026-11-20"
    assert papers.file_name(reviews.closed(), EN) == "Weekly review 2026-11-23"
    assert papers.file_name(reviews.review([], manager='О/"Нил"..'), RU) == "Планёрка 2026-11-20 О Нил"


def test_ageing_is_that_of_the_promises_page(given, fetch):
    given("orders", "client | date | amount\n1 | 2026-01-01 | 5")
    days = (1, 3, 4, 7, 8, 14, 15, 30, 31, 365)
    rows = (f"p{day} | 1 | {date(2026, 3, 31) - timedelta(day)}" for day in days)
    given("promises", "promise_id | client | due_on\n" + "\n".join(rows))
    found = fetch("marts.promise_list", as_of="2026-03-31", scope="overdue").to_pylist()
    assert {row["days_overdue"]: row["ageing"] for row in found} == {day: ageing(day) for day in days}


# Questions


def flat(page: Seen) -> str:
    return re.sub(r"\s+", " ", page.text)


def test_questions_come_after_the_sections_with_their_first_rows_and_what_is_left():
    text = flat(seen(reviews.asked()))
    assert text.index("4. Забытые ключевые клиенты 1 строка") < text.rindex("12. Свои вопросы к данным") < text.index("Отложенные строки")
    assert "12. Свои вопросы к данным 3 вопроса" in text
    assert "Клиент Выручка Последний заказ Статус Ключевой Решение" in text
    assert "Решение Ромашка 12 ₽ 13.11.2026 потерянный да Спросить — Петров, до 27.11.2026" in text
    assert "Ещё 5 строк — в книге xlsx. Ещё 3 столбца — в книге xlsx." in text
    assert "Сломан Нет ответа. Строка 1, знак 8: нет <b>такого</b>." in text
    assert "Пусто" not in text
    assert "12. Questions of your own 3 questions" in flat(seen(reviews.asked(), EN))


def test_sheet_without_questions_says_nothing_of_them():
    assert "12. Свои вопросы" not in seen().text
