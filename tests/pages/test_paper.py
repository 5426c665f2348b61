"""The papers of the weekly review where the page offers them."""

from __future__ import annotations

import pytest

from tests.pages.shown import sound


@pytest.mark.parametrize(("language", "labels"), [("ru", {"Книга xlsx", "Лист для печати"}), ("en", {"xlsx book", "Sheet to print"})])
def test_review_is_offered_as_a_book_and_as_a_sheet(opened, world, language, labels):
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 5")
    world.build()
    app = sound(opened("review", world.workspace.path, lang=language))
    assert labels <= {button.proto.label for button in app.get("download_button")}
