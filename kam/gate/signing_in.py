"""The sign-in page: one small form without a script, in the reader's language, and what the form sends back.

Knows no user and no session; kam.gate.doors asks and answers.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from kam.i18n import LANGUAGE_NAMES, LANGUAGES, Translator, translator

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
STYLE = Path(__file__).with_name("signing_in.css").read_text(encoding="utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The product's mark: a dot of its colour, so that the tab is not bare. Nothing else may be asked for before signing in.
ICON = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="#1f5fa8"/></svg>'
)


@dataclass(frozen=True)
class Form:
    """What the form sent: a name, a password, the page to go on to."""

    name: str
    password: str
    onward: str


def form(body: bytes) -> Form | None:
    """The form of a request's body; None where it is not one."""
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=8)
        name, password = fields["name"][0], fields["password"][0]
    except (UnicodeDecodeError, ValueError, KeyError):
        return None
    return Form(name[:200], password, onward(fields.get("onward", ["/"])[0]))


def onward(address: str) -> str:
    """A page of this server to go on to: the address where it is one of ours, else the home page."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address or not address.isprintable():
        return "/"
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or parts.path in (SIGN_IN, SIGN_OUT):
        return "/"
    return quote(address, safe="/?&=%+,:;@!$'()*~-._#")


def words(headers: Mapping[str, str], query: str) -> Translator:
    """The translator of the page: the language in the address, else the first that the browser asks for and we speak, else Russian."""
    asked = dict(parse_qsl(query)).get("lang", "")
    accepted = (part.split(";")[0].strip()[:2].lower() for part in headers.get("accept-language", "").split(","))
    return translator(next((one for one in (asked, *accepted) if one in LANGUAGES), LANGUAGES[0]))


def page(t: Translator, address: str, *, said: str = "", name: str = "", elsewhere: str = "") -> str:
    """The page as HTML. `address`: the page asked for; `said`: what went wrong; `elsewhere`: a link to the company's own sign-in."""
    other = next(one for one in LANGUAGES if one != t.language)
    alert = f'<p class="said" role="alert">{escape(said)}</p>' if said else ""
    switch = f'<a href="{escape(_in_language(address, other))}" lang="{other}" hreflang="{other}">{escape(LANGUAGE_NAMES[other])}</a>'
    link = f'<p class="elsewhere"><a href="{escape(elsewhere)}">{escape(t("gate.elsewhere"))}</a></p>' if elsewhere else ""
    return f"""<!DOCTYPE html>
<html lang="{t.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(t("gate.title"))} · Ritm</title>
<link rel="icon" href="{ICON}">
<style>{STYLE}</style>
</head>
<body>
<main>
<p class="brand">Ritm</p>
<h1>{escape(t("gate.title"))}</h1>
{alert}
<form method="post" action="{SIGN_IN}">
<input type="hidden" name="onward" value="{escape(onward(address))}">
<label for="name">{escape(t("gate.name"))}</label>
<input id="name" name="name" value="{escape(name)}" maxlength="80" required autocomplete="username" {"" if name else "autofocus"}>
<label for="password">{escape(t("gate.password"))}</label>
<input id="password" name="password" type="password" maxlength="256" required autocomplete="current-password" {"autofocus" if name else ""}>
<button>{escape(t("gate.enter"))}</button>
</form>
{link}
<p class="language">{switch}</p>
</main>
</body>
</html>
"""


def _in_language(address: str, language: str) -> str:
    parts = urlsplit(onward(address))
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), "lang": language}
    return f"{parts.path}?{urlencode(query)}"
