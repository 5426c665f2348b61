"""The company's own sign-in (OIDC), as `st.login` knows it: set up in .streamlit/secrets.toml under [auth].

Streamlit talks to the provider and keeps whom it vouched for in a cookie of its own; the doors take that cookie once, look the
e-mail up in the users' file and give a session of ours, with our end and our sign-out.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping

from streamlit import auth_util
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from kam.gate.sessions import LIFE

DAY = 86400

log = logging.getLogger(__name__)


class CompanySignIn:
    """See kam.gate.doors.Elsewhere."""

    paths = frozenset({"/auth/login", "/oauth2callback"})

    def link(self) -> str:
        """Streamlit's address that leads to the provider, good for a few minutes; empty where no provider is set up."""
        if not auth_util.get_secrets_auth_section():
            return ""
        try:
            auth_util.validate_auth_credentials("default")
            return f"/auth/login?provider={auth_util.encode_provider_token('default')}"
        except Exception as error:  # a section that is not whole, or Authlib not installed: passwords still let people in
            log.error("[auth] of secrets.toml cannot be used: %s", type(error).__name__)
            return ""

    def email(self, cookies: Mapping[str, str]) -> str | None:
        """The e-mail in Streamlit's signed cookie, unless it is older than a session may be or the provider says it is not verified."""
        if not self.link() or USER_COOKIE_NAME not in cookies:
            return None
        secret = get_cookie_secret()

        def signed(name: str) -> bytes | None:
            return decode_signed_value(secret, name, cookies.get(name, "").encode("latin-1"), max_age_days=LIFE / DAY)

        raw = auth_util.get_cookie_with_chunks(signed, USER_COOKIE_NAME)
        said = json.loads(raw) if raw else {}
        is_vouched = said.get("is_logged_in") is True and said.get("email_verified", True) is True
        return str(said["email"]) if is_vouched and said.get("email") else None

    def cookies(self, cookies: Mapping[str, str]) -> Iterable[str]:
        """The names of Streamlit's cookies of the signed-in user, in parts where they are long."""
        return [name for name in cookies if re.fullmatch(rf"{USER_COOKIE_NAME}(_tokens)?(_+\d+)?", name)]
