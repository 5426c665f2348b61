"""What the server is started with: the doors, and a sentence instead of a server where they cannot be shut."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kam import log
from kam.access import User
from kam.errors import KamError
from kam.gate import Gate, office, passwords
from kam.gate.users import Entry, Users
from kam.ui import serving, who


@pytest.fixture
def users(tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "COST", 2**4)
    kept = Users(tmp_path / "users.toml")
    kept.add(Entry(User("Анна", "director"), passwords.hashed("a long password")))
    monkeypatch.setenv("KAM_USERS", str(kept.path))
    return kept


def test_laptop_has_doors_without_an_office(monkeypatch):
    monkeypatch.delenv("KAM_USERS", raising=False)
    (one,) = serving.middleware()
    assert (one.cls, one.kwargs["office"]) == (Gate, None)
    assert who.current() is None


@pytest.mark.parametrize(("content", "sentence"), [(None, "There is no users' file"), ("", "Nobody is in"), ("[[", "The users' file")])
def test_users_file_that_cannot_be_used_ends_the_start_with_one_sentence(tmp_path, monkeypatch, content, sentence):
    path = tmp_path / "users.toml"
    if content is not None:
        path.write_text(content)
        path.chmod(0o600)
    monkeypatch.setenv("KAM_USERS", str(path))
    monkeypatch.setenv("KAM_LANG", "en")
    with pytest.raises(SystemExit) as ended:
        serving.middleware()
    assert str(ended.value.code).startswith(sentence)


def test_file_that_others_may_read_is_warned_of_at_the_start(users, capsys, monkeypatch):
    users.path.chmod(0o644)
    monkeypatch.setenv("KAM_LANG", "en")
    serving.middleware()
    assert capsys.readouterr().err.startswith("Others may read the users' file")


def test_inline_script_of_streamlits_page_is_named_by_its_hash(tmp_path):
    page = tmp_path / "index.html"
    page.write_text('<script>one</script><script type="module" src="./a.js"></script><script>two\n</script>', encoding="utf-8")
    named = [base64.b64encode(hashlib.sha256(text).digest()).decode() for text in (b"one", b"two\n")]
    assert serving.script_hashes(page) == [f"sha256-{one}" for one in named]
    assert len(serving.script_hashes()) == 1


# Who looks


def test_page_of_a_server_without_doors_is_refused(users):
    with pytest.raises(KamError, match=r"gate\.bypassed"):
        who.current()


@pytest.fixture
def cookies(users, monkeypatch):
    """What the browser sends, to be filled by the test; the doors stand."""
    sent = {}
    kept = office()
    monkeypatch.setattr(kept, "is_guarded", True)
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: sent))
    return sent


def test_user_is_the_one_of_the_session_until_it_is_over(users, cookies):
    kept = office()
    with pytest.raises(KamError, match=r"gate\.over"):
        who.current()
    cookies["ritm"] = kept.sessions.begin(users.entry("Анна"))
    app = AppTest.from_function(say_who).run()
    assert app.text[0].value == "Анна"
    users.change("Анна")
    assert app.run().error[0].value == "gate.over"


def test_tab_opened_by_another_user_is_not_shown_to_the_next(users, cookies):
    kept = office()
    users.add(Entry(User("Eva", "viewer"), passwords.hashed("a long password")))
    cookies["ritm"] = kept.sessions.begin(users.entry("Анна"))
    app = AppTest.from_function(say_who).run()
    cookies["ritm"] = kept.sessions.begin(users.entry("Eva"))
    assert app.run().error[0].value == "gate.over"
    assert AppTest.from_function(say_who).run().text[0].value == "Eva"


# Failures outside of a page's frame


def test_failure_of_a_callback_is_a_sentence_with_a_number_and_no_data(tmp_path, monkeypatch):
    monkeypatch.setenv("KAM_WORKSPACE", str(tmp_path))
    app = AppTest.from_function(fail).run()
    assert app.text[0].value == "True"
    assert "Ромашка" not in app.error[0].value
    reference = re.search(r"[0-9a-f]{8}", app.error[0].value).group()
    written = log.path(tmp_path).read_text(encoding="utf-8")
    assert f"failure {reference}" in written and "ValueError" in written and "Ромашка" not in written


def fail():
    import streamlit as st

    from kam.ui import failures

    st.text(str(failures.unforeseen(ValueError("Ромашка"))))


def say_who():
    import streamlit as st

    from kam.errors import KamError
    from kam.ui import who

    try:
        user = who.current()
        st.text(user.name if user else "nobody")
    except KamError as error:
        st.error(error.key)
