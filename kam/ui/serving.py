"""What stands between the server and the pages: the doors, with what they need to know of Streamlit."""

from __future__ import annotations

import base64
import gc
import hashlib
import os
import re
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from kam.errors import KamError
from kam.gate import Gate, office
from kam.i18n import translator
from kam.ui.company import CompanySignIn

INDEX = Path(st.__file__).parent / "static" / "index.html"
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def middleware() -> list[Middleware]:
    """The middleware of the app. With KAM_USERS set to what cannot be used, the process ends here with one sentence."""
    t = translator(os.environ.get("KAM_LANG", "")[:2].lower())
    try:
        kept = office()
        for warning in kept.open() if kept else ():
            print(t(warning, file=str(kept.users.path)) if kept else "", file=sys.stderr)
    except KamError as error:
        sys.exit(t.error(error))
    gc.collect()
    gc.freeze()  # what was imported stays: a collection need not look at it again
    elsewhere = CompanySignIn() if kept else None
    return [Middleware(Gate, office=kept, allows_host=is_host_allowed, script_hashes=script_hashes(), elsewhere=elsewhere)]


def script_hashes(index: Path = INDEX) -> list[str]:
    """The inline scripts of Streamlit's own page, as a content security policy names them."""
    scripts = INLINE_SCRIPT.findall(index.read_text(encoding="utf-8"))
    return [f"sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}" for one in scripts]
