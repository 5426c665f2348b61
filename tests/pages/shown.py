"""What a page shows, read from a test run of it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    """All the text that a page shows, for a look whether something stands there."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.text, app.info, app.error, app.warning, app.success)
    shown = [str(element.value) for kind in kinds for element in kind]
    return "\n".join([*shown, *(str(metric.label) for metric in app.metric), *(button.label for button in app.button)])


def sound(app: AppTest) -> AppTest:
    """The page came to its end: no exception, no error shown, no key without its words."""
    assert [exception.value for exception in app.exception] == []
    assert [error.value for error in app.error] == []
    assert "[" not in "".join(line for line in words(app).splitlines() if "](" not in line), words(app)
    return app
