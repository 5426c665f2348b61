"""The company's own sign-in: the cookie that Streamlit signs is read, and believed only where it should be."""

from __future__ import annotations

import json
import secrets

import pytest
from streamlit import auth_util
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from kam.gate.sessions import LIFE
from kam.ui import company
from kam.ui.company import CompanySignIn

NAME, SECRET = "_streamlit_user", "a secret of the server, long enough"
EVA = {"email": "eva@example.com", "is_logged_in": True}


@pytest.fixture
def provider(monkeypatch):
    """A provider that is set up; its tokens need Authlib, which is no requirement."""
    monkeypatch.setattr(auth_util, "get_secrets_auth_section", lambda: {"client_id": "x"})
    monkeypatch.setattr(auth_util, "validate_auth_credentials", lambda name: None)
    monkeypatch.setattr(auth_util, "encode_provider_token", lambda name: f"token-of-{name}")
    monkeypatch.setattr(company, "get_cookie_secret", lambda: SECRET)
    return CompanySignIn()


def cookies(said, secret=SECRET):
    """As Streamlit writes them, in parts where they are long."""
    written = {}

    def signed(name, value):
        return create_signed_value(secret, name, value)

    def keep(name, value):
        written[name] = signed(name, value).decode()

    auth_util.set_cookie_with_chunks(keep, signed, NAME, said, cookie_attr_size=80)
    return written


def test_link_leads_to_the_provider_where_one_is_set_up(provider, monkeypatch):
    assert provider.link() == "/auth/login?provider=token-of-default"
    monkeypatch.setattr(auth_util, "get_secrets_auth_section", dict)
    assert provider.link() == ""
    assert provider.email(cookies(EVA)) is None


def test_provider_that_cannot_be_used_is_not_offered(provider, monkeypatch):
    def fail(name):
        raise auth_util.StreamlitAuthError("no client_id")

    monkeypatch.setattr(auth_util, "validate_auth_credentials", fail)
    assert provider.link() == ""


@pytest.mark.parametrize("length", [10, 12_000])
def test_email_is_read_from_a_short_cookie_and_from_one_in_parts(provider, length):
    sent = cookies({**EVA, "groups": secrets.token_hex(length)})
    assert provider.email(sent) == "eva@example.com"
    others = {"_streamlit_user_tokens": "x", "_streamlit_xsrf": "x", "ritm": "x"}
    assert sorted(provider.cookies({**sent, **others})) == sorted([*sent, "_streamlit_user_tokens"])
    assert (len(sent) > 1) is (length > 1000)


@pytest.mark.parametrize(
    ("said", "email"),
    [({**EVA, "email_verified": True}, "eva@example.com"), ({**EVA, "email_verified": False}, None), ({**EVA, "is_logged_in": False}, None),
     ({"is_logged_in": True}, None), ({**EVA, "email": ""}, None)],
)  # fmt: skip
def test_email_that_nobody_vouched_for_is_none(provider, said, email):
    assert provider.email(cookies(said)) == email


def test_cookie_signed_with_another_secret_is_none(provider):
    assert provider.email(cookies(EVA, "another secret")) is None
    assert provider.email({NAME: json.dumps(EVA)}) is None
    assert provider.email({}) is None


@pytest.mark.parametrize(("age", "email"), [(LIFE - 60, "eva@example.com"), (LIFE + 60, None)])
def test_cookie_older_than_a_session_is_none(provider, monkeypatch, age, email):
    import itsdangerous.timed

    sent = cookies(EVA)
    now = itsdangerous.timed.time.time()
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: now + age)
    assert provider.email(sent) == email
